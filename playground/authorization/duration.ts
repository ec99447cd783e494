// ISO 8601 durations as PIM uses them, in milliseconds.
const DURATION = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const UNITS = [365 * DAY, 30 * DAY, 7 * DAY, DAY, 60 * MINUTE, MINUTE, 1000];

/** How long `text` lasts, a year counted as 365 days and a month as 30; undefined when it is no duration. */
export function durationMs(text: string): number | undefined {
  const parts = DURATION.exec(text)?.slice(1);
  if (!parts || parts.every((part) => part === undefined)) return undefined;
  return parts.reduce((sum, part, index) => sum + Number(part ?? 0) * (UNITS[index] ?? 0), 0);
}
