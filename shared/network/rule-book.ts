/** The rules of security groups as one virtual network reads them, each resolved when it is first asked for. */
import type { AddressMatch, Direction, Protocol, SecurityGroup, SecurityRule } from './network';
import { isEveryPort } from './port';
import { matchesPort, type ResolvedRule, resolveRule, type TagContext, withWidestTag } from './security-group';

/** `certain`: VirtualNetwork is what is documented. `widest`: it is all it may be. */
export type Reading = 'certain' | 'widest';

export interface RuleBook {
  /** The group's rules of one direction, in processing order. */
  all(group: SecurityGroup, direction: Direction): readonly ResolvedRule[];
  /** Its inbound rules that speak of the protocol and port; where they are the same for two ports, it is one list. */
  speakingOf(group: SecurityGroup, protocol: Protocol, port: number): readonly ResolvedRule[];
}

/** What has been looked up of one group. */
interface Chapter {
  readonly inbound: readonly SecurityRule[];
  readonly lists: Map<string, readonly ResolvedRule[]>;
}

/** Opens the book of one reading; what has been looked up stays in it. */
export function ruleBook(context: TagContext, reading: Reading): RuleBook {
  const resolved = new Map<SecurityRule, ResolvedRule>();
  const chapters = new Map<SecurityGroup, Chapter>();

  const resolve = (rule: SecurityRule): ResolvedRule => {
    const known = resolved.get(rule);
    if (known) return known;
    const certain = resolveRule(rule, context);
    const result = reading === 'certain' ? certain : withWidestTag(certain, context);
    resolved.set(rule, result);
    return result;
  };

  return {
    all: (group, direction) => ofDirection(group, direction).map(resolve),
    speakingOf(group, protocol, port) {
      const chapter = chapters.get(group) ?? { inbound: ofDirection(group, 'inbound'), lists: new Map() };
      chapters.set(group, chapter);
      const places = placesHeard(chapter.inbound, protocol, port);
      const key = places.join(' ');
      const list = chapter.lists.get(key) ?? places.flatMap((place) => chapter.inbound[place] ?? []).map(resolve);
      chapter.lists.set(key, list);
      return list;
    },
  };
}

/** Where the rules for this traffic stand, up to one for every packet that comes so far: none behind it is ever asked. */
function placesHeard(rules: readonly SecurityRule[], protocol: Protocol, port: number): number[] {
  const places: number[] = [];
  for (const [place, rule] of rules.entries()) {
    if (!matchesPort(rule, protocol, port)) continue;
    places.push(place);
    if (isAny(rule.sources) && isAny(rule.destinations) && isEveryPort(rule.sourcePorts)) break;
  }
  return places;
}

function isAny(matches: readonly AddressMatch[]): boolean {
  return matches.some((match) => match.kind === 'any');
}

function ofDirection(group: SecurityGroup, direction: Direction): readonly SecurityRule[] {
  return group.rules.filter((rule) => rule.direction === direction);
}
