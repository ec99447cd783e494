/** The two queue functions of the built app, through the queues they listen to. */
import { QueueClient } from '@azure/storage-queue';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { inboundRule, nsgApp } from '../../playground/stories/scene';
import type { NetworkScope } from '../../shared/scope';
import { openMarks } from '../../shared/store/marks';
import { openRechecks } from '../../shared/store/rechecks';
import { type GuardedEstate, startGuarded } from '../e2e/guarded-estate';

// Every test waits for a whole playground to come to rest, on whatever machine it runs.
jest.setTimeout(30_000);

const rdp = { access: 'Allow', priority: 120, sourceAddressPrefix: 'Internet', destinationPortRange: '3389' };

describe('functions on queues', () => {
  let guarded: GuardedEstate;
  let scope: NetworkScope;

  beforeAll(async () => {
    guarded = await startGuarded();
    scope = { kind: 'network', subscriptionId: guarded.playground.endpoints.subscription };
  });
  beforeEach(() => guarded.reset());
  afterAll(() => guarded.playground.close());

  function runsOf(name: string): readonly { readonly error?: string | undefined }[] {
    return guarded.playground.runs().filter((run) => run.name === name);
  }

  function queue(name: string): QueueClient {
    return new QueueClient(guarded.playground.endpoints.storage, name);
  }

  async function drift(): Promise<void> {
    const body = { properties: inboundRule(rdp) };
    expect((await guarded.asPerson('Dana Ops', 'PUT', `${nsgApp}/securityRules/allow-rdp`, body)).status).toBe(201);
  }

  test('a recheck that finds a mark looks, and takes it down', async () => {
    const connection = { connectionString: guarded.playground.endpoints.storage };
    await openMarks(connection).raise(scope, { kind: 'sweep' });
    expect((await guarded.playground.idle(1_000)).idle).toBe(false);
    await openRechecks(connection).put(scope, 0);
    await guarded.rest();
    expect(await openMarks(connection).read(scope)).toBeUndefined();
    expect(runsOf('recheck').map(({ error }) => error)).toEqual([undefined]);
  });

  test('a recheck without a mark, and one about somebody else, do nothing', async () => {
    const rechecks = openRechecks({ connectionString: guarded.playground.endpoints.storage });
    await rechecks.put(scope, 0);
    await rechecks.put({ ...scope, subscriptionId: '00000000-0000-0000-0000-000000000000' }, 0);
    await guarded.rest();
    expect(runsOf('recheck').map(({ error }) => error)).toEqual([undefined, undefined]);
  });

  test.each(['guardrail-recheck', 'guardrail-alerts'])(
    'what nobody can read in %s is acknowledged, and not set aside',
    async (name) => {
      await queue(name).createIfNotExists();
      const bodies = [
        '{',
        '[]',
        '7',
        '"text"',
        '{"scope":{"kind":"network"}}',
        '{"scope":{"kind":"network","subscriptionId":"x"},"incidentId":"../x"}',
      ];
      for (const body of bodies) await queue(name).sendMessage(Buffer.from(body).toString('base64'));
      await guarded.rest();
      const runs = runsOf(name === 'guardrail-recheck' ? 'recheck' : 'deliverAlert');
      expect(runs.map(({ error }) => error)).toEqual(bodies.map(() => undefined));
      expect(await queue(`${name}-poison`).exists()).toBe(false);
    },
  );

  test('an alert that was told already is not told again from the outbox', async () => {
    await drift();
    await guarded.rest();
    const [incident] = await guarded.incidents();
    const message = { scope: incident?.scope, incidentId: incident?.id };
    await queue('guardrail-alerts').sendMessage(Buffer.from(JSON.stringify(message)).toString('base64'));
    await guarded.rest();
    expect(runsOf('deliverAlert').map(({ error }) => error)).toEqual([undefined]);
    expect(guarded.playground.inbox()).toMatchObject({ teams: [{}], mail: [{}] });
    expect(guarded.playground.inbox().teams).toHaveLength(1);
  });
});
