/** What Event Grid gave up on is told by the next sweep, once. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { storeDeadLetter } from '../../playground/dead-letters';
import { deployedEventSubscriptions } from '../../playground/event-subscriptions';
import { type GuardedEstate, startGuarded } from '../e2e/guarded-estate';

// It waits for a whole playground to come to rest, on whatever machine it runs.
jest.setTimeout(30_000);

let guarded: GuardedEstate;

beforeAll(async () => {
  guarded = await startGuarded();
});
afterAll(() => guarded.playground.close());

test('the sweep reads the dead letters of the deployed subscriptions and tells of them once', async () => {
  const [subscription] = deployedEventSubscriptions();
  const body = JSON.stringify([
    { deadLetterReason: 'MaxDeliveryAttemptsExceeded', lastDeliveryOutcome: 'Unauthorized' },
  ]);
  const letter = { container: subscription?.deadLetterContainer ?? '', path: 'GUARDRAIL/2026/3/1/10/a.json', body };
  await storeDeadLetter(guarded.playground.endpoints.storage, letter);
  await guarded.sweep();
  const [incident, ...others] = await guarded.incidents();
  expect(others).toEqual([]);
  expect(incident).toMatchObject({
    status: 'held',
    gaps: [
      { what: 'dead-letters', why: expect.stringContaining('MaxDeliveryAttemptsExceeded, last answer Unauthorized') },
    ],
  });
  expect(guarded.playground.inbox().teams).toHaveLength(1);
  await guarded.sweep();
  expect(await guarded.incidents()).toHaveLength(1);
  expect(guarded.playground.inbox().teams).toHaveLength(1);
});
