/** ISO 8601 durations as PIM writes them. */

const PATTERN = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;
const DAY = 24 * 60;
/** Years and months are taken long, so that no duration is thought shorter than it is. */
const MINUTES = [366 * DAY, 31 * DAY, 7 * DAY, DAY, 60, 1, 1 / 60];

/** The length of `PT8H`, `P180D` and the like in minutes; undefined for text that is none. */
export function minutesOf(text: unknown): number | undefined {
  const match = typeof text === 'string' && /\d/.test(text) ? PATTERN.exec(text) : null;
  if (!match) return undefined;
  return MINUTES.reduce((sum, minutes, index) => sum + minutes * Number(match[index + 1] ?? 0), 0);
}
