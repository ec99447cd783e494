/** Runs schedules of the model: every one there is, or as many random ones as are asked for. */
import { setImmediate } from 'node:timers';
import { type Limits, newModel, type Step } from './model';
import type { Parts } from './protocol';
import type { Broken } from './world';

/** A schedule that broke a promise: what happened, step by step. */
export interface Failure extends Broken {
  readonly steps: readonly string[];
  /** Of a random schedule: how to see it again. */
  readonly seed?: number;
}

export interface Explored {
  readonly schedules: number;
  readonly failure?: Failure;
}

const MOST_STEPS = 600;

/** Chooses one of the steps: its index. */
type Choose = (steps: readonly Step[]) => number;

async function runSchedule(parts: Parts, limits: Limits, choose: Choose): Promise<Failure | undefined> {
  const model = newModel(parts, limits);
  const names: string[] = [];
  for (let count = 0; count < MOST_STEPS; count++) {
    const steps = model.steps();
    const step = steps[choose(steps)];
    if (!step) return failureOf(model.atRest(), names);
    names.push(step.name());
    step.take();
    await settled();
    const broken = model.broken();
    if (broken) return failureOf(broken, names);
  }
  return { property: 'stuck scope', how: `no rest after ${MOST_STEPS} steps`, steps: names };
}

function failureOf(broken: Broken | undefined, steps: readonly string[]): Failure | undefined {
  return broken && { ...broken, steps };
}

/** Every worker has gone as far as it can without another call: a macrotask comes after all microtasks. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Every schedule within the limits, or those up to the first that breaks a promise. Throws after `most` schedules. */
export async function exploreAll(parts: Parts, limits: Limits, most: number): Promise<Explored> {
  let prefix: number[] = [];
  for (let schedules = 1; schedules <= most; schedules++) {
    const taken: { choice: number; of: number }[] = [];
    const failure = await runSchedule(parts, limits, (steps) => {
      const choice = prefix[taken.length] ?? 0;
      taken.push({ choice, of: steps.length });
      return choice;
    });
    if (failure) return { schedules, failure };
    const turn = taken.findLastIndex(({ choice, of }) => choice + 1 < of);
    if (turn === -1) return { schedules };
    prefix = taken.slice(0, turn + 1).map(({ choice }, index) => choice + (index === turn ? 1 : 0));
  }
  throw new Error(`there are more than ${most} schedules`);
}

/** Random schedules from seed `first` on, up to the first that breaks a promise. */
export async function exploreRandomly(parts: Parts, first: number, count: number): Promise<Explored> {
  for (let seed = first; seed < first + count; seed++) {
    const random = randomFrom(seed);
    const failure = await runSchedule(parts, limitsFrom(random), (steps) => chosen(steps, random));
    if (failure) return { schedules: seed - first + 1, failure: { ...failure, seed } };
  }
  return { schedules: count };
}

function limitsFrom(random: () => number): Limits {
  const upTo = (most: number): number => Math.floor(random() * (most + 1));
  return {
    changes: 1 + upTo(3),
    workers: 2 + upTo(2),
    faults: upTo(2),
    crashes: upTo(2),
    stalls: upTo(6),
    interruptions: Number.POSITIVE_INFINITY,
  };
}

const RARELY = 0.15;

function chosen(steps: readonly Step[], random: () => number): number {
  const weights = steps.map(({ isRare }) => (isRare ? RARELY : 1));
  let point = random() * weights.reduce((sum, weight) => sum + weight, 0);
  return Math.max(
    0,
    weights.findIndex((weight) => (point -= weight) < 0),
  );
}

/** Mulberry32: small, and the same numbers from the same seed everywhere. */
function randomFrom(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
