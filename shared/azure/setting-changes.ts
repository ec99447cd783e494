/** What edits of a resource change, in words a person reads. */
import { isDeepStrictEqual } from 'node:util';
import { type JsonObject, objectOf, textOf } from '../network/json';
import { nameOf } from '../network/network';
import { type PathStep, type PropertyEdit, valueAt } from '../network/resource-edit';
import type { SettingChange } from '../remediation/outcome';

const LONGEST_SHOWN = 200;

/** One change for each edit that makes a difference to `now`. */
export function settingChanges(now: JsonObject, edits: readonly PropertyEdit[]): readonly SettingChange[] {
  return edits.flatMap(({ path, value }) => {
    const before = valueAt(now, path);
    if (isDeepStrictEqual(before, value)) return [];
    return [{ setting: settingName(path), before: inWords(before), after: inWords(value) }];
  });
}

function settingName(path: readonly PathStep[]): string {
  const [last = '', ...above] = path
    .filter((step) => step !== 'properties')
    .map((step) => (typeof step === 'string' ? step : nameOf(step.named)))
    .toReversed();
  return above.length === 0 ? last : `${last} of ${above[0]}`;
}

function inWords(value: unknown): string {
  if (value === undefined || value === null) return '(none)';
  const id = textOf(objectOf(value).id);
  if (id !== undefined) return nameOf(id);
  return (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, LONGEST_SHOWN);
}
