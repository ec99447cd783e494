/** Four deaths of the app in one repair. All of them: `npm run faults`. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type Boundary, dieAt } from './kill';
import { startWorld, type World } from './world';

// Every test waits for a whole world to come to rest, on whatever machine it runs.
jest.setTimeout(60_000);

const putOfGroup = 'arm PUT /resourceGroups/rg-app/networkSecurityGroups/nsg-app';
const putOfRecord = 'blob PUT /guardrail-incidents/network-*/*';

const deaths: readonly (readonly [string, Boundary])[] = [
  ['the intent was recorded', { what: putOfRecord, side: 'back', time: 1 }],
  ['the write was sent and carried out, but not answered', { what: putOfGroup, side: 'back', time: 1 }],
  ['the write was answered, but its outcome not recorded', { what: putOfRecord, side: 'out', time: 2 }],
  [
    'the outcome was recorded, but nobody told',
    { what: 'queue POST /guardrail-alerts/messages', side: 'out', time: 1 },
  ],
];

describe('the app is killed with -9', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  test.each(deaths)(
    'when %s: the drift is repaired once, on record, told, and nothing else changed',
    async (_, where) => {
      const death = await dieAt(world, where);
      expect(death.isMet).toBe(true);
      expect(death.verdict).toMatchObject({ problems: [], statuses: ['repaired'], writes: 1 });
      expect(death.sweeps).toBe(0);
    },
  );
});
