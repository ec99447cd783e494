import { describe, expect, test } from '@jest/globals';
import { adminPortsOnlyFromBastion } from '../../../shared/controls/admin-ports-only-from-bastion';
import type { Finding } from '../../../shared/finding';
import { isRuleAction, networkAfter } from '../../../shared/network/action';
import { addressesOf, hasAddress, isWithin, parseAddress } from '../../../shared/network/address';
import { explain } from '../../../shared/network/explain';
import {
  BASTION_PREFIX,
  change,
  hubAndSpoke,
  networkOf,
  policyWith,
  type Resource,
  rule,
  type RuleProperties,
  withPublicIp,
  withRule,
  withRules,
} from '../../estate';

function check(estate: readonly Resource[], policy = policyWith()): readonly Finding[] {
  return adminPortsOnlyFromBastion.check(networkOf(estate), policy).findings;
}

/** Whether `source` is named as reaching `port` of vm-app-1. */
function names(findings: readonly Finding[], source: string, port: number): boolean {
  const address = parseAddress(source);
  return findings
    .flatMap((finding) => finding.evidence.exposures)
    .some(
      (exposure) =>
        exposure.endpointName === 'vm-app-1' &&
        exposure.port === port &&
        address &&
        hasAddress(addressesOf(...exposure.sources), address),
    );
}

const STRANGER = '203.0.113.7';
const NEIGHBOUR = '10.1.0.5';
const rdp = (properties: RuleProperties): Resource[] => [
  rule('suspect', 150, { destinationPortRange: '3389', ...properties }),
];

