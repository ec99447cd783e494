import { describe, expect, test } from '@jest/globals';
import { explain } from '../../../shared/network/explain';
import { readNetwork } from '../../../shared/network/read';
import {
  hubAndSpoke,
  networkOf,
  policyWith,
  type Resource,
  rule,
  withPublicIp,
  withRule,
  withRules,
} from '../../estate';
import {
  added,
  check,
  having,
  havingPeerings,
  havingSubnets,
  idOf,
  isNamed,
  isReached,
  STRANGER,
  VNET_APP,
  VNET_DATA,
  VNET_HUB,
} from './addition';

const ON_PREMISES = '192.168.40.9';
const routeTable = (prefix: string, nextHop = '10.0.9.4'): Resource =>
  added('routeTables/rt', {
    routes: [
      { name: 'r', properties: { addressPrefix: prefix, nextHopType: 'VirtualAppliance', nextHopIpAddress: nextHop } },
    ],
  });
const routed = (prefix: string, estate: readonly Resource[] = hubAndSpoke()): Resource[] => [
  ...havingSubnets(estate, 'vnet-app', { routeTable: { id: idOf('rg-hub', 'routeTables/rt') } }),
  routeTable(prefix),
];
/** Nothing above the default rules. */
const bare = (estate: readonly Resource[]): Resource[] => withRules(estate, 'nsg-app', () => []);
const gateway = (...connections: readonly Resource[]): Resource[] => [
  added('virtualNetworkGateways/vgw', {
    gatewayType: 'Vpn',
    ipConfigurations: [{ properties: { subnet: { id: `${VNET_HUB}/subnets/GatewaySubnet` } } }],
    vpnClientConfiguration: { vpnClientAddressPool: { addressPrefixes: ['172.20.0.0/24'] } },
  }),
  added('localNetworkGateways/office', { localNetworkAddressSpace: { addressPrefixes: ['192.168.40.0/24'] } }),
  ...connections,
];
const connection = (properties: Resource = {}): Resource =>
  added('connections/c', {
    connectionType: 'IPsec',
    virtualNetworkGateway1: { id: idOf('rg-hub', 'virtualNetworkGateways/vgw') },
    localNetworkGateway2: { id: idOf('rg-hub', 'localNetworkGateways/office') },
    ...properties,
  });
const fromVirtualNetwork = rule('suspect', 150, {
  sourceAddressPrefix: 'VirtualNetwork',
  destinationPortRange: '3389',
});

describe('VirtualNetwork with user routes', () => {
  test('a default route may widen it to the Internet, so the default rule lets the Internet in', () => {
    expect(isNamed(check(bare(hubAndSpoke())), STRANGER, 22)).toBe(false);
    const estate = bare(routed('0.0.0.0/0'));
    expect(isNamed(check(estate), STRANGER, 22)).toBe(true);
    expect(isReached(check(estate), STRANGER, 22)).toBe(false);
    const open = check(withPublicIp(estate, 'nic-vm-app-1'));
    expect(isReached(open, STRANGER, 22)).toBe(true);
    expect(open[0]?.severity).toBe('critical');
  });

  test('explain says so too', () => {
    const question = { from: STRANGER, to: 'vm-app-1', port: 22, protocol: 'tcp' } as const;
    expect(explain(networkOf(bare(routed('0.0.0.0/0'))), question)).toMatchObject({ verdict: 'allow' });
    expect(explain(networkOf(bare(hubAndSpoke())), question)).toMatchObject({ verdict: 'deny' });
  });

  test('whatever it holds it holds in every rule: a Deny for the tag above an Allow for the tag leaves nothing', () => {
    expect(check(routed('0.0.0.0/0'))).toEqual([]);
    expect(check(routed('10.0.0.0/8'))).toEqual([]);
  });

  test('a Deny for the tag does not cover what it only may hold', () => {
    const allow = rule('suspect', 4010, { sourceAddressPrefix: '*', destinationPortRange: '3389' });
    expect(isNamed(check(withRule(routed('0.0.0.0/0'), 'nsg-app', allow)), STRANGER, 3389)).toBe(true);
  });

  test('an estate whose policy allows the virtual network stays quiet, unless the Internet has a door', () => {
    const policy = policyWith({ allowedSources: 'virtual-network' });
    const estate = withRule(routed('0.0.0.0/0'), 'nsg-app', fromVirtualNetwork);
    expect(check(estate, policy)).toEqual([]);
    const [finding] = check(withPublicIp(estate, 'nic-vm-app-1'), policy);
    expect(finding?.severity).toBe('critical');
  });

  test('a table that no subnet of the network uses widens nothing', () => {
    expect(isNamed(check([...bare(hubAndSpoke()), routeTable('0.0.0.0/0')]), STRANGER, 22)).toBe(false);
  });
});

