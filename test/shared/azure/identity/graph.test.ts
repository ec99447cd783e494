import { afterEach, describe, expect, test } from '@jest/globals';
import { AzureError } from '../../../../shared/azure/error';
import { type Graph, graphAt } from '../../../../shared/azure/identity/graph';
import { readManyPages, readPages } from '../../../../shared/azure/identity/graph-pages';
import { graphPaces, paceOf } from '../../../../shared/azure/identity/pace';
import { WriteStopped } from '../../../../shared/azure/identity/write-stopped';
import { isObject, listOf } from '../../../../shared/network/json';
import { type Answer, type ArmServer, type Respond, startArm } from '../arm-server';

const THROTTLED: Answer = { status: 429, body: { error: { code: 'TooManyRequests', message: 'Too Many Requests' } } };

let server: ArmServer | undefined;
afterEach(() => server?.close());

interface Trial {
  readonly graph: Graph;
  readonly seen: ArmServer['seen'];
  readonly pauses: readonly number[];
  readonly origin: string;
}

/** Time stands still but for the pauses. */
async function graphTo(respond: Respond): Promise<Trial> {
  server = await startArm(respond);
  let time = 0;
  const pauses: number[] = [];
  const waiting = {
    clock: () => time,
    pause: async (ms: number) => {
      pauses.push(ms);
      time += ms;
    },
  };
  const credential = { getToken: async () => ({ token: 'secret', expiresOnTimestamp: Date.now() + 3_600_000 }) };
  const graph = graphAt({ graphEndpoint: server.origin, credential, waiting, paces: graphPaces(waiting) });
  return { graph, seen: server.seen, pauses, origin: server.origin };
}

function throttledFor(seconds: number): Answer {
  return { ...THROTTLED, headers: { 'retry-after': String(seconds) } };
}

async function freely(): Promise<undefined> {
  return undefined;
}

function inTurn(...answers: readonly Answer[]): Respond {
  let next = 0;
  return () => answers[Math.min(next++, answers.length - 1)] ?? {};
}

describe('shared/azure/identity/graph', () => {
  test('backs off by itself where Graph does not say for how long, and gives up within a minute', async () => {
    const { graph, seen, pauses } = await graphTo(inTurn(THROTTLED, THROTTLED, { body: { id: 'x' } }));
    expect(await graph({ method: 'GET', path: '/organization' })).toMatchObject({ status: 200, body: { id: 'x' } });
    expect(seen).toHaveLength(3);
    expect(pauses).toEqual([1000, 2000]);
    expect(seen[0]?.headers.authorization).toBe('Bearer secret');
    await server?.close();

    const endless = await graphTo(inTurn(THROTTLED));
    await expect(endless.graph({ method: 'GET', path: '/organization' })).rejects.toMatchObject({
      status: 429,
      retryable: true,
    });
    expect(endless.pauses.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(46_000);
  });

  test('waits as long as Graph says, unless that is too long', async () => {
    const { graph, pauses, seen } = await graphTo(inTurn(throttledFor(7), throttledFor(300)));
    await expect(graph({ method: 'GET', path: '/organization' })).rejects.toBeInstanceOf(AzureError);
    expect(pauses).toEqual([7000]);
    expect(seen).toHaveLength(2);
  });

  test('sends one request a second to Conditional Access, and others at once', async () => {
    const { graph, pauses } = await graphTo(() => ({ body: { value: [] } }));
    for (const path of ['/identity/conditionalAccess/policies', '/organization', '/groups/g/members']) {
      await graph({ method: 'GET', path });
    }
    expect(pauses).toEqual([]);
    await graph({ method: 'GET', path: '/identity/conditionalAccess/namedLocations' });
    expect(pauses).toEqual([1050]);
  });

  test('tries a broken connection again for a read, and never creates anything twice', async () => {
    const { graph, seen } = await graphTo(inTurn({ reset: true }, { body: {} }));
    await graph({ method: 'GET', path: '/organization' });
    expect(seen).toHaveLength(2);
    await server?.close();

    const creating = await graphTo(() => ({ reset: true }));
    await expect(creating.graph({ method: 'POST', path: '/x', body: {}, mayWrite: freely })).rejects.toMatchObject({
      retryable: true,
    });
    expect(creating.seen).toHaveLength(1);
  });

  test('asks before every sending of a write', async () => {
    const { graph, seen } = await graphTo(inTurn(THROTTLED, { status: 204, body: '' }));
    const reasons = [undefined, 'halted'];
    const mayWrite = async (): Promise<string | undefined> => reasons.shift();
    await expect(graph({ method: 'PATCH', path: '/x', body: { a: 1 }, mayWrite })).rejects.toBeInstanceOf(WriteStopped);
    expect(seen).toHaveLength(1);
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ a: 1 });
  });

  test('sends the token nowhere else, whatever a link says', async () => {
    const { graph, seen } = await graphTo(() => ({
      body: { value: [{ id: '1' }], '@odata.nextLink': 'https://graph.example.com/v1.0/x?$skiptoken=2' },
    }));
    const { items, error } = await readPages(graph, '/x');
    expect(items).toEqual([{ id: '1' }]);
    expect(error).toMatchObject({ code: 'ForeignHost', retryable: false });
    expect(seen).toHaveLength(1);
  });

  test('a credential that fails is told of once', async () => {
    await graphTo(() => ({}));
    let asked = 0;
    const credential = {
      getToken: async () => {
        asked += 1;
        const error = new Error('no identity here');
        error.name = 'CredentialUnavailableError';
        throw error;
      },
    };
    const waiting = { clock: () => 0, pause: async () => undefined };
    const graph = graphAt({ graphEndpoint: server?.origin ?? '', credential, waiting, paces: graphPaces(waiting) });
    await expect(graph({ method: 'GET', path: '/organization' })).rejects.toMatchObject({ code: 'NoCredential' });
    expect(asked).toBe(1);
  });
});

