/** Whether somebody has changed a resource between the look that a plan was made from and the write. */
import { isDeepStrictEqual } from 'node:util';
import { isObject, type JsonObject, textOf } from '../network/json';
import { keyOf, type ResourceKey } from '../network/network';
import { isKeptByArm } from './writable-body';

/**
 * Compares the etags, and the contents where those differ: a child's etag moves with its parent's, and a reference back
 * comes or goes as what `ours` names (keys of what this run has written) is written.
 */
export function isMoved(planned: JsonObject, now: JsonObject, ours: readonly ResourceKey[]): boolean {
  const etag = textOf(planned.etag);
  if (etag !== undefined && etag === textOf(now.etag)) return false;
  return !isDeepStrictEqual(contentOf(planned, ours), contentOf(now, ours));
}

function contentOf(value: unknown, ours: readonly ResourceKey[]): unknown {
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    return list.filter((each) => !isAnyOf(each, ours)).map((each) => contentOf(each, ours));
  }
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([name, part]) => !isKeptByArm(name) && !isAnyOf(part, ours));
  return Object.fromEntries(kept.map(([name, part]) => [name, contentOf(part, ours)]));
}

/** Whether it refers to one of them or to a part of one. */
function isAnyOf(value: unknown, keys: readonly ResourceKey[]): boolean {
  const id = isObject(value) ? textOf(value.id) : undefined;
  if (id === undefined) return false;
  return keys.some((key) => isWithin(keyOf(id), key));
}

/** Whether `key` is `other` or a part of it. */
export function isWithin(key: ResourceKey, other: ResourceKey): boolean {
  return key === other || key.startsWith(`${other}/`);
}
