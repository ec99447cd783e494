/** Ways to take from one security rule exactly what it should not let through, smallest first. */
import type { Remedy } from '../finding';
import {
  type AddressSet,
  addressDifference,
  addressIntersection,
  addressUnion,
  EVERY_ADDRESS,
  isWithin,
  ofFamily,
  toCidrs,
  unionOf,
} from '../network/address';
import type { NetworkAction, NewRule } from '../network/action';
import type { OpenDoor } from '../network/door';
import type { Endpoint } from '../network/endpoint';
import type { Admission } from '../network/decide';
import type { Analysis } from '../network/exposure';
import { difference } from '../network/interval';
import { keyOf, type SecurityGroup, type SecurityRule } from '../network/network';
import { formatPorts, portsOf } from '../network/port';
import { PLATFORM_ADDRESSES, resolveTag } from '../network/service-tag';
import { remembered } from './remembered';
import { freeRuleName } from './free-rule-name';

/** What gets through to one endpoint on one port that should not. */
export interface Leak {
  readonly endpoint: Endpoint;
  readonly admission: Admission;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly sources: AddressSet;
  /** What the policy allows there. */
  readonly allowed: AddressSet;
  readonly reachable: AddressSet;
  readonly doors: readonly OpenDoor[];
}

const HIGHEST_PRIORITY = 100;
const LOWEST_PRIORITY = 4096;
/** What Azure takes in one rule (https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits). */
const MOST_PREFIXES = 4000;

/** Candidates, best first. None is proven here: that is the planner's work. */
export function remediesFor(
  group: SecurityGroup,
  rule: SecurityRule,
  leaks: readonly Leak[],
  fingerprint: string,
  analysis: Analysis,
): Remedy[] {
  const securityGroup = keyOf(group.id);
  const remedies: Remedy[] = [];
  if (!rule.isDefault) {
    const sources = narrowedSources(rule, leaks, analysis);
    if (sources.length > 0) {
      const title = `narrow ${group.name}/${rule.name} to ${sources.join(', ')}`;
      remedies.push({
        kind: 'repair',
        title,
        actions: [{ kind: 'narrow-rule-sources', securityGroup, rule: rule.name, sources }],
      });
    }
    const ports = difference(rule.destinationPorts, portsOf(leaks.map((leak) => leak.port)));
    if (ports.length > 0) {
      const destinationPorts = formatPorts(ports);
      const title = `take the admin ports out of ${group.name}/${rule.name}, leaving ${destinationPorts.join(', ')}`;
      remedies.push({
        kind: 'repair',
        title,
        actions: [{ kind: 'narrow-rule-ports', securityGroup, rule: rule.name, destinationPorts }],
      });
    }
    const title = `remove ${group.name}/${rule.name}`;
    remedies.push({ kind: 'repair', title, actions: [{ kind: 'remove-rule', securityGroup, rule: rule.name }] });
  }
  return [...remedies, ...contain(group, rule, leaks, fingerprint)];
}

/** The rule's own sources as far as the policy allows them: texts that may stay as they are, CIDRs for the rest. */
function narrowedSources(rule: SecurityRule, leaks: readonly Leak[], analysis: Analysis): string[] {
  const [first, ...others] = leaks.map((leak) => leak.allowed);
  if (!first) return [];
  const allowed = others.reduce(addressIntersection, first);
  const layer = leaks[0]?.endpoint.layers.find(({ group }) => group?.rules.includes(rule));
  const endpoint = leaks[0]?.endpoint;
  if (!layer || !endpoint) return [];
  const resolved = analysis.rulesFor(endpoint, layer, 'inbound').find((candidate) => candidate.rule === rule);
  if (!resolved) return [];
  const harmless = addressUnion(allowed, PLATFORM_ADDRESSES);
  const kept = rule.sources.flatMap(({ kind, text }, index) => {
    if (kind !== 'prefix' && kind !== 'tag') return [];
    const addresses = resolvedAlone(rule, index, leaks, analysis);
    return addresses && isWithin(addresses, harmless) ? [{ text, addresses }] : [];
  });
  const covered = unionOf(kept.map((match) => match.addresses));
  const rest = addressDifference(addressIntersection(resolved.sources, allowed), covered);
  return [...kept.map((match) => match.text), ...toCidrs(rest)];
}

/** All that one entry of the rule's sources may stand for at the endpoints concerned; undefined if nobody knows. */
function resolvedAlone(
  rule: SecurityRule,
  index: number,
  leaks: readonly Leak[],
  analysis: Analysis,
): AddressSet | undefined {
  const match = rule.sources[index];
  if (match?.kind === 'prefix') return match.addresses;
  if (match?.kind !== 'tag') return undefined;
  const sets = leaks.map(({ endpoint }) => {
    const { certain, possible } = analysis.virtualNetworkTag(endpoint);
    const known = resolveTag(match.text, certain);
    return known && addressUnion(known, resolveTag(match.text, possible) ?? known);
  });
  return sets.every((set) => set !== undefined) ? unionOf(sets) : undefined;
}

