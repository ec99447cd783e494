// Where a type of the network provider departs at the wire from what most types do; from its published specification.

function setOf(...names: readonly string[]): (type: string) => boolean {
  const types = new Set(names.map((name) => `microsoft.network/${name}`.toLowerCase()));
  return (type) => types.has(type.toLowerCase());
}

/** Answered without a `resourceGuid`. */
export const hasNoGuid = setOf(
  'azureFirewalls',
  'firewallPolicies',
  'firewallPolicies/ruleCollectionGroups',
  'ipGroups',
  'networkManagers/networkGroups/staticMembers',
  'privateEndpoints',
  'privateLinkServices',
  'virtualHubs',
  'virtualHubs/hubRouteTables',
  'virtualHubs/hubVirtualNetworkConnections',
  'virtualWans',
);

/** Answered without their `type`. */
export const hasNoType = setOf(
  'azureFirewalls/applicationRuleCollections',
  'azureFirewalls/natRuleCollections',
  'azureFirewalls/networkRuleCollections',
  'virtualHubs/hubVirtualNetworkConnections',
  'virtualNetworkGateways/ipConfigurations',
);

/** Their tags change by a PUT only. */
export const hasNoPatch = setOf('privateEndpoints', 'privateLinkServices');

/** Gone when the DELETE is answered: 200, and no operation to follow. */
export const isDeletedAtOnce = setOf('networkManagers/networkGroups/staticMembers');