describe('admin-ports-only-from-bastion', () => {
  test.each<[string, Resource[]]>([
    ['the seed’s hub and spoke', []],
    ['HTTPS from the Internet', [rule('web', 150, { sourceAddressPrefix: 'Internet', destinationPortRange: '443' })]],
    ['RDP from the Bastion subnet', rdp({ sourceAddressPrefix: BASTION_PREFIX })],
    ['RDP from one address of the Bastion subnet', rdp({ sourceAddressPrefix: '10.0.1.10' })],
    ['RDP over UDP only', rdp({ protocol: 'Udp' })],
    ['ICMP from everywhere', rdp({ protocol: 'Icmp', destinationPortRange: '*' })],
    ['an outbound rule for RDP', rdp({ direction: 'Outbound' })],
    ['RDP opened to another machine’s address', rdp({ destinationAddressPrefix: '10.9.9.9' })],
    ['health probes of the platform', rdp({ sourceAddressPrefix: 'AzureLoadBalancer' })],
    ['the platform by its address', rdp({ sourceAddressPrefix: '168.63.129.16' })],
    [
      'an Allow wholly behind an earlier Deny',
      [
        rule('deny', 140, { access: 'Deny', destinationPortRange: '3389', sourceAddressPrefix: 'Internet' }),
        ...rdp({ sourceAddressPrefix: 'Internet' }),
      ],
    ],
    [
      'an Allow behind a wider Deny of another spelling',
      [
        rule('deny', 140, {
          access: 'deny',
          protocol: '*',
          destinationPortRange: '3000-4000',
          sourceAddressPrefixes: ['0.0.0.0/1', '128.0.0.0/1'],
        }),
        ...rdp({ sourceAddressPrefix: '198.51.100.0/24' }),
      ],
    ],
    ['an IPv6 source that cannot reach an IPv4 machine', rdp({ sourceAddressPrefix: '::/0' })],
    [
      'ports next to the admin ports',
      rdp({ destinationPortRanges: ['23-3388', '3390-5984'], destinationPortRange: '' }),
    ],
  ])('allows %s', (_, added) => {
    const findings = check(withRule(hubAndSpoke(), 'nsg-app', ...added));
    expect(findings.flatMap((finding) => finding.title)).toEqual([]);
  });

  test.each<[string, string, RuleProperties]>([
    ['the Internet tag', STRANGER, { sourceAddressPrefix: 'Internet' }],
    ['the Internet tag in capitals', STRANGER, { sourceAddressPrefix: 'INTERNET' }],
    ['an asterisk', STRANGER, { sourceAddressPrefix: '*' }],
    ['Any', STRANGER, { sourceAddressPrefix: 'Any' }],
    ['0.0.0.0/0', STRANGER, { sourceAddressPrefix: '0.0.0.0/0' }],
    ['a zero-length prefix with host bits', STRANGER, { sourceAddressPrefix: '198.51.100.9/0' }],
    ['the Internet in halves', STRANGER, { sourceAddressPrefixes: ['0.0.0.0/1', '128.0.0.0/1'] }],
    ['a public range', STRANGER, { sourceAddressPrefix: '203.0.113.0/24' }],
    ['one public address', STRANGER, { sourceAddressPrefix: '203.0.113.7' }],
    ['one public address in a list of one', STRANGER, { sourceAddressPrefixes: ['203.0.113.7'] }],
    ['a tag whose addresses nobody here knows', STRANGER, { sourceAddressPrefix: 'AzureCloud' }],
    ['the virtual network', NEIGHBOUR, { sourceAddressPrefix: 'VirtualNetwork' }],
    ['the virtual network in small letters', NEIGHBOUR, { sourceAddressPrefix: 'virtualnetwork' }],
    ['one neighbour', NEIGHBOUR, { sourceAddressPrefix: '10.1.0.5' }],
    ['a peered spoke of the hub', '10.0.2.9', { sourceAddressPrefix: '10.0.0.0/16' }],
    ['a prefix wider than Bastion’s', '10.0.1.70', { sourceAddressPrefix: '10.0.1.0/25' }],
    ['a port range around RDP', STRANGER, { destinationPortRange: '3000-4000' }],
    ['all ports', STRANGER, { destinationPortRange: '*' }],
    ['0-65535', STRANGER, { destinationPortRange: '0-65535' }],
    ['RDP in a list of ports', STRANGER, { destinationPortRanges: ['443', '3389'], destinationPortRange: '' }],
    ['RDP in a list of one', STRANGER, { destinationPortRanges: ['3389'], destinationPortRange: '' }],
    ['every protocol', STRANGER, { protocol: '*' }],
    ['TCP in capitals', STRANGER, { protocol: 'TCP', access: 'ALLOW', direction: 'INBOUND' }],
    ['a source port that limits nothing', STRANGER, { sourcePortRange: '49152-65535' }],
    ['the machine’s own address as destination', STRANGER, { destinationAddressPrefix: '10.1.0.4' }],
    ['the virtual network as destination', STRANGER, { destinationAddressPrefix: 'VirtualNetwork' }],
  ])('finds RDP opened to %s', (_, source, properties) => {
    const findings = check(withRule(hubAndSpoke(), 'nsg-app', ...rdp(properties)));
    expect(names(findings, source, 3389)).toBe(true);
    expect(findings[0]?.resource).toMatch(/nsg-app$/);
  });

  test('finds what a narrow decoy Deny does not cover', () => {
    const decoy = rule('decoy', 140, {
      access: 'Deny',
      sourceAddressPrefix: '198.51.100.7',
      destinationPortRange: '*',
    });
    const findings = check(withRule(hubAndSpoke(), 'nsg-app', decoy, ...rdp({ sourceAddressPrefix: 'Internet' })));
    expect(names(findings, STRANGER, 3389)).toBe(true);
    expect(names(findings, '198.51.100.7', 3389)).toBe(false);
  });

  test('finds machines that reach each other because the Deny above the defaults is gone', () => {
    const findings = check(
      withRules(hubAndSpoke(), 'nsg-app', (rules) => rules.filter(({ name }) => name !== 'DenyOtherPorts')),
    );
    expect(names(findings, NEIGHBOUR, 22)).toBe(true);
    expect(findings.some((finding) => finding.title.includes('AllowVnetInBound'))).toBe(true);
  });

  test('finds a subnet whose security group was detached, with nothing it could repair by a rule', () => {
    const estate = change(hubAndSpoke(), 'vnet-app', (properties, resource) => ({
      ...resource,
      properties: {
        ...properties,
        subnets: (properties.subnets as Resource[]).map((subnet) => {
          const { networkSecurityGroup: _detached, ...rest } = subnet.properties as RuleProperties;
          return { ...subnet, properties: rest };
        }),
      },
    }));
    const onSubnet = check(estate).filter((finding) => finding.resource.endsWith('snet-app'));
    expect(onSubnet.length).toBeGreaterThan(0);
    expect(onSubnet[0]?.remedies).toEqual([]);
    expect(names(onSubnet, NEIGHBOUR, 22)).toBe(true);
  });

  test('asks subnet and interface together: a closed interface group closes what the subnet opens', () => {
    const opened = withRule(hubAndSpoke(), 'nsg-app', ...rdp({ sourceAddressPrefix: 'Internet' }));
    const nsg = opened.find((resource) => resource.name === 'nsg-data');
    const guarded = change(opened, 'nic-vm-app-1', (properties, resource) => ({
      ...resource,
      properties: { ...properties, networkSecurityGroup: { id: nsg?.id } },
    }));
    expect(names(check(opened), STRANGER, 3389)).toBe(true);
    expect(names(check(guarded), STRANGER, 3389)).toBe(false);
  });

  test('says critical when a public IP opens the door, and less when the rule waits for one', () => {
    const opened = withRule(hubAndSpoke(), 'nsg-app', ...rdp({ sourceAddressPrefix: 'Internet' }));
    expect(check(opened)[0]?.severity).toBe('medium');
    const [finding] = check(withPublicIp(opened, 'nic-vm-app-1'));
    expect(finding?.severity).toBe('critical');
    expect(finding?.evidence.witness).toEqual({
      source: '203.0.113.7',
      sourcePort: 49152,
      destination: '10.1.0.4',
      port: 3389,
      protocol: 'tcp',
      path: ['door pip-spare', 'nsg-app/suspect (priority 150)', 'no security group at the interface'],
    });
  });

  test('names every source exactly: nothing of Bastion, nothing of the platform', () => {
    const findings = check(withRule(hubAndSpoke(), 'nsg-app', ...rdp({})));
    const sources = addressesOf(...(findings[0]?.evidence.exposures[0]?.sources ?? []));
    expect(isWithin(addressesOf('0.0.0.0/5', '11.0.0.0/8', '10.0.1.64/26'), sources)).toBe(true);
    for (const spared of ['10.0.1.0', '10.0.1.63', '168.63.129.16', '169.254.169.254']) {
      expect(names(findings, spared, 3389)).toBe(false);
    }
  });

  test('rests a finding on a tag it cannot resolve, and says so', () => {
    const { findings, gaps } = adminPortsOnlyFromBastion.check(
      networkOf(withRule(hubAndSpoke(), 'nsg-app', ...rdp({ sourceAddressPrefix: 'AzureCloud' }))),
      policyWith(),
    );
    expect(findings[0]?.restsOn).toEqual(['service tag AzureCloud']);
    expect(gaps.map((gap) => gap.what)).toEqual(['unknown-tag']);
  });

  test('takes the virtual network as allowed where the policy says so', () => {
    const estate = withRule(hubAndSpoke(), 'nsg-app', ...rdp({ sourceAddressPrefix: 'VirtualNetwork' }));
    expect(check(estate, policyWith({ allowedSources: 'virtual-network' }))).toEqual([]);
  });

  test('takes approved additional sources as allowed, on their targets only', () => {
    const estate = withRule(hubAndSpoke(), 'nsg-app', ...rdp({ sourceAddressPrefix: '10.2.0.4' }));
    const source = { sources: ['10.2.0.4'], ports: [3389], owner: 'pam@example.com', reviewBy: '2027-01-01' };
    expect(check(estate, policyWith({ additionalSources: [source] }))).toEqual([]);
    const elsewhere = { ...source, targets: ['/subscriptions/other'] };
    expect(check(estate, policyWith({ additionalSources: [elsewhere] })).length).toBeGreaterThan(0);
  });

  test('gives the same finding whatever the order of rules and resources', () => {
    const estate = withRule(
      hubAndSpoke(),
      'nsg-app',
      ...rdp({ sourceAddressPrefix: 'Internet' }),
      rule('web', 160, { destinationPortRange: '443' }),
    );
    const shuffled = withRules(estate.toReversed(), 'nsg-app', (rules) => rules.toReversed());
    expect(check(shuffled).map((finding) => finding.fingerprint)).toEqual(
      check(estate).map((finding) => finding.fingerprint),
    );
  });

  test('offers remedies that each end the finding on the model', () => {
    const network = networkOf(withRule(hubAndSpoke(), 'nsg-app', ...rdp({ destinationPortRange: '443-4000' })));
    const [finding] = adminPortsOnlyFromBastion.check(network, policyWith()).findings;
    expect(finding?.remedies.map((remedy) => remedy.actions[0]?.kind)).toEqual([
      'narrow-rule-sources',
      'narrow-rule-ports',
      'remove-rule',
      'add-rule',
    ]);
    for (const remedy of finding?.remedies ?? []) {
      const after = remedy.actions.filter(isRuleAction).reduce(networkAfter, network);
      const left = adminPortsOnlyFromBastion.check(after, policyWith()).findings;
      expect({
        remedy: remedy.title,
        left: left.filter((other) => other.fingerprint === finding?.fingerprint),
      }).toEqual({ remedy: remedy.title, left: [] });
    }
  });

  test('shows a witness that explain lets through', () => {
    const estate = withPublicIp(
      withRule(hubAndSpoke(), 'nsg-app', ...rdp({ sourceAddressPrefix: 'Internet' })),
      'nic-vm-app-1',
    );
    const witness = check(estate)[0]?.evidence.witness;
    if (!witness) throw new Error('no witness');
    const answer = explain(networkOf(estate), {
      from: witness.source,
      to: witness.destination,
      port: witness.port,
      protocol: witness.protocol,
      sourcePort: witness.sourcePort,
    });
    expect(answer).toMatchObject({ ok: true, verdict: 'allow', doors: [{ kind: 'public-ip', name: 'pip-spare' }] });
  });
});
