// Waiting that costs nothing when there is nothing to wait for.
import { setTimeout as sleep } from 'node:timers/promises';

/** Waits `ms` milliseconds of real time; returns at once for 0 or less. */
export async function wait(ms: number): Promise<void> {
  if (ms > 0) await sleep(ms);
}