describe('shared/azure/identity/graph-pages', () => {
  test('follows links to the end and gives each item the context of its page', async () => {
    const { graph } = await graphTo(({ url }) => ({
      body: url.includes('skiptoken')
        ? { '@odata.context': 'c#users', value: [{ id: '2' }] }
        : {
            '@odata.context': 'c#users',
            value: [{ id: '1' }],
            '@odata.nextLink': `${server?.origin}/v1.0/users?$skiptoken=a%3Db`,
          },
    }));
    const { items } = await readPages(graph, '/users?$select=id');
    expect(items).toEqual([
      { '@odata.context': 'c#users', id: '1' },
      { '@odata.context': 'c#users', id: '2' },
    ]);
  });

  test('stops at a link that leads in a circle', async () => {
    const { graph, seen } = await graphTo(() => ({
      body: { value: [], '@odata.nextLink': `${server?.origin}/v1.0/users?$skiptoken=1` },
    }));
    expect((await readPages(graph, '/users')).error).toMatchObject({ code: 'UnexpectedAnswer' });
    expect(seen.length).toBeLessThan(4);
  });

  test('asks for twenty lists in one request, and for a throttled one again by itself', async () => {
    const { graph, seen } = await graphTo(({ path, body }) => {
      if (path !== '/v1.0/$batch') return { body: { value: [{ id: path }] } };
      const asked: unknown = JSON.parse(body);
      const responses = (isObject(asked) ? listOf(asked.requests) : []).filter(isObject).map(({ id, url }) => {
        if (url === '/list/3') return { id, status: 429, body: {} };
        if (url === '/list/4') return { id, status: 403, body: { error: { code: 'AccessDenied' } } };
        return { id, status: 200, body: { value: [{ id: url }] } };
      });
      return { body: { responses: responses.toReversed() } };
    });
    const paths = Array.from({ length: 45 }, (_, index) => `/list/${index}`);
    const pages = await readManyPages(graph, paths);
    expect(seen).toHaveLength(4);
    expect(pages.map(({ items }) => items)[44]).toEqual([{ id: '/list/44' }]);
    expect(pages[3]?.items).toEqual([{ id: '/v1.0/list/3' }]);
    expect(pages[4]?.error).toMatchObject({ status: 403, code: 'AccessDenied' });
  });
});

test('a window of five in ten seconds lets five through at once', async () => {
  let time = 0;
  const pauses: number[] = [];
  const pace = paceOf(5, 10_000, {
    clock: () => time,
    pause: async (ms) => {
      pauses.push(ms);
      time += ms;
    },
  });
  await Promise.all(Array.from({ length: 7 }, () => pace()));
  expect(pauses).toEqual([10_500]);
});
