/** Plays one schedule: the drift, everything that goes wrong, the time until all is well again, and the verdict. */
import { listAt, textAt } from '../../playground/json';
import { CUT, type Crossing, type Order } from './crossing';
import { drifts, editBeside } from './drift';
import { hitsOf } from './hits';
import { isAllDone, judge, type Verdict } from './judge';
import { recover } from './recovery';
import type { Schedule } from './schedule';
import type { World } from './world';

export interface Played {
  readonly schedule: Schedule;
  readonly verdict: Verdict;
  /** What went wrong on request, one entry each. */
  readonly struck: readonly string[];
  readonly kills: number;
  readonly sweeps: number;
  readonly lines: readonly string[];
}

const SPEED_OF_RETRIES = 0.1;

export async function play(world: World, schedule: Schedule): Promise<Played> {
  const drift = drifts.find(({ name }) => name === schedule.drift);
  if (!drift) throw new RangeError(`there is no drift '${schedule.drift}'`);
  await world.reset(schedule.mode);
  const clean = await world.resources();
  // Nobody else has asked for anything yet.
  const app = textAt(await requestsToArm(world), 0, 'actor');
  // The faults are for the app: the person's own write comes first, and its event is held until they are in force.
  const events = { ...schedule.events, retryScale: SPEED_OF_RETRIES };
  await world.control('faults', { events: { ...events, hold: true } });
  await drift.make(world);
  const hits = hitsOf(schedule);
  const happenings = watchCrossings(world, schedule, hits.judge);
  await world.control('faults', {
    ...(schedule.arm && { schedule: { seed: schedule.seed, ...schedule.arm, match: { actor: app } } }),
    events,
  });

  const isDone = (): Promise<boolean> => isAllDone(world, schedule.mode);
  const during = await recover(world, isDone, 1);
  const armFaults = await faultsOfArm(world);
  world.setCheckpoint(undefined);
  await world.control('faults', { events: { retryScale: SPEED_OF_RETRIES } });
  const afterwards = await recover(world, isDone);
  const isEdited = await happenings.edited();
  await world.skip(60_000);
  await world.sweep();

  const struck = [...armFaults, ...hits.struck()];
  const verdict = await judge(world, clean, {
    mode: schedule.mode,
    drift,
    isEdited,
    mostTold: 1 + hits.struck().length + happenings.kills(),
    // A write that ARM undid has to be made again.
    mostWrites: 1 + armFaults.filter((fault) => fault === 'failedOperation').length,
  });
  const sweeps = during.sweeps + afterwards.sweeps;
  return { schedule, verdict, struck, kills: happenings.kills(), sweeps, lines: world.lines() };
}

interface Happenings {
  readonly kills: () => number;
  /** Whether the edit was made; waits for it. */
  readonly edited: () => Promise<boolean>;
}

/** Counts the app's crossings, kills it at some, lets a person edit at one, and asks `judgeHit` about the others. */
function watchCrossings(world: World, schedule: Schedule, judgeHit: (crossing: Crossing) => Order): Happenings {
  let count = 0;
  let kills = 0;
  let edit: Promise<unknown> | undefined;
  world.setCheckpoint(async (crossing) => {
    count += 1;
    if (schedule.kills.includes(count)) {
      kills += 1;
      await world.kill();
      return CUT;
    }
    if (count === schedule.edit) edit = untilItWorks(() => editBeside(world));
    return judgeHit(crossing);
  });
  return {
    kills: () => kills,
    edited: async () => {
      await edit;
      return edit !== undefined;
    },
  };
}

/** A person whose write is refused because the group is busy tries again. */
async function untilItWorks(work: () => Promise<unknown>): Promise<unknown> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries >= 40) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function requestsToArm(world: World): Promise<readonly unknown[]> {
  const requests = await world.control('requests', undefined);
  return listAt({ requests }, 'requests').filter((request) => textAt(request, 'path').startsWith('/subscriptions/'));
}

async function faultsOfArm(world: World): Promise<string[]> {
  return (await requestsToArm(world)).map((request) => textAt(request, 'fault')).filter((fault) => fault !== '');
}
