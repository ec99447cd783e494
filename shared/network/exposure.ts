/** Who gets through the rules to an endpoint: exact source sets, each with the rule that lets it in. */
import {
  type AddressSet,
  addressDifference,
  addressIntersection,
  addressUnion,
  isEmpty,
  NO_ADDRESS,
  ofFamily,
} from './address';
import type { Decision } from './decision';
import type { Endpoint, LayerGroup } from './endpoint';
import { includes, type Interval, normalize } from './interval';
import type { Network, Protocol, VirtualNetwork } from './network';
import { overlay, type Painted } from './paint';
import { EVERY_PORT } from './port';
import {
  decideSources,
  type Destination,
  matchesDestination,
  matchesPort,
  type ResolvedRule,
  resolveRules,
  type TagContext,
} from './security-group';
import { applicationGroupMembers, UNKNOWN_VIRTUAL_NETWORK_TAG, virtualNetworkTag } from './service-tag';

/** Sources that the same rules let through to the same addresses. */
export interface Admission {
  readonly sources: AddressSet;
  /** The part of the endpoint's addresses concerned; all of them for an endpoint with one address. */
  readonly destinations: AddressSet;
  /** A source port with which it works. */
  readonly sourcePort: number;
  readonly decisions: readonly Decision[];
  /** The deciding rule of each layer, in the order of `decisions`; undefined where no group stands. */
  readonly rules: readonly (ResolvedRule | undefined)[];
  /** Tags whose addresses are not known and that were asked before the decision fell. */
  readonly unknownTags: readonly string[];
}

export interface Analysis {
  /**
   * Everything the rules admit to the endpoint, for sources of its own address family. Without `sourcePort` a source
   * counts if any port it may choose gets through; with it, only packets from that port are judged.
   */
  admissions(endpoint: Endpoint, protocol: Protocol, port: number, sourcePort?: number): readonly Admission[];
  /** A group's rules of one direction as the endpoint's network reads them. */
  rulesFor(endpoint: Endpoint, layer: LayerGroup, direction: 'inbound' | 'outbound'): readonly ResolvedRule[];
  /** `VirtualNetwork` as the endpoint's groups read it. */
  virtualNetworkTag(endpoint: Endpoint): AddressSet;
}

/** Prepares the network for questions; results are remembered, so one analysis serves one unchanging network. */
export function analyse(network: Network): Analysis {
  const members = applicationGroupMembers(network);
  const contexts = new Map<VirtualNetwork | undefined, TagContext>();
  const resolved = new Map<string, readonly ResolvedRule[]>();
  const decided = new Map<string, readonly Admission[]>();
  const numbers = new Map<object, number>();
  const numberOf = (thing: object | undefined): number => {
    if (thing === undefined) return -1;
    const known = numbers.get(thing) ?? numbers.size;
    numbers.set(thing, known);
    return known;
  };

  const contextOf = (virtualNetwork: VirtualNetwork | undefined): TagContext => {
    const known = contexts.get(virtualNetwork);
    if (known) return known;
    const tag = virtualNetwork ? virtualNetworkTag(network, virtualNetwork) : UNKNOWN_VIRTUAL_NETWORK_TAG;
    const context = { virtualNetwork: tag, members };
    contexts.set(virtualNetwork, context);
    return context;
  };

  const rulesFor: Analysis['rulesFor'] = (endpoint, layer, direction) => {
    if (!layer.group) return [];
    const key = `${numberOf(layer.group)} ${numberOf(endpoint.virtualNetwork)} ${direction}`;
    const known = resolved.get(key);
    if (known) return known;
    const rules = resolveRules(layer.group, direction, contextOf(endpoint.virtualNetwork));
    resolved.set(key, rules);
    return rules;
  };

  const admissions: Analysis['admissions'] = (endpoint, protocol, port, sourcePort) => {
    const layers = endpoint.layers.map((layer) => ({
      ...layer,
      rules: rulesFor(endpoint, layer, 'inbound').filter(({ rule }) => matchesPort(rule, protocol, port)),
    }));
    return destinationClasses(layers, endpoint).flatMap((destination) => {
      const slices = layers.map(({ layer, group, rules }) => ({
        layer,
        group,
        rules: rules.filter((rule) => matchesDestination(rule, destination) === 'whole'),
      }));
      const key = `${sourcePort ?? ''} ${keyOfSlices(slices, destination, numberOf)}`;
      const sourcePorts =
        sourcePort === undefined ? sourcePortClasses(slices.flatMap(({ rules }) => rules)) : [sourcePort];
      const known = decided.get(key) ?? decide(slices, destination.addresses, sourcePorts);
      decided.set(key, known);
      return known.map((admission) => ({ ...admission, destinations: destination.addresses }));
    });
  };

  return { admissions, rulesFor, virtualNetworkTag: (endpoint) => contextOf(endpoint.virtualNetwork).virtualNetwork };
}

