/** One security rule: ARM's JSON in, a rule with parsed ports and addresses out, or what keeps it from being read. */
import { parsePrefix } from './address';
import { isUnresolved, type JsonObject, listOf, objectOf, propertiesOf, referenceOf, textOf } from './json';
import { type Access, type AddressMatch, type Direction, keyOf, type Protocol, type SecurityRule } from './network';
import { formatPorts, parsePorts, type PortSet } from './port';
import { normalize } from './interval';

/** A reason why a rule cannot be read: `what` is the gap's stable name. */
export interface RuleProblem {
  readonly what:
    | 'missing-address'
    | 'bad-address'
    | 'missing-port'
    | 'bad-port'
    | 'bad-priority'
    | 'bad-protocol'
    | 'bad-access'
    | 'bad-direction'
    | 'missing-name'
    | 'unresolved-value';
  readonly detail: string;
}

/** What there is to say of a rule even if it cannot be read. */
export interface RuleHeader {
  readonly name: string;
  readonly direction?: Direction;
  readonly access?: Access;
  readonly priority?: number;
}

export type RuleResult =
  | { readonly header: RuleHeader; readonly rule: SecurityRule; readonly problems: readonly [] }
  | { readonly header: RuleHeader; readonly rule?: undefined; readonly problems: readonly RuleProblem[] };

const PROTOCOLS: readonly Protocol[] = ['tcp', 'udp', 'icmp', 'esp', 'ah'];
const ACCESSES: readonly Access[] = ['allow', 'deny'];
const DIRECTIONS: readonly Direction[] = ['inbound', 'outbound'];
/** Tags are letters, digits and dots: `AzureLoadBalancer`, `Storage.WestEurope`. Anything else is a broken address. */
const TAG = /^[A-Za-z][A-Za-z0-9]*(\.[A-Za-z0-9-]+)*$/;

/** What was read before, by its text: an estate has hundreds of thousands of entries and says the same few in them. */
export interface KnownTexts {
  readonly addresses: Map<string, readonly AddressMatch[]>;
  readonly ports: Map<string, PortSet>;
}

/** Nothing read yet. One for each network that is read: what it holds lives as long as the network. */
export function knownTexts(): KnownTexts {
  return { addresses: new Map(), ports: new Map() };
}

/**
 * Reads one rule as ARM, Resource Graph, `az` or a template prints it.
 * Azure requires of a rule: a priority, a direction, an access, a protocol, and for each side one address form and one
 * port form (https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview).
 * `highestPriority` is the smallest number a priority may have: 100 in a security group.
 */
export function readRule(
  json: unknown,
  isDefault: boolean,
  highestPriority = 100,
  known: KnownTexts = knownTexts(),
): RuleResult {
  const properties = propertiesOf(json);
  const problems: RuleProblem[] = [];
  const name = textOf(objectOf(json).name) ?? '';
  if (name === '') problems.push({ what: 'missing-name', detail: 'a rule has no name' });

  const sources = readAddresses(properties, SOURCE, problems, known);
  const destinations = readAddresses(properties, DESTINATION, problems, known);
  const sourcePorts = readPorts(properties, SOURCE, problems, known);
  const destinationPorts = readPorts(properties, DESTINATION, problems, known);
  const access = readWord(properties.access, ACCESSES, 'bad-access', problems);
  const direction = readWord(properties.direction, DIRECTIONS, 'bad-direction', problems);
  const protocol = readProtocol(properties.protocol, problems);
  const priority = readPriority(properties.priority, isDefault, highestPriority, problems);

  const header = { name, direction, access, priority };
  if (problems.length > 0 || !access || !direction || !protocol || priority === undefined) return { header, problems };
  const rule = {
    name,
    direction,
    access,
    priority,
    protocol,
    sources,
    sourcePorts,
    destinations,
    destinationPorts,
    isDefault,
  };
  return { header, rule, problems: [] };
}

/** The names of one side's fields. */
interface Side {
  readonly name: 'source' | 'destination';
  readonly address: string;
  readonly addresses: string;
  readonly groups: string;
  readonly port: string;
  readonly ports: string;
}

const SOURCE = sideOf('source');
const DESTINATION = sideOf('destination');

function sideOf(name: Side['name']): Side {
  return {
    name,
    address: `${name}AddressPrefix`,
    addresses: `${name}AddressPrefixes`,
    groups: `${name}ApplicationSecurityGroups`,
    port: `${name}PortRange`,
    ports: `${name}PortRanges`,
  };
}

/** Singular and plural forms exclude each other in ARM; exports carry the unused one as `""` or `[]`. */
function textsOf(properties: JsonObject, singular: string, plural: string): unknown[] {
  const one = properties[singular];
  const texts = [...listOf(properties[plural])];
  if (one !== undefined && one !== null && one !== '') texts.unshift(one);
  return texts;
}

