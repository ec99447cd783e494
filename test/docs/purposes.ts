/** What each permission is for: the first entry that fits. docs/permissions.md is written from it. */

type Purpose = readonly [pattern: RegExp, purpose: string];

/** Actions of infra/roles/network.json. */
export const NETWORK_PURPOSES: readonly Purpose[] = [
  [/\/systemTopics\/(eventSubscriptions\/)?read$/, 'sees whether the guardrail is still told of every change'],
  [/\/resourceGroups\/read$/, 'lists what is in a subscription'],
  [/\/locations\/operation\w*\/read$/, 'follows a long-running write to its end'],
  [/\/bastionHosts\/getShareableLinks\/action$/, 'lists which machines have a shareable link; the links are not kept'],
  [/\/bastionHosts\/deleteShareableLinks\/action$/, 'deletes shareable links'],
  [/\/networkSecurityGroups\/read$/, 'rules, which decide who gets in'],
  [/\/virtualNetworks\/(subnets\/)?read$/, 'address spaces, subnets, and where Bastion stands'],
  [/\/virtualNetworkPeerings\/read$/, 'looks again at a peering that was written'],
  [/\/networkInterfaces\/read$/, 'addresses of machines, and which groups and public IPs they have'],
  [/\/virtualMachines\/read$/, 'machines and their interfaces'],
  [/\/virtualMachineScaleSets\/read$/, 'the model that interfaces of a scale set are made from'],
  [/\/publicIPAddresses\/read$/, 'doors: public addresses and what they sit on'],
  [/\/bastionHosts\/read$/, 'the pinned hosts: their subnet and their settings'],
  [/\/loadBalancers\/read$/, 'doors: rules, NAT rules and health probes'],
  [/\/(applicationGateways|privateLinkServices|azureFirewalls)\/read$/, 'doors: what forwards to a machine'],
  [
    /\/(firewallPolicies\/ruleCollectionGroups|ipGroups)\/read$/,
    'doors: DNAT rules of a firewall, and the addresses they name',
  ],
  [/\/routeTables\/read$/, 'routes, which may widen the VirtualNetwork tag and are the way out'],
  [
    /\/(virtualHubs|vpnSites|expressRouteGateways|virtualNetworkGateways|connections|localNetworkGateways)\b.*\/read$/,
    'what stands behind gateways and hubs',
  ],
  [
    /\/networkManagers\/.*\/read$|\/networkManagers\/read$/,
    'security admin rules, and networks joined by a network manager',
  ],
  [
    /\/networkSecurityGroups\/write$/,
    'repairs rules: one write of the whole group under its etag; makes a deleted group again',
  ],
  [/\/networkSecurityGroups\/join\/action$/, 'puts a group back on its subnet or interface'],
  [/\/securityRules\/(write|delete)$/, 'what the write of a group contains'],
  [/\/virtualNetworks\/write$/, 'edits a network’s own settings back'],
  [/\/virtualNetworks\/(peer|join)\/action$/, 'restores a peering that was accepted'],
  [/\/virtualNetworkPeerings\/write$/, 'restores a peering, or its settings'],
  [/\/virtualNetworkPeerings\/delete$/, 'deletes a peering that nobody approved, at both ends'],
  [/\/subnets\/write$/, 'puts a subnet’s group, route table or NAT gateway back'],
  [/\/subnets\/join\/action$/, 'writes an interface or a Bastion host that stands in the subnet'],
  [/\/routeTables\/write$/, 'puts routes back as they were accepted'],
  [/\/networkInterfaces\/write$/, 'detaches a public IP, or puts a group back'],
  [/\/publicIPAddresses\/write$/, 'edits a public IP’s settings back; it is never deleted'],
  [/\/loadBalancers\/write$/, 'removes a rule or a NAT rule that forwards to an admin port'],
  [/\/applicationGateways\/write$/, 'removes a listener that forwards to an admin port'],
  [/\/azureFirewalls\/write$/, 'removes a DNAT rule of a firewall'],
  [/\/ruleCollectionGroups\/write$/, 'removes a DNAT rule of a firewall policy'],
  [/\/bastionHosts\/write$/, 'restores Bastion’s settings'],
  [/\/virtualMachineScaleSets\/write$/, 'edits the model of a scale set'],
  [/\/join\w*\/action$/, 'a write names the linked resource, and ARM asks for this right on it'],
];

/** Actions of infra/roles/identity.json. */
export const IDENTITY_PURPOSES: readonly Purpose[] = [
  [/\/roleDefinitions\/read$/, 'what each role allows'],
  [/\/roleAssignments\/read$/, 'who holds which role'],
  [/\/denyAssignments\/read$/, 'what is denied whatever roles allow'],
  [/\/roleEligibilitySchedule\w*\/read$/, 'who may activate which role, now and later; pending requests'],
  [/\/roleAssignmentSchedule\w*\/read$/, 'what is active and why, now and later; activations that were made'],
  [/\/roleManagementPolic\w*\/read$/, 'what activating a role takes, at each scope'],
  [/\/vaults\/read$/, 'vaults in which passwords of machines may be kept'],
  [
    /\/(bastionHosts|virtualNetworks|networkInterfaces|virtualMachines|virtualMachines\/extensions)\/read$/,
    'what the roles are about',
  ],
  [/\/resourceGroups\/read$/, 'lists what is in a subscription'],
  [/\/roleManagementPolicies\/write$/, 'restores what activating the Bastion role takes'],
  [/\/roleManagementPolicies\/approvalRule\/action$/, 'restores its approvers'],
  [/\/role(Assignment|Eligibility)ScheduleRequests\/write$/, 'takes an assignment away that PIM knows (AdminRemove)'],
  [/\/role(Assignment|Eligibility)ScheduleRequests\/cancel\/action$/, 'takes a request back that is still pending'],
  [/\/roleAssignments\/delete$/, 'takes an assignment away that was made outside PIM'],
  [/\/roleDefinitions\/write$/, 'gives the Bastion role its permissions back'],
];

/** Application permissions that infra/grant-graph-roles.sh grants. */
export const GRAPH_PURPOSES: readonly Purpose[] = [
  [/^Policy\.Read\.All$/, 'Conditional Access policies, authentication contexts and strengths, what-if'],
  [/^Directory\.Read\.All$/, 'who stands behind an id: users, groups, members and owners at any depth, the tenant'],
  [/^AuditLog\.Read\.All$/, 'the directory’s audit log, every two minutes'],
  [/^PrivilegedEligibilitySchedule\.Read\.AzureADGroup$/, 'PIM for Groups: who may activate a membership'],
  [/^PrivilegedAssignmentSchedule\.Read\.AzureADGroup$/, 'PIM for Groups: who has activated one'],
  [/^RoleManagementPolicy\.Read\.AzureADGroup$/, 'PIM for Groups: what that takes'],
  [/^Mail\.Send$/, 'mail through Microsoft Graph; only with --mail'],
  [/^Policy\.ReadWrite\.ConditionalAccess$/, 'writes Conditional Access policies'],
  [/^Application\.Read\.All$/, 'a write of Conditional Access is refused without it (a known issue of Graph)'],
  [/^AuthenticationContext\.ReadWrite\.All$/, 'publishes the authentication context'],
];

/** The purpose of one permission; undefined for one that nobody has explained. */
export function purposeOf(permission: string, purposes: readonly Purpose[]): string | undefined {
  return purposes.find(([pattern]) => pattern.test(permission))?.[1];
}
