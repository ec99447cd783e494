import { describe, expect, test } from '@jest/globals';
import type { Exposure } from '../../../shared/finding';
import { explain } from '../../../shared/network/explain';
import { readNetwork } from '../../../shared/network/read';
import { hubAndSpoke, networkOf, type Resource, rule, withRule } from '../../estate';
import {
  added,
  check,
  exposuresOf,
  havingIpConfiguration,
  havingSubnets,
  idOf,
  isReached,
  NIC_APP,
  STRANGER,
  VNET_APP,
  VNET_DATA,
  VNET_HUB,
} from './addition';

/** SSH open to everybody by rule, so that only doors decide who comes. */
const opened = withRule(hubAndSpoke(), 'nsg-app', rule('wide', 150, { destinationPortRange: '22' }));
const publicAddress = (name: string, ipAddress: string): Resource =>
  added(`publicIPAddresses/${name}`, { ipAddress }, { sku: { name: 'Standard' } });
const LB = idOf('rg-hub', 'loadBalancers/lb');
const frontend = { id: `${LB}/frontendIPConfigurations/fe` };
const pool = { id: `${LB}/backendAddressPools/bp` };

function balancer(properties: Resource, publicly = true): Resource[] {
  const own = publicly
    ? { publicIPAddress: { id: idOf('rg-hub', 'publicIPAddresses/pip-lb') } }
    : { subnet: { id: `${VNET_APP}/subnets/snet-app` }, privateIPAddress: '10.1.0.100' };
  return [
    publicAddress('pip-lb', '198.51.100.1'),
    added(
      'loadBalancers/lb',
      {
        frontendIPConfigurations: [{ name: 'fe', ...frontend, properties: own }],
        backendAddressPools: [{ name: 'bp', ...pool, properties: {} }],
        ...properties,
      },
      { sku: { name: 'Standard' } },
    ),
  ];
}

const balancing = (frontendPort: number, backendPort: number, protocol = 'Tcp'): Resource => ({
  loadBalancingRules: [
    {
      name: 'rule',
      properties: { frontendIPConfiguration: frontend, backendAddressPool: pool, protocol, frontendPort, backendPort },
    },
  ],
});
const natRule = (properties: Resource): Resource => ({
  name: 'ssh-1',
  id: `${LB}/inboundNatRules/ssh-1`,
  properties: {
    frontendIPConfiguration: frontend,
    protocol: 'Tcp',
    frontendPort: 50001,
    backendPort: 22,
    ...properties,
  },
});
const pooled = havingIpConfiguration(opened, { loadBalancerBackendAddressPools: [pool] });

const firewall = (properties: Resource = {}): Resource =>
  added('azureFirewalls/fw', {
    ipConfigurations: [{ properties: { subnet: { id: `${VNET_HUB}/subnets/AzureFirewallSubnet` } } }],
    ...properties,
  });
const withFirewallSubnet = (estate: readonly Resource[]): Resource[] => [
  ...estate,
  {
    id: `${VNET_HUB}/subnets/AzureFirewallSubnet`,
    type: 'Microsoft.Network/virtualNetworks/subnets',
    name: 'AzureFirewallSubnet',
    properties: { addressPrefix: '10.0.2.0/26' },
  },
];
const natRuleOfFirewall = (properties: Resource = {}): Resource => ({
  name: 'ssh',
  protocols: ['TCP'],
  sourceAddresses: ['*'],
  destinationAddresses: ['198.51.100.2'],
  destinationPorts: ['2222'],
  translatedAddress: '10.1.0.4',
  translatedPort: '22',
  ...properties,
});
const classic = (properties?: Resource): Resource =>
  firewall({ natRuleCollections: [{ name: 'nat', properties: { rules: [natRuleOfFirewall(properties)] } }] });

function doorsOf(estate: readonly Resource[], name?: string): string[] {
  const exposures = exposuresOf(check(estate), 22, name);
  return [...new Set(exposures.flatMap(({ doors }) => doors.map((door) => doorText(door))))];
}

function doorText({ kind, frontend: front, frontendPort }: Exposure['doors'][number]): string {
  return front === undefined ? kind : `${kind} ${front}:${frontendPort}`;
}

