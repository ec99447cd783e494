/** Security groups of a generated estate: clean ones for machines, and the one Azure asks for on AzureBastionSubnet. */
import { networkResource, type Home } from '../arm-id';
import type { SubnetBlueprint } from '../blueprint';
import type { Resource } from './resource';

interface RuleWords {
  readonly access?: 'Allow' | 'Deny';
  readonly direction?: 'Inbound' | 'Outbound';
  readonly protocol?: string;
  readonly from?: string | readonly string[];
  readonly to?: string;
  readonly ports?: string | readonly string[];
}

/** A rule as ARM shows it: an inbound TCP Allow of everything, unless said otherwise. */
export function securityRule(name: string, priority: number, words: RuleWords): Resource {
  const { access = 'Allow', direction = 'Inbound', protocol = 'Tcp', from = '*', to = '*', ports = '*' } = words;
  return {
    name,
    properties: {
      access,
      direction,
      protocol,
      priority,
      sourcePortRange: '*',
      sourcePortRanges: [],
      ...(typeof from === 'string'
        ? { sourceAddressPrefix: from, sourceAddressPrefixes: [] }
        : { sourceAddressPrefixes: from }),
      destinationAddressPrefix: to,
      destinationAddressPrefixes: [],
      ...(typeof ports === 'string'
        ? { destinationPortRange: ports, destinationPortRanges: [] }
        : { destinationPortRanges: ports }),
    },
  };
}

export function securityGroup(home: Home, name: string, securityRules: readonly Resource[]): Resource {
  return {
    id: networkResource(home, 'networkSecurityGroups', name),
    name,
    type: 'Microsoft.Network/networkSecurityGroups',
    location: 'westeurope',
    tags: { owner: `team-${home.network}` },
    properties: { securityRules },
  };
}

const ADMIN_PORTS = ['22', '3389', '5985', '5986'];

/** Lets in Bastion, the service itself and its probes, and nobody else to an admin port. */
export function machineRules(closing: SubnetBlueprint['closing'], bastion: readonly string[]): Resource[] {
  const open = [
    securityRule('AllowBastion', 200, { from: bastion, ports: ['22', '3389'] }),
    securityRule('AllowHttps', 300, { from: 'Internet', ports: '443' }),
    securityRule('AllowProbes', 310, { from: 'AzureLoadBalancer', protocol: '*' }),
    securityRule('AllowService', 320, { from: 'VirtualNetwork', ports: ['443', '8080-8090'] }),
  ];
  if (closing === 'deny-all') return [...open, securityRule('DenyAll', 4000, { access: 'Deny', protocol: '*' })];
  const ports = { access: 'Deny', ports: ADMIN_PORTS } as const;
  if (closing === 'deny-admin-ports') return [...open, securityRule('DenyAdminPorts', 4000, ports)];
  return [...open, securityRule('DenyAdminPortsFromNetwork', 4000, { ...ports, from: 'VirtualNetwork' })];
}

/** https://learn.microsoft.com/azure/bastion/bastion-nsg */
export function bastionRules(): Resource[] {
  const outbound = { direction: 'Outbound', protocol: '*' } as const;
  const inside = { from: 'VirtualNetwork', to: 'VirtualNetwork', ports: ['8080', '5701'], protocol: '*' } as const;
  return [
    securityRule('AllowHttpsInbound', 120, { from: 'Internet', ports: '443' }),
    securityRule('AllowGatewayManagerInbound', 130, { from: 'GatewayManager', ports: '443' }),
    securityRule('AllowLoadBalancerInbound', 140, { from: 'AzureLoadBalancer', ports: '443' }),
    securityRule('AllowHostsInbound', 150, inside),
    securityRule('AllowSessionsOutbound', 100, { ...outbound, to: 'VirtualNetwork', ports: ['22', '3389'] }),
    securityRule('AllowAzureCloudOutbound', 110, { ...outbound, protocol: 'Tcp', to: 'AzureCloud', ports: '443' }),
    securityRule('AllowHostsOutbound', 120, { ...inside, direction: 'Outbound' }),
    securityRule('AllowHttpOutbound', 130, { ...outbound, to: 'Internet', ports: '80' }),
  ];
}
