/** Six random bad days. Two hundred: `npm run faults`; SEED=n plays one of them again. */
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { play, type Played } from './play';
import { badDay } from './play-sweep';
import { inWorlds } from './pool';
import { scheduleOf } from './schedule';

// All of them are played before the first verdict, on whatever machine this runs.
jest.setTimeout(240_000);

const given = process.env['SEED'];
const count = Number(process.env['SCHEDULES'] ?? 6);
const seeds = given === undefined ? Array.from({ length: count }, (_, index) => index + 1) : [Number(given)];

describe('after a random schedule of faults, all is compliant, recorded and told, and nothing else changed', () => {
  const played = new Map<number, Played>();

  beforeAll(async () => {
    // Three at a time: mostly each of them waits.
    await inWorlds(3, seeds, async (world, seed) => {
      played.set(seed, await play(world, scheduleOf(seed)));
    });
  });

  test.each(seeds)('seed %i', (seed) => {
    const day = played.get(seed);
    if (!day) throw new Error('it was not played');
    if (day.verdict.problems.length > 0) throw new Error(badDay(day).join('\n'));
    expect(day.verdict.statuses).not.toContain('open');
  });
});