describe('load balancers as doors', () => {
  test.each<[string, string[], Resource[]]>([
    ['no load balancer', [], pooled],
    ['a rule to SSH', ['load-balancer 198.51.100.1:22'], [...pooled, ...balancer(balancing(22, 22))]],
    ['a rule on another port to SSH', ['load-balancer 198.51.100.1:443'], [...pooled, ...balancer(balancing(443, 22))]],
    ['a rule from SSH to another port', [], [...pooled, ...balancer(balancing(22, 443))]],
    ['a rule for UDP', [], [...pooled, ...balancer(balancing(22, 22, 'Udp'))]],
    ['a rule for all ports', ['load-balancer 198.51.100.1:22'], [...pooled, ...balancer(balancing(0, 0, 'All'))]],
    ['a pool that the machine is not in', [], [...opened, ...balancer(balancing(22, 22))]],
    [
      'a NAT rule that names the interface',
      ['inbound-nat 198.51.100.1:50001'],
      [
        ...opened,
        ...balancer({ inboundNatRules: [natRule({ backendIPConfiguration: { id: NIC_APP.toUpperCase() } })] }),
      ],
    ],
    [
      'a NAT rule that the interface names',
      ['inbound-nat 198.51.100.1:50001'],
      [
        ...havingIpConfiguration(opened, { loadBalancerInboundNatRules: [{ id: `${LB}/inboundNatRules/ssh-1` }] }),
        ...balancer({ inboundNatRules: [natRule({})] }),
      ],
    ],
    [
      'a NAT rule of its own, over a pool and a range of ports',
      ['inbound-nat 198.51.100.1:50000'],
      [
        ...pooled,
        ...balancer({}),
        added('loadBalancers/lb/inboundNatRules/range', {
          frontendIPConfiguration: frontend,
          protocol: 'Tcp',
          backendAddressPool: pool,
          backendPort: 22,
          frontendPortRangeStart: 50000,
          frontendPortRangeEnd: 50009,
        }),
      ],
    ],
    [
      'a pool of addresses',
      ['load-balancer 198.51.100.1:22'],
      [
        ...opened,
        ...balancer({
          ...balancing(22, 22),
          backendAddressPools: [
            {
              name: 'bp',
              ...pool,
              properties: { loadBalancerBackendAddresses: [{ properties: { ipAddress: '10.1.0.4' } }] },
            },
          ],
        }),
      ],
    ],
  ])('%s', (_, doors, estate) => {
    const fromOutside = doorsOf(estate).filter((door) => !['virtual-network', 'peering'].includes(door));
    expect(fromOutside).toEqual(doors);
    expect(isReached(check(estate), STRANGER, 22)).toBe(doors.length > 0);
    expect(check(estate)[0]?.severity).toBe(doors.length > 0 ? 'critical' : 'high');
  });

  test('an internal front end is reached from inside only', () => {
    const estate = [...pooled, ...balancer(balancing(443, 22), false)];
    expect(doorsOf(estate)).toContain('load-balancer 10.1.0.100:443');
    expect(isReached(check(estate), STRANGER, 22)).toBe(false);
    expect(check(estate)[0]?.severity).toBe('high');
  });

  test('a Standard one is closed to a machine without any security group; a Basic one is not', () => {
    const bare = [
      ...havingSubnets(pooled, 'vnet-app', { networkSecurityGroup: undefined }),
      ...balancer(balancing(22, 22)),
    ];
    expect(isReached(check(bare), STRANGER, 22)).toBe(false);
    const basic = bare.map((each) => (each.name === 'lb' ? { ...each, sku: { name: 'Basic' } } : each));
    expect(isReached(check(basic), STRANGER, 22)).toBe(true);
  });

  test('the witness goes to the front end’s port, and explain knows the way', () => {
    const estate = [...pooled, ...balancer(balancing(50001, 22))];
    expect(check(estate)[0]?.evidence.witness).toMatchObject({
      source: STRANGER,
      destination: '10.1.0.4',
      port: 22,
      path: ['door lb/rule', 'sent to 198.51.100.1:50001', 'nsg-app/wide (priority 150)', expect.any(String)],
    });
    const answer = explain(networkOf(estate), { from: STRANGER, to: '10.1.0.4', port: 22, protocol: 'tcp' });
    expect(answer).toMatchObject({ doors: [{ kind: 'load-balancer', frontendPort: 50001 }] });
  });
});

