// What Compute takes and never gives back: passwords, custom data, protected settings of extensions.
import { isObject } from '../json';
import type { JsonObject } from '../json';

/** In lower case. Source: the write-only properties of the Compute REST contract. */
const SECRET = new Set([
  'adminpassword',
  'customdata',
  'userdata',
  'protectedsettings',
  'protectedsettingsfromkeyvault',
]);

function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  return isObject(value) ? withoutSecrets(value) : value;
}

/** The object as a GET shows it, at every depth. */
export function withoutSecrets(source: JsonObject): JsonObject {
  const shown = Object.entries(source).filter(([key]) => !SECRET.has(key.toLowerCase()));
  return Object.fromEntries(shown.map(([key, value]) => [key, bare(value)]));
}
