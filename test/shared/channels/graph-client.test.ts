import { afterEach, describe, expect, test } from '@jest/globals';
import { graphPost, graphReason } from '../../../shared/channels/graph-client';
import { type ArmServer, startArm } from '../azure/arm-server';

const servers: ArmServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

describe('shared/channels/graph-client', () => {
  test.each([
    'https://attacker.example/v1.0/users',
    'https://graph.microsoft.com.attacker.example/v1.0/users',
    'https://graph.microsoft.us/v1.0/users',
  ])('a request to %s is refused before a token is asked for', async (address) => {
    const asked: unknown[] = [];
    const credential = {
      getToken: async (scope: unknown) => {
        asked.push(scope);
        return null;
      },
    };
    const post = graphPost({ graphEndpoint: 'https://graph.microsoft.com', credential });
    const reason: unknown = await post(address, {}, AbortSignal.timeout(1_000)).catch(graphReason);
    expect(reason).toBe('ForeignHost');
    expect(asked).toEqual([]);
  });

  test('an answer is given as it is, whatever its status', async () => {
    const server = await startArm(() => ({ status: 418, body: { error: { code: 'Teapot' } } }));
    servers.push(server);
    const credential = { getToken: async () => ({ token: 't', expiresOnTimestamp: Date.now() + 60_000 }) };
    const answer = await graphPost({ graphEndpoint: server.origin, credential })(
      '/x',
      { a: 1 },
      AbortSignal.timeout(1_000),
    );
    expect([answer.status, await answer.json()]).toEqual([418, { error: { code: 'Teapot' } }]);
    expect(server.seen.map(({ method, path, body }) => [method, path, body])).toEqual([['POST', '/v1.0/x', '{"a":1}']]);
  });
});
