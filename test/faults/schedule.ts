/** A bad day, drawn from a seed: what will go wrong with ARM, storage, identity, events and the channels, and when the app dies. */
import type { SCHEDULED_KINDS, ScheduledKind } from '../../playground/azure/fault-schedule';
import { createRandom, type Random } from '../../playground/azure/random';
import { drifts } from './drift';
import type { Mode } from './world';

/**
 * How a request fares at a border: `status` answers in its place; `cutOut` and `cutBack` cut the connection before anything
 * happened or after it did; `statusBack` lets it happen and answers a failure nevertheless.
 */
export const HIT_KINDS = ['status', 'statusBack', 'cutOut', 'cutBack'] as const;
export type HitKind = (typeof HIT_KINDS)[number];

export interface BorderFaults {
  /** The share of requests that are hit. */
  readonly rate: number;
  readonly kinds: readonly HitKind[];
  /** How many are hit at the most. */
  readonly limit: number;
}

export interface ArmFaults {
  readonly rate: number;
  readonly kinds: readonly ScheduledKind[];
  readonly limit: number;
  /** Seconds. */
  readonly retryAfter: number;
  /** Real milliseconds, as are the next two. */
  readonly delayMs: number;
  readonly operationMs: number;
  readonly staleMs: number;
}

export interface Schedule {
  readonly seed: number;
  readonly mode: Mode;
  readonly drift: string;
  readonly arm?: ArmFaults;
  readonly storage?: BorderFaults;
  readonly identity?: BorderFaults;
  readonly teams?: BorderFaults;
  readonly smtp?: BorderFaults;
  readonly events: { readonly duplicate: number; readonly delayMs: readonly [number, number]; readonly drop: number };
  /** The app dies at the crossings with these numbers, counted from the drift on. */
  readonly kills: readonly number[];
  /** A person edits the same group at this crossing. */
  readonly edit?: number;
}

const ARM_KINDS: typeof SCHEDULED_KINDS = [
  'throttled',
  'throttledBare',
  'conflict',
  'precondition',
  'serverError',
  'resetBefore',
  'resetAfter',
  'errorAfter',
  'slow',
  'slowOperation',
  'failedOperation',
  'stale',
];
/** One repair makes about as many crossings. */
const CROSSINGS = 150;

/** The bad day of this seed; always the same one. */
export function scheduleOf(seed: number): Schedule {
  // Neighbouring seeds begin alike.
  const random = createRandom(seed * 2_654_435_761);
  const chance = (share: number): boolean => random.number() < share;
  return {
    seed,
    mode: chance(0.1) ? 'report' : 'remediate',
    drift: pick(random, drifts).name,
    ...(chance(0.75) && { arm: armFaults(random) }),
    ...(chance(0.5) && { storage: borderFaults(random, 12, 0.15) }),
    ...(chance(0.2) && { identity: borderFaults(random, 4, 0.8) }),
    ...(chance(0.3) && { teams: borderFaults(random, 4, 1) }),
    ...(chance(0.3) && { smtp: borderFaults(random, 4, 0.5) }),
    events: {
      duplicate: chance(0.3) ? whole(random, 2, 4) : 1,
      delayMs: chance(0.4) ? [0, whole(random, 20, 400)] : [0, 0],
      drop: chance(0.1) ? 1 : 0,
    },
    kills: chance(0.35) ? Array.from({ length: whole(random, 1, 2) }, () => whole(random, 1, CROSSINGS)) : [],
    ...(chance(0.3) && { edit: whole(random, 1, CROSSINGS) }),
  };
}

function armFaults(random: Random): ArmFaults {
  return {
    rate: 0.05 + random.number() * 0.45,
    kinds: some(random, ARM_KINDS),
    limit: whole(random, 2, 30),
    retryAfter: whole(random, 0, 3),
    delayMs: whole(random, 10, 300),
    operationMs: whole(random, 20, 1500),
    staleMs: whole(random, 20, 500),
  };
}

function borderFaults(random: Random, most: number, rate: number): BorderFaults {
  return { rate: rate * (0.3 + 0.7 * random.number()), kinds: some(random, HIT_KINDS), limit: whole(random, 1, most) };
}

function whole(random: Random, from: number, to: number): number {
  return from + Math.floor(random.number() * (to - from + 1));
}

function pick<T>(random: Random, list: readonly T[]): T {
  const picked = list[Math.floor(random.number() * list.length)];
  if (picked === undefined) throw new RangeError('there is nothing to pick from');
  return picked;
}

/** Between one and all of them. */
function some<T>(random: Random, list: readonly T[]): T[] {
  const chosen = list.filter(() => random.number() < 0.4);
  return chosen.length > 0 ? chosen : [pick(random, list)];
}
