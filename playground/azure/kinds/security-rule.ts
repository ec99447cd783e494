// ARM's own checks of one security rule, and the form in which it keeps an accepted one.
import { parseRange } from '../address';
import { refuse, unreadable } from '../arm-error';
import type { JsonObject } from '../json';
import { isObject, listAt, objectAt, sameText } from '../json';

const ENUMERATIONS = {
  protocol: ['Tcp', 'Udp', 'Icmp', 'Esp', 'Ah', '*'],
  access: ['Allow', 'Deny'],
  direction: ['Inbound', 'Outbound'],
} as const;

const SIDES = ['source', 'destination'] as const;
const SERVICE_TAG = /^[A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z0-9]+)*$/;

function checkEnumerations(properties: JsonObject): void {
  for (const [key, allowed] of Object.entries(ENUMERATIONS)) {
    const value = properties[key];
    if (value === undefined || value === null) {
      throw unreadable(`Required property '${key}' not found in JSON. Path 'properties'.`);
    }
    if (typeof value !== 'string' || !allowed.some((choice) => sameText(choice, value))) {
      throw unreadable(`Error converting value ${JSON.stringify(value)}. Path 'properties.${key}'.`);
    }
  }
}

function checkPriority(value: unknown): void {
  if (value !== undefined && value !== null && !Number.isInteger(value)) {
    throw unreadable(`Could not convert ${JSON.stringify(value)} to integer. Path 'properties.priority'.`);
  }
  const priority = typeof value === 'number' ? value : 0;
  if (priority >= 100 && priority <= 4096) return;
  throw refuse(
    'SecurityRuleInvalidPriority',
    `Security rule has invalid Priority. Value provided: ${priority} Allowed range 100-4096.`,
  );
}

/** A singular value as text; null, '' and absent all mean that it is not given. */
function single(properties: JsonObject, key: string): string | undefined {
  const value = properties[key];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  throw unreadable(`Unexpected value ${JSON.stringify(value)}. Path 'properties.${key}'.`);
}

function plural(properties: JsonObject, key: string): string[] {
  const value = properties[key];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw unreadable(`Expected an array. Path 'properties.${key}'.`);
  return value.map((entry, index) => {
    if (typeof entry === 'string') return entry;
    if (typeof entry === 'number') return String(entry);
    throw unreadable(`Unexpected value ${JSON.stringify(entry)}. Path 'properties.${key}[${index}]'.`);
  });
}

function checkPort(text: string): void {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  const first = Number(match?.[1] ?? -1);
  const last = Number(match?.[2] ?? match?.[1] ?? -1);
  if (text === '*' || (match && first <= last && last <= 65535)) return;
  throw refuse(
    'SecurityRuleInvalidPortRange',
    `Security rule has invalid Port range. Value provided: ${text}. Value should be an integer OR integer range with ` +
      "'-' delimiter. Valid range 0-65535.",
  );
}

function checkAddress(text: string, ruleId: string): void {
  if (text === '*' || parseRange(text) || SERVICE_TAG.test(text)) return;
  throw refuse(
    'SecurityRuleInvalidAddressPrefix',
    `Security rule ${ruleId} has invalid Address prefix. Value provided: ${text}`,
  );
}

function bothGiven(ruleId: string, names: string): Error {
  return refuse(
    'SecurityRuleParameterContainsBothSingularAndPlural',
    `Security rule ${ruleId} specifies more than one of ${names}. Only one of them may be specified.`,
  );
}

function missing(ruleId: string, names: string): Error {
  return refuse(
    'SecurityRuleParametersMissing',
    `Required security rule parameters are missing for security rule with Id: ${ruleId}. Security rule must specify ${names}.`,
  );
}

function checkPorts(properties: JsonObject, side: (typeof SIDES)[number], ruleId: string): void {
  const title = side === 'source' ? 'Source' : 'Destination';
  const one = single(properties, `${side}PortRange`);
  const many = plural(properties, `${side}PortRanges`);
  const names = `${title}PortRange or ${title}PortRanges`;
  if (one !== undefined && many.length > 0) throw bothGiven(ruleId, names);
  if (one === undefined && many.length === 0) throw missing(ruleId, names);
  if (many.includes('*')) {
    throw refuse(
      'SecurityRuleParameterContainsInvalidPortRanges',
      `Security rule parameter ${title}PortRanges for rule with Id ${ruleId} cannot contain '*'.`,
    );
  }
  for (const range of one === undefined ? many : [one]) checkPort(range);
}

function checkAddresses(properties: JsonObject, side: (typeof SIDES)[number], ruleId: string): void {
  const title = side === 'source' ? 'Source' : 'Destination';
  const one = single(properties, `${side}AddressPrefix`);
  const many = plural(properties, `${side}AddressPrefixes`);
  const groups = listAt(properties, `${side}ApplicationSecurityGroups`);
  const names = `${title}AddressPrefixes, ${title}AddressPrefix, or ${title}ApplicationSecurityGroups`;
  const given = [one !== undefined, many.length > 0, groups.length > 0].filter(Boolean).length;
  if (given > 1) throw bothGiven(ruleId, names);
  if (given === 0) throw missing(ruleId, names);
  for (const prefix of one === undefined ? many : [one]) checkAddress(prefix, ruleId);
  // Azure takes `*` and tags in the singular form only.
  const tag = many.find((prefix) => !parseRange(prefix));
  if (tag === undefined) return;
  throw refuse(
    'SecurityRuleParameterContainsUnsupportedValue',
    `Security rule parameter ${title}AddressPrefix for rule with Id ${ruleId} cannot specify existing VIRTUALNETWORK, ` +
      `INTERNET, AZURELOADBALANCER, '*' or system tags. Unsupported value used: ${tag}.`,
  );
}

/** Refuses a rule that ARM refuses on its own, its neighbours aside; throws ArmError. */
export function checkSecurityRule(rule: JsonObject, ruleId: string): void {
  if (!isObject(rule.properties)) throw unreadable("Required property 'properties' not found in JSON. Path ''.");
  const properties = objectAt(rule, 'properties');
  checkEnumerations(properties);
  checkPriority(properties.priority);
  const description = properties.description;
  if (typeof description === 'string' && description.length > 140) {
    throw refuse('SecurityRuleInvalidDescription', 'Security rule description can be up to 140 characters long.');
  }
  for (const side of SIDES) {
    checkPorts(properties, side, ruleId);
    checkAddresses(properties, side, ruleId);
  }
}

/** The properties as Azure answers them: all four plural arrays present, a singular absent where it was not given. */
export function completeSecurityRule(properties: JsonObject): JsonObject {
  const complete: JsonObject = { provisioningState: 'Succeeded', ...properties };
  for (const key of ['sourcePortRange', 'destinationPortRange', 'sourceAddressPrefix', 'destinationAddressPrefix']) {
    const many = `${key}${key.endsWith('Prefix') ? 'es' : 's'}`;
    const one = complete[key];
    if (one === null || one === '' || one === undefined) delete complete[key];
    if (typeof one === 'number') complete[key] = String(one);
    const list = complete[many];
    complete[many] = Array.isArray(list)
      ? list.map((entry: unknown) => (typeof entry === 'number' ? String(entry) : entry))
      : [];
  }
  return complete;
}
