// Does one security rule match one inbound packet? Every text is parsed again for every packet, so that nothing can be stale.
import type { Address } from './address';
import type { Reference, SecurityRuleProperties } from './arm';
import { parseAddress, parseRange, rangeContains } from './address';
import { sameId } from './arm';

export type Protocol = 'tcp' | 'udp' | 'icmp' | 'esp' | 'ah';

export function isProtocol(text: string): text is Protocol {
  return ['tcp', 'udp', 'icmp', 'esp', 'ah'].includes(text);
}

/** Of the protocols that security groups know, only these two have ports. */
export function hasPorts(protocol: Protocol): boolean {
  return protocol === 'tcp' || protocol === 'udp';
}

/** One inbound packet as the security groups see it: the destination is the private address, after any translation. */
export interface Packet {
  readonly protocol: Protocol;
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
}

/**
 * How to read what nobody can know for sure, such as an unknown tag: as much as it could be, or as little. An Allow is read wide and a
 * Deny narrow, so that no exposure is missed.
 */
export type Reading = 'wide' | 'narrow';

/** What a rule's names stand for at the place where the packet arrives. */
export interface Surroundings {
  /** The prefixes of the VirtualNetwork service tag. */
  readonly virtualNetwork: readonly string[];
  /** The application security groups that the receiving IP configuration belongs to. */
  readonly destinationGroups: readonly string[];
  /** The application security groups that hold an interface with the packet's source address. */
  readonly sourceGroups: Readonly<Record<Reading, readonly string[]>>;
}

/** Where health probes, DHCP and DNS of the platform come from; also all there is behind the AzureLoadBalancer tag. */
export const platformAddress = '168.63.129.16';

/**
 * Whether the inbound rule, whatever its access, is the one that decides the packet. Throws when the packet holds no proper address.
 * Source: "Network security groups", Azure documentation (five-tuple match, service tags, augmented rules).
 */
export function ruleMatches(
  rule: SecurityRuleProperties,
  packet: Packet,
  surroundings: Surroundings,
  reading: Reading = readingOf(rule),
): boolean {
  return (
    rule.direction.toLowerCase() === 'inbound' &&
    protocolMatches(rule.protocol, packet.protocol) &&
    portMatches(listed(rule.sourcePortRange, rule.sourcePortRanges), packet.sourcePort, packet.protocol, reading) &&
    portMatches(
      listed(rule.destinationPortRange, rule.destinationPortRanges),
      packet.destinationPort,
      packet.protocol,
      reading,
    ) &&
    (addressMatches(
      listed(rule.sourceAddressPrefix, rule.sourceAddressPrefixes),
      packet.source,
      reading,
      surroundings,
    ) ||
      groupMatches(rule.sourceApplicationSecurityGroups, surroundings.sourceGroups[reading])) &&
    (addressMatches(
      listed(rule.destinationAddressPrefix, rule.destinationAddressPrefixes),
      packet.destination,
      reading,
      surroundings,
    ) ||
      groupMatches(rule.destinationApplicationSecurityGroups, surroundings.destinationGroups))
  );
}

export function readingOf(rule: SecurityRuleProperties): Reading {
  return rule.access.toLowerCase() === 'allow' ? 'wide' : 'narrow';
}

/** The singular and the plural form of one field, as one list; ARM leaves the unused one empty or out. */
export function listed(singular: string | undefined, plural: readonly string[] | undefined): string[] {
  return [singular ?? '', ...(plural ?? [])].map((text) => text.trim()).filter((text) => text !== '');
}

function protocolMatches(text: string, protocol: Protocol): boolean {
  const word = text.trim().toLowerCase();
  return word === '*' || word === 'any' || word === protocol;
}

/** Where a hole in the ports could begin: at 0, or just after a port that is named. */
function gaps(texts: readonly string[]): number[] {
  const afterNamed = texts.flatMap((text) => (text.match(/\d+/g) ?? []).map((port) => Number(port) + 1));
  return [0, ...afterNamed].filter((port) => port <= 65535);
}

function portMatches(texts: readonly string[], port: number, protocol: Protocol, reading: Reading): boolean {
  // ICMP, ESP and AH have no ports, so a rule that leaves some out cannot mean them.
  if (!hasPorts(protocol)) return gaps(texts).every((each) => portMatches(texts, each, 'tcp', reading));
  return texts.some((text) => {
    if (text === '*') return true;
    const [, first, last] = /^(\d+)(?:\s*-\s*(\d+))?$/.exec(text) ?? [];
    if (first === undefined) return reading === 'wide';
    return Number(first) <= port && port <= Number(last ?? first);
  });
}

function addressMatches(texts: readonly string[], address: string, reading: Reading, around: Surroundings): boolean {
  const parsed = parseAddress(address);
  if (!parsed) throw new Error(`not an IP address: ${address}`);
  return texts.some((text) => prefixMatches(text.toLowerCase(), parsed, reading, around));
}

function prefixMatches(word: string, address: Address, reading: Reading, around: Surroundings): boolean {
  const inside = [...around.virtualNetwork, platformAddress];
  if (word === '*' || word === 'any') return true;
  if (word === 'virtualnetwork') return isInside(inside, address);
  if (word === 'internet') return !isInside(inside, address);
  if (word === 'azureloadbalancer') return isInside([platformAddress], address);
  const range = parseRange(word);
  return range ? rangeContains(range, address) : reading === 'wide';
}

function isInside(prefixes: readonly string[], address: Address): boolean {
  return prefixes.some((prefix) => {
    const range = parseRange(prefix.trim().toLowerCase());
    return range !== undefined && rangeContains(range, address);
  });
}

function groupMatches(references: readonly Reference[] | undefined, memberOf: readonly string[]): boolean {
  return (references ?? []).some((reference) => memberOf.some((group) => sameId(group, reference.id)));
}
