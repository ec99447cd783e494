import { describe, expect, test } from '@jest/globals';
import { bastionReachesVms } from '../../../shared/controls/bastion-reaches-vms';
import type { Finding } from '../../../shared/finding';
import { keyOf } from '../../../shared/network/network';
import {
  BASTION_HOST,
  BASTION_PREFIX,
  change,
  hubAndSpoke,
  networkOf,
  policyWith,
  type Resource,
  rule,
  type RuleProperties,
  SUBSCRIPTION,
  withRule,
  withRules,
} from '../../estate';
import { added, having, havingPeerings, idOf, VNET_APP, VNET_DATA, VNET_HUB } from '../network/addition';
import { findingsAfter } from './network-repair';
import { withHalf, withoutHalf } from './peerings';

function check(estate: readonly Resource[], policy = policyWith()): readonly Finding[] {
  return bastionReachesVms.check(networkOf(estate), policy).findings;
}

const app = (...rules: readonly Resource[]): Resource[] => withRule(hubAndSpoke(), 'nsg-app', ...rules);
const without = (estate: readonly Resource[], group: string, name: string): Resource[] =>
  withRules(estate, group, (rules) => rules.filter((each) => each.name !== name));
const deny = (port: string, properties: RuleProperties = {}): Resource =>
  rule(`deny-${port}`, 110, { access: 'Deny', destinationPortRange: port, ...properties });

const fromBastion = (port: string): Resource =>
  rule(`bastion-${port}`, 112, { destinationPortRange: port, sourceAddressPrefix: BASTION_PREFIX });

function wayOutClosedTo(address: string): Resource[] {
  const no = { direction: 'Outbound', access: 'Deny', destinationAddressPrefix: address, destinationPortRange: '*' };
  const out = { direction: 'Outbound', destinationPortRange: '22' };
  const estate = without(hubAndSpoke(), 'nsg-bastion', 'AllowSshRdpOutBound');
  return withRule(estate, 'nsg-bastion', rule('no', 105, no), rule('out', 106, out));
}

