/** Gaps that readers of identity JSON leave where something of a known kind cannot be read. */
import { type JsonObject, textOf } from '../network/json';
import type { Gap } from '../network/network';
import type { EntryKind } from './entry';

/** Attacker-controlled names are as long as Entra lets them be, and no longer. */
const LONGEST_NAME = 256;

/** The name under any of these keys, bounded; the fallback where there is none. */
export function boundedName(json: JsonObject, keys: readonly string[], fallback: string): string {
  const name = keys.map((key) => textOf(json[key])).find((text) => text !== undefined);
  return (name ?? fallback).slice(0, LONGEST_NAME);
}

/** Says which one cannot be read, what is missing of it, and what to do. */
export function malformed(kind: EntryKind, json: JsonObject, missing: string): Gap {
  const resource = (textOf(json.id) ?? textOf(json.name) ?? textOf(json.displayName) ?? `a ${kind}`).slice(0, 512);
  const why = `it has no readable ${missing}, so it counts for nothing here; export it whole, as the API answers it`;
  return { resource, what: `malformed-${kind}`, why, touchesAdminPort: true };
}
