// When Event Grid tries again, and when it gives up. Source: Event Grid message delivery and retry.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const LONGEST = 12 * HOUR;
const WAITS = [
  10 * SECOND,
  30 * SECOND,
  MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  LONGEST,
];
/** An Azure function endpoint that answers so is not asked again. */
const FINAL = [400, 403, 413];

export const MAX_ATTEMPTS = 30;
export const TIME_TO_LIVE = 24 * HOUR;

/** Milliseconds, without jitter, from an attempt that failed to the next one; the last wait repeats. */
export function waitAfter(attempts: number): number {
  return WAITS[attempts - 1] ?? LONGEST;
}

/** True when an answer with this status leaves the event to be tried again. */
export function isRetried(status: number): boolean {
  return !FINAL.includes(status);
}