const appWithout = without(hubAndSpoke(), 'nsg-app', 'allow-ssh-rdp-from-bastion');
const unpeered = withoutHalf(withoutHalf(hubAndSpoke(), 'vnet-hub', 'hub-to-app'), 'vnet-app', 'app-to-hub');
const connected = ['vnet-hub', 'vnet-app'].map((name) => ({
  name,
  properties: {
    remoteVirtualNetwork: { id: idOf(name === 'vnet-hub' ? 'rg-hub' : 'rg-app', `virtualNetworks/${name}`) },
  },
}));
/** A second interface of vm-app-1 in the data spoke, which stays open to Bastion. */
const secondInterface = {
  id: idOf('rg-data', 'networkInterfaces/nic-second'),
  type: 'Microsoft.Network/networkInterfaces',
  name: 'nic-second',
  properties: {
    virtualMachine: {
      id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app/providers/Microsoft.Compute/virtualMachines/vm-app-1`,
    },
    ipConfigurations: [
      { name: 'ip', properties: { privateIPAddress: '10.2.0.9', subnet: { id: `${VNET_DATA}/subnets/snet-data` } } },
    ],
  },
};

describe('bastion-reaches-vms', () => {
  test.each<[string, readonly Resource[], ReturnType<typeof policyWith>]>([
    ['the seed’s hub and spoke', hubAndSpoke(), policyWith()],
    ['a machine that answers to RDP only', app(deny('22')), policyWith()],
    [
      'a machine that answers on the custom port Bastion is given',
      withRule(
        app(deny('22'), rule('deny-rdp', 111, { access: 'Deny', destinationPortRange: '3389' }), fromBastion('2222')),
        'nsg-bastion',
        rule('custom', 140, { direction: 'Outbound', destinationPortRange: '2222' }),
      ),
      policyWith({ bastion: { customPorts: [2222] } }),
    ],
    ['a Deny that spares Bastion', app(deny('*', { sourceAddressPrefix: '10.0.2.0/24' })), policyWith()],
    [
      'one address of Bastion’s subnet',
      withRule(
        appWithout,
        'nsg-app',
        rule('one', 200, { sourceAddressPrefix: '10.0.1.9', destinationPortRange: '22' }),
      ),
      policyWith(),
    ],
    [
      'a network that the policy does not count among the spokes',
      unpeered,
      policyWith({ topology: { spokes: [{ id: VNET_DATA }] } }),
    ],
    [
      'networks joined by a virtual WAN instead of a peering',
      [...unpeered, added('virtualHubs/hub', { addressPrefix: '10.9.0.0/24', virtualNetworkConnections: connected })],
      policyWith(),
    ],
    [
      'an estate without any Bastion host',
      hubAndSpoke().filter((each) => each.name !== 'bas-hub'),
      policyWith({ bastionHosts: [] }),
    ],
    [
      'a machine of which one interface of two is open to Bastion',
      [...app(deny('*')), secondInterface].filter((each) => each.name !== 'nic-vm-app-2'),
      policyWith(),
    ],
  ])('allows %s', (_, estate, policy) => {
    expect(check(estate, policy).map(({ title }) => title)).toEqual([]);
  });

  test.each<[string, readonly Resource[], string, string]>([
    [
      'the rule for Bastion removed',
      appWithout,
      'Bastion cannot reach vm-app-1 and 1 more: nsg-app/DenyOtherPorts (priority 4000, inbound) denies it',
      'nsg-app',
    ],
    [
      'a Deny above it',
      app(deny('*')),
      'Bastion cannot reach vm-app-1 and 1 more: nsg-app/deny-* (priority 110, inbound) denies it',
      'nsg-app',
    ],
    [
      'a Deny for one machine',
      app(deny('*', { destinationAddressPrefix: '10.1.0.5' })),
      'Bastion cannot reach vm-app-2: nsg-app/deny-* (priority 110, inbound) denies it',
      'nsg-app',
    ],
    [
      'a group put on an interface',
      having(hubAndSpoke(), 'nic-vm-app-2', {
        networkSecurityGroup: { id: idOf('rg-hub', 'networkSecurityGroups/nsg-bastion') },
      }),
      'Bastion cannot reach vm-app-2: nsg-bastion/DenyAllInBound (priority 4096, inbound) denies it',
      'nsg-bastion',
    ],
    [
      'both halves of a peering deleted',
      unpeered,
      'Bastion cannot reach vm-app-1 and 1 more: vnet-app is not joined to Bastion’s network',
      'vnet-app',
    ],
    [
      'one half of a peering deleted',
      withoutHalf(hubAndSpoke(), 'vnet-hub', 'hub-to-app'),
      'Bastion cannot reach vm-app-1 and 1 more: vnet-app is not joined to Bastion’s network',
      'vnet-app',
    ],
    [
      'a peering that is disconnected',
      havingPeerings(hubAndSpoke(), 'vnet-app', { peeringState: 'Disconnected' }),
      'Bastion cannot reach vm-app-1 and 1 more: vnet-app is not joined to Bastion’s network',
      'vnet-app',
    ],
    [
      'a peering whose far side is out of VirtualNetwork, which Bastion’s own rules speak of',
      havingPeerings(hubAndSpoke(), 'vnet-hub', { allowVirtualNetworkAccess: false }),
      'Bastion cannot reach vm-app-1 and 2 more: nsg-bastion/DenyAllOutBound (priority 4096, outbound) denies it',
      'nsg-bastion',
    ],
    [
      'the way out of Bastion’s subnet closed',
      without(hubAndSpoke(), 'nsg-bastion', 'AllowSshRdpOutBound'),
      'Bastion cannot reach vm-app-1 and 2 more: nsg-bastion/DenyAllOutBound (priority 4096, outbound) denies it',
      'nsg-bastion',
    ],
    [
      'the way out closed to one machine',
      wayOutClosedTo('10.2.0.4'),
      'Bastion cannot reach vm-data-1: nsg-bastion/no (priority 105, outbound) denies it',
      'nsg-bastion',
    ],
  ])('finds %s', (_, estate, title, resource) => {
    const findings = check(estate);
    expect(findings.map((finding) => finding.title)).toEqual([title]);
    expect(findings[0]?.resource).toMatch(new RegExp(`/${resource}$`));
    expect(findings[0]?.severity).toBe(title.includes('2 more') ? 'high' : 'medium');
  });

  test('finds a security admin rule that denies, and offers nothing against it', () => {
    const manager = 'networkManagers/m';
    const groupId = idOf('rg-hub', `${manager}/networkGroups/all`);
    const configuration = `${manager}/securityAdminConfigurations/c`;
    const estate = [
      ...hubAndSpoke(),
      added(manager, {}),
      added(`${manager}/networkGroups/all`, {}),
      added(`${manager}/networkGroups/all/staticMembers/app`, { resourceId: VNET_APP }),
      added(configuration, {}),
      added(`${configuration}/ruleCollections/r`, { appliesToGroups: [{ networkGroupId: groupId }] }),
      added(
        `${configuration}/ruleCollections/r/rules/no-ssh`,
        {
          priority: 10,
          direction: 'Inbound',
          access: 'Deny',
          protocol: 'Any',
          sourcePortRanges: ['0-65535'],
          destinationPortRanges: ['0-65535'],
          sources: [{ addressPrefix: '*' }],
          destinations: [{ addressPrefix: '*' }],
        },
        { kind: 'Custom' },
      ),
    ];
    expect(check(estate)).toMatchObject([{ remedies: [] }]);
    expect(check(estate)[0]?.title).toMatch(/no-ssh \(priority 10, inbound\) denies it/);
  });

  test('lets exactly Bastion in again where its rule is gone, above what denies it', () => {
    const [finding] = check(appWithout);
    const [remedy] = finding?.remedies ?? [];
    expect(remedy).toMatchObject({
      restoresBastion: true,
      actions: [
        {
          kind: 'add-rule',
          rule: {
            name: `bastion-guardrail-${finding?.fingerprint}`,
            priority: 3999,
            sourceAddressPrefixes: [BASTION_PREFIX],
            destinationAddressPrefixes: ['10.1.0.4/31'],
            destinationPortRanges: ['22', '3389'],
          },
        },
      ],
    });
    expect(remedy && findingsAfter(bastionReachesVms, appWithout, policyWith(), remedy)).toEqual([]);
  });

  test.each<[string, readonly Resource[], ReturnType<typeof policyWith>]>([
    ['a Deny stands before the rule for Bastion', app(deny('*')), policyWith()],
    [
      'a second group denies it as well',
      having(appWithout, 'nic-vm-app-2', {
        networkSecurityGroup: { id: idOf('rg-hub', 'networkSecurityGroups/nsg-bastion') },
      }),
      policyWith(),
    ],
    [
      'the way out of Bastion’s subnet is closed',
      without(hubAndSpoke(), 'nsg-bastion', 'AllowSshRdpOutBound'),
      policyWith(),
    ],
    ['the peering is gone', unpeered, policyWith()],
    ['the Bastion host was only found and not pinned', appWithout, policyWith({ bastionHosts: [] })],
  ])('offers nothing of its own where %s', (_, estate, policy) => {
    expect(check(estate, policy).map(({ remedies }) => remedies)).toEqual([[]]);
  });

  test('finds a spoke’s machines by the cause, one finding each', () => {
    const findings = check(without(app(deny('*')), 'nsg-data', 'allow-ssh-rdp-from-bastion'));
    expect(findings.map(({ resource }) => resource.split('/').at(-1))).toEqual(['nsg-app', 'nsg-data']);
    expect(findings.map(({ severity }) => severity)).toEqual(['high', 'high']);
  });

  test('skips what belongs to a service, and says so', () => {
    const managed = {
      id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app`,
      type: 'Microsoft.Resources/resourceGroups',
      name: 'rg-app',
      managedBy: '/x/aks',
    };
    const { findings, skipped } = bastionReachesVms.check(networkOf([...appWithout, managed]), policyWith());
    expect(findings).toEqual([]);
    expect(skipped.map(({ name, ports }) => [name, ports])).toEqual([
      ['vm-app-1', ['22/tcp', '3389/tcp']],
      ['vm-app-2', ['22/tcp', '3389/tcp']],
    ]);
  });

  test('says that nobody knows, where a pinned host is missing', () => {
    const { findings, gaps } = bastionReachesVms.check(
      networkOf(hubAndSpoke().filter((each) => each.name !== 'bas-hub')),
      policyWith(),
    );
    expect(findings).toEqual([]);
    expect(gaps).toMatchObject([{ resource: keyOf(BASTION_HOST), what: 'bastion-not-observed' }]);
  });

  test('rests a finding on a second pinned host that is missing and may reach the machine', () => {
    const elsewhere = BASTION_HOST.replace('bas-hub', 'bas-other');
    const [finding] = check(appWithout, policyWith({ bastionHosts: [BASTION_HOST, elsewhere] }));
    expect(finding?.restsOn).toEqual([`Bastion host ${keyOf(elsewhere)}`]);
  });

  test('takes a name that nobody has for the rule that lets Bastion in', () => {
    const name = `bastion-guardrail-${check(appWithout)[0]?.fingerprint}`.toUpperCase();
    const taken = withRule(appWithout, 'nsg-app', rule(name, 500, { destinationPortRange: '443' }));
    const [action] = check(taken)[0]?.remedies[0]?.actions ?? [];
    expect(action?.kind === 'add-rule' && action.rule.name).toBe(`${name.toLowerCase()}-2`);
  });

  test.each(['nsg-app', 'nsg-bastion'])('finds the same when only %s is in focus', (name) => {
    const estate = [...without(appWithout, 'nsg-bastion', 'AllowSshRdpOutBound'), secondInterface];
    const focused = name === 'nsg-app' ? [...appWithout, secondInterface] : estate;
    const network = networkOf(focused);
    const key = [...network.securityGroups.keys()].filter((each) => each.endsWith(`/${name}`));
    const titles = (focus?: ReadonlySet<string>): string[] =>
      bastionReachesVms.check(network, policyWith(), focus).findings.map(({ title }) => title);
    expect(titles(new Set(key))).toEqual(titles());
  });

  test('finds the same whatever the order of the input', () => {
    const estate = change(
      without(app(deny('*')), 'nsg-data', 'allow-ssh-rdp-from-bastion'),
      'vnet-hub',
      (_, each) => each,
    );
    expect(check(estate.toReversed())).toEqual(check(estate));
  });

  test('judges only the peering that carries: one that a manager added to a network elsewhere does not help', () => {
    expect(check(withHalf(unpeered, ['vnet-app', VNET_HUB]))).toHaveLength(1);
  });
});
