// Security admin rules: Azure Virtual Network Manager asks them before any security group.
import type { ArmResource, SecurityRuleProperties, VirtualNetworkResource } from './arm';
import type { AdminAddress, AdminRuleResource } from './arm-manager';
import type { Packet, Surroundings } from './match';
import { isVirtualNetwork, sameId } from './arm';
import { isAdminRule, isAdminRuleCollection, isStaticMember, parentId } from './arm-manager';
import { ruleMatches } from './match';

/** A security admin rule in the form of a security rule, so that the five-tuple is matched in one place. */
export interface AdminRule {
  readonly name: string;
  readonly collection: string;
  readonly access: 'Allow' | 'AlwaysAllow' | 'Deny';
  readonly rule: SecurityRuleProperties;
}

/** What the admin rules say: a Deny or an AlwaysAllow is the end; `next` leaves it to the security groups. */
export interface AdminAnswer {
  readonly access: 'AlwaysAllow' | 'Deny' | 'Allow' | 'nothing';
  readonly by?: AdminRule;
}

/**
 * The inbound admin rules of every collection that applies to a group with this network among its members, lowest priority number first.
 * Source: "Security admin rules in Azure Virtual Network Manager", Azure documentation.
 */
export function adminRulesFor(resources: readonly ArmResource[], network: VirtualNetworkResource): AdminRule[] {
  const collections = resources
    .filter(isAdminRuleCollection)
    .filter(({ properties }) =>
      properties.appliesToGroups.some(({ networkGroupId }) =>
        membersOfGroup(resources, networkGroupId).some((member) => sameId(member, network.id)),
      ),
    );
  return resources
    .filter(isAdminRule)
    .filter(({ id }) => collections.some((collection) => sameId(collection.id, parentId(id))))
    .toSorted((left, right) => left.properties.priority - right.properties.priority)
    .map((rule) => toRule(resources, rule));
}

/**
 * The first admin rule that matches decides. Where an Allow may or may not match, both ways are open: `passes` says if the security
 * groups let the packet through, and the way that lets it through is taken.
 */
export function askAdmin(
  rules: readonly AdminRule[],
  packet: Packet,
  surroundings: Surroundings,
  passes: boolean,
): AdminAnswer {
  for (const by of rules) {
    if (by.access === 'Deny' && ruleMatches(by.rule, packet, surroundings, 'narrow')) return { access: 'Deny', by };
    if (by.access === 'Deny' || !ruleMatches(by.rule, packet, surroundings, 'wide')) continue;
    const isSure = ruleMatches(by.rule, packet, surroundings, 'narrow');
    if (by.access === 'AlwaysAllow' || isSure || passes) return { access: by.access, by };
  }
  return { access: 'nothing' };
}

function membersOfGroup(resources: readonly ArmResource[], group: string): string[] {
  return resources
    .filter(isStaticMember)
    .filter(({ id }) => sameId(parentId(id), group))
    .map(({ properties }) => properties.resourceId);
}

function toRule(resources: readonly ArmResource[], { id, name, properties }: AdminRuleResource): AdminRule {
  const { access, direction, priority, protocol } = properties;
  const rule = {
    access: sameId(access, 'Deny') ? 'Deny' : 'Allow',
    direction,
    priority,
    protocol,
    sourceAddressPrefixes: properties.sources.flatMap((address) => prefixesOf(resources, address)),
    sourcePortRanges: properties.sourcePortRanges,
    destinationAddressPrefixes: properties.destinations.flatMap((address) => prefixesOf(resources, address)),
    destinationPortRanges: properties.destinationPortRanges,
  };
  const word = sameId(access, 'AlwaysAllow') ? 'AlwaysAllow' : 'Allow';
  return { name, collection: parentId(id), access: rule.access === 'Deny' ? 'Deny' : word, rule };
}

/** A network group stands for the address spaces of the networks in it. */
function prefixesOf(
  resources: readonly ArmResource[],
  { addressPrefixType, addressPrefix }: AdminAddress,
): readonly string[] {
  if (!sameId(addressPrefixType, 'NetworkGroup')) return [addressPrefix];
  const members = membersOfGroup(resources, addressPrefix);
  return resources
    .filter(isVirtualNetwork)
    .filter(({ id }) => members.some((member) => sameId(member, id)))
    .flatMap(({ properties }) => properties.addressSpace.addressPrefixes);
}
