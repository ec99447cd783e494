/** A channel that is down when the alert is due: the port is closed all the same, and the alert comes later, once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { QueueClient } from '@azure/storage-queue';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { inboundRule, nsgApp } from '../../playground/stories/scene';
import { type GuardedEstate, startGuarded } from './guarded-estate';

// Every test waits for a whole playground to come to rest, on whatever machine it runs.
jest.setTimeout(30_000);

const rdp = { access: 'Allow', priority: 120, sourceAddressPrefix: 'Internet', destinationPortRange: '3389' };

describe('an alert that cannot be delivered', () => {
  let guarded: GuardedEstate;

  beforeAll(async () => {
    guarded = await startGuarded();
  });
  beforeEach(() => guarded.reset());
  afterAll(() => guarded.playground.close());

  function told(): { teams: number; mail: number } {
    const { teams, mail } = guarded.playground.inbox();
    return { teams: teams.length, mail: mail.length };
  }

  /** How many messages wait in the outbox, hidden ones too. */
  async function owed(): Promise<number> {
    const queue = new QueueClient(guarded.playground.endpoints.storage, 'guardrail-alerts');
    return (await queue.getProperties()).approximateMessagesCount ?? 0;
  }

  /** The event of the drift and that of its repair. There is no rest while an alert is owed. */
  async function bothEventsHandled(): Promise<void> {
    const deadline = Date.now() + 20_000;
    while (guarded.playground.runs().filter(({ name }) => name === 'nsgChanged').length < 2) {
      if (Date.now() > deadline) throw new Error('the drift and its repair did not both lead to a look');
      await sleep(20);
    }
  }

  /** Runs the outbox by hand: its messages come due only after 20 seconds. */
  async function runOutbox(): Promise<void> {
    const url = `${guarded.playground.endpoints.functions}/admin/functions/deliverAlert`;
    for (const { scope, id } of await guarded.incidents()) {
      const input = JSON.stringify({ scope, incidentId: id });
      const answer = await fetch(url, { method: 'POST', body: JSON.stringify({ input }) });
      expect(answer.status).toBe(202);
    }
    await guarded.rest();
  }

  test.each([
    ['Teams', { teams: { status: 503, times: 9 } }, { teams: 0, mail: 1 }],
    ['the mail server', { smtp: { status: 451, times: 9 } }, { teams: 1, mail: 0 }],
    ['everything', { teams: { status: 429, times: 9 }, smtp: { status: 421, times: 9 } }, { teams: 0, mail: 0 }],
  ])('while %s is down the repair stands, and the alert comes later, once in each channel', async (_, down, early) => {
    await guarded.control('POST', 'faults', down);
    const answer = await guarded.asPerson('Dana Ops', 'PUT', `${nsgApp}/securityRules/allow-rdp`, {
      properties: inboundRule(rdp),
    });
    expect(answer.status).toBe(201);
    await bothEventsHandled();
    expect(told()).toEqual(early);
    expect((await guarded.incidents()).map(({ status }) => status)).toEqual(['repaired']);
    expect(await owed()).toBeGreaterThan(0);

    await guarded.control('POST', 'faults', {});
    await runOutbox();
    expect(told()).toEqual({ teams: 1, mail: 1 });
    await runOutbox();
    await guarded.sweep();
    expect(told()).toEqual({ teams: 1, mail: 1 });
    expect(guarded.writesByApp()).toHaveLength(1);
  });
});
