// What stands around the security groups, against answers computed by hand: security admin rules, user routes, gateways, scale sets.
import type { ArmResource, SecurityRuleResource } from './arm';
import type { AdminRuleResource } from './arm-manager';
import type { Prover } from './z3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { adminRuleFrom } from './admin-text';
import { sameId } from './arm';
import { judgePacket } from './naive';
import { rules } from './rule-text';
import { groupId, hubId, network, smallEstate, spokeId, spokeSubnet, webServer } from './small-estate';
import { arrives, startProver } from './z3';

const open = rules('allow 100 port 22');
const closed = rules('deny 100');

function ssh(source: string): Parameters<typeof judgePacket>[1] {
  const [destination, endpoint] = ['10.1.0.4', webServer];
  return { endpoint, destination, protocol: 'tcp', source, sourcePort: 49152, destinationPort: 22 };
}

const group = `${network}/networkManagers/nm/networkGroups/ng`;
const collection = `${network}/networkManagers/nm/securityAdminConfigurations/c/ruleCollections/rc`;

/** Admin rules for the spoke, or for the network given. */
function managed(texts: string, member = spokeId): ArmResource[] {
  const type = 'Microsoft.Network/networkManagers';
  const written: AdminRuleResource[] = texts
    .split(';')
    .filter((text) => text.trim() !== '')
    .map((text, at) => adminRuleFrom(text.trim(), `${collection}/rules/r${at}`));
  return [
    {
      id: `${group}/staticMembers/m`,
      name: 'm',
      type: `${type}/networkGroups/staticMembers`,
      properties: { resourceId: member.toUpperCase() },
    },
    {
      id: collection,
      name: 'rc',
      type: `${type}/securityAdminConfigurations/ruleCollections`,
      properties: { appliesToGroups: [{ networkGroupId: group }] },
    },
    ...written,
  ];
}

type AdminCase = readonly [name: string, admin: string, groups: SecurityRuleResource[], answer: boolean];

const adminCases: AdminCase[] = [
  ['a Deny is the end', 'Deny 1 from * port 22', open, false],
  ['an AlwaysAllow goes past the security groups', 'AlwaysAllow 1 from * port 22', closed, true],
  ['an Allow leaves it to the groups: closed', 'Allow 1 from * port 22', closed, false],
  ['an Allow leaves it to the groups: open', 'Allow 1 from * port 22; Deny 2 from * port 22', open, true],
  ['the lower number wins', 'Deny 2 from * port 22; AlwaysAllow 1 from * port 22', closed, true],
  ['a Deny for another port', 'Deny 1 from * port 3389', open, true],
  ['a Deny for another source', 'Deny 1 from 198.51.100.0/24 port 22', open, true],
  ['a Deny of a tag nobody knows is no protection', 'Deny 1 from AzureCloud port 22', open, true],
  ['an AlwaysAllow of a tag nobody knows may let anybody in', 'AlwaysAllow 1 from AzureCloud port 22', closed, true],
  [
    'an Allow that may not match leaves the next rule its say',
    'Allow 1 from AzureCloud port 22; AlwaysAllow 2 from * port 22',
    closed,
    true,
  ],
  ['an outbound Deny protects nothing', 'Deny 1 from * port 22 outbound', open, true],
];

describe('security admin rules', () => {
  let prover: Prover;
  beforeAll(async () => {
    prover = await startProver();
  });
  afterAll(() => prover.stop());

  test.each(adminCases)('%s', (_name, admin, subnetRules, answer) => {
    const estate = [...smallEstate({ subnetRules }), ...managed(admin)];
    expect(judgePacket(estate, ssh('203.0.113.7')).allowed).toBe(answer);
  });

  test('apply to the members of their network groups only', () => {
    const estate = [...smallEstate({ subnetRules: open }), ...managed('Deny 1 from * port 22', hubId)];
    expect(judgePacket(estate, ssh('203.0.113.7')).allowed).toBe(true);
  });

  test.each(adminCases)('%s: the solver says so too', async (_name, admin, subnetRules, answer) => {
    const estate = [...smallEstate({ subnetRules }), ...managed(admin)];
    const through = arrives(estate, { endpoint: webServer, protocol: 'tcp', destinationPort: 22, family: 4 });
    const example = await prover.disagreement(through, [], 4, '(= source #xcb007107)');
    expect(example !== undefined).toBe(answer);
  });
});

function routed(prefix: string): ArmResource[] {
  const id = `${network}/routeTables/rt`;
  const table = {
    id,
    name: 'rt',
    type: 'Microsoft.Network/routeTables',
    properties: { routes: [{ name: 'r', properties: { addressPrefix: prefix, nextHopType: 'VirtualAppliance' } }] },
  };
  return [table, ...withSubnet({ routeTable: { id } }, [])];
}

/** The small estate with more said about the spoke's subnet. */
function withSubnet(more: object, subnetRules: readonly SecurityRuleResource[]): ArmResource[] {
  return smallEstate({ subnetRules }).map((resource) => {
    if (!sameId(resource.id, spokeId)) return resource;
    const { subnets, ...rest } = resource.properties as { subnets: { properties: object }[] };
    const changed = subnets.map((subnet) => ({ ...subnet, properties: { ...subnet.properties, ...more } }));
    return { ...resource, properties: { ...rest, subnets: changed } };
  });
}

