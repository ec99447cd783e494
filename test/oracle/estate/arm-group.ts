// A network security group in the form ARM answers with: custom rules as given, default rules as documented.
import type { SecurityGroupResource, SecurityRuleResource } from '../arm';
import type { RuleSketch } from '../sketch';
import { networkId } from './address-plan';
import { sketch, writeRule } from '../sketch';

/** A group in the form ARM answers with, around the given custom rules. */
export function wrapGroup(
  name: string,
  securityRules: readonly SecurityRuleResource[],
  listsDefaults = true,
): SecurityGroupResource {
  const id = networkId('networkSecurityGroups', name);
  return {
    id,
    name,
    type: 'Microsoft.Network/networkSecurityGroups',
    location: 'westeurope',
    etag: 'W/"1"',
    properties: {
      provisioningState: 'Succeeded',
      securityRules,
      ...(listsDefaults && { defaultSecurityRules: documentedDefaults(id) }),
    },
  };
}

function documentedDefaults(id: string): SecurityRuleResource[] {
  const within = { protocol: '*', from: { prefixes: ['VirtualNetwork'] }, to: { prefixes: ['VirtualNetwork'] } };
  const probes = { protocol: '*', from: { prefixes: ['AzureLoadBalancer'] } };
  const outwards = { protocol: '*', direction: 'Outbound' } as const;
  const toInternet = { ...outwards, to: { prefixes: ['Internet'] } };
  return [
    writeDefault(id, 'AllowVnetInBound', 65000, sketch(within)),
    writeDefault(id, 'AllowAzureLoadBalancerInBound', 65001, sketch(probes)),
    writeDefault(id, 'DenyAllInBound', 65500, sketch({ protocol: '*', access: 'Deny' })),
    writeDefault(id, 'AllowVnetOutBound', 65000, sketch({ ...within, ...outwards })),
    writeDefault(id, 'AllowInternetOutBound', 65001, sketch(toInternet)),
    writeDefault(id, 'DenyAllOutBound', 65500, sketch({ ...outwards, access: 'Deny' })),
  ];
}

function writeDefault(id: string, name: string, priority: number, rule: RuleSketch): SecurityRuleResource {
  return {
    ...writeRule(id, name, priority, rule),
    id: `${id}/defaultSecurityRules/${name}`,
    type: 'Microsoft.Network/networkSecurityGroups/defaultSecurityRules',
  };
}
