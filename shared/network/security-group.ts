/** One security group as one virtual network sees it: tags and groups resolved, then first match, painted. */
import {
  type AddressSet,
  EVERY_ADDRESS,
  EVERY_IPV4,
  EVERY_IPV6,
  addressIntersection,
  isEmpty,
  isWithin,
  NO_ADDRESS,
  unionOf,
} from './address';
import { includes } from './interval';
import type { AddressMatch, Protocol, ResourceKey, SecurityRule } from './network';
import { isEveryPort } from './port';
import { type Members, resolveTag, type VirtualNetworkTag } from './service-tag';

/** What tags and application security groups stand for where the group is applied. */
export interface TagContext {
  readonly virtualNetwork: VirtualNetworkTag;
  readonly members: ReadonlyMap<ResourceKey, Members>;
}

/** A rule with its addresses as sets. */
export interface ResolvedRule {
  readonly rule: SecurityRule;
  readonly sources: AddressSet;
  readonly destinations: AddressSet;
  /** Destination application security groups: matched by membership of the endpoint, not by address. */
  readonly destinationGroups: readonly ResourceKey[];
  /** Tags whose addresses are not known: read wide because the rule allows, or as nothing because it denies. */
  readonly unknownTags: readonly string[];
  /** What it holds without its unknown tags, where it has any. */
  readonly sure?: Pick<ResolvedRule, 'sources' | 'destinations'>;
}

/** Where a packet goes. `groups` are the application security groups the endpoint belongs to. */
export interface Destination {
  readonly addresses: AddressSet;
  readonly groups: readonly ResourceKey[];
}

/** Resolves one rule, with the tag as documented. */
export function resolveRule(rule: SecurityRule, context: TagContext): ResolvedRule {
  const unknownTags: string[] = [];
  const resolve = (matches: readonly AddressMatch[]): AddressSet =>
    unionOf(matches.map((match) => resolveMatch(match, rule, context, unknownTags)));
  const sources = resolve(rule.sources);
  return {
    rule,
    sources,
    destinations: resolve(rule.destinations.filter((match) => match.kind !== 'application-group')),
    destinationGroups: orNone(
      rule.destinations.flatMap((match) => (match.kind === 'application-group' ? match.group : [])),
    ),
    unknownTags: orNone([...new Set(unknownTags)]),
    ...(unknownTags.length > 0 && { sure: surePartOf(rule, context) }),
  };
}

function surePartOf(rule: SecurityRule, context: TagContext): Pick<ResolvedRule, 'sources' | 'destinations'> {
  const narrow: SecurityRule = { ...rule, access: 'deny' };
  const resolve = (matches: readonly AddressMatch[]): AddressSet =>
    unionOf(matches.map((match) => resolveMatch(match, narrow, context, [])));
  return { sources: resolve(rule.sources), destinations: resolve(rule.destinations) };
}

/**
 * The same rule where `VirtualNetwork` is all it may be. Only sources differ: the destination is a machine of the
 * network, which the tag always holds.
 */
export function withWidestTag(resolved: ResolvedRule, context: TagContext): ResolvedRule {
  const { rule } = resolved;
  if (!rule.sources.some((match) => match.kind === 'tag' && /^(virtualnetwork|internet)$/i.test(match.text))) {
    return resolved;
  }
  const { possible } = context.virtualNetwork;
  const wide: TagContext = { members: context.members, virtualNetwork: { certain: possible, possible } };
  return {
    ...resolved,
    sources: unionOf(rule.sources.map((match) => resolveMatch(match, rule, wide, []))),
    ...(resolved.sure && { sure: surePartOf(rule, wide) }),
  };
}

const NONE: readonly string[] = [];

/** One empty list for all rules: most have nothing to list, and there are very many rules. */
function orNone(list: readonly string[]): readonly string[] {
  return list.length === 0 ? NONE : list;
}

function resolveMatch(match: AddressMatch, rule: SecurityRule, context: TagContext, unknownTags: string[]): AddressSet {
  switch (match.kind) {
    case 'any':
      return EVERY_ADDRESS;
    case 'prefix':
      return wholeFamily(match.addresses);
    case 'application-group':
      return context.members.get(match.group)?.[rule.access === 'allow' ? 'possible' : 'certain'] ?? NO_ADDRESS;
    case 'tag': {
      const known = resolveTag(match.text, context.virtualNetwork.certain);
      if (known) return known;
      unknownTags.push(match.text);
      return rule.access === 'allow' ? EVERY_ADDRESS : NO_ADDRESS;
    }
  }
}

/** Keeps one object for the commonest sets, so that later steps can compare by identity. */
function wholeFamily(addresses: AddressSet): AddressSet {
  const { ipv4, ipv6 } = addresses;
  if (ipv4.length === 1 && ipv6.length === 0 && isWithin(EVERY_IPV4, addresses)) return EVERY_IPV4;
  if (ipv6.length === 1 && ipv4.length === 0 && isWithin(EVERY_IPV6, addresses)) return EVERY_IPV6;
  return addresses;
}

/** ICMP, ESP and AH have no ports: a rule that names any does not speak of them. */
export function hasPorts(protocol: Protocol): boolean {
  return protocol === 'tcp' || protocol === 'udp';
}

/** Whether the rule speaks of this protocol and destination port; the port is not asked of a protocol without any. */
export function matchesPort(rule: SecurityRule, protocol: Protocol, port: number): boolean {
  if (rule.protocol !== '*' && rule.protocol !== protocol) return false;
  if (hasPorts(protocol)) return includes(rule.destinationPorts, port);
  return isEveryPort(rule.destinationPorts) && isEveryPort(rule.sourcePorts);
}

/** Whether the rule speaks of any part of the destination; `whole` tells if it speaks of all of it. */
export function matchesDestination(rule: ResolvedRule, destination: Destination): 'none' | 'part' | 'whole' {
  if (rule.destinationGroups.some((group) => destination.groups.includes(group))) return 'whole';
  if (rule.destinations === EVERY_ADDRESS || isWithin(destination.addresses, rule.destinations)) return 'whole';
  return isEmpty(addressIntersection(destination.addresses, rule.destinations)) ? 'none' : 'part';
}

/**
 * The rule as it surely matches. Of a security admin Allow with tags nobody can resolve: read wide it sends the packet
 * on to the groups, but it may as well not match, and a rule behind it decides.
 */
export function surely(resolved: ResolvedRule): ResolvedRule {
  const { rule, sure } = resolved;
  if (!sure || rule.access !== 'allow' || rule.bypassesGroups === true) return resolved;
  return { ...resolved, ...sure };
}
