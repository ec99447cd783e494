/** One death: the app is killed with -9 as a certain request crosses a border, and everything that follows is judged. */
import { CUT, type Crossing, PASS } from './crossing';
import { type Drift, rdpFromInternet } from './drift';
import { isAllDone, judge, type Verdict } from './judge';
import { recover } from './recovery';
import type { Passage, World } from './world';

/** A place to die: the request with these words, the `time`th of them in the run, on its way out or with its answer. */
export interface Boundary {
  readonly what: string;
  readonly side: Crossing['side'];
  readonly time: number;
}

export interface Death {
  readonly boundary: Boundary;
  /** False if the run never came to the boundary: the order of parallel steps differs from run to run. */
  readonly isMet: boolean;
  readonly verdict: Verdict;
  /** From the death until ARM took the repair, in seconds of the app's time; 0 if it had already. */
  readonly secondsToRepaired: number;
  /** The same until the last channel was told. */
  readonly secondsToTold: number;
  readonly sweeps: number;
  readonly lines: readonly string[];
}

/** Every boundary of one repair that nothing disturbs, in order. */
export async function recordBoundaries(world: World, drift: Drift = rdpFromInternet): Promise<readonly Boundary[]> {
  await world.reset();
  await drift.make(world);
  await recover(world, () => isAllDone(world, 'remediate'));
  const counts = counter();
  return world.passages().map((passage) => counts(passage));
}

/** A clean estate, the drift, the death, and as much time as it takes until all is well again. */
export async function dieAt(world: World, boundary: Boundary, drift: Drift = rdpFromInternet): Promise<Death> {
  await world.reset();
  const clean = await world.resources();
  const counts = counter();
  let diedAt: number | undefined;
  world.setCheckpoint(async (crossing) => {
    if (diedAt !== undefined || !isSame(counts(crossing), boundary)) return PASS;
    diedAt = world.time.now().getTime();
    await world.kill();
    return CUT;
  });
  await drift.make(world);
  const { sweeps } = await recover(world, () => isAllDone(world, 'remediate'));
  // Whatever comes later must find nothing left to do, and nothing left to say.
  await world.skip(60_000);
  await world.sweep();
  const since = diedAt ?? world.time.now().getTime();
  const verdict = await judge(world, clean, {
    mode: 'remediate',
    drift,
    isEdited: false,
    mostTold: 2,
    mostWrites: 1,
  });
  return {
    boundary,
    isMet: diedAt !== undefined,
    verdict,
    secondsToRepaired: secondsSince(since, lastWrite(world.passages())),
    secondsToTold: secondsSince(since, lastTold(world)),
    sweeps,
    lines: world.lines(),
  };
}

export function nameOf({ what, side, time }: Boundary): string {
  return `${side === 'out' ? 'before' : 'after '} ${what}${time > 1 ? ` (${time})` : ''}`;
}

function counter(): (crossing: Crossing) => Boundary {
  const counts = new Map<string, number>();
  return ({ what, side }) => {
    const key = `${side} ${what}`;
    const time = (counts.get(key) ?? 0) + 1;
    counts.set(key, time);
    return { what, side, time };
  };
}

function isSame(one: Boundary, other: Boundary): boolean {
  return one.what === other.what && one.side === other.side && one.time === other.time;
}

function lastWrite(passages: readonly Passage[]): number {
  const taken = passages.filter(
    ({ world, method, side, status = 0 }) => world === 'arm' && method !== 'GET' && side === 'back' && status < 300,
  );
  return taken.at(-1)?.at ?? Number.NaN;
}

function lastTold(world: World): number {
  const { teams, mail } = world.inbox.read();
  return Math.max(...[teams, mail].map((list) => Date.parse(list[0]?.receivedAt ?? '')));
}

function secondsSince(since: number, then: number): number {
  return Math.max(0, Math.round((then - since) / 1000));
}
