/** Looks into an event of unknown shape and size: nothing throws, and nothing is read from a prototype. */

export type EventRecord = Readonly<Record<string, unknown>>;

/** ARM's own limit for a resource id is near 2,000 characters; no field that is read is longer. */
export const LONGEST_FIELD = 2048;
const LONGEST_TEXT = 256;
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}]/gu;

/** A text as people may see it, without control characters and at most 256 long; undefined when there is none. */
export function shown(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.slice(0, LONGEST_FIELD).replaceAll(UNPRINTABLE, '').trim();
  return text === '' ? undefined : Array.from(text).slice(0, LONGEST_TEXT).join('');
}

/** What stands there instead of what was expected, in a word or two. */
export function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (value === '') return 'empty';
  if (typeof value === 'string') return value.length > LONGEST_TEXT ? 'too long' : `'${shown(value) ?? ''}'`;
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** For comparing; cut where no name is longer. */
export function lower(text: string): string {
  return text.slice(0, LONGEST_FIELD).toLowerCase();
}

/** Own fields only, so that nothing is ever read from a prototype. */
export function field(record: EventRecord, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Whether the value is a JSON object. */
export function isRecord(value: unknown): value is EventRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
