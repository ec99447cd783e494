import { describe, expect, test } from '@jest/globals';
import { bastionNsgComplete } from '../../../shared/controls/bastion-nsg-complete';
import type { Finding } from '../../../shared/finding';
import { readNetwork } from '../../../shared/network/read';
import {
  change,
  hubAndSpoke,
  policyWith,
  type Resource,
  rule,
  type RuleProperties,
  withRule,
  withRules,
} from '../../estate';
import { having, havingSubnets } from '../network/addition';
import { findingsOf, leftAfter, repaired } from './network-repair';

const GROUP = 'nsg-bastion';
const without = (...names: string[]): Resource[] =>
  withRules(hubAndSpoke(), GROUP, (rules) => rules.filter(({ name }) => !names.includes(String(name))));
const editing = (name: string, properties: RuleProperties): Resource[] =>
  withRules(hubAndSpoke(), GROUP, (rules) =>
    rules.map((each) =>
      each.name === name ? { ...each, properties: { ...(each.properties as Resource), ...properties } } : each,
    ),
  );
const adding = (...rules: Resource[]): Resource[] => withRule(hubAndSpoke(), GROUP, ...rules);
const find = (estate: readonly Resource[], policy = policyWith()): readonly Finding[] =>
  findingsOf(bastionNsgComplete, estate, policy);

const OUTBOUND = [
  'AllowSshRdpOutBound',
  'AllowAzureCloudOutBound',
  'AllowBastionHostCommunicationOutBound',
  'AllowHttpOutBound',
];

