// The inbound rules of a security group in the order in which Azure asks them.
import type { SecurityGroupResource, SecurityRuleResource } from './arm';

/** Custom rules and the default ones (as read, or as every group has them when the export leaves them out), lowest priority number first. */
export function rulesInOrder(group: SecurityGroupResource): SecurityRuleResource[] {
  const rules = [...(group.properties.securityRules ?? []), ...defaultRules(group)];
  return rules.toSorted((left, right) => left.properties.priority - right.properties.priority);
}

/** The inbound rules every group ends with; used when the export leaves `defaultSecurityRules` out. */
function defaultRules(group: SecurityGroupResource): readonly SecurityRuleResource[] {
  const given = group.properties.defaultSecurityRules ?? [];
  if (given.length > 0) return given;
  return [
    defaultRule('AllowVnetInBound', 65000, 'Allow', 'VirtualNetwork', 'VirtualNetwork'),
    defaultRule('AllowAzureLoadBalancerInBound', 65001, 'Allow', 'AzureLoadBalancer', '*'),
    defaultRule('DenyAllInBound', 65500, 'Deny', '*', '*'),
  ];
}

function defaultRule(name: string, priority: number, access: string, from: string, to: string): SecurityRuleResource {
  return {
    name,
    properties: {
      access,
      priority,
      direction: 'Inbound',
      protocol: '*',
      sourceAddressPrefix: from,
      sourcePortRange: '*',
      destinationAddressPrefix: to,
      destinationPortRange: '*',
    },
  };
}
