// The six rules every network security group ends with; they cannot be changed.
import type { JsonObject } from '../json';

const RULES = [
  [
    'AllowVnetInBound',
    'Allow inbound traffic from all VMs in VNET',
    'Allow',
    65000,
    'Inbound',
    'VirtualNetwork',
    'VirtualNetwork',
  ],
  [
    'AllowAzureLoadBalancerInBound',
    'Allow inbound traffic from azure load balancer',
    'Allow',
    65001,
    'Inbound',
    'AzureLoadBalancer',
    '*',
  ],
  ['DenyAllInBound', 'Deny all inbound traffic', 'Deny', 65500, 'Inbound', '*', '*'],
  [
    'AllowVnetOutBound',
    'Allow outbound traffic from all VMs to all VMs in VNET',
    'Allow',
    65000,
    'Outbound',
    'VirtualNetwork',
    'VirtualNetwork',
  ],
  [
    'AllowInternetOutBound',
    'Allow outbound traffic from all VMs to Internet',
    'Allow',
    65001,
    'Outbound',
    '*',
    'Internet',
  ],
  ['DenyAllOutBound', 'Deny all outbound traffic', 'Deny', 65500, 'Outbound', '*', '*'],
] as const;

/** The default rules of one security group, as a GET shows them. */
export function defaultSecurityRules(groupId: string): JsonObject[] {
  return RULES.map(([name, description, access, priority, direction, source, destination]) => ({
    name,
    id: `${groupId}/defaultSecurityRules/${name}`,
    type: 'Microsoft.Network/networkSecurityGroups/defaultSecurityRules',
    properties: {
      provisioningState: 'Succeeded',
      description,
      protocol: '*',
      sourcePortRange: '*',
      destinationPortRange: '*',
      sourceAddressPrefix: source,
      destinationAddressPrefix: destination,
      access,
      priority,
      direction,
      sourcePortRanges: [],
      destinationPortRanges: [],
      sourceAddressPrefixes: [],
      destinationAddressPrefixes: [],
    },
  }));
}
