/** Security rules as ARM's JSON: narrowed, added and made fit for sending, with everything unknown kept. */
import type { NewRule } from '../network/action';
import { isObject, type JsonObject, listOf, objectOf, propertiesOf, textOf } from '../network/json';

/** The rule of that name in a group's JSON; null when there is none. Casing does not tell names apart. */
export function ruleNamed(rules: readonly unknown[], name: string): unknown {
  return rules.find((rule) => isNamed(rule, name)) ?? null;
}

/** Whether the rule has that name. */
export function isNamed(rule: unknown, name: string): boolean {
  return textOf(objectOf(rule).name)?.toLowerCase() === name.toLowerCase();
}

/** The rule with just these sources; the same object when it has them already. */
export function withSources(rule: unknown, sources: readonly string[]): unknown {
  return withProperties(rule, (properties) => {
    const groups = listOf(properties.sourceApplicationSecurityGroups);
    const kept = groups.length > 0 ? without(properties, ['sourceApplicationSecurityGroups']) : properties;
    return withForm(kept, 'sourceAddressPrefix', 'sourceAddressPrefixes', sources);
  });
}

/** The rule with just these destination ports or ranges; the same object when it has them already. */
export function withDestinationPorts(rule: unknown, ports: readonly string[]): unknown {
  return withProperties(rule, (properties) =>
    withForm(properties, 'destinationPortRange', 'destinationPortRanges', ports),
  );
}

/** The rule with just this priority; the same object when it has it already. */
export function withPriority(rule: unknown, priority: number): unknown {
  return withProperties(rule, (properties) =>
    properties.priority === priority ? properties : { ...properties, priority },
  );
}

/** The rules with `rule` among them; the same list when it is there already, word for word. */
export function withRule(rules: readonly unknown[], rule: NewRule): readonly unknown[] {
  const wanted = armRule(rule);
  const present = ruleNamed(rules, rule.name);
  if (!isObject(present)) return [...rules, wanted];
  const properties = propertiesOf(present);
  const same = Object.entries(wanted.properties).every(([name, value]) => equal(properties[name], value));
  return same ? rules : rules.map((candidate) => (candidate === present ? wanted : candidate));
}

/** The rules with the one of that name as `body` has it; the same list when its content is that already. */
export function withBody(rules: readonly unknown[], name: string, body: JsonObject): readonly unknown[] {
  const present = ruleNamed(rules, name);
  if (!isObject(present)) return [...rules, body];
  const before = without(propertiesOf(present), ['provisioningState']);
  const wanted = without(propertiesOf(body), ['provisioningState']);
  const names = [...new Set([...Object.keys(before), ...Object.keys(wanted)])];
  if (names.every((each) => equal(before[each], wanted[each]))) return rules;
  return rules.map((candidate) => (candidate === present ? { ...present, properties: wanted } : candidate));
}

/** The object less these properties. */
export function without(object: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

function withProperties(rule: unknown, change: (properties: JsonObject) => JsonObject): unknown {
  if (!isObject(rule) || !isObject(rule.properties)) return rule;
  const properties = change(rule.properties);
  return properties === rule.properties ? rule : { ...rule, properties };
}

/**
 * One value or several: ARM wants the singular or the plural, never both. A rule keeps the form it had as long as that
 * can hold the values.
 */
function withForm(rule: JsonObject, singular: string, plural: string, values: readonly string[]): JsonObject {
  const had = [rule[singular], ...listOf(rule[plural])].filter((value) => textOf(value) !== undefined);
  if (had.length === values.length && values.every((value) => had.includes(value))) return rule;
  const others = without(rule, [singular, plural]);
  if (values.length > 1 || listOf(rule[plural]).length > 0) return { ...others, [plural]: [...values] };
  return { ...others, [singular]: values[0], ...(Array.isArray(rule[plural]) && { [plural]: [] }) };
}

function armRule(rule: NewRule): { readonly name: string; readonly properties: JsonObject } {
  const { name, sourceAddressPrefixes, destinationAddressPrefixes, destinationPortRanges, ...rest } = rule;
  const base = { ...rest, sourcePortRange: '*' };
  const sources = withForm(base, 'sourceAddressPrefix', 'sourceAddressPrefixes', sourceAddressPrefixes);
  const both = withForm(sources, 'destinationAddressPrefix', 'destinationAddressPrefixes', destinationAddressPrefixes);
  return { name, properties: withForm(both, 'destinationPortRange', 'destinationPortRanges', destinationPortRanges) };
}

function equal(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
