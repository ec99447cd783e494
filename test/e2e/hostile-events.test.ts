/** What anybody could send to the webhook or call a rule: nothing is written, nothing breaks, and people read it as text. */
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { at, isObject, listAt } from '../../playground/json';
import type { InboxContents } from '../../playground/inbox';
import { withProperties } from '../../playground/stories/rules';
import { inboundRule, nsgApp } from '../../playground/stories/scene';
import { byId, type GuardedEstate, lasting, startGuarded } from './guarded-estate';
import { event, foreign, hostile, hostileBodies } from './hostile-bodies';

// Every test waits for a whole playground to come to rest, on whatever machine it runs.
jest.setTimeout(30_000);

const rdp = { access: 'Allow', priority: 120, sourceAddressPrefix: 'Internet', destinationPortRange: '3389' };
describe('hostile and foreign events at the webhook', () => {
  let guarded: GuardedEstate;
  let clean: unknown;

  beforeAll(async () => {
    guarded = await startGuarded();
    clean = byId(await guarded.resources(), nsgApp);
  });
  afterAll(() => guarded.playground.close());

  async function openRdp(actor: string): Promise<void> {
    const properties = inboundRule(rdp);
    const answer = await guarded.asPerson(actor, 'PUT', `${nsgApp}/securityRules/allow-rdp`, { properties });
    expect(answer.status).toBe(201);
  }

  describe('one after the other', () => {
    test.each(hostileBodies)(
      '%s: a clean answer, the app alive, nothing written, nobody disturbed',
      async (_, body) => {
        expect([202, 400]).toContain(await guarded.postEvents(body));
        await guarded.rest();
        expect(guarded.writesByApp()).toEqual([]);
        expect(lasting(byId(await guarded.resources(), nsgApp))).toEqual(lasting(clean));
        expect(guarded.playground.inbox()).toEqual({ teams: [], mail: [] });
        const failed = guarded.playground.runs().filter(({ error }) => error !== undefined);
        expect(failed).toEqual([]);
      },
    );

    test('the process is still the one that was started', async () => {
      expect((await fetch(`${guarded.playground.endpoints.functions}/admin/host/status`)).status).toBe(200);
      const started = guarded.playground.host.pid;
      process.kill(started, 0);
    });

    test('a real event among foreign ones is handled', async () => {
      await guarded.control('POST', 'faults', { events: { drop: 1 } });
      await openRdp('Dana Ops');
      await guarded.control('POST', 'faults', {});
      expect(await guarded.postEvents(JSON.stringify([event({ subject: foreign }), event(), { eventType: 'x' }]))).toBe(
        202,
      );
      await guarded.rest();
      expect(guarded.writesByApp()).toHaveLength(1);
      expect(guarded.playground.inbox().teams).toHaveLength(1);
    });
  });

  describe('names that people are to read', () => {
    beforeEach(() => guarded.reset());

    test('a person’s name that is hostile', async () => {
      await openRdp(hostile);
      await guarded.rest();
      expectHarmless(guarded.playground.inbox());
      expect(guarded.playground.inbox().mail[0]?.text).toContain('Eve');
    });

    test('an event whose every text is hostile, about a drift that is real', async () => {
      await guarded.control('POST', 'faults', { events: { drop: 1 } });
      await openRdp('Dana Ops');
      await guarded.control('POST', 'faults', {});
      const claims = { name: hostile, ipaddr: hostile, appid: hostile };
      const body = JSON.stringify([event({ id: hostile }, { claims, operationName: hostile, correlationId: hostile })]);
      expect(await guarded.postEvents(body)).toBe(202);
      await guarded.rest();
      expectHarmless(guarded.playground.inbox());
      expect(guarded.writesByApp()).toHaveLength(1);
    });

    test('a rule whose name and description are hostile', async () => {
      const name = hostile.replaceAll('/', '⁄');
      const rule = { name, properties: { ...inboundRule(rdp), description: hostile } };
      const estate = (await guarded.resources()).map((resource) =>
        resource.id === nsgApp
          ? withProperties(resource, {
              securityRules: [...listAt(resource, 'properties', 'securityRules').filter(isObject), rule],
            })
          : resource,
      );
      await guarded.reset(estate);
      expectHarmless(guarded.playground.inbox());
      expect(guarded.writesByApp()).toEqual([]);
      expect((await guarded.incidents()).map(({ status }) => status)).toEqual(['held']);
    });
  });
});

function expectHarmless({ teams, mail }: InboxContents): void {
  expect({ teams: teams.length, mail: mail.length }).toEqual({ teams: 1, mail: 1 });
  for (const text of textsIn(teams[0]?.card)) {
    expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    expect(text).not.toMatch(/<(img|at|b)\b/i);
    expect(text).not.toMatch(/(?<!\\)\[[^\]]*\]\(/);
    expect(text).not.toMatch(/(?<!\\)\*\*/);
    expect(text).not.toContain('{{');
  }
  const [letter] = mail;
  expect(letter?.to).toEqual(['security@playground.example']);
  expect(letter?.headers['bcc']).toBeUndefined();
  expect(letter?.subject).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(letter?.text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(letter?.html).not.toMatch(/<(img|at)\b/i);
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.keys(value).flatMap((key) => textsIn(at(value, key))) : [];
}
