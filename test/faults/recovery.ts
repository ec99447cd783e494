/** Lets time pass until everything is done: events are delivered again, messages come back, and the sweep comes round. */
import type { World } from './world';

const STEP_MS = 15_000;
const SWEEP_EVERY_MS = 15 * 60_000;
/** After an hour the brake has forgotten what was written. */
const MOST_SWEEPS = 6;

export interface Recovery {
  /** How often the sweep had to come before all was done. */
  readonly sweeps: number;
}

/**
 * Waits, in the time of the world, until nothing is owed and `isDone`. Ends after `mostSweeps` (more than an hour unless
 * told) whatever the state: the judge says what is wrong with it.
 */
export async function recover(
  world: World,
  isDone: () => Promise<boolean>,
  mostSweeps = MOST_SWEEPS,
): Promise<Recovery> {
  for (let sweeps = 0; ; sweeps++) {
    const since = world.time.now().getTime();
    while (world.time.now().getTime() < since + SWEEP_EVERY_MS) {
      await world.quiet();
      const due = await world.due();
      if (due.length > 0) await world.skip(STEP_MS);
      else if (await isDone()) return { sweeps };
      else break;
    }
    if (sweeps >= mostSweeps) return { sweeps };
    await world.skip(Math.max(0, since + SWEEP_EVERY_MS - world.time.now().getTime()));
    await world.sweep();
  }
}
