/** Shows what became of the rules of a security group: one line per rule, before against after. */
import { at, isObject, listAt, textAt } from '../json';

/** The custom rules of a group (ARM JSON) by name, each as its deciding fields in one line. */
export function ruleLines(group: unknown): ReadonlyMap<string, string> {
  const rules = listAt(group, 'properties', 'securityRules').filter(isObject);
  return new Map(rules.map((rule) => [textAt(rule, 'name'), ruleLine(rule)]));
}

function ruleLine(rule: unknown): string {
  const text = (name: string): string => textAt(rule, 'properties', name);
  const list = (singular: string, plural: string): string =>
    [text(singular), ...listAt(rule, 'properties', plural).map(String)].filter((value) => value !== '').join(',');
  const source = list('sourceAddressPrefix', 'sourceAddressPrefixes');
  const destination = list('destinationAddressPrefix', 'destinationAddressPrefixes');
  const ports = list('destinationPortRange', 'destinationPortRanges');
  const priority = String(at(rule, 'properties', 'priority'));
  return `${textAt(rule, 'name')}: ${priority} ${text('direction')} ${text('access')} ${text('protocol')} ${source} -> ${destination}:${ports}`;
}

/** A group (ARM JSON) with one more rule, as ARM answered that rule. */
export function withRule(group: unknown, rule: unknown): unknown {
  const securityRules = [...listAt(group, 'properties', 'securityRules'), rule];
  return withProperties(group, { securityRules });
}

/** A resource (ARM JSON) with some of its properties replaced. */
export function withProperties(resource: unknown, replaced: object): object {
  const properties = at(resource, 'properties');
  return { ...(isObject(resource) && resource), properties: { ...(isObject(properties) && properties), ...replaced } };
}

/** The difference between two states of a group: `-` was, `+` is. Rules that are the same are left out. */
export function ruleDifference(before: unknown, after: unknown): string[] {
  const was = ruleLines(before);
  const is = ruleLines(after);
  const names = [...new Set([...was.keys(), ...is.keys()])];
  return names
    .filter((name) => was.get(name) !== is.get(name))
    .flatMap((name) => [lineOf('-', was.get(name)), lineOf('+', is.get(name))])
    .filter((line) => line !== undefined);
}

function lineOf(sign: string, rule: string | undefined): string | undefined {
  return rule === undefined ? undefined : `${sign} ${rule.replaceAll(/\S+,\S+/g, shortened)}`;
}

const longestList = 4;

/** A list of prefixes or ports as a reader takes it in. */
function shortened(list: string): string {
  const items = list.split(',');
  return items.length > longestList ? `${items.slice(0, 2).join(',')},…${items.length - 2} more` : list;
}