describe('VirtualNetwork with gateways', () => {
  const lending = havingPeerings(
    havingPeerings(bare(hubAndSpoke()), 'vnet-hub', { allowGatewayTransit: true }),
    'vnet-app',
    { useRemoteGateways: true },
  );

  test('holds the far end of a gateway the network uses at a peer, and a door leads from there', () => {
    const findings = check([...lending, ...gateway(connection())]);
    expect(isReached(findings, ON_PREMISES, 22)).toBe(true);
    expect(isReached(findings, '172.20.0.9', 22)).toBe(true);
    expect(isNamed(findings, '192.168.41.9', 22)).toBe(false);
  });

  test('does not hold it where the peering does not use the gateway, or the peer does not lend it', () => {
    expect(isNamed(check([...bare(hubAndSpoke()), ...gateway(connection())]), ON_PREMISES, 22)).toBe(false);
    const unused = havingPeerings(lending, 'vnet-app', { useRemoteGateways: false });
    expect(isNamed(check([...unused, ...gateway(connection())]), ON_PREMISES, 22)).toBe(false);
    const refused = havingPeerings(lending, 'vnet-hub', { allowGatewayTransit: false });
    expect(isNamed(check([...refused, ...gateway(connection())]), ON_PREMISES, 22)).toBe(false);
  });

  test('prefixes learnt by BGP are a gap', () => {
    expect(readNetwork([...lending, ...gateway(connection())]).gaps).toEqual([]);
    const { gaps } = readNetwork([...lending, ...gateway(connection({ enableBgp: true }))]);
    expect(gaps).toMatchObject([{ what: 'unknown-gateway-prefixes', touchesAdminPort: true }]);
    const express = gateway(connection({ connectionType: 'ExpressRoute', localNetworkGateway2: undefined }));
    expect(readNetwork([...lending, ...express]).gaps).toMatchObject([{ what: 'unknown-gateway-prefixes' }]);
  });
});

const hubs = (...connected: readonly string[]): Resource[] => [
  added('virtualWans/wan', {}),
  added('virtualHubs/h1', { addressPrefix: '10.100.0.0/24', virtualWan: { id: idOf('rg-hub', 'virtualWans/wan') } }),
  ...connected.map((id, index) =>
    added(`virtualHubs/h1/hubVirtualNetworkConnections/c${index}`, { remoteVirtualNetwork: { id } }),
  ),
];

describe('networks joined without a peering', () => {
  const MANAGER = 'networkManagers/avnm';
  const members = ['app', 'data'].map((name) =>
    added(`${MANAGER}/networkGroups/all/staticMembers/${name}`, {
      resourceId: name === 'app' ? VNET_APP : VNET_DATA,
    }),
  );
  const mesh = (properties: Resource): Resource[] => [
    added(MANAGER, {}),
    added(`${MANAGER}/networkGroups/all`, {}),
    ...members,
    added(`${MANAGER}/connectivityConfigurations/c`, {
      connectivityTopology: 'Mesh',
      appliesToGroups: [{ networkGroupId: idOf('rg-hub', `${MANAGER}/networkGroups/all`), groupConnectivity: 'None' }],
      ...properties,
    }),
  ];
  const FAR = '10.2.0.4';

  test.each<[string, boolean, Resource[]]>([
    ['nothing', false, []],
    ['a mesh of a network manager', true, mesh({})],
    ['a hub and spoke whose spokes are not joined', false, mesh({ connectivityTopology: 'HubAndSpoke' })],
    [
      'a hub and spoke whose spokes are joined directly',
      true,
      mesh({
        connectivityTopology: 'HubAndSpoke',
        appliesToGroups: [
          {
            networkGroupId: idOf('rg-hub', `${MANAGER}/networkGroups/all`),
            groupConnectivity: 'DirectlyConnected',
          },
        ],
      }),
    ],
    ['one virtual WAN hub', true, hubs(VNET_APP, VNET_DATA)],
    ['a virtual WAN hub that only one of them is connected to', false, hubs(VNET_APP)],
  ])('%s lets one spoke reach the other: %s', (_, reached, extra) => {
    const estate = [...withRule(hubAndSpoke(), 'nsg-app', rule('wide', 150, { destinationPortRange: '22' })), ...extra];
    expect(isReached(check(estate), FAR, 22)).toBe(reached);
    expect(isReached(check([...bare(hubAndSpoke()), ...extra]), FAR, 22)).toBe(reached);
  });

  test('a mesh whose members are not known is a gap', () => {
    const estate = mesh({}).filter(({ name }) => name !== 'app' && name !== 'data');
    expect(readNetwork([...hubAndSpoke(), ...estate]).gaps).toMatchObject([{ what: 'unknown-group-members' }]);
  });

  test('a route through an appliance in the hub joins two spokes where forwarded traffic is let in', () => {
    const wide = withRule(hubAndSpoke(), 'nsg-app', rule('wide', 150, { destinationPortRange: '22' }));
    const forwarding = havingPeerings(wide, 'vnet-app', { allowForwardedTraffic: true });
    const sent = (prefix: string, nextHop: string, estate = forwarding): Resource[] => [
      ...havingSubnets(estate, 'vnet-data', { routeTable: { id: idOf('rg-hub', 'routeTables/rt') } }),
      routeTable(prefix, nextHop),
    ];
    expect(isReached(check(sent('0.0.0.0/0', '10.0.9.4')), FAR, 22)).toBe(true);
    expect(isReached(check(sent('10.1.0.0/24', '10.0.9.4')), FAR, 22)).toBe(true);
    expect(isReached(check(sent('10.1.7.0/24', '10.0.9.4')), FAR, 22)).toBe(false);
    expect(isReached(check(sent('0.0.0.0/0', '10.77.0.4')), FAR, 22)).toBe(false);
    expect(isReached(check(sent('0.0.0.0/0', '10.0.9.4', wide)), FAR, 22)).toBe(false);
    const sentAway = having(sent('0.0.0.0/0', '10.0.9.4'), 'rt', {
      routes: [
        { properties: { addressPrefix: '0.0.0.0/0', nextHopType: 'VirtualAppliance', nextHopIpAddress: '10.0.9.4' } },
        { properties: { addressPrefix: '10.1.0.0/16', nextHopType: 'None' } },
      ],
    });
    expect(isReached(check(sentAway), FAR, 22)).toBe(false);
  });
});
