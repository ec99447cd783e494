/** The protocol of docs/concurrency.md, run through every interleaving of small cases and many of larger ones. */
import { describe, expect, test } from '@jest/globals';
import { type Explored, exploreAll, exploreRandomly } from './explore';
import type { Limits } from './model';
import { loadParts } from './protocol';

const PARTS = loadParts();
/** Another first seed, or more schedules: `LOOK_SEED=7 LOOK_SCHEDULES=100000 npx jest test/shared/look`. */
const FIRST_SEED = Number(process.env.LOOK_SEED ?? 1);
const SCHEDULES = Number(process.env.LOOK_SCHEDULES ?? 6000);
const MOST = 60_000;

const NOTHING_WRONG: Limits = { changes: 2, workers: 2, faults: 0, crashes: 0, stalls: 0, interruptions: 3 };

function told({ failure, schedules }: Explored): string {
  if (!failure) return 'every promise kept';
  const seed = failure.seed === undefined ? '' : ` (LOOK_SEED=${failure.seed})`;
  return [`${failure.property}${seed} after ${schedules} schedules: ${failure.how}`, ...failure.steps].join('\n');
}

describe('shared/look', () => {
  const cases: [string, Limits][] = [
    ['two events', NOTHING_WRONG],
    ['a worker dies', { ...NOTHING_WRONG, crashes: 1, interruptions: 1 }],
    ['a call fails', { ...NOTHING_WRONG, faults: 1, interruptions: 1 }],
    ['a worker stalls', { ...NOTHING_WRONG, stalls: 1, interruptions: 1 }],
  ];
  for (const [name, limits] of cases) {
    test(`keeps its promises however two workers take turns: ${name}`, async () => {
      const explored = await exploreAll(PARTS, limits, MOST);
      process.stderr.write(`look, ${name}: ${explored.schedules} schedules\n`);
      expect(told(explored)).toBe('every promise kept');
    }, 60_000);
  }

  test(`keeps its promises over ${SCHEDULES} random schedules of two to four workers`, async () => {
    const explored = await exploreRandomly(PARTS, FIRST_SEED, SCHEDULES);
    expect(told(explored)).toBe('every promise kept');
  }, 600_000);
});
