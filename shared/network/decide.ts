/** Layers of resolved rules → who gets through all of them, and by which rules: first match, painted, layer by layer. */
import { type AddressSet, addressDifference, addressUnion, isEmpty, isWithin, ofFamily } from './address';
import type { Decision } from './decision';
import type { LayerGroup } from './endpoint';
import { includes, type Interval, type Intervals, normalize, predecessor, successor } from './interval';
import { overlay, paint, type Painted } from './paint';
import { isEveryPort } from './port';
import { type ResolvedRule, surely } from './security-group';

/** Sources that the same rules let through to the same addresses. */
export interface Admission {
  readonly sources: AddressSet;
  /** The part of the endpoint's addresses concerned; all of them for an endpoint with one address. */
  readonly destinations: AddressSet;
  /** A source port with which it works. */
  readonly sourcePort: number;
  readonly decisions: readonly Decision[];
  /** The deciding rule of each of the endpoint's layers; undefined where no group stands or none was asked. */
  readonly rules: readonly (ResolvedRule | undefined)[];
  /** Tags whose addresses are not known and that were asked before the decision fell. */
  readonly unknownTags: readonly string[];
}

/** A layer with those of its rules that speak of the packet’s protocol, port and destination. */
export interface Slice extends LayerGroup {
  readonly rules: readonly ResolvedRule[];
}

/** Everything that gets through the layers to these destinations with one of the source ports. */
export function decide(
  slices: readonly Slice[],
  destinations: AddressSet,
  sourcePorts: readonly number[],
): Admission[] {
  const [onlyPort, ...otherPorts] = sourcePorts;
  // Several ports may let in the same twice, and so may security admin rules; nothing else does.
  const isPlain = otherPorts.length === 0 && slices.every(({ layer }) => layer !== 'admin');
  if (onlyPort !== undefined && isPlain) return decideFrom(slices, destinations, onlyPort);
  const found = new Map<string, Admission[]>();
  for (const sourcePort of sourcePorts) {
    for (const admission of decideFrom(slices, destinations, sourcePort)) {
      const key = admission.decisions
        .map(({ securityGroup, rule, priority }) => `${securityGroup}/${rule}/${priority}`)
        .join(' ');
      const known = found.get(key) ?? [];
      // Only what no earlier port let in, so that each admission works with the port it names.
      const sources = known.reduce((rest, each) => addressDifference(rest, each.sources), admission.sources);
      if (!isEmpty(sources)) found.set(key, [...known, { ...admission, sources }]);
    }
  }
  return [...found.values()].flat();
}

/** Everything that gets through with this source port. */
function decideFrom(slices: readonly Slice[], destinations: AddressSet, sourcePort: number): Admission[] {
  const layers = slices.map(({ rules }) => ofSourcePort(rules, sourcePort));
  const ipv4 = decideFamily(slices, layers, destinations, sourcePort, IPV4_LINE);
  const ipv6 = decideFamily(slices, layers, destinations, sourcePort, IPV6_LINE);
  return [...ipv4, ...ipv6];
}

function ofSourcePort(rules: readonly ResolvedRule[], port: number): readonly ResolvedRule[] {
  const isFrom = ({ rule }: ResolvedRule): boolean => includes(rule.sourcePorts, port);
  return rules.every(isFrom) ? rules : rules.filter(isFrom);
}

/** The first ephemeral port (RFC 6335): what a client would use. */
const USUAL_PORT = 49152;

/** One source port for each range over which no rule changes its mind; ephemeral ports first, for the witness. */
export function sourcePortClasses(rules: readonly ResolvedRule[]): number[] {
  if (rules.every(({ rule }) => isEveryPort(rule.sourcePorts))) return [USUAL_PORT];
  const cuts = new Set<number>([0]);
  for (const { rule } of rules) {
    for (const [low, high] of isEveryPort(rule.sourcePorts) ? [] : rule.sourcePorts) {
      cuts.add(low);
      if (high < 65535) cuts.add(high + 1);
    }
  }
  const starts = [...cuts].toSorted((a, b) => a - b);
  const classes = starts.map((start, index) => ({ start, end: (starts[index + 1] ?? 65536) - 1 }));
  const representative = ({ start, end }: { start: number; end: number }): number =>
    start <= USUAL_PORT && USUAL_PORT <= end ? USUAL_PORT : Math.max(start, Math.min(end, 1024));
  return classes.map(representative).toSorted((a, b) => Number(b === USUAL_PORT) - Number(a === USUAL_PORT) || b - a);
}

/** One address family, for arithmetic that is the same in both. */
interface FamilyLine<T extends number | bigint> {
  readonly family: 'ipv4' | 'ipv6';
  readonly first: T;
  readonly last: T;
  readonly sourcesOf: (rule: ResolvedRule) => Intervals<T>;
  readonly setOf: (intervals: Intervals<T>) => AddressSet;
}

const IPV4_LINE: FamilyLine<number> = {
  family: 'ipv4',
  first: 0,
  last: 2 ** 32 - 1,
  sourcesOf: (rule) => rule.sources.ipv4,
  setOf: (ipv4) => ({ ipv4: normalize(ipv4), ipv6: [] }),
};
const IPV6_LINE: FamilyLine<bigint> = {
  family: 'ipv6',
  first: 0n,
  last: (1n << 128n) - 1n,
  sourcesOf: (rule) => rule.sources.ipv6,
  setOf: (ipv6) => ({ ipv4: [], ipv6: normalize(ipv6) }),
};