describe('other forwardings as doors', () => {
  test.each<[string, Resource[]]>([
    ['classic', [classic()]],
    [
      'by policy',
      [
        firewall({ firewallPolicy: { id: idOf('rg-hub', 'firewallPolicies/fp').toUpperCase() } }),
        added('firewallPolicies/fp/ruleCollectionGroups/g', {
          ruleCollections: [
            {
              ruleCollectionType: 'FirewallPolicyNatRuleCollection',
              name: 'nat',
              rules: [{ ...natRuleOfFirewall(), protocols: undefined, ipProtocols: ['TCP'] }],
            },
          ],
        }),
      ],
    ],
  ])('DNAT of a firewall, %s: the group sees the firewall, and the way is from the Internet', (_, firewalls) => {
    const estate = withFirewallSubnet([...opened, ...firewalls]);
    expect(doorsOf(estate)).toContain('firewall-dnat 198.51.100.2:2222');
    expect(isReached(check(estate), STRANGER, 22)).toBe(false);
    const [finding] = check(estate);
    expect(finding?.severity).toBe('critical');
    expect(finding?.evidence.witness).toMatchObject({ source: '10.0.2.0', port: 22 });
  });

  test('DNAT is no finding where the groups shut the firewall out', () => {
    expect(check(withFirewallSubnet([...hubAndSpoke(), classic()]))).toEqual([]);
  });

  test('DNAT for private senders is not from the Internet; an unread IP group may be anyone', () => {
    const estate = withFirewallSubnet([...opened, classic({ sourceAddresses: ['10.2.0.0/16'] })]);
    expect(check(estate)[0]?.severity).toBe('high');
    const grouped = { sourceAddresses: [], sourceIpGroups: [idOf('rg-hub', 'ipGroups/g')] };
    expect(check(withFirewallSubnet([...opened, classic(grouped)]))[0]?.severity).toBe('critical');
    const known = [classic(grouped), added('ipGroups/g', { ipAddresses: ['10.2.0.0/16'] })];
    expect(check(withFirewallSubnet([...opened, ...known]))[0]?.severity).toBe('high');
  });

  test('DNAT to a machine the firewall has no way to is no door, and to a name is a gap', () => {
    const apart = withFirewallSubnet([...opened, classic()]).map((each) =>
      each.name === 'vnet-app'
        ? { ...each, properties: { ...(each.properties as Resource), virtualNetworkPeerings: [] } }
        : each,
    );
    expect(doorsOf(apart)).not.toContain('firewall-dnat 198.51.100.2:2222');
    const named = classic({ translatedAddress: undefined, translatedFqdn: 'vm.example.com' });
    expect(readNetwork([...opened, named]).gaps).toMatchObject([{ what: 'unknown-target' }]);
  });

  test('DNAT of a secured virtual hub reaches the networks connected to it', () => {
    const estate = [
      ...opened,
      added('virtualHubs/h', { addressPrefix: '10.100.0.0/23' }),
      added('virtualHubs/h/hubVirtualNetworkConnections/c', { remoteVirtualNetwork: { id: VNET_APP } }),
      firewall({
        virtualHub: { id: idOf('rg-hub', 'virtualHubs/h') },
        ipConfigurations: undefined,
        natRuleCollections: [{ name: 'nat', properties: { rules: [natRuleOfFirewall()] } }],
      }),
    ];
    expect(doorsOf(estate)).toContain('firewall-dnat 198.51.100.2:2222');
    expect(isReached(check(estate), '10.100.0.9', 22)).toBe(true);
  });

  test('a TCP listener of an application gateway: the group sees the gateway’s subnet', () => {
    const id = idOf('rg-hub', 'applicationGateways/agw');
    const gateway = added('applicationGateways/agw', {
      gatewayIPConfigurations: [{ properties: { subnet: { id: `${VNET_DATA}/subnets/snet-data` } } }],
      frontendIPConfigurations: [
        { name: 'fe', properties: { publicIPAddress: { id: idOf('rg-hub', 'publicIPAddresses/pip-agw') } } },
      ],
      frontendPorts: [{ name: 'p', properties: { port: 8022 } }],
      listeners: [
        {
          name: 'l',
          properties: {
            protocol: 'Tcp',
            frontendIPConfiguration: { id: `${id}/frontendIPConfigurations/fe` },
            frontendPort: { id: `${id}/frontendPorts/p` },
          },
        },
      ],
      backendSettingsCollection: [{ name: 's', properties: { port: 22, protocol: 'Tcp' } }],
      backendAddressPools: [{ name: 'bp', properties: { backendAddresses: [{ ipAddress: '10.1.0.4' }] } }],
      routingRules: [
        {
          name: 'r',
          properties: {
            listener: { id: `${id}/listeners/l` },
            backendAddressPool: { id: `${id}/backendAddressPools/bp` },
            backendSettings: { id: `${id}/backendSettingsCollection/s` },
          },
        },
      ],
    });
    const peered = [...opened, publicAddress('pip-agw', '198.51.100.3'), gateway];
    expect(doorsOf(peered).join()).not.toContain('application-gateway');
    const near = JSON.parse(
      JSON.stringify(peered).replaceAll(`${VNET_DATA}/subnets/snet-data`, `${VNET_HUB}/subnets/s`),
    );
    expect(doorsOf(near)).toContain('application-gateway 198.51.100.3:8022');
    expect(check(near)[0]?.severity).toBe('critical');
  });

  test('a Private Link service over a load balancer: the group sees its NAT addresses', () => {
    const estate = [
      ...pooled,
      ...balancer(balancing(443, 22), false),
      added('privateLinkServices/pls', {
        alias: 'pls.example',
        loadBalancerFrontendIpConfigurations: [frontend],
        ipConfigurations: [
          { properties: { privateIPAddress: '10.1.0.200', subnet: { id: `${VNET_APP}/subnets/snet-app` } } },
        ],
      }),
    ];
    expect(doorsOf(estate)).toContain('private-link pls.example:443');
  });
});