function readAddresses(
  properties: JsonObject,
  side: Side,
  problems: RuleProblem[],
  known: KnownTexts,
): readonly AddressMatch[] {
  const texts = textsOf(properties, side.address, side.addresses);
  const groups = listOf(properties[side.groups]);
  if (texts.length === 1 && groups.length === 0) return readAlone(texts[0], side, problems, known);
  const matches = texts.flatMap((text) => readAlone(text, side, problems, known));
  for (const group of groups) {
    const id = referenceOf(group);
    if (id && !isUnresolved(id)) matches.push({ kind: 'application-group', text: id, group: keyOf(id) });
    else problems.push(brokenValue(id, 'bad-address', `${side.name} application security group`));
  }
  if (texts.length === 0 && groups.length === 0) {
    problems.push({ what: 'missing-address', detail: `no ${side.name} address, list of addresses or group` });
  }
  // A copy is as long as it must be; a list that grew keeps room for more, and there are very many rules.
  return matches.slice();
}

function readAlone(text: unknown, side: Side, problems: RuleProblem[], known: KnownTexts): readonly AddressMatch[] {
  const before = typeof text === 'string' ? known.addresses.get(text) : undefined;
  if (before) return before;
  const match = readAddress(text);
  if (match) {
    const alone = [match];
    known.addresses.set(match.text, alone);
    return alone;
  }
  problems.push(brokenValue(text, 'bad-address', `${side.name} address`));
  return [];
}

/** Reads one entry of a source or destination: an address, a prefix, a range or a tag; undefined for none of them. */
export function readAddress(text: unknown): AddressMatch | undefined {
  if (typeof text !== 'string') return undefined;
  const trimmed = text.trim();
  if (trimmed === '*') return { kind: 'any', text: trimmed };
  if (trimmed.toLowerCase() === 'any') return { kind: 'any', text: trimmed };
  const addresses = parsePrefix(trimmed);
  if (addresses) return { kind: 'prefix', text: trimmed, addresses };
  return TAG.test(trimmed) ? { kind: 'tag', text: trimmed } : undefined;
}

function readPorts(properties: JsonObject, side: Side, problems: RuleProblem[], known: KnownTexts): PortSet {
  const texts = textsOf(properties, side.port, side.ports);
  if (texts.length === 0) problems.push({ what: 'missing-port', detail: `no ${side.name} port, range or list` });
  if (texts.length === 0 && properties[side.port] === '')
    problems.push(brokenValue('', 'bad-port', `${side.name} port`));
  const sets = texts.map((text) => {
    const ports = typeof text === 'number' || typeof text === 'string' ? readPort(String(text), known) : undefined;
    if (!ports) problems.push(brokenValue(text, 'bad-port', `${side.name} port`));
    return ports ?? [];
  });
  if (sets.length === 1) return sets[0] ?? [];
  return sameAsBefore(normalize(sets.flat()).slice(), known);
}

function readPort(text: string, known: KnownTexts): PortSet | undefined {
  const ports = known.ports.get(text) ?? parsePorts(text);
  if (ports) known.ports.set(text, ports);
  return ports;
}

/** Lists of ports come back in rule after rule as well. */
function sameAsBefore(ports: PortSet, { ports: known }: KnownTexts): PortSet {
  const text = formatPorts(ports).join(',');
  const before = known.get(text) ?? ports;
  known.set(text, before);
  return before;
}

function readWord<W extends string>(
  value: unknown,
  words: readonly W[],
  what: RuleProblem['what'],
  problems: RuleProblem[],
): W | undefined {
  const lower = typeof value === 'string' ? value.toLowerCase() : undefined;
  const word = words.find((candidate) => candidate === lower);
  if (!word) problems.push(brokenValue(value, what, words.join(' or ')));
  return word;
}

function readProtocol(value: unknown, problems: RuleProblem[]): Protocol | '*' | undefined {
  const lower = typeof value === 'string' ? value.toLowerCase() : '';
  if (lower === '*' || lower === 'any') return '*';
  const protocol = PROTOCOLS.find((candidate) => candidate === lower);
  if (protocol) return protocol;
  problems.push(brokenValue(value, 'bad-protocol', 'protocol'));
  return undefined;
}

/** Custom rules lie in 100–4096; the default ones above, at 65000 and more. */
function readPriority(
  value: unknown,
  isDefault: boolean,
  highest: number,
  problems: RuleProblem[],
): number | undefined {
  const priority = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (
    typeof priority === 'number' &&
    Number.isInteger(priority) &&
    priority >= highest &&
    (isDefault || priority <= 4096)
  ) {
    return priority;
  }
  problems.push(brokenValue(value, 'bad-priority', `priority ${highest} to 4096`));
  return undefined;
}

function brokenValue(value: unknown, what: RuleProblem['what'], where: string): RuleProblem {
  if (isUnresolved(value)) return { what: 'unresolved-value', detail: `${where} is known only after deployment` };
  const shown = value === undefined ? 'nothing' : (JSON.stringify(value) ?? 'nothing');
  return { what, detail: `${where} expected, found ${shown.slice(0, 80)}` };
}