/** No rule decides: no group stands at the layer, or no security admin rule speaks of the packet. */
const NOBODY = -1;

const NO_TAGS: readonly string[] = [];

/** Sources that met the same rules so far: the index of the deciding rule of each layer that was asked. */
interface Course<T extends number | bigint> {
  readonly owners: readonly number[];
  readonly intervals: Interval<T>[];
}

function decideFamily<T extends number | bigint>(
  slices: readonly Slice[],
  layers: readonly (readonly ResolvedRule[])[],
  destinations: AddressSet,
  sourcePort: number,
  line: FamilyLine<T>,
): Admission[] {
  if (isEmpty(ofFamily(destinations, line.family))) return [];
  let asked: readonly Course<T>[] = [{ owners: [], intervals: [[line.first, line.last]] }];
  const through: Course<T>[] = [];
  slices.forEach((slice, index) => {
    const rules = layers[index] ?? [];
    const courses = [
      ...continued(asked, admittedBy(slice, rules, line)),
      ...continued(asked, bypassingUnknown(slice, rules, destinations, line)),
    ];
    const isThrough = ({ owners }: Course<T>): boolean => rules[owners[index] ?? NOBODY]?.rule.bypassesGroups === true;
    through.push(...courses.filter(isThrough));
    asked = courses.filter((course) => !isThrough(course));
  });
  const hasUnknownTags = layers.some((rules) => rules.some((rule) => rule.unknownTags.length > 0));
  return [...through, ...asked].map(({ owners, intervals }) => {
    const rules = slices.map((_, index) => layers[index]?.[owners[index] ?? NOBODY]);
    const unknownTags = hasUnknownTags
      ? new Set(owners.flatMap((owner, index) => tagsUpTo(slices[index], layers[index] ?? [], owner)))
      : NO_TAGS;
    return {
      sources: line.setOf(intervals),
      destinations,
      sourcePort,
      rules,
      decisions: decisionsOf(slices.slice(0, owners.length), rules),
      unknownTags: [...unknownTags],
    };
  });
}

/** Each interval that the layer lets go on, with the rule that does, in ascending order. */
function admittedBy<T extends number | bigint>(
  { layer, group }: Slice,
  rules: readonly ResolvedRule[],
  line: FamilyLine<T>,
): Painted<T>[] {
  const whole = { low: line.first, high: line.last, owner: NOBODY };
  if (!group) return [whole];
  const owned = paint(rules.map(line.sourcesOf));
  const admitted = layer === 'admin' ? withRest(owned, whole) : owned;
  return admitted.filter(({ owner }) => owner === NOBODY || rules[owner]?.rule.access === 'allow');
}

/**
 * What an AlwaysAllow lets past all groups if the unknown tags of the Allows before it hold nothing. Read wide, such an
 * Allow would only send the packet on to the groups, which may deny: for once the wide reading is not the cautious one.
 */
function bypassingUnknown<T extends number | bigint>(
  { layer }: Slice,
  rules: readonly ResolvedRule[],
  destinations: AddressSet,
  line: FamilyLine<T>,
): Painted<T>[] {
  if (layer !== 'admin' || rules.every(({ sure }) => sure === undefined)) return [];
  const isSureOf = (rule: ResolvedRule): boolean => isWithin(destinations, rule.destinations);
  const owned = paint(rules.map(surely).map((rule) => (isSureOf(rule) ? line.sourcesOf(rule) : [])));
  return owned.filter(({ owner }) => rules[owner]?.rule.bypassesGroups === true);
}

/** The painted intervals and those between them: where no security admin rule speaks, the packet goes on. */
function withRest<T extends number | bigint>(owned: readonly Painted<T>[], whole: Painted<T>): Painted<T>[] {
  const result: Painted<T>[] = [];
  let low = whole.low;
  for (const part of owned) {
    if (part.low > low) result.push({ low, high: predecessor(part.low), owner: NOBODY });
    result.push(part);
    if (part.high >= whole.high) return result;
    low = successor(part.high);
  }
  return [...result, { ...whole, low }];
}

function continued<T extends number | bigint>(
  courses: readonly Course<T>[],
  admitted: readonly Painted<T>[],
): Course<T>[] {
  return courses.flatMap(({ owners, intervals }) => {
    const byOwner = new Map<number, Course<T>>();
    for (const { interval, owner } of overlay(intervals, admitted)) {
      const course = byOwner.get(owner);
      if (course) course.intervals.push(interval);
      else byOwner.set(owner, { owners: [...owners, owner], intervals: [interval] });
    }
    return [...byOwner.values()];
  });
}

/** Up to the rule that decided; where nobody did, every security admin rule was asked, and a missing group has no rules. */
function tagsUpTo(slice: Slice | undefined, rules: readonly ResolvedRule[], owner: number): string[] {
  const asked = owner === NOBODY && slice?.layer === 'admin' ? rules.length : owner + 1;
  return rules.slice(0, asked).flatMap((rule) => rule.unknownTags);
}

/** A security admin layer in which no rule spoke is not worth a word. */
function decisionsOf(slices: readonly Slice[], rules: readonly (ResolvedRule | undefined)[]): Decision[] {
  return slices.flatMap(({ layer, group }, index) => {
    const rule = rules[index]?.rule;
    if (layer === 'admin' && !rule) return [];
    return { layer, securityGroup: group?.id ?? null, rule: rule?.name ?? null, priority: rule?.priority ?? null };
  });
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
