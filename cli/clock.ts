/** `--now`: the clock of one call. */

const ISO_8601 = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** Reads a date, or a time with its zone, in ISO 8601; undefined for anything else. A date alone is its midnight in UTC. */
export function parseTime(text: string): Date | undefined {
  if (!ISO_8601.test(text)) return undefined;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
