/** Properties that no model knows, put into everything a drift and its repair pass on. */
import { isObject, listAt } from '../../playground/json';

const mark = { plantedByTest: { keep: ['me', 1, null] } } as const;

/** The body of a security group with a mark at its top, in its properties and in each of its rules. */
export function plantGroup(group: object): object {
  const rules = listAt(group, 'properties', 'securityRules').filter(isObject);
  const properties = 'properties' in group && isObject(group.properties) ? group.properties : {};
  return { ...group, ...mark, properties: { ...properties, ...mark, securityRules: rules.map(plantRule) } };
}

/** The body of a rule with a mark at its top and in its properties. */
export function plantRule(rule: object): object {
  const properties = 'properties' in rule && isObject(rule.properties) ? rule.properties : {};
  return { ...rule, ...mark, properties: { ...properties, ...mark } };
}
