/** Where JSON as it is now is not as it is to be written, in words: nothing means that it is so already. */
import { isObject, type JsonObject, textOf } from '../../network/json';
import type { SettingChange } from '../../remediation/outcome';

const LONGEST_SHOWN = 200;

/**
 * Compares only what `wanted` names, at any depth. Order and casing in lists say nothing, missing is empty, and a strength
 * is the same if its id is: everything else of it is Microsoft's.
 */
export function differences(now: unknown, wanted: JsonObject, within?: string): readonly SettingChange[] {
  const current = isObject(now) ? now : {};
  return Object.entries(wanted).flatMap(([key, value]) => {
    const before = current[key];
    const setting = within === undefined ? key : `${key} of ${within}`;
    if (key === 'authenticationStrength') return differing(setting, idIn(before), idIn(value));
    if (isObject(value) && isObject(before)) return differences(before, value, key);
    return differing(setting, before, value);
  });
}

function idIn(strength: unknown): unknown {
  return isObject(strength) ? textOf(strength.id) : strength;
}

function differing(setting: string, before: unknown, after: unknown): SettingChange[] {
  if (canonical(before) === canonical(after)) return [];
  return [{ setting, before: inWords(before), after: inWords(after) }];
}

/** One text for all ways to write the same value. */
function canonical(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.length === 0 ? '' : `[${value.map(inList).toSorted().join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? '';
  const parts = Object.entries(value).flatMap(([key, part]) => {
    const text = canonical(part);
    return text === '' ? [] : [`${key}:${text}`];
  });
  return parts.length === 0 ? '' : `{${parts.toSorted().join(',')}}`;
}

function inList(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.toLowerCase()) : canonical(value);
}

function inWords(value: unknown): string {
  if (canonical(value) === '') return '(none)';
  return (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, LONGEST_SHOWN);
}
