// Azure Virtual Network Manager in a generated estate: one network group, and one collection of security admin rules for it.
import type { ArmResource } from '../arm';
import type { AdminAddress, AdminRuleResource } from '../arm-manager';
import type { RuleSketch } from '../sketch';
import { networkId, networkName } from './address-plan';

/** The ids of the networks in the group `members`, and admin rules in the order of their priorities. */
export interface ManagerBlueprint {
  readonly members: readonly number[];
  readonly rules: readonly AdminSketch[];
  readonly start: number;
  readonly isReversed: boolean;
}

export interface AdminSketch {
  readonly access: 'Allow' | 'AlwaysAllow' | 'Deny';
  readonly meaning: Pick<RuleSketch, 'direction' | 'protocol' | 'sourcePorts' | 'ports'>;
  readonly from: readonly AdminAddress[];
  readonly to: readonly AdminAddress[];
}

const manager = networkId('networkManagers', 'avnm');
export const adminNetworkGroup = `${manager}/networkGroups/ng-guarded`;
const collection = `${manager}/securityAdminConfigurations/admin/ruleCollections/guard`;
const type = 'Microsoft.Network/networkManagers';

/** `networks` is how many there are: members that are not there are left out, and the hub is the member when no other is. */
export function buildManager({ members, rules, start, isReversed }: ManagerBlueprint, networks: number): ArmResource[] {
  const there = members.filter((network) => network < networks);
  const written = rules.map((rule, at) => buildRule(rule, `admin-${at}`, start + at));
  return [
    { id: manager, name: 'avnm', type, location: 'westeurope', properties: { provisioningState: 'Succeeded' } },
    child(adminNetworkGroup, `${type}/networkGroups`, {}),
    ...(there.length > 0 ? there : [0]).map((network) =>
      child(`${adminNetworkGroup}/staticMembers/member-${network}`, `${type}/networkGroups/staticMembers`, {
        resourceId: networkId('virtualNetworks', networkName(network)),
      }),
    ),
    child(collection.slice(0, collection.indexOf('/ruleCollections')), `${type}/securityAdminConfigurations`, {}),
    child(collection, `${type}/securityAdminConfigurations/ruleCollections`, {
      appliesToGroups: [{ networkGroupId: adminNetworkGroup }],
    }),
    ...(isReversed ? written.toReversed() : written),
  ];
}

function child(id: string, childType: string, properties: object): ArmResource {
  return { id, name: id.slice(id.lastIndexOf('/') + 1), type: childType, properties };
}

function buildRule({ access, meaning, from, to }: AdminSketch, name: string, priority: number): AdminRuleResource {
  const { direction, protocol, sourcePorts, ports } = meaning;
  return {
    id: `${collection}/rules/${name}`,
    name,
    type: `${type}/securityAdminConfigurations/ruleCollections/rules`,
    kind: 'Custom',
    properties: {
      access,
      direction,
      priority,
      protocol: protocol === '*' ? 'Any' : protocol,
      sources: from,
      destinations: to,
      sourcePortRanges: sourcePorts.map(everyPort),
      destinationPortRanges: ports.map(everyPort),
    },
  };
}

function everyPort(text: string): string {
  return text === '*' ? '0-65535' : text;
}