const attached = (version: string, estate: readonly Resource[] = opened): Resource[] => [
  ...havingIpConfiguration(estate, { publicIPAddress: { id: idOf('rg-hub', 'publicIPAddresses/pip') } }),
  added('publicIPAddresses/pip', { publicIPAddressVersion: version }, { sku: { name: 'Standard' } }),
];

const scaleSet = (mode: string, configuration: Resource): Resource => ({
  id: idOf('rg-app', '').replace('Microsoft.Network/', 'Microsoft.Compute/virtualMachineScaleSets/vmss'),
  type: 'Microsoft.Compute/virtualMachineScaleSets',
  name: 'vmss',
  properties: {
    orchestrationMode: mode,
    virtualMachineProfile: {
      networkProfile: {
        networkInterfaceConfigurations: [
          {
            name: 'nic',
            properties: {
              ipConfigurations: [
                {
                  name: 'ip',
                  properties: { subnet: { id: `${VNET_APP}/subnets/snet-app` }, ...configuration },
                },
              ],
            },
          },
        ],
      },
    },
  },
});

describe('public IPs as doors', () => {
  test('an IPv6 address lets IPv6 in, to the IPv6 configuration of a machine that has both', () => {
    expect(doorsOf(attached('IPv4'))).toContain('public-ip');
    const twoFamilies = havingSubnets(opened, 'vnet-app', {
      addressPrefix: undefined,
      addressPrefixes: ['10.1.0.0/24', 'fd00:1::/64'],
    });
    const v6 = havingIpConfiguration(twoFamilies, { privateIPAddress: 'fd00:1::4', privateIPAddressVersion: 'IPv6' });
    expect(isReached(check(attached('IPv6', v6)), '2001:db8::7', 22)).toBe(true);
    expect(isReached(check(attached('IPv6', v6)), STRANGER, 22)).toBe(false);
    expect(isReached(check(attached('IPv4', v6)), '2001:db8::7', 22)).toBe(false);
  });

  test('every instance of a scale set has the address, the group and the pools of its profile', () => {
    const withPublicIp = scaleSet('Uniform', {
      publicIPAddressConfiguration: { name: 'pip', sku: { name: 'Standard' }, properties: {} },
    });
    expect(isReached(check([...opened, withPublicIp]), STRANGER, 22, 'vmss')).toBe(true);
    expect(isReached(check([...opened, scaleSet('Uniform', {})]), STRANGER, 22, 'vmss')).toBe(false);
    expect(exposuresOf(check([...opened, scaleSet('Flexible', {})]), 22, 'vmss')).toEqual([]);
    const natPool = { id: `${LB}/inboundNatPools/np` };
    const behindNat = [
      ...opened,
      scaleSet('Uniform', { loadBalancerInboundNatPools: [natPool] }),
      ...balancer({
        inboundNatPools: [
          {
            name: 'np',
            ...natPool,
            properties: {
              frontendIPConfiguration: frontend,
              protocol: 'Tcp',
              frontendPortRangeStart: 50000,
              frontendPortRangeEnd: 50099,
              backendPort: 22,
            },
          },
        ],
      }),
    ];
    expect(doorsOf(behindNat, 'vmss')).toContain('inbound-nat 198.51.100.1:50000');
  });
});
