/** Azure Virtual Network Manager from ARM's JSON: connected groups, and the security admin rules of each network. */
import { type AddressSet, NO_ADDRESS, unionOf } from './address';
import type { ArmResource, Resources } from './arm-resource';
import type { ConnectedGroup } from './connection';
import { type JsonObject, listOf, objectOf, propertiesOf, textOf } from './json';
import {
  type AddressMatch,
  type Gap,
  keyOf,
  nameOf,
  type ResourceKey,
  type SecurityGroup,
  type SecurityRule,
  type VirtualNetwork,
} from './network';
import { readAddress, readRule } from './read-rule';

const MANAGER = 'microsoft.network/networkmanagers';
const CONFIGURATION = `${MANAGER}/securityadminconfigurations`;
const HIGHEST_PRIORITY = 0;

/** The networks in each network group, as far as they are known: static members only. */
export type NetworkGroups = ReadonlyMap<ResourceKey, readonly ResourceKey[]>;

/** Reads who belongs to which network group; a group filled by Azure Policy alone shows no members here. */
export function readNetworkGroups(resources: Resources): NetworkGroups {
  return new Map(
    resources.of(`${MANAGER}/networkgroups`).map(({ id }) => [
      keyOf(id),
      resources
        .childrenOf(`${MANAGER}/networkgroups/staticmembers`, id)
        .flatMap(({ json }) => textOf(propertiesOf(json).resourceId) ?? [])
        .map(keyOf),
    ]),
  );
}

/** Groups of networks that a connectivity configuration joins directly, all with all. */
export function readConnectedGroups(resources: Resources, groups: NetworkGroups, gaps: Gap[]): ConnectedGroup[] {
  return resources.of(`${MANAGER}/connectivityconfigurations`).flatMap(({ id, json }) => {
    const properties = propertiesOf(json);
    const isMesh = textOf(properties.connectivityTopology)?.toLowerCase() === 'mesh';
    const applied = listOf(properties.appliesToGroups).map(objectOf);
    const joined = applied.filter(
      (group) => isMesh || textOf(group.groupConnectivity)?.toLowerCase() === 'directlyconnected',
    );
    const members = joined.map((group) => membersOf(id, group, groups, gaps));
    // Several groups of one mesh are one connected group; the spokes of each group of a hub keep to themselves.
    const sets = isMesh ? [members.flat()] : members;
    return sets
      .filter((virtualNetworks) => virtualNetworks.length > 1)
      .map((virtualNetworks) => ({
        kind: 'connected-group' as const,
        id,
        name: nameOf(id),
        virtualNetworks,
        addresses: NO_ADDRESS,
      }));
  });
}

function membersOf(
  resource: string,
  reference: JsonObject,
  groups: NetworkGroups,
  gaps: Gap[],
): readonly ResourceKey[] {
  const id = textOf(reference.networkGroupId) ?? '';
  const members = groups.get(keyOf(id)) ?? [];
  if (members.length === 0) {
    const why = `the members of network group ${nameOf(id)} are not in the input; give its static members as well`;
    gaps.push({ resource, what: 'unknown-group-members', why, touchesAdminPort: true });
  }
  return members;
}

/**
 * By network, the security admin rules in force there: one group of rules per configuration, those of managers with a
 * management group as scope first, because they are asked first
 * (https://learn.microsoft.com/azure/virtual-network-manager/concept-security-admins). Which regions a configuration was
 * committed to is in no resource: it is read as committed everywhere.
 */
export function readAdminRules(
  resources: Resources,
  groups: NetworkGroups,
  virtualNetworks: ReadonlyMap<ResourceKey, VirtualNetwork>,
  gaps: Gap[],
): Map<ResourceKey, SecurityGroup[]> {
  const result = new Map<ResourceKey, SecurityGroup[]>();
  const managers = resources.of(MANAGER).toSorted((a, b) => scopeOf(a) - scopeOf(b) || a.id.localeCompare(b.id));
  for (const configuration of managers.flatMap(({ id }) => resources.childrenOf(CONFIGURATION, id))) {
    const byNetwork = new Map<ResourceKey, SecurityRule[]>();
    const unreadable: string[] = [];
    for (const collection of resources.childrenOf(`${CONFIGURATION}/rulecollections`, configuration.id)) {
      const rules = resources
        .childrenOf(`${CONFIGURATION}/rulecollections/rules`, collection.id)
        .flatMap(
          (rule) => readAdminRule(rule, groups, virtualNetworks, gaps) ?? (unreadable.push(nameOf(rule.id)), []),
        );
      for (const reference of listOf(propertiesOf(collection.json).appliesToGroups)) {
        for (const key of membersOf(collection.id, objectOf(reference), groups, gaps)) {
          byNetwork.set(key, [...(byNetwork.get(key) ?? []), ...rules]);
        }
      }
    }
    for (const [key, rules] of byNetwork) {
      if (isExempt(virtualNetworks.get(key), configuration)) continue;
      const group = {
        id: configuration.id,
        name: nameOf(configuration.id),
        rules: rules.toSorted(byPriority),
        unreadableRules: unreadable,
      };
      result.set(key, [...(result.get(key) ?? []), group]);
    }
  }
  return result;
}

