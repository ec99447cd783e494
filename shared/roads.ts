/** The roads to a virtual machine: every kind of resource whose change is a reason to look, and which function looks. */

export type Watcher = 'nsgChanged' | 'peeringChanged' | 'publicIpChanged' | 'networkChanged' | 'roleChanged';

export interface Road {
  /** As ARM writes it, children included. */
  readonly type: string;
  readonly function: Watcher;
  readonly writes: boolean;
  readonly deletes: boolean;
  /** POST operations that change something, by their last name. */
  readonly actions: readonly string[];
}

const RESOURCE_GROUPS = 'Microsoft.Resources/subscriptions/resourceGroups';

/**
 * A child may be written by itself or inside its parent, and the event names only what was written
 * (https://learn.microsoft.com/azure/event-grid/event-schema-subscriptions): both are roads.
 */
export const ROADS: readonly Road[] = [
  ...roads('nsgChanged', 'Microsoft.Network', ['networkSecurityGroups', 'networkSecurityGroups/securityRules']),
  ...roads('peeringChanged', 'Microsoft.Network', ['virtualNetworks', 'virtualNetworks/virtualNetworkPeerings']),
  ...roads('publicIpChanged', 'Microsoft.Network', ['publicIPAddresses', 'publicIPPrefixes']),
  ...roads('networkChanged', 'Microsoft.Network', [
    'virtualNetworks/subnets',
    'networkInterfaces',
    'loadBalancers',
    'loadBalancers/inboundNatRules',
    'loadBalancers/backendAddressPools',
    'azureFirewalls',
    'firewallPolicies',
    'firewallPolicies/ruleCollectionGroups',
    'ipGroups',
    'applicationGateways',
    'privateLinkServices',
    'privateLinkServices/privateEndpointConnections',
    'routeTables',
    'routeTables/routes',
    'applicationSecurityGroups',
    'natGateways',
    'networkManagers/securityAdminConfigurations',
    'networkManagers/securityAdminConfigurations/ruleCollections',
    'networkManagers/securityAdminConfigurations/ruleCollections/rules',
    'networkManagers/connectivityConfigurations',
    'networkManagers/networkGroups',
    'networkManagers/networkGroups/staticMembers',
    'virtualHubs',
    'virtualHubs/hubVirtualNetworkConnections',
    'virtualNetworkGateways',
    'localNetworkGateways',
    'connections',
  ]),
  road('networkChanged', 'Microsoft.Network/networkManagers', ['commit']),
  road('networkChanged', 'Microsoft.Network/bastionHosts', [
    'createShareableLinks',
    'deleteShareableLinks',
    'deleteShareableLinksByToken',
  ]),
  ...roads('networkChanged', 'Microsoft.Compute', [
    'virtualMachines',
    'virtualMachineScaleSets',
    'virtualMachineScaleSets/virtualMachines',
  ]),
  // Whoever takes our own subscriptions away makes us deaf: told by the one that is left, or by the sweep.
  ...roads('networkChanged', 'Microsoft.EventGrid', ['systemTopics/eventSubscriptions']),
  // To tag a group changes no road; what is moved or goes with its group may raise no event of its own.
  { ...road('networkChanged', RESOURCE_GROUPS, ['moveResources']), writes: false },
  ...roads('roleChanged', 'Microsoft.Authorization', [
    'roleAssignments',
    'roleDefinitions',
    'roleAssignmentScheduleRequests',
    'roleEligibilityScheduleRequests',
    'roleManagementPolicies',
    'roleManagementPolicyAssignments',
  ]),
];

function roads(watcher: Watcher, provider: string, types: readonly string[]): Road[] {
  return types.map((type) => road(watcher, `${provider}/${type}`, []));
}

function road(watcher: Watcher, type: string, actions: readonly string[]): Road {
  return { type, function: watcher, writes: true, deletes: true, actions };
}

const BY_TYPE: ReadonlyMap<string, Road> = new Map(ROADS.map((each) => [each.type.toLowerCase(), each]));

/** The road that a resource type is, in any casing; undefined for a type that cannot open an admin port. */
export function roadOf(type: string): Road | undefined {
  return BY_TYPE.get(type.toLowerCase());
}

/** The operations of one road as ARM names them, as in `Microsoft.Network/virtualNetworks/write`. */
export function operationsAlong({ type, writes, deletes, actions }: Road): readonly string[] {
  return [
    ...(writes ? [`${type}/write`] : []),
    ...(deletes ? [`${type}/delete`] : []),
    ...actions.map((action) => `${type}/${action}/action`),
  ];
}

/** Every operation after which a function has to look, in the order of the table. */
export function operationsOf(watcher: Watcher): readonly string[] {
  return ROADS.filter((each) => each.function === watcher).flatMap(operationsAlong);
}

/** The functions that look, in the order of the table. */
export const WATCHERS: readonly Watcher[] = [...new Set(ROADS.map((each) => each.function))];
