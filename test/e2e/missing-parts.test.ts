/** ARM answers with parts missing: what cannot be read is reported, and nothing is written that would rest on it. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { inboundRule, nsgApp } from '../../playground/stories/scene';
import { byId, type GuardedEstate, lasting, rulesOf, startGuarded } from './guarded-estate';
import { type IncompleteAnswer, incompleteAnswers, strayEntries } from './incomplete-answers';

// Every test waits for a whole playground to come to rest, on whatever machine it runs.
jest.setTimeout(30_000);

const rdp = { access: 'Allow', priority: 120, sourceAddressPrefix: 'Internet', destinationPortRange: '3389' };

describe('ARM answers with parts missing', () => {
  let guarded: GuardedEstate;
  let isFresh = true;

  beforeAll(async () => {
    guarded = await startGuarded();
  });
  beforeEach(async () => {
    if (!isFresh) await guarded.reset();
    isFresh = false;
  });
  afterEach(async () => {
    await guarded.control('POST', 'faults', {});
  });
  afterAll(() => guarded.playground.close());

  /** Opens RDP and looks, while one list answers so; `times` says how often it does. */
  async function openRdpUnder(
    { list, body }: IncompleteAnswer,
    fault: { readonly times?: number } = {},
  ): Promise<void> {
    await guarded.control('POST', 'faults', { events: { drop: 1 } });
    const rule = { properties: inboundRule(rdp) };
    const answer = await guarded.asPerson('Dana Ops', 'PUT', `${nsgApp}/securityRules/allow-rdp`, rule);
    expect(answer.status).toBe(201);
    const ofType = (await guarded.resources()).filter(({ type }) => type === `Microsoft.Network/${list}`);
    const match = { method: 'GET', path: `^/subscriptions/[^/]+/providers/Microsoft.Network/${list}$` };
    const respond = { status: 200, body: body(ofType) };
    await guarded.control('POST', 'faults', { rules: [{ match, ...fault, respond }] });
    await guarded.sweep();
  }

  test.each(incompleteAnswers.map((answer) => [answer.title, answer] as const))(
    '%s: it is reported, nothing is written, and the port is closed once it can be read',
    async (_, answer) => {
      await openRdpUnder(answer);
      expect(guarded.writesByApp()).toEqual([]);
      const incidents = await guarded.incidents();
      expect(incidents.map(({ status }) => status)).toEqual([expect.stringMatching(/^(held|failed)$/)]);
      const told = guarded.playground.inbox();
      expect({ teams: told.teams.length, mail: told.mail.length }).toEqual({ teams: 1, mail: 1 });

      await guarded.control('POST', 'faults', {});
      await guarded.sweep();
      expect(guarded.writesByApp().map(({ status }) => status < 300)).toEqual([true]);
      expect(rulesOf(byId(await guarded.resources(), nsgApp)).size).toBeGreaterThanOrEqual(3);
    },
  );

  test.each(strayEntries.map((answer) => [answer.title, answer] as const))(
    '%s in a list is reported, and what does not rest on it is repaired',
    async (_, answer) => {
      const before = await guarded.resources();
      await openRdpUnder(answer, { times: 1 });
      const incidents = await guarded.incidents();
      expect(incidents.map(({ status, gaps }) => [status, gaps.length > 0])).toEqual([['repaired', true]]);
      expect(guarded.writesByApp()).toHaveLength(1);
      expect(othersThanGroup(await guarded.resources())).toEqual(othersThanGroup(before));
    },
  );
});

function othersThanGroup(resources: readonly { readonly id: string }[]): unknown {
  return resources.filter(({ id }) => id !== nsgApp).map(lasting);
}
