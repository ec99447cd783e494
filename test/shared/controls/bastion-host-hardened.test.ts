import { describe, expect, test } from '@jest/globals';
import { bastionHostHardened } from '../../../shared/controls/bastion-host-hardened';
import type { Finding } from '../../../shared/finding';
import type { AccessPolicy } from '../../../shared/policy/policy';
import { change, hubAndSpoke, policyWith, type Resource } from '../../estate';
import { added, idOf } from '../network/addition';
import { findingsOf, leftAfter } from './network-repair';

const SHARED_TO = idOf('rg-app', 'virtualMachines/vm-app-1').replace('Microsoft.Network', 'Microsoft.Compute');

function withHost(properties: Resource, more: Resource = {}): Resource[] {
  return change(hubAndSpoke(), 'bas-hub', (old, host) => ({
    ...host,
    ...more,
    properties: { ...old, enableTunneling: false, ...properties },
  }));
}

/** All that a policy can say; of what it does not say nothing is judged. */
const STRICT = {
  minimumSku: 'Standard',
  client: 'browser',
  fileTransfer: false,
  connectByAddress: false,
  kerberos: false,
};

function policyOf(bastion: Resource = {}, more: Resource = {}): AccessPolicy {
  return policyWith({ bastion: { ...STRICT, ...bastion }, ...more });
}

const find = (estate: readonly Resource[], policy: AccessPolicy = policyOf({})): readonly Finding[] =>
  findingsOf(bastionHostHardened, estate, policy);

describe('bastion-host-hardened', () => {
  test.each<[string, Resource[], AccessPolicy]>([
    ['a host as Azure makes it', withHost({}), policyOf()],
    [
      'the native client where the policy takes it',
      withHost({ enableTunneling: true }),
      policyOf({ client: 'native' }),
    ],
    ['a browser-only host where the policy would take the native client', withHost({}), policyOf({ client: 'native' })],
    [
      'file copy where the policy takes it',
      withHost({ enableTunneling: true, enableFileCopy: true }),
      policyOf({ client: 'native', fileTransfer: true }),
    ],
    ['a higher SKU than asked for', withHost({}, { sku: { name: 'Premium' } }), policyOf()],
    ['a SKU in capitals', withHost({}, { sku: { name: 'STANDARD' } }), policyOf()],
    ['no copy and paste where the policy would take it', withHost({ disableCopyPaste: true }), policyOf()],
    [
      'links where the policy takes them',
      withHost({ enableShareableLink: true }, { guardrailSharedLinks: [SHARED_TO] }),
      policyOf({ shareableLinks: true }),
    ],
    ['recording where the policy says nothing', withHost({ enableSessionRecording: true }), policyOf()],
    [
      'tunnels, file copy and connections by address where the policy says nothing',
      withHost({ enableTunneling: true, enableFileCopy: true, enableIpConnect: true, enableKerberos: true }),
      policyWith(),
    ],
    [
      'a second host where none is pinned',
      [...withHost({}), added('bastionHosts/bas-2', {})],
      policyOf({}, { bastionHosts: [] }),
    ],
  ])('allows %s', (_, estate, policy) => {
    expect(find(estate, policy).map(({ title }) => title)).toEqual([]);
  });

  test.each<[string, string, Finding['severity'], Resource, AccessPolicy]>([
    ['the native client', 'enableTunneling', 'medium', { enableTunneling: true }, policyOf()],
    ['file copy', 'enableFileCopy', 'medium', { enableFileCopy: true }, policyOf()],
    ['copy and paste', 'disableCopyPaste', 'low', { disableCopyPaste: false }, policyOf({ copyPaste: false })],
    ['connections by address', 'enableIpConnect', 'medium', { enableIpConnect: true }, policyOf()],
    ['the feature of shareable links', 'enableShareableLink', 'high', { enableShareableLink: true }, policyOf()],
    ['Kerberos', 'enableKerberos', 'low', { enableKerberos: true }, policyOf()],
    [
      'recording that nobody wants',
      'enableSessionRecording',
      'medium',
      { enableSessionRecording: true },
      policyOf({ sessionRecording: false }),
    ],
  ])('finds %s, and its remedy puts just that back', (_, setting, severity, properties, policy) => {
    const estate = withHost(properties);
    const findings = find(estate, policy);
    expect(findings.map((finding) => [finding.severity, finding.evidence.discrepancies?.[0]?.setting])).toEqual([
      [severity, setting],
    ]);
    expect(leftAfter(bastionHostHardened, estate, findings[0], policy)).toEqual([]);
  });

  test('finds a SKU below the policy’s, and leaves the rebuild to a person', () => {
    const estate = withHost({}, { sku: { name: 'Basic' } });
    const [finding, ...others] = find(estate);
    expect(others).toEqual([]);
    expect(finding?.title).toBe('bas-hub is of SKU basic, below the Standard that the policy asks for');
    expect(finding?.remedies[0]?.needsPerson).toMatch(/rebuild/);
    expect(leftAfter(bastionHostHardened, estate, finding, policyOf())).toEqual([]);
  });

  test.each([
    [
      'a Developer host, which has no subnet to be upgraded in',
      withHost({}, { sku: { name: 'Developer' } }),
      policyOf(),
    ],
    [
      'a public host where the policy wants a private one',
      withHost({}, { sku: { name: 'Premium' } }),
      policyOf({ minimumSku: 'Premium', privateOnly: true }),
    ],
  ])('finds %s, with nothing it could do', (_, estate, policy) => {
    const findings = find(estate, policy);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.remedies).toEqual([]);
  });

  test('finds every shared link by its machine, gravest of all, and deletes just that one', () => {
    const other = `${SHARED_TO}-b`;
    const estate = withHost({ enableShareableLink: true }, { guardrailSharedLinks: [SHARED_TO, other] });
    const findings = find(estate);
    expect(findings.map(({ severity }) => severity)).toEqual(['critical', 'critical', 'high']);
    const link = findings.find(({ title }) => title.includes('link to vm-app-1:'));
    expect(link?.remedies[0]?.actions).toEqual([
      { kind: 'delete-shareable-links', resource: link?.resource.toLowerCase(), machines: [SHARED_TO] },
    ]);
    expect(leftAfter(bastionHostHardened, estate, link, policyOf())).toHaveLength(2);
  });

  test('finds a host that is not pinned beside one that is, and touches it not', () => {
    const estate = [...withHost({}), added('bastionHosts/bas-2', { enableTunneling: true })];
    const findings = find(estate);
    expect(findings.map(({ title, remedies }) => [title, remedies.length])).toEqual([
      ["bas-2 is a Bastion host that the policy does not pin: it may be somebody's own way in", 0],
    ]);
  });

  test('judges every host where none is pinned, and proposes nothing', () => {
    const findings = find(withHost({ enableIpConnect: true }), policyOf({}, { bastionHosts: [] }));
    expect(findings.map(({ remedies }) => remedies.length)).toEqual([0]);
  });

  test('names the same setting alike, however it is written', () => {
    const [first] = find(withHost({ enableIpConnect: true }));
    const [second] = find(withHost({ enableIpConnect: true, enableKerberos: false, disableCopyPaste: true }));
    expect(first?.fingerprint).toBe(second?.fingerprint);
  });
});