describe('the VirtualNetwork tag', () => {
  test('may hold the prefixes of user routes', () => {
    expect(judgePacket(routed('10.90.0.0/16'), ssh('10.90.0.1')).allowed).toBe(true);
    expect(judgePacket(routed('10.90.0.0/16'), ssh('10.91.0.1')).allowed).toBe(false);
  });

  test('may hold everybody under a default route', () => {
    expect(judgePacket(routed('0.0.0.0/0'), ssh('203.0.113.7')).allowed).toBe(true);
    expect(judgePacket(routed('0.0.0.0/0'), { ...ssh('203.0.113.7'), destinationPort: 443 }).allowed).toBe(true);
  });

  test('means the same in every rule: what is denied to it is not let in by it', () => {
    const table = routed('0.0.0.0/0')[0];
    const estate = withSubnet(
      { routeTable: { id: `${network}/routeTables/rt` } },
      rules('deny 4096 from VirtualNetwork'),
    );
    expect(judgePacket(table ? [table, ...estate] : estate, ssh('203.0.113.7')).allowed).toBe(false);
  });
});

const gateway = `${network}/virtualNetworkGateways/vgw`;

function make(type: string, id: string, properties: object): ArmResource {
  return { id, name: id.slice(id.lastIndexOf('/') + 1), type: `Microsoft.Network/${type}`, properties };
}

/** A gateway in the hub with the site 10.50.0.0/16 behind it; the spoke uses it, and the hub lends it or does not. */
function hubWithGateway(isLent: boolean, allowVirtualNetworkAccess = true): ArmResource[] {
  const hubSubnet = `${hubId}/subnets/GatewaySubnet`;
  const estate = smallEstate({ subnetRules: [], peering: { useRemoteGateways: true, allowVirtualNetworkAccess } }).map(
    (resource) => {
      if (!sameId(resource.id, hubId)) return resource;
      const back = {
        id: `${hubId}/virtualNetworkPeerings/to-spoke`,
        name: 'to-spoke',
        properties: { peeringState: 'Connected', allowGatewayTransit: isLent, remoteVirtualNetwork: { id: spokeId } },
      };
      const subnets = [{ id: hubSubnet, name: 'GatewaySubnet', properties: { addressPrefix: '10.0.255.0/27' } }];
      return { ...resource, properties: { ...resource.properties, subnets, virtualNetworkPeerings: [back] } };
    },
  );
  const site = `${network}/localNetworkGateways/lgw`;
  return [
    ...estate,
    make('virtualNetworkGateways', gateway, {
      ipConfigurations: [{ name: 'ip', properties: { subnet: { id: hubSubnet } } }],
    }),
    make('localNetworkGateways', site, { localNetworkAddressSpace: { addressPrefixes: ['10.50.0.0/16'] } }),
    make('connections', `${network}/connections/cn`, {
      connectionType: 'IPsec',
      virtualNetworkGateway1: { id: gateway },
      localNetworkGateway2: { id: site },
    }),
  ];
}

describe('the VirtualNetwork tag with a gateway', () => {
  test('holds the site behind the gateway, and behind one that a peer lends', () => {
    expect(judgePacket(hubWithGateway(true), ssh('10.50.1.1')).allowed).toBe(true);
    expect(judgePacket(hubWithGateway(false), ssh('10.50.1.1')).allowed).toBe(false);
    expect(judgePacket(hubWithGateway(true), ssh('10.51.1.1')).allowed).toBe(false);
  });

  test('keeps a lent site though the peering is without access', () => {
    expect(judgePacket(hubWithGateway(true, false), ssh('10.50.1.1')).allowed).toBe(true);
    expect(judgePacket(hubWithGateway(true, false), ssh('10.0.0.5')).allowed).toBe(false);
  });
});

describe('a scale set', () => {
  const id = `${network.replace('Microsoft.Network', 'Microsoft.Compute')}/virtualMachineScaleSets/vmss`;
  const configuration = (properties: object): ArmResource => ({
    id,
    name: 'vmss',
    type: 'Microsoft.Compute/virtualMachineScaleSets',
    properties: {
      virtualMachineProfile: {
        networkProfile: {
          networkInterfaceConfigurations: [
            {
              name: 'nic',
              properties: {
                ipConfigurations: [{ name: 'ip', properties: { subnet: { id: spokeSubnet }, ...properties } }],
              },
            },
          ],
        },
      },
    },
  });
  const endpoint = `${id}/networkInterfaces/nic/ipConfigurations/ip`;

  test('answers to the group of its subnet', () => {
    const estate = [...smallEstate({ subnetRules: closed }), configuration({})];
    expect(judgePacket(estate, { ...ssh('203.0.113.7'), endpoint }).allowed).toBe(false);
  });

  test('is reached through the application security group it is in', () => {
    const member = configuration({ applicationSecurityGroups: [{ id: groupId('asg-pool') }] });
    const estate = smallEstate({ subnetRules: rules('allow 100 to @asg-pool port 22; deny 110') });
    expect(judgePacket([...estate, member], { ...ssh('203.0.113.7'), endpoint }).allowed).toBe(true);
    expect(judgePacket([...estate, configuration({})], { ...ssh('203.0.113.7'), endpoint }).allowed).toBe(false);
  });

  test('may be anywhere in its subnet as a source', () => {
    const member = configuration({ applicationSecurityGroups: [{ id: groupId('asg-pool') }] });
    const allow = smallEstate({ subnetRules: rules('allow 100 from @asg-pool port 22; deny 110') });
    const deny = smallEstate({ subnetRules: rules('deny 100 from @asg-pool; allow 110 port 22') });
    expect(judgePacket([...allow, member], ssh('10.1.0.200')).allowed).toBe(true);
    expect(judgePacket([...deny, member], ssh('10.1.0.200')).allowed).toBe(true);
  });
});
