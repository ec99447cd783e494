/** Moments and durations as ARM and Graph write them (ISO 8601). */

const DURATION = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i;
const DAY = 86_400;
/** Years and months are taken long, so that nothing is thought to end sooner than it does. */
const SECONDS = [366 * DAY, 31 * DAY, 7 * DAY, DAY, 3600, 60, 1] as const;

/** The length of a duration such as `PT8H` or `P180D` in seconds; undefined if it is none. */
export function secondsOf(duration: unknown): number | undefined {
  if (typeof duration !== 'string') return undefined;
  const parts = DURATION.exec(duration)?.slice(1);
  if (!parts?.some((part) => part !== undefined)) return undefined;
  return parts.reduce((sum, part, index) => sum + Number(part ?? 0) * (SECONDS[index] ?? 0), 0);
}

/** The moment in milliseconds; undefined where there is none or it cannot be read. */
export function instantOf(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? undefined : instant;
}