/**
 * Deny rules on exactly the offending traffic, above the offender. Priorities end at 100: where none is free above the
 * offender, it is the offender that moves down, as far as it must and no other rule with it.
 */
function contain(group: SecurityGroup, rule: SecurityRule, leaks: readonly Leak[], fingerprint: string): Remedy[] {
  const wanted = denials(leaks, fingerprint);
  if (wanted.length === 0) return [];
  const securityGroup = keyOf(group.id);
  const slots = slotsAbove(group, rule, wanted.length);
  if (!slots) return [];
  const actions: NetworkAction[] = [];
  if (slots.offender !== rule.priority) {
    actions.push({ kind: 'renumber-rule', securityGroup, rule: rule.name, priority: slots.offender });
  }
  wanted.forEach((denial, index) => {
    const priority = slots.denials[index] ?? rule.priority;
    const name = freeRuleName(group, denial.name);
    actions.push({ kind: 'add-rule', securityGroup, rule: { ...denial, name, priority } });
  });
  return [{ kind: 'contain', title: `deny exactly the offending traffic above ${group.name}/${rule.name}`, actions }];
}

/** Sources, places and ports that belong together: every such source is to be kept from every such place and port. */
interface Block {
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  readonly ports: number[];
}

/** More rules than this say that the traffic has no simple shape: then a person should look. */
const MOST_DENIALS = 10;

/** Rules that deny exactly what leaks, per protocol and address family, their priorities still open. */
function denials(leaks: readonly Leak[], fingerprint: string): NewRule[] {
  const rules: NewRule[] = [];
  for (const protocol of ['tcp', 'udp'] as const) {
    for (const family of ['ipv4', 'ipv6'] as const) {
      const suffix = `${protocol === 'udp' ? '-udp' : ''}${family === 'ipv6' ? '-v6' : ''}`;
      const blocks = blocksOf(
        leaks.filter((leak) => leak.protocol === protocol),
        family,
      );
      blocks.forEach(({ sources, destinations, ports }, index) => {
        rules.push({
          name: `bastion-guardrail-${fingerprint}${suffix}${index === 0 ? '' : `-part${index + 1}`}`,
          description:
            'Closes admin ports to everyone but Azure Bastion; made by Bastion Guardrail, see its incident log',
          priority: 0,
          direction: 'Inbound',
          access: 'Deny',
          protocol: protocol === 'tcp' ? 'Tcp' : 'Udp',
          sourceAddressPrefixes: sources,
          destinationAddressPrefixes: destinations,
          destinationPortRanges: formatPorts(portsOf(ports)),
        });
      });
    }
  }
  const isTooLong = rules.some((rule) => rule.sourceAddressPrefixes.length > MOST_PREFIXES);
  return isTooLong || rules.length > MOST_DENIALS ? [] : rules;
}

/** One rule denies every source at every place and port it names, so what differs in any of them is kept apart. */
function blocksOf(leaks: readonly Leak[], family: 'ipv4' | 'ipv6'): Block[] {
  const blocks = new Map<string, Block>();
  const texts = remembered((sources: AddressSet) => toCidrs(ofFamily(sources, family)).join(' '));
  for (const port of new Set(leaks.map((leak) => leak.port))) {
    const bySources = new Map<string, Leak[]>();
    for (const leak of leaks.filter((each) => each.port === port)) {
      const key = texts(leak.sources);
      if (key !== '') bySources.set(key, [...(bySources.get(key) ?? []), leak]);
    }
    for (const [key, concerned] of bySources) {
      const destinations = destinationsOf(concerned, family);
      const name = `${key} to ${destinations.join(' ')}`;
      const known = blocks.get(name);
      if (known) known.ports.push(port);
      else blocks.set(name, { sources: key.split(' '), destinations, ports: [port] });
    }
  }
  return [...blocks.values()];
}

interface Slots {
  readonly offender: number;
  readonly denials: readonly number[];
}

function slotsAbove(group: SecurityGroup, rule: SecurityRule, count: number): Slots | undefined {
  const taken = new Set(group.rules.filter((other) => other.direction === 'inbound').map((other) => other.priority));
  const free = (priority: number): boolean => !taken.has(priority);
  const above = range(Math.min(rule.priority - 1, LOWEST_PRIORITY), HIGHEST_PRIORITY)
    .filter(free)
    .slice(0, count);
  if (above.length === count) return { offender: rule.priority, denials: above };
  if (rule.isDefault) return undefined;
  const pool = [
    rule.priority,
    ...range(LOWEST_PRIORITY, rule.priority + 1)
      .toReversed()
      .filter(free),
  ];
  const offender = pool[count];
  return offender === undefined ? undefined : { offender, denials: pool.slice(0, count) };
}

/** From `high` down to `low`. */
function range(high: number, low: number): number[] {
  return Array.from({ length: Math.max(0, high - low + 1) }, (_, index) => high - index);
}

function destinationsOf(leaks: readonly Leak[], family: 'ipv4' | 'ipv6'): string[] {
  const addresses = unionOf(leaks.map((leak) => leak.admission.destinations));
  return isWithin(EVERY_ADDRESS, addresses) ? ['*'] : toCidrs(ofFamily(addresses, family));
}