interface Slice extends LayerGroup {
  readonly rules: readonly ResolvedRule[];
}

function keyOfSlices(
  slices: readonly Slice[],
  destination: Destination,
  numberOf: (thing: object | undefined) => number,
): string {
  const families = `${destination.addresses.ipv4.length > 0}${destination.addresses.ipv6.length > 0}`;
  return `${families} ${slices.map(({ group, rules }) => `${numberOf(group)}:${rules.map(numberOf).join(',')}`).join(' ')}`;
}

/** Splits the endpoint's addresses by family, and where a rule speaks of only some of them. */
function destinationClasses(layers: readonly Slice[], endpoint: Endpoint): Destination[] {
  // A packet stays within its family, so the two families of one endpoint are two destinations.
  let classes = [ofFamily(endpoint.addresses, 'ipv4'), ofFamily(endpoint.addresses, 'ipv6')].filter(
    (part) => !isEmpty(part),
  );
  const { groups } = endpoint;
  for (const rule of layers.flatMap((layer) => layer.rules)) {
    classes = classes.flatMap((addresses) => {
      if (matchesDestination(rule, { addresses, groups }) !== 'part') return [addresses];
      return [addressIntersection(addresses, rule.destinations), addressDifference(addresses, rule.destinations)];
    });
  }
  return classes.map((addresses) => ({ addresses, groups }));
}

function decide(slices: readonly Slice[], destinations: AddressSet, sourcePorts: readonly number[]): Admission[] {
  const found = new Map<string, Admission>();
  for (const sourcePort of sourcePorts) {
    const layers = slices.map(({ rules }) => rules.filter(({ rule }) => includes(rule.sourcePorts, sourcePort)));
    for (const admission of [
      ...decideFamily(slices, layers, destinations, sourcePort, 'ipv4'),
      ...decideFamily(slices, layers, destinations, sourcePort, 'ipv6'),
    ]) {
      const key = admission.decisions
        .map(({ securityGroup, rule, priority }) => `${securityGroup}/${rule}/${priority}`)
        .join(' ');
      const known = found.get(key);
      found.set(key, known ? { ...known, sources: addressUnion(known.sources, admission.sources) } : admission);
    }
  }
  return [...found.values()];
}

/** One source port for each range over which no rule changes its mind; ephemeral ports first, for the witness. */
export function sourcePortClasses(rules: readonly ResolvedRule[]): number[] {
  const cuts = new Set<number>([0]);
  for (const { rule } of rules) {
    for (const [low, high] of rule.sourcePorts === EVERY_PORT ? [] : rule.sourcePorts) {
      cuts.add(low);
      if (high < 65535) cuts.add(high + 1);
    }
  }
  const starts = [...cuts].toSorted((a, b) => a - b);
  const usual = 49152;
  const classes = starts.map((start, index) => ({ start, end: (starts[index + 1] ?? 65536) - 1 }));
  const representative = ({ start, end }: { start: number; end: number }): number =>
    start <= usual && usual <= end ? usual : Math.max(start, Math.min(end, 1024));
  return classes.map(representative).toSorted((a, b) => Number(b === usual) - Number(a === usual) || b - a);
}