/** Services that keep a network intent policy: rules are not applied on their networks unless the configuration insists. */
const INTENT_POLICY_SERVICES = /^microsoft\.(sql\/managedinstances|databricks\/workspaces)$/i;

function isExempt(virtualNetwork: VirtualNetwork | undefined, configuration: ArmResource): boolean {
  const applied = listOf(propertiesOf(configuration.json).applyOnNetworkIntentPolicyBasedServices);
  if (applied.includes('All')) return false;
  return virtualNetwork?.subnets.some(({ delegatedTo }) => INTENT_POLICY_SERVICES.test(delegatedTo ?? '')) ?? false;
}

function scopeOf({ json }: ArmResource): number {
  return listOf(objectOf(propertiesOf(json).networkManagerScopes).managementGroups).length > 0 ? 0 : 1;
}

/** Equal priorities across collections are not ordered by Azure: what opens is taken first, the cautious reading. */
function byPriority(a: SecurityRule, b: SecurityRule): number {
  return a.priority - b.priority || openness(a) - openness(b) || a.name.localeCompare(b.name);
}

function openness(rule: SecurityRule): number {
  if (rule.bypassesGroups) return 0;
  return rule.access === 'allow' ? 1 : 2;
}

function readAdminRule(
  { id, json }: ArmResource,
  groups: NetworkGroups,
  virtualNetworks: ReadonlyMap<ResourceKey, VirtualNetwork>,
  gaps: Gap[],
): SecurityRule | undefined {
  const properties = propertiesOf(json);
  const access = textOf(properties.access)?.toLowerCase();
  const isAlways = access === 'alwaysallow';
  const sources = matchesOf(properties.sources, groups, virtualNetworks);
  const destinations = matchesOf(properties.destinations, groups, virtualNetworks);
  const result = readRule(
    {
      name: nameOf(id),
      properties: {
        access: isAlways ? 'Allow' : properties.access,
        direction: properties.direction,
        priority: properties.priority,
        protocol: properties.protocol,
        sourceAddressPrefix: '*',
        destinationAddressPrefix: '*',
        sourcePortRanges: portsOr(properties.sourcePortRanges),
        destinationPortRanges: portsOr(properties.destinationPortRanges),
      },
    },
    false,
    HIGHEST_PRIORITY,
  );
  if (!result.rule || !sources || !destinations) {
    const detail =
      result.problems.map((problem) => problem.detail).join('; ') || 'a source or destination is not known';
    const why = `security admin rule ${nameOf(id)} could not be read: ${detail}`;
    gaps.push({ resource: id, what: 'unreadable-admin-rule', why, touchesAdminPort: true });
    return undefined;
  }
  return { ...result.rule, sources, destinations, ...(isAlways && { bypassesGroups: true }) };
}

function portsOr(ranges: unknown): readonly unknown[] {
  const list = listOf(ranges);
  return list.length === 0 ? ['*'] : list;
}

/** Undefined if an entry cannot be read; no entry at all means any. */
function matchesOf(
  items: unknown,
  groups: NetworkGroups,
  virtualNetworks: ReadonlyMap<ResourceKey, VirtualNetwork>,
): AddressMatch[] | undefined {
  const entries = listOf(items).map(objectOf);
  if (entries.length === 0) return [{ kind: 'any', text: '*' }];
  const matches: AddressMatch[] = [];
  for (const entry of entries) {
    const text = textOf(entry.addressPrefix) ?? '';
    const isGroup = textOf(entry.addressPrefixType)?.toLowerCase() === 'networkgroup';
    const match = isGroup ? groupMatch(text, groups, virtualNetworks) : readAddress(text);
    if (!match) return undefined;
    matches.push(match);
  }
  return matches;
}

function groupMatch(
  id: string,
  groups: NetworkGroups,
  virtualNetworks: ReadonlyMap<ResourceKey, VirtualNetwork>,
): AddressMatch | undefined {
  const members = groups.get(keyOf(id)) ?? [];
  const known = members.flatMap((key): AddressSet[] => {
    const network = virtualNetworks.get(key);
    return network ? [network.addresses] : [];
  });
  if (known.length === 0 || known.length < members.length) return undefined;
  return { kind: 'prefix', text: id, addresses: unionOf(known) };
}
