import { describe, expect, test } from '@jest/globals';
import { peeringSettingsMatch } from '../../../shared/controls/peering-settings-match';
import type { Finding } from '../../../shared/finding';
import type { AccessPolicy } from '../../../shared/policy/policy';
import { hubAndSpoke, networkOf, policyWith, type Resource, type RuleProperties } from '../../estate';
import { havingPeerings, VNET_APP, VNET_DATA, VNET_HUB } from '../network/addition';
import { findingsAfter } from './network-repair';
import { withHalf } from './peerings';

function check(estate: readonly Resource[], policy = policyWith()): readonly Finding[] {
  return peeringSettingsMatch.check(networkOf(estate), policy).findings;
}

function spokesWith(properties: RuleProperties): Resource[] {
  return withHalf(withHalf(hubAndSpoke(), ['vnet-app', VNET_DATA, properties]), ['vnet-data', VNET_APP]);
}

function approving(settings?: RuleProperties): AccessPolicy {
  const entry = { networks: [VNET_APP, VNET_DATA], owner: 'net@example.com', reviewBy: '2027-01-01', settings };
  return policyWith({ topology: { approvedPeerings: [entry] } });
}

const appHas = (properties: RuleProperties): Resource[] => havingPeerings(hubAndSpoke(), 'vnet-app', properties);
const spokeMay = (settings: RuleProperties): AccessPolicy => policyWith({ topology: { spokeToHub: settings } });

describe('peering-settings-match', () => {
  test.each<[string, readonly Resource[], AccessPolicy]>([
    ['Azure’s own settings', hubAndSpoke(), policyWith()],
    [
      'a gateway that the policy lets spokes use',
      havingPeerings(appHas({ useRemoteGateways: true }), 'vnet-data', { useRemoteGateways: true }),
      spokeMay({ useRemoteGateways: true }),
    ],
    ['an unapproved peering, which is found as such', spokesWith({ allowForwardedTraffic: true }), policyWith()],
    ['an approved peering that lets through less', spokesWith({ allowVirtualNetworkAccess: false }), approving()],
  ])('allows %s', (_, estate, policy) => {
    expect(check(estate, policy).map(({ title }) => title)).toEqual([]);
  });

  test.each<[string, readonly Resource[], AccessPolicy, string, Finding['severity']]>([
    [
      'forwarded traffic',
      appHas({ allowForwardedTraffic: true }),
      policyWith(),
      'more than the policy says: allowForwardedTraffic is true',
      'medium',
    ],
    [
      'a remote gateway',
      appHas({ useRemoteGateways: true }),
      policyWith(),
      'more than the policy says: useRemoteGateways is true',
      'medium',
    ],
    [
      'gateway transit',
      appHas({ allowGatewayTransit: true }),
      policyWith(),
      'more than the policy says: allowGatewayTransit is true',
      'medium',
    ],
    [
      'a peer that is out of VirtualNetwork',
      appHas({ allowVirtualNetworkAccess: false }),
      policyWith(),
      'less than the policy says: allowVirtualNetworkAccess is false',
      'medium',
    ],
    [
      'a gateway that is not used although it should be',
      hubAndSpoke(),
      policyWith({ topology: { spokeToHub: { useRemoteGateways: true }, spokes: [{ id: VNET_APP }] } }),
      'less than the policy says: useRemoteGateways is false',
      'low',
    ],
    [
      'an approved peering without settings that forwards',
      spokesWith({ allowForwardedTraffic: true }),
      approving(),
      'more than the policy says: allowForwardedTraffic is true',
      'medium',
    ],
    [
      'settings other than those a peering is approved with',
      spokesWith({ useRemoteGateways: true }),
      approving({ useRemoteGateways: false }),
      'more than the policy says: useRemoteGateways is true',
      'medium',
    ],
  ])('finds %s', (_, estate, policy, words, severity) => {
    const findings = check(estate, policy);
    expect(findings.map((finding) => finding.title.split(' lets through ')[1])).toEqual([words]);
    expect(findings[0]?.severity).toBe(severity);
  });

  test('sets exactly what differs, and needs approval for gateways and forwarding', () => {
    const estate = appHas({ allowForwardedTraffic: true, useRemoteGateways: true });
    const [finding, ...others] = check(estate);
    const [remedy] = finding?.remedies ?? [];
    expect(others).toEqual([]);
    expect(finding?.evidence.discrepancies).toEqual([
      { setting: 'allowForwardedTraffic', wanted: 'false', found: 'true' },
      { setting: 'useRemoteGateways', wanted: 'false', found: 'true' },
    ]);
    expect(remedy?.needsApproval).toMatch(/gateway and forwarding/);
    expect(remedy?.actions).toEqual([
      {
        kind: 'edit-resource',
        resource: `${VNET_APP}/virtualNetworkPeerings/app-to-hub`.toLowerCase(),
        edits: [
          { path: ['properties', 'allowForwardedTraffic'], value: false },
          { path: ['properties', 'useRemoteGateways'], value: false },
        ],
      },
    ]);
    expect(remedy && findingsAfter(peeringSettingsMatch, estate, policyWith(), remedy)).toEqual([]);
  });

  test('gives Bastion its way back without asking, where VirtualNetwork no longer holds the peer', () => {
    const estate = appHas({ allowVirtualNetworkAccess: false });
    const [remedy] = check(estate)[0]?.remedies ?? [];
    expect(remedy).toMatchObject({ restoresBastion: true });
    expect(remedy?.needsApproval).toBeUndefined();
    expect(remedy && findingsAfter(peeringSettingsMatch, estate, policyWith(), remedy)).toEqual([]);
  });

  test('closes what is open even where something else was closed at the same time, as a finding of its own', () => {
    const findings = check(appHas({ allowVirtualNetworkAccess: false, allowForwardedTraffic: true }));
    expect(findings.map(({ remedies }) => remedies[0]?.restoresBastion ?? false)).toEqual([false, true]);
    expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(2);
  });

  test('never opens gateways or forwarding by itself', () => {
    expect(check(hubAndSpoke(), spokeMay({ allowForwardedTraffic: true })).map(({ remedies }) => remedies)).toEqual([
      [],
      [],
    ]);
  });

  test('leaves to a person what a network manager made', () => {
    const estate = withHalf(withHalf(hubAndSpoke(), ['vnet-hub', VNET_APP, {}, 'ANM_1']), [
      'vnet-app',
      VNET_HUB,
      { allowForwardedTraffic: true },
      'ANM_2',
    ]);
    expect(check(estate)[0]?.remedies[0]?.needsPerson).toMatch(/connectivity configuration/);
  });

  test('is the same finding when another wrong setting is added, and another one on another peering', () => {
    const [once] = check(appHas({ allowForwardedTraffic: true }));
    const [twice] = check(appHas({ allowForwardedTraffic: true, useRemoteGateways: true }));
    const [elsewhere] = check(havingPeerings(hubAndSpoke(), 'vnet-data', { allowForwardedTraffic: true }));
    expect(twice?.fingerprint).toBe(once?.fingerprint);
    expect(elsewhere?.fingerprint).not.toBe(once?.fingerprint);
  });

  test('only reports where the hub was found and not pinned', () => {
    const [finding] = check(appHas({ allowForwardedTraffic: true }), policyWith({ bastionHosts: [] }));
    expect(finding?.remedies).toEqual([]);
  });
});
