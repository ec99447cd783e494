/** Edits of one ARM resource's JSON as data: which property becomes what, everything else left as it is. */
import { isObject, type JsonObject, textOf } from './json';

/** A property's name, or the element of a list that has this name or id in any casing. */
export type PathStep = string | { readonly named: string };

export interface PropertyEdit {
  /** From the resource's root, as in `['properties', 'ipConfigurations', {named: 'ipconfig1'}, 'properties', 'publicIPAddress']`. */
  readonly path: readonly PathStep[];
  /** What stands there afterwards; absent: nothing does. An element that is not there yet is added to its list. */
  readonly value?: unknown;
}

/**
 * The JSON after the edits, in order; the JSON given is left alone. A path whose parent does not exist is made for a
 * value and passed over for a removal.
 */
export function edited(json: JsonObject, edits: readonly PropertyEdit[]): JsonObject {
  return edits.reduce((current, edit) => {
    const next = withValue(current, edit.path, edit);
    return isObject(next) ? next : current;
  }, json);
}

/** What stands at the path; undefined where nothing does. */
export function valueAt(json: unknown, path: readonly PathStep[]): unknown {
  return path.reduce<unknown>((value, step) => {
    if (typeof step === 'string') return isObject(value) ? value[step] : undefined;
    return Array.isArray(value) ? value.find((element) => isNamed(element, step.named)) : undefined;
  }, json);
}

function withValue(value: unknown, [step, ...rest]: readonly PathStep[], edit: PropertyEdit): unknown {
  if (step === undefined) return edit.value;
  return typeof step === 'string' ? withProperty(value, step, rest, edit) : withElement(value, step.named, rest, edit);
}

function withProperty(value: unknown, name: string, rest: readonly PathStep[], edit: PropertyEdit): unknown {
  const object = isObject(value) ? value : {};
  if (edit.value === undefined && object[name] === undefined) return value;
  const next = withValue(object[name], rest, edit);
  if (next !== undefined) return { ...object, [name]: next };
  const { [name]: _, ...others } = object;
  return others;
}

function withElement(value: unknown, name: string, rest: readonly PathStep[], edit: PropertyEdit): unknown {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  const isThere = list.some((element) => isNamed(element, name));
  if (!isThere) return edit.value === undefined ? value : [...list, withValue({ name }, rest, edit)];
  return list.flatMap((element) => {
    if (!isNamed(element, name)) return [element];
    const next = withValue(element, rest, edit);
    return next === undefined ? [] : [next];
  });
}

/** Names and ids are case-insensitive in ARM. */
function isNamed(element: unknown, name: string): boolean {
  if (typeof element === 'string') return element.toLowerCase() === name.toLowerCase();
  if (!isObject(element)) return false;
  return [element.name, element.id].some((value) => textOf(value)?.toLowerCase() === name.toLowerCase());
}