describe('bastion-nsg-complete', () => {
  test.each<[string, Resource[]]>([
    ['the seed’s group', hubAndSpoke()],
    [
      '443 from the company’s own addresses only',
      editing('AllowHttpsInBound', { sourceAddressPrefix: '203.0.113.0/24' }),
    ],
    ['443 from anywhere', editing('AllowHttpsInBound', { sourceAddressPrefix: '*' })],
    ['443 from 0.0.0.0/0', editing('AllowHttpsInBound', { sourceAddressPrefix: '0.0.0.0/0' })],
    ['443 from a tag of one service', editing('AllowHttpsInBound', { sourceAddressPrefix: 'AzureFrontDoor.Frontend' })],
    [
      'one rule for 443 from anywhere in place of three',
      withRule(
        without('AllowHttpsInBound', 'AllowGatewayManagerInBound', 'AllowAzureLoadBalancerInBound'),
        GROUP,
        rule('wide', 125, { destinationPortRange: '443' }),
      ),
    ],
    ['tags in other letters', editing('AllowGatewayManagerInBound', { sourceAddressPrefix: 'GATEWAYMANAGER' })],
    [
      'the ports of a pair in two rules',
      withRule(
        editing('AllowSshRdpOutBound', { destinationPortRanges: ['22'] }),
        GROUP,
        rule('rdp', 105, {
          direction: 'Outbound',
          destinationPortRange: '3389',
          destinationAddressPrefix: 'VirtualNetwork',
        }),
      ),
    ],
    ['sessions to anywhere', editing('AllowSshRdpOutBound', { destinationAddressPrefix: '*' })],
    ['sessions to one spoke only', editing('AllowSshRdpOutBound', { destinationAddressPrefix: '10.1.0.0/16' })],
    [
      'a Deny of somebody in particular',
      adding(
        rule('block', 110, { access: 'Deny', sourceAddressPrefix: '198.51.100.0/24', destinationPortRange: '443' }),
      ),
    ],
    ['a Deny below the Allows', adding(rule('late', 3000, { access: 'Deny', destinationPortRange: '*' }))],
    ['a Deny of other ports', adding(rule('ssh', 105, { access: 'Deny', destinationPortRange: '22' }))],
  ])('allows %s', (_, estate) => {
    expect(find(estate).map(({ title }) => title)).toEqual([]);
  });

  test.each<[string, string]>([
    ['AllowHttpsInBound', 'inbound 443 from Internet'],
    ['AllowGatewayManagerInBound', 'inbound 443 from GatewayManager'],
    ['AllowAzureLoadBalancerInBound', 'inbound 443 from AzureLoadBalancer'],
    ['AllowBastionHostCommunicationInBound', 'inbound 5701 and 8080 from VirtualNetwork'],
    ['AllowSshRdpOutBound', 'outbound 22 and 3389 to VirtualNetwork'],
    ['AllowAzureCloudOutBound', 'outbound 443 to AzureCloud'],
    ['AllowBastionHostCommunicationOutBound', 'outbound 5701 and 8080 to VirtualNetwork'],
    ['AllowHttpOutBound', 'outbound 80 to Internet'],
  ])('finds that %s is gone, and adds it above the Denies', (name, setting) => {
    const estate = without(name);
    const findings = find(estate);
    expect(findings.map(({ evidence }) => evidence.discrepancies?.[0]?.setting)).toEqual([setting]);
    expect(findings[0]?.remedies.map(({ restoresBastion }) => restoresBastion)).toEqual([true]);
    expect(leftAfter(bastionNsgComplete, estate, findings[0])).toEqual([]);
  });

  test.each<[string, Resource[], string]>([
    ['a Deny above it', adding(rule('deny', 101, { access: 'Deny', destinationPortRange: '443' })), 'https-inbound'],
    [
      'a Deny of the Internet, which holds Azure’s own addresses',
      adding(rule('deny', 125, { access: 'Deny', sourceAddressPrefix: 'Internet', destinationPortRange: '*' })),
      'gateway-manager-inbound',
    ],
    [
      'an Allow that takes some source ports only',
      editing('AllowAzureLoadBalancerInBound', { sourcePortRange: '1024-2048' }),
      'load-balancer-inbound',
    ],
    [
      'an Allow for one of the ports',
      editing('AllowBastionHostCommunicationOutBound', { destinationPortRanges: ['8080'] }),
      'data-plane-outbound',
    ],
    [
      'an Allow for another destination',
      editing('AllowGatewayManagerInBound', { destinationAddressPrefix: '10.0.9.0/24' }),
      'gateway-manager-inbound',
    ],
    ['an Allow for UDP', editing('AllowAzureCloudOutBound', { protocol: 'Udp' }), 'azure-cloud-outbound'],
    [
      'the Allow of the defaults only',
      without('AllowAzureLoadBalancerInBound', 'DenyAllInBound'),
      'load-balancer-inbound',
    ],
  ])('finds what is not effective by %s', (_, estate, id) => {
    const found = find(estate).find(({ remedies }) =>
      remedies[0]?.actions.some(
        (action) => action.kind === 'add-rule' && action.rule.name === `bastion-guardrail-${id}`,
      ),
    );
    expect(found?.severity).toBe('high');
    expect(leftAfter(bastionNsgComplete, estate, found)).not.toContain(found?.title);
  });

  test('gives every missing rule a place of its own, so that all can be written at once', () => {
    const estate = without(...OUTBOUND);
    const findings = find(estate);
    expect(findings).toHaveLength(4);
    const actions = findings.flatMap(({ remedies }) => remedies.flatMap((remedy) => remedy.actions));
    const priorities = actions.map((action) => (action.kind === 'add-rule' ? action.rule.priority : 0));
    expect(new Set(priorities).size).toBe(4);
    const all = { kind: 'repair', title: '', actions } as const;
    expect(bastionNsgComplete.check(repaired(estate, all), policyWith()).findings).toEqual([]);
  });

  test('never takes the name of a rule that somebody wrote first', () => {
    const estate = withRule(
      without('AllowHttpOutBound'),
      GROUP,
      rule('bastion-guardrail-http-outbound', 200, {
        direction: 'Outbound',
        access: 'Deny',
        destinationPortRange: '9',
      }),
    );
    const [action] = find(estate)[0]?.remedies[0]?.actions ?? [];
    expect(action?.kind === 'add-rule' && action.rule.name).toBe('bastion-guardrail-http-outbound-2');
  });

  test.each<[string, Finding['severity'], Resource]>([
    [
      'SSH from the Internet',
      'high',
      rule('ssh', 105, { sourceAddressPrefix: 'Internet', destinationPortRange: '22' }),
    ],
    ['everything from anywhere', 'high', rule('all', 100, { protocol: '*', destinationPortRange: '*' })],
    [
      'the data plane from anywhere',
      'high',
      rule('dp', 105, { destinationPortRanges: ['8080', '5701'], destinationPortRange: '' }),
    ],
    [
      'RDP from the virtual network',
      'medium',
      rule('rdp', 105, { sourceAddressPrefix: 'VirtualNetwork', destinationPortRange: '3389' }),
    ],
    ['ICMP', 'high', rule('ping', 105, { protocol: 'Icmp', destinationPortRange: '*' })],
    [
      'SSH to the Internet',
      'medium',
      rule('out', 105, { direction: 'Outbound', destinationAddressPrefix: 'Internet', destinationPortRange: '22' }),
    ],
    ['any port outbound', 'medium', rule('out', 105, { direction: 'Outbound', destinationPortRange: '*' })],
    [
      'Kerberos, which neither policy nor host speaks of',
      'medium',
      rule('krb', 105, {
        direction: 'Outbound',
        destinationAddressPrefix: 'VirtualNetwork',
        destinationPortRange: '88',
      }),
    ],
  ])('finds an Allow of %s, and removes it', (_, severity, added) => {
    const estate = adding(added);
    const findings = find(estate);
    expect(findings.map((finding) => finding.severity)).toEqual([severity]);
    expect(findings[0]?.remedies[0]?.actions).toEqual([
      { kind: 'remove-rule', securityGroup: findings[0]?.resource.toLowerCase(), rule: added.name },
    ]);
    expect(leftAfter(bastionNsgComplete, estate, findings[0])).toEqual([]);
  });

  test('puts the rules that Bastion needs in the place of one that opens everything', () => {
    const estate = withRule(
      without(...OUTBOUND),
      GROUP,
      rule('all', 200, { direction: 'Outbound', protocol: '*', destinationPortRange: '*' }),
    );
    const findings = find(estate);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.remedies[0]?.actions).toHaveLength(5);
    expect(leftAfter(bastionNsgComplete, estate, findings[0])).toEqual([]);
  });

  test.each([
    ['Kerberos', { kerberos: true }, '88'],
    ['custom ports', { customPorts: [2222] }, '2222'],
  ])('allows %s where the policy takes them', (_, bastion, port) => {
    const added = rule('more', 105, {
      direction: 'Outbound',
      destinationAddressPrefix: 'VirtualNetwork',
      destinationPortRange: port,
    });
    expect(find(adding(added), policyWith({ bastion }))).toEqual([]);
  });

  test('allows Kerberos where the host takes it and the policy does not speak of it', () => {
    const kerberos = rule('krb', 105, {
      direction: 'Outbound',
      destinationAddressPrefix: 'VirtualNetwork',
      destinationPortRange: '88',
    });
    const estate = having(adding(kerberos), 'bas-hub', { enableKerberos: true });
    expect(find(estate)).toEqual([]);
    expect(find(estate, policyWith({ bastion: { kerberos: false } }))).toHaveLength(1);
  });

  test('asks nobody from the Internet in to a private-only host', () => {
    const estate = change(without('AllowHttpsInBound'), 'bas-hub', (properties, host) => ({
      ...host,
      properties: { ...properties, enablePrivateOnlyBastion: true },
    }));
    expect(find(estate)).toEqual([]);
  });

  test('reports a subnet without a group, and proposes nothing', () => {
    const findings = find(havingSubnets(hubAndSpoke(), 'vnet-hub', { networkSecurityGroup: undefined }));
    expect(findings.map(({ severity, remedies }) => [severity, remedies.length])).toEqual([['low', 0]]);
  });

  test('leaves a group that stands elsewhere as well to a person', () => {
    const { network } = readNetwork(hubAndSpoke());
    const group = [...network.securityGroups.values()].find(({ name }) => name === GROUP);
    const shared = havingSubnets(adding(rule('ssh', 105, { destinationPortRange: '22' })), 'vnet-app', {
      networkSecurityGroup: { id: group?.id },
    });
    expect(find(shared)[0]?.remedies[0]?.needsPerson).toMatch(/also stands on snet-app/);
  });

  test('rests on rules that could not be read', () => {
    const estate = withRule(without('AllowHttpOutBound'), GROUP, rule('odd', 200, { destinationPortRange: 'x' }));
    expect(find(estate)[0]?.restsOn).toEqual(['rule odd of nsg-bastion']);
  });

  test('proposes nothing where no host is pinned', () => {
    const findings = find(without('AllowHttpOutBound'), policyWith({ bastionHosts: [] }));
    expect(findings.map(({ remedies }) => remedies)).toEqual([[]]);
  });
});
