/** Names for causes that are the same on every machine and at any time. */
import { createHash } from 'node:crypto';

/** Twelve hexadecimal digits for the given parts; the same parts always give the same digits. */
export function fingerprintOf(...parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
}
