// PATCH as Compute understands it: objects are merged, null removes, lists are replaced.
import type { JsonObject } from '../json';
import { isObject, without } from '../json';

const IDENTITY = ['id', 'name', 'type', 'location', 'etag', 'apiVersion'];

function merged(before: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result: JsonObject = isObject(before) ? { ...before } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}

/** The body after the patch; what names a resource stays. */
export function mergePatch(before: JsonObject, patch: JsonObject): JsonObject {
  const { tags, ...rest } = without(patch, IDENTITY);
  // Tags are one value: a PATCH replaces them.
  const result: JsonObject = { ...before, ...(tags === undefined ? {} : { tags }) };
  for (const [key, value] of Object.entries(rest)) result[key] = merged(before[key], value);
  return result;
}
