/** One security rule: ARM's JSON in, a rule with parsed ports and addresses out, or what keeps it from being read. */
import { parsePrefix } from './address';
import { isUnresolved, type JsonObject, listOf, objectOf, propertiesOf, referenceOf, textOf } from './json';
import { type Access, type AddressMatch, type Direction, keyOf, type Protocol, type SecurityRule } from './network';
import { parsePorts, type PortSet } from './port';
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
/** One object for the commonest entry of all: an estate has hundreds of thousands of it. */
const ANY_ADDRESS: AddressMatch = { kind: 'any', text: '*' };
const ONLY_ANY: readonly AddressMatch[] = [ANY_ADDRESS];
/** Tags are letters, digits and dots: `AzureLoadBalancer`, `Storage.WestEurope`. Anything else is a broken address. */
const TAG = /^[A-Za-z][A-Za-z0-9]*(\.[A-Za-z0-9-]+)*$/;

/**
 * Reads one rule as ARM, Resource Graph, `az` or a template prints it.
 * Azure requires of a rule: a priority, a direction, an access, a protocol, and for each side one address form and one
 * port form (https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview).
 * `highestPriority` is the smallest number a priority may have: 100 in a security group.
 */
export function readRule(json: unknown, isDefault: boolean, highestPriority = 100): RuleResult {
  const properties = propertiesOf(json);
  const problems: RuleProblem[] = [];
  const name = textOf(objectOf(json).name) ?? '';
  if (name === '') problems.push({ what: 'missing-name', detail: 'a rule has no name' });

  const sources = readAddresses(properties, 'source', problems);
  const destinations = readAddresses(properties, 'destination', problems);
  const sourcePorts = readPorts(properties, 'source', problems);
  const destinationPorts = readPorts(properties, 'destination', problems);
  const access = readWord(properties.access, ['allow', 'deny'] as const, 'bad-access', problems);
  const direction = readWord(properties.direction, ['inbound', 'outbound'] as const, 'bad-direction', problems);
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

type Side = 'source' | 'destination';

/** Singular and plural forms exclude each other in ARM; exports carry the unused one as `""` or `[]`. */
function textsOf(properties: JsonObject, singular: string, plural: string): unknown[] {
  const one = properties[singular];
  const texts = [...listOf(properties[plural])];
  if (one !== undefined && one !== null && one !== '') texts.unshift(one);
  return texts;
}

function readAddresses(properties: JsonObject, side: Side, problems: RuleProblem[]): readonly AddressMatch[] {
  const matches: AddressMatch[] = [];
  const problemsBefore = problems.length;
  for (const text of textsOf(properties, `${side}AddressPrefix`, `${side}AddressPrefixes`)) {
    const match = readAddress(text);
    if (match) matches.push(match);
    else problems.push(brokenValue(text, 'bad-address', `${side} address`));
  }
  for (const group of listOf(properties[`${side}ApplicationSecurityGroups`])) {
    const id = referenceOf(group);
    if (id && !isUnresolved(id)) matches.push({ kind: 'application-group', text: id, group: keyOf(id) });
    else problems.push(brokenValue(id, 'bad-address', `${side} application security group`));
  }
  if (matches.length === 0 && problems.length === problemsBefore) {
    problems.push({ what: 'missing-address', detail: `no ${side} address, list of addresses or group` });
  }
  if (matches.length === 1 && matches[0] === ANY_ADDRESS) return ONLY_ANY;
  // A copy is as long as it must be; a list that grew keeps room for more, and there are very many rules.
  return matches.slice();
}

/** Reads one entry of a source or destination: an address, a prefix, a range or a tag; undefined for none of them. */
export function readAddress(text: unknown): AddressMatch | undefined {
  if (typeof text !== 'string') return undefined;
  const trimmed = text.trim();
  if (trimmed === '*') return ANY_ADDRESS;
  if (trimmed.toLowerCase() === 'any') return { kind: 'any', text: trimmed };
  const addresses = parsePrefix(trimmed);
  if (addresses) return { kind: 'prefix', text: trimmed, addresses };
  return TAG.test(trimmed) ? { kind: 'tag', text: trimmed } : undefined;
}

function readPorts(properties: JsonObject, side: Side, problems: RuleProblem[]): PortSet {
  const texts = textsOf(properties, `${side}PortRange`, `${side}PortRanges`);
  if (texts.length === 0) problems.push({ what: 'missing-port', detail: `no ${side} port, range or list` });
  if (texts.length === 0 && properties[`${side}PortRange`] === '')
    problems.push(brokenValue('', 'bad-port', `${side} port`));
  const sets = texts.map((text) => {
    const ports = typeof text === 'number' || typeof text === 'string' ? parsePorts(String(text)) : undefined;
    if (!ports) problems.push(brokenValue(text, 'bad-port', `${side} port`));
    return ports ?? [];
  });
  return sets.length === 1 ? (sets[0] ?? []) : normalize(sets.flat()).slice();
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
