/** Looks at what was written until two looks in a row agree: one read may come from where the write has not arrived. */

export interface ReadingBack {
  readonly until: Date;
  readonly now: () => Date;
  readonly pause: (ms: number) => Promise<void>;
}

const AGREEING = 2;
const MOST_READS = 12;
const FIRST_PAUSE_MS = 150;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Whether `isThere` was true twice in a row before the time or the patience was over. A read that fails says nothing
 * either way: what was written stays written.
 */
export async function readBack(isThere: () => Promise<boolean>, { until, now, pause }: ReadingBack): Promise<boolean> {
  let agreeing = 0;
  for (let reads = 0; reads < MOST_READS; reads++) {
    if (reads > 0) await pause(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (reads - 1)));
    agreeing = (await isThere().catch(() => false)) ? agreeing + 1 : 0;
    if (agreeing === AGREEING) return true;
    if (now() >= until) return false;
  }
  return false;
}
