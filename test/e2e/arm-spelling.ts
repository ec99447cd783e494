/** Spells generated rules as ARM takes them: a list may hold neither `*` nor a service tag, so these go in the singular. */
import { type JsonObject, isObject, listAt } from '../../playground/json';

const pairs = [
  ['sourceAddressPrefix', 'sourceAddressPrefixes'],
  ['destinationAddressPrefix', 'destinationAddressPrefixes'],
  ['sourcePortRange', 'sourcePortRanges'],
  ['destinationPortRange', 'destinationPortRanges'],
] as const;

function isTag(value: string): boolean {
  return /^[a-z][a-z.\d]*$/i.test(value) && !value.includes(':');
}

/** From one address to another: Azure's firewalls take that, its security groups do not. */
function isSpan(value: string | undefined): boolean {
  return value?.includes('-') === true;
}

/** The same rule in a spelling that ARM takes; undefined when there is none, as for two tags at once or a span of addresses. */
export function spelledRule(rule: object): object | undefined {
  let properties: JsonObject = 'properties' in rule && isObject(rule.properties) ? rule.properties : {};
  for (const [singular, plural] of pairs) {
    const all = listAt(properties, plural).map(String);
    const single = all.length === 1 ? all[0] : all.find((value) => /^(\*|any)$/i.test(value));
    if (single !== undefined) {
      const { [plural]: _list, ...rest } = properties;
      properties = { ...rest, [singular]: single };
    } else if (all.some(isTag)) return undefined;
    const singly = properties[singular];
    const every = [...all, ...(typeof singly === 'string' ? [singly] : [])];
    if (plural.endsWith('Prefixes') && every.some(isSpan)) return undefined;
  }
  return { ...rule, properties };
}

/** The same for a security group with all its rules. */
export function spelledGroup(group: object): object | undefined {
  const rules = listAt(group, 'properties', 'securityRules').filter(isObject).map(spelledRule);
  if (rules.includes(undefined)) return undefined;
  const properties = 'properties' in group && isObject(group.properties) ? group.properties : {};
  return { ...group, properties: { ...properties, securityRules: rules } };
}
