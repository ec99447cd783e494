// Azure Policy's rule language, as far as denying writes needs it: fields, aliases, counts and their conditions.
import type { JsonObject } from './json';
import { at, isObject, objectAt, sameText, textAt } from './json';

export interface PolicyRule {
  readonly condition: JsonObject;
  /** `deny` refuses writes, `denyAction` refuses deletes. */
  readonly effect: 'deny' | 'denyAction';
}

/** What a rule is asked about. */
export interface PolicySubject {
  /** The resource as it would be written (or, for a delete, as it stands), with its full type, name and id. */
  readonly resource: JsonObject;
  /** Names of embedded children, such as security rules, that the request takes away. */
  readonly removed: readonly string[];
}

type Compare = (actual: unknown, wanted: unknown) => boolean;

function lower(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : (JSON.stringify(value)?.toLowerCase() ?? '');
}

function equal(actual: unknown, wanted: unknown): boolean {
  return actual !== undefined && lower(actual) === lower(wanted);
}

/** Azure Policy's `like`: one `*` or more stand for anything. */
export function isLike(actual: unknown, pattern: unknown): boolean {
  const [text, parts] = [lower(actual), lower(pattern).split('*')];
  const escaped = parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return actual !== undefined && new RegExp(`^${escaped.join('[^]*')}$`).test(text);
}

function isIn(actual: unknown, wanted: unknown): boolean {
  return Array.isArray(wanted) && wanted.some((each) => equal(actual, each));
}

function holds(actual: unknown, wanted: unknown): boolean {
  return Array.isArray(actual) ? isIn(wanted, actual) : lower(actual).includes(lower(wanted));
}

const COMPARISONS: Readonly<Record<string, Compare>> = {
  equals: equal,
  notEquals: (actual, wanted) => !equal(actual, wanted),
  like: isLike,
  notLike: (actual, wanted) => !isLike(actual, wanted),
  in: isIn,
  notIn: (actual, wanted) => !isIn(actual, wanted),
  contains: holds,
  notContains: (actual, wanted) => !holds(actual, wanted),
  exists: (actual, wanted) => (actual !== undefined && actual !== null) === (lower(wanted) === 'true'),
  less: (actual, wanted) => Number(actual) < Number(wanted),
  lessOrEquals: (actual, wanted) => Number(actual) <= Number(wanted),
  greater: (actual, wanted) => Number(actual) > Number(wanted),
  greaterOrEquals: (actual, wanted) => Number(actual) >= Number(wanted),
};

/** The element of an array that a `count` is looking at, by the array's alias. */
type Current = ReadonlyMap<string, unknown>;

/** ARM keeps most of a resource under `properties`; aliases leave that word out. */
function step(here: unknown, key: string): unknown[] {
  if (!isObject(here)) return [];
  const many = key.endsWith('[*]');
  const name = many ? key.slice(0, -3) : key;
  const bag = objectAt(here, 'properties');
  const owner = [here, bag].find((candidate) => Object.keys(candidate).some((each) => sameText(each, name)));
  const own = Object.entries(owner ?? {}).find(([each]) => sameText(each, name))?.[1];
  if (!many) return own === undefined ? [] : [own];
  return Array.isArray(own) ? own : [];
}

function follow(from: unknown, path: string): unknown[] {
  if (path === '') return [from];
  return path.split('.').reduce<unknown[]>((found, key) => found.flatMap((here) => step(here, key)), [from]);
}

/** The values of a field; more than one, or none, where it passes through `[*]`. */
function valuesOf(field: string, resource: JsonObject, current: Current): unknown[] {
  for (const [array, element] of current) {
    if (field.toLowerCase().startsWith(array)) return follow(element, field.slice(array.length).replace(/^\./, ''));
  }
  if (!field.includes('/')) return follow(resource, field);
  const prefix = `${textAt(resource, 'type') ?? ''}/`;
  return field.toLowerCase().startsWith(prefix.toLowerCase()) ? follow(resource, field.slice(prefix.length)) : [];
}

function compare(condition: JsonObject, actual: unknown): boolean {
  return Object.entries(COMPARISONS).every(([name, test]) => !(name in condition) || test(actual, condition[name]));
}

function counted(count: JsonObject, subject: PolicySubject, current: Current): number {
  const field = textAt(count, 'field') ?? '';
  const elements = valuesOf(field, subject.resource, current);
  if (count.where === undefined) return elements.length;
  const inner = (element: unknown): Current => new Map([[field.toLowerCase(), element], ...current]);
  return elements.filter((element) => meets(objectAt(count, 'where'), subject, inner(element))).length;
}

function conditionsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** True when the subject meets a condition of the language. */
function meets(condition: JsonObject, subject: PolicySubject, current: Current = new Map()): boolean {
  if ('allOf' in condition) return conditionsOf(condition.allOf).every((each) => meets(each, subject, current));
  if ('anyOf' in condition) return conditionsOf(condition.anyOf).some((each) => meets(each, subject, current));
  if ('not' in condition) return !meets(objectAt(condition, 'not'), subject, current);
  if ('removes' in condition) return subject.removed.some((name) => isLike(name, condition.removes));
  if ('count' in condition) return compare(condition, counted(objectAt(condition, 'count'), subject, current));
  const field = textAt(condition, 'field') ?? '';
  const values = valuesOf(field, subject.resource, current);
  // A condition on `[*]` holds when every element meets it.
  if (field.includes('[*]') && current.size === 0) return values.every((value) => compare(condition, value));
  return compare(condition, values[0]);
}

/** True when the rule refuses a write, or a delete, of the subject. */
export function isRefused(rule: PolicyRule, subject: PolicySubject, isDelete: boolean): boolean {
  const concernsRemoval = JSON.stringify(rule.condition).includes('"removes":');
  if (isDelete && rule.effect === 'deny' && !concernsRemoval) return false;
  if (!isDelete && rule.effect === 'denyAction') return false;
  return meets(rule.condition, subject);
}

function checkCondition(value: unknown): void {
  if (!isObject(value)) throw new Error('a policy condition must be an object');
  for (const key of ['allOf', 'anyOf']) {
    if (!(key in value)) continue;
    if (!Array.isArray(value[key])) throw new Error(`${key} of a policy rule must be a list`);
    for (const each of value[key]) checkCondition(each);
    return;
  }
  if ('not' in value) return checkCondition(value.not);
  if ('removes' in value) return;
  const where = at(value, 'count', 'where');
  if (where !== undefined) checkCondition(where);
  const hasSubject = textAt(value, 'field') !== undefined || textAt(value, 'count', 'field') !== undefined;
  const others = Object.keys(value).filter((key) => key !== 'field' && key !== 'count');
  const unknown = others.find((key) => !Object.hasOwn(COMPARISONS, key));
  if (hasSubject && others.length > 0 && unknown === undefined) return;
  throw new Error(`not a policy condition that the local Azure models: ${JSON.stringify(value)}`);
}

/**
 * Reads a `policyRule`: `if` with allOf, anyOf, not, field and count, `then.effect` deny or denyAction. Beyond Azure's
 * language, `{"removes": "<like>"}` holds when the request takes an embedded child of such a name away. Throws Error.
 */
export function parsePolicyRule(value: unknown): PolicyRule {
  const condition = at(value, 'if');
  checkCondition(condition);
  const given = textAt(value, 'then', 'effect');
  const effect = (['deny', 'denyAction'] as const).find((known) => sameText(known, given));
  if (!effect) throw new Error(`the effect of a policy rule must be deny or denyAction, not ${given ?? 'absent'}`);
  return { condition: objectAt(value, 'if'), effect };
}
