// One rule as a formula over source address, destination address and source port; everything else about the packet is given.
import type { AddressRange, Family } from '../address';
import type { Reference, SecurityRuleProperties } from '../arm';
import type { Formula, Unknown } from './formula';
import type { Protocol, Reading } from '../match';
import { parseRange } from '../address';
import { hasPorts, listed, platformAddress, readingOf } from '../match';
import { anyOf, between, everyOf, isIn, literal, not } from './formula';

/** What is fixed in a question: where the packet arrives, with which protocol, at which port, over which family. */
export interface Given {
  readonly protocol: Protocol;
  readonly destinationPort: number;
  readonly family: Family;
  readonly virtualNetwork: readonly string[];
  /** Lower-case ids of the application security groups that the endpoint is in. */
  readonly destinationGroups: readonly string[];
  /** Where the members of an application security group are. */
  readonly membersOf: (group: string, reading: Reading) => readonly AddressRange[];
}

/** True of exactly the packets that the rule decides. */
export function ruleFormula(rule: SecurityRuleProperties, given: Given, reading: Reading = readingOf(rule)): Formula {
  if (rule.direction.toLowerCase() !== 'inbound') return 'false';
  const protocol = rule.protocol.trim().toLowerCase();
  if (protocol !== '*' && protocol !== 'any' && protocol !== given.protocol) return 'false';
  const members = (rule.sourceApplicationSecurityGroups ?? []).flatMap(({ id }) => given.membersOf(id, reading));
  return everyOf([
    portsFormula(rule, given, reading),
    anyOf([
      ...listed(rule.sourceAddressPrefix, rule.sourceAddressPrefixes).map((text) =>
        prefixFormula('source', text, given, reading),
      ),
      isIn('source', members, given.family),
    ]),
    anyOf([
      ...listed(rule.destinationAddressPrefix, rule.destinationAddressPrefixes).map((text) =>
        prefixFormula('destination', text, given, reading),
      ),
      isMember(rule.destinationApplicationSecurityGroups, given) ? 'true' : 'false',
    ]),
  ]);
}

function isMember(groups: readonly Reference[] | undefined, { destinationGroups }: Given): boolean {
  return (groups ?? []).some(({ id }) => destinationGroups.includes(id.toLowerCase()));
}

function prefixFormula(unknown: Unknown, text: string, given: Given, reading: Reading): Formula {
  const { family, virtualNetwork } = given;
  const isAmong = (prefixes: readonly string[]): Formula =>
    isIn(
      unknown,
      [...prefixes, platformAddress].flatMap((prefix) => parseRange(prefix.trim().toLowerCase()) ?? []),
      family,
    );
  switch (text.toLowerCase()) {
    case '*':
    case 'any':
      return 'true';
    case 'virtualnetwork':
      return isAmong(virtualNetwork);
    case 'internet':
      return not(isAmong(virtualNetwork));
    case 'azureloadbalancer':
      return isAmong([]);
    default: {
      const range = parseRange(text.toLowerCase());
      if (range) return isIn(unknown, [range], family);
      return reading === 'wide' ? 'true' : 'false';
    }
  }
}

type PortRange = readonly [first: number, last: number];

function portsFormula(rule: SecurityRuleProperties, given: Given, reading: Reading): Formula {
  const sources = portRanges(listed(rule.sourcePortRange, rule.sourcePortRanges), reading);
  const destinations = portRanges(listed(rule.destinationPortRange, rule.destinationPortRanges), reading);
  // Without ports in the packet only a rule for every port can mean it.
  if (!hasPorts(given.protocol)) return coversAll(sources) && coversAll(destinations) ? 'true' : 'false';
  return everyOf([isPortIn('sourcePort', sources), isPortIn(literal(given.destinationPort, 16), destinations)]);
}

function isPortIn(what: Formula, ranges: readonly PortRange[]): Formula {
  return anyOf(ranges.map(([first, last]) => between(what, first, last, 16)));
}

function portRanges(texts: readonly string[], reading: Reading): PortRange[] {
  return texts.flatMap((text): PortRange[] => {
    if (text === '*') return [[0, 65535]];
    const ends = text.split('-').map((end) => end.trim());
    if (ends.length > 2 || !ends.every((end) => /^\d+$/.test(end))) return reading === 'wide' ? [[0, 65535]] : [];
    return [[Number(ends[0]), Number(ends.at(-1))]];
  });
}

function coversAll(ranges: readonly PortRange[]): boolean {
  let next = 0;
  for (const [first, last] of ranges.toSorted(([a], [b]) => a - b)) {
    if (first <= next) next = Math.max(next, last + 1);
  }
  return next > 65535;
}
