/** Load balancers, firewalls and gateways that forward to vm-app-1, for tests of what forwards. */
import { hubAndSpoke, type Resource, rule, withRule } from '../../estate';
import { added, havingIpConfiguration, idOf, NIC_APP, VNET_APP, VNET_HUB } from '../network/addition';

export const LB = idOf('rg-hub', 'loadBalancers/lb');
export const FRONTEND = { id: `${LB}/frontendIPConfigurations/fe` };
const POOL = { id: `${LB}/backendAddressPools/bp` };
export const NAT_RULE = `${LB}/inboundNatRules/ssh-1`;
const PUBLIC_FRONTEND = { publicIPAddress: { id: idOf('rg-hub', 'publicIPAddresses/pip-lb') } };
export const PRIVATE_FRONTEND = { subnet: { id: `${VNET_APP}/subnets/snet-app` }, privateIPAddress: '10.1.0.100' };

export function balancer(properties: Resource, frontend: Resource = PUBLIC_FRONTEND): Resource {
  return added(
    'loadBalancers/lb',
    {
      frontendIPConfigurations: [{ name: 'fe', ...FRONTEND, properties: frontend }],
      backendAddressPools: [{ name: 'bp', ...POOL, properties: {} }],
      ...properties,
    },
    { sku: { name: 'Standard' } },
  );
}

export function balancing(frontendPort: number, backendPort: number, more: Resource = {}): Resource {
  const properties = { frontendIPConfiguration: FRONTEND, backendAddressPool: POOL, protocol: 'Tcp', ...more };
  return { loadBalancingRules: [{ name: 'lbr', properties: { ...properties, frontendPort, backendPort } }] };
}

export function natting(backendPort: number): Resource {
  const properties = { frontendIPConfiguration: FRONTEND, protocol: 'Tcp', frontendPort: 50001, backendPort };
  return {
    inboundNatRules: [
      { name: 'ssh-1', id: NAT_RULE, properties: { ...properties, backendIPConfiguration: { id: NIC_APP } } },
    ],
  };
}

/** vm-app-1 in the pool, or named by the NAT rule, as ARM writes it on the interface. */
export const pooled = havingIpConfiguration(hubAndSpoke(), { loadBalancerBackendAddressPools: [POOL] });
export const natted = havingIpConfiguration(hubAndSpoke(), { loadBalancerInboundNatRules: [{ id: NAT_RULE }] });
const ssh = rule('ssh', 150, { sourceAddressPrefix: 'Internet', destinationPortRange: '22' });
export const opened = (estate: readonly Resource[]): Resource[] => withRule(estate, 'nsg-app', ssh);

export const dnat = (name: string, port: string, more: Resource = {}): Resource => ({
  name,
  ruleType: 'NatRule',
  ipProtocols: ['TCP'],
  sourceAddresses: ['*'],
  destinationAddresses: ['198.51.100.2'],
  destinationPorts: ['2222'],
  translatedAddress: '10.1.0.4',
  translatedPort: port,
  ...more,
});
const FIREWALL_POLICY = idOf('rg-hub', 'firewallPolicies/fp');
const FIREWALL_PLACE = {
  ipConfigurations: [{ properties: { subnet: { id: `${VNET_HUB}/subnets/AzureFirewallSubnet` } } }],
};
const FIREWALL_SUBNET = {
  id: `${VNET_HUB}/subnets/AzureFirewallSubnet`,
  type: 'Microsoft.Network/virtualNetworks/subnets',
  name: 'AzureFirewallSubnet',
  properties: { addressPrefix: '10.0.2.0/26' },
};
export const byPolicy = (rules: readonly Resource[], ...firewalls: string[]): Resource[] => [
  FIREWALL_SUBNET,
  ...firewalls.map((name) =>
    added(`azureFirewalls/${name}`, { ...FIREWALL_PLACE, firewallPolicy: { id: FIREWALL_POLICY } }),
  ),
  added('firewallPolicies/fp/ruleCollectionGroups/g', {
    ruleCollections: [{ name: 'nat', ruleCollectionType: 'FirewallPolicyNatRuleCollection', rules }],
  }),
];
export const classic = (rules: readonly Resource[]): Resource[] => [
  FIREWALL_SUBNET,
  added('azureFirewalls/fw', { ...FIREWALL_PLACE, natRuleCollections: [{ name: 'nat', properties: { rules } }] }),
];
export const gateway = added('applicationGateways/agw', {
  gatewayIPConfigurations: [{ properties: { subnet: { id: `${VNET_HUB}/subnets/snet-agw` } } }],
  frontendIPConfigurations: [{ name: 'fe', properties: PUBLIC_FRONTEND }],
  frontendPorts: [{ name: 'p', properties: { port: 8022 } }],
  backendAddressPools: [{ name: 'bp', properties: { backendAddresses: [{ ipAddress: '10.1.0.4' }] } }],
  backendSettingsCollection: [{ name: 's', properties: { port: 22, protocol: 'Tcp' } }],
  listeners: [
    {
      name: 'l',
      properties: {
        frontendPort: { id: idOf('rg-hub', 'applicationGateways/agw/frontendPorts/p') },
        frontendIPConfiguration: { id: idOf('rg-hub', 'applicationGateways/agw/frontendIPConfigurations/fe') },
      },
    },
  ],
  routingRules: [
    {
      name: 'r',
      properties: {
        listener: { id: idOf('rg-hub', 'applicationGateways/agw/listeners/l') },
        backendAddressPool: { id: idOf('rg-hub', 'applicationGateways/agw/backendAddressPools/bp') },
        backendSettings: { id: idOf('rg-hub', 'applicationGateways/agw/backendSettingsCollection/s') },
      },
    },
  ],
});
