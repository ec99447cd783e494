/** The layers before an endpoint with those of their rules that speak of one kind of traffic. */
import { EVERY_ADDRESS } from './address';
import type { Slice } from './decide';
import type { LayerGroup } from './endpoint';
import type { Protocol, SecurityGroup } from './network';
import type { RuleBook } from './rule-book';
import { type Destination, matchesDestination, type ResolvedRule } from './security-group';

export interface Passage {
  readonly slices: readonly Slice[];
  /** The rules that speak of some destinations only, of all layers. */
  readonly selective: readonly ResolvedRule[];
}

/** The passage for a kind of traffic; the same object wherever groups and speaking rules are the same. */
export type Passages = (layers: readonly LayerGroup[], protocol: Protocol, port: number) => Passage;

/** A sequence of groups, as a tree from the outermost on. There are very many, so what is not needed is not there. */
interface Place {
  further?: Map<SecurityGroup, Place>;
  /** Further on where a layer has no group. */
  bare?: Place;
  readonly passages: Passage[];
}

/** Prepares passages for groups as one network reads them. */
export function passagesOf(book: RuleBook): Passages {
  const start: Place = { passages: [] };
  const known = new Map<string, Map<Place, Passage>>();
  return (layers, protocol, port) => {
    const place = layers.reduce(placeBehind, start);
    const traffic = `${protocol} ${port}`;
    const ofTraffic = known.get(traffic) ?? new Map<Place, Passage>();
    known.set(traffic, ofTraffic);
    const before = ofTraffic.get(place);
    if (before) return before;
    const slices = layers.map((layer): Slice => sliceOf(layer, book, protocol, port));
    const same = place.passages.find((other) => other.slices.every(({ rules }, at) => rules === slices[at]?.rules));
    const passage = same ?? { slices, selective: slices.flatMap(({ rules }) => (isEverywhere(rules) ? [] : rules)) };
    if (!same) place.passages.push(passage);
    ofTraffic.set(place, passage);
    return passage;
  };
}

function placeBehind(place: Place, { group }: LayerGroup): Place {
  if (!group) {
    place.bare ??= { passages: [] };
    return place.bare;
  }
  place.further ??= new Map();
  const known = place.further.get(group) ?? { passages: [] };
  place.further.set(group, known);
  return known;
}

function sliceOf(layer: LayerGroup, book: RuleBook, protocol: Protocol, port: number): Slice {
  if (!layer.group) return { layer: layer.layer, rules: NONE };
  return { layer: layer.layer, group: layer.group, rules: book.speakingOf(layer.group, protocol, port) };
}

const NONE: readonly ResolvedRule[] = [];

/** A passage as one destination finds it, and a key that is the same where the rules are. */
export interface Way {
  readonly slices: readonly Slice[];
  readonly key: string;
}

/** Leaves out the rules that do not speak of the destination, which must not be divided by any of them. */
export function wayTo(destination: Destination, { slices, selective }: Passage): Way {
  if (selective.length === 0) return { slices, key: '' };
  const spoken = slices.map((slice) => {
    if (isEverywhere(slice.rules)) return slice;
    return { ...slice, rules: slice.rules.filter((rule) => matchesDestination(rule, destination) === 'whole') };
  });
  const key = slices.map(({ rules }, at) => placesOf(spoken[at]?.rules ?? NONE, rules)).join('|');
  return { slices: spoken, key };
}

/** Where the rules that are left stand among all. */
function placesOf(left: readonly ResolvedRule[], all: readonly ResolvedRule[]): string {
  if (left === all) return '';
  const kept = new Set(left);
  return all.flatMap((rule, place) => (kept.has(rule) ? place : [])).join(',');
}

/** Whether every rule speaks of every destination, as most do. */
function isEverywhere(rules: readonly ResolvedRule[]): boolean {
  return rules.every((rule) => rule.destinations === EVERY_ADDRESS);
}