type AnyPainted = Painted<number> | Painted<bigint>;

function decideFamily(
  slices: readonly Slice[],
  layers: readonly (readonly ResolvedRule[])[],
  destinations: AddressSet,
  sourcePort: number,
  family: 'ipv4' | 'ipv6',
): Admission[] {
  if (isEmpty(ofFamily(destinations, family))) return [];
  const whole: AnyPainted =
    family === 'ipv4' ? { low: 0, high: 2 ** 32 - 1, owner: -1 } : { low: 0n, high: (1n << 128n) - 1n, owner: -1 };
  const painted = slices.map(({ group }, index): readonly AnyPainted[] => {
    if (!group) return [whole];
    const rules = layers[index] ?? [];
    const owned: readonly AnyPainted[] =
      family === 'ipv4' ? decideSources(rules, 'ipv4') : decideSources(rules, 'ipv6');
    return owned.filter(({ owner }) => rules[owner]?.rule.access === 'allow');
  });
  const outer = painted[0] ?? [whole];
  const inner = painted[1] ?? [whole];
  const pairs = new Map<string, { owners: number[]; intervals: Interval<number | bigint>[] }>();
  for (const { interval, a, b } of overlay<number | bigint>(outer, inner)) {
    const pair = pairs.get(`${a} ${b}`) ?? { owners: [a, b].slice(0, slices.length), intervals: [] };
    pair.intervals.push(interval);
    pairs.set(`${a} ${b}`, pair);
  }
  return [...pairs.values()].map(({ owners, intervals }) => {
    const rules = owners.map((owner, index) => (owner < 0 ? undefined : layers[index]?.[owner]));
    return {
      sources: setOf(intervals, family),
      destinations,
      sourcePort,
      rules,
      decisions: slices.map(({ layer, group }, index) => decisionOf(layer, group?.id, rules[index])),
      unknownTags: [...new Set(owners.flatMap((owner, index) => tagsUpTo(layers[index] ?? [], owner)))],
    };
  });
}

function setOf(intervals: readonly Interval<number | bigint>[], family: 'ipv4' | 'ipv6'): AddressSet {
  if (family === 'ipv4') return { ...NO_ADDRESS, ipv4: normalize(intervals as readonly Interval<number>[]) };
  return { ...NO_ADDRESS, ipv6: normalize(intervals as readonly Interval<bigint>[]) };
}

function tagsUpTo(rules: readonly ResolvedRule[], owner: number): string[] {
  return rules.slice(0, owner + 1).flatMap((rule) => rule.unknownTags);
}

function decisionOf(layer: Decision['layer'], group: string | undefined, resolved: ResolvedRule | undefined): Decision {
  return {
    layer,
    securityGroup: group ?? null,
    rule: resolved?.rule.name ?? null,
    priority: resolved?.rule.priority ?? null,
  };
}

/** Joins what the same rules admit to the two families of one endpoint, for people who think of it as one thing. */
export function joinFamilies(admissions: readonly Admission[]): Admission[] {
  const joined: Admission[] = [];
  for (const admission of admissions) {
    const twin = joined.findIndex((other) => isTwin(other, admission));
    const other = joined[twin];
    if (!other) joined.push(admission);
    else {
      const sources = addressUnion(other.sources, admission.sources);
      joined[twin] = { ...other, sources, destinations: addressUnion(other.destinations, admission.destinations) };
    }
  }
  return joined;
}

function isTwin(a: Admission, b: Admission): boolean {
  const isOtherFamily = a.destinations.ipv6.length === 0 && b.destinations.ipv4.length === 0;
  return isOtherFamily && a.sourcePort === b.sourcePort && a.rules.every((rule, index) => rule === b.rules[index]);
}
