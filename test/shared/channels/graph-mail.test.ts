import type { TokenCredential } from '@azure/identity';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createLocalAzure } from '../../../playground/azure';
import { listen } from '../../../playground/azure/listen';
import { type GraphMailOptions, graphMailChannel } from '../../../shared/channels/graph-mail';
import { aFinding, anIncident } from '../alerts/an-incident';
import { type Answer, type ArmServer, type Seen, startArm } from '../azure/arm-server';
import { endSilence, silence } from './silence';

const TOKEN = 'eyJ0eXAiOiJKV1Qi.czNjcjN0LXRva2Vu.s3cr3t-signature';
const FROM = 'guardrail@contoso.example';
const TO = ['security@contoso.example', 'ops@contoso.example'];
const servers: ArmServer[] = [];

afterEach(async () => {
  endSilence();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function graph(...answers: Answer[]): Promise<ArmServer> {
  let next = 0;
  const server = await startArm((): Answer => answers[Math.min(next++, answers.length - 1)] ?? {});
  servers.push(server);
  return server;
}

function bearer(scopes: string[] = []): TokenCredential {
  return {
    getToken: async (scope) => {
      scopes.push(...[scope].flat());
      return { token: TOKEN, expiresOnTimestamp: Date.now() + 3_600_000 };
    },
  };
}

function channelAt(graphEndpoint: string, changes: Partial<GraphMailOptions> = {}) {
  return graphMailChannel({ graphEndpoint, credential: bearer(), from: FROM, to: TO, timeoutMs: 8_000, ...changes });
}

async function failureOf(graphEndpoint: string, changes: Partial<GraphMailOptions> = {}): Promise<string> {
  const error: unknown = await channelAt(graphEndpoint, changes)
    .deliver(anIncident())
    .then(
      () => 'delivered',
      (reason: unknown) => reason,
    );
  if (!(error instanceof Error)) throw new Error(String(error));
  const printed = `${error.message} ${error.stack ?? ''} ${JSON.stringify(error, Object.getOwnPropertyNames(error))}`;
  expect(printed).not.toMatch(/Bearer|eyJ0|s3cr3t/);
  return error.message;
}

function unavailable(): Error {
  return Object.assign(new Error('s3cr3t'), { name: 'CredentialUnavailableError' });
}

function mailIn(seen: readonly Seen[]): unknown {
  return JSON.parse(seen.at(-1)?.body ?? '');
}

describe('shared/channels/graph-mail', () => {
  test('the local Azure takes the mail for all recipients, with the incident’s id to recognise it by', async () => {
    const azure = createLocalAzure({ estate: [] });
    const server = await listen(azure.fetch, { port: 0 });
    try {
      await channelAt(server.url).deliver(anIncident());
      const requests: unknown = await (await fetch(`${server.url}/playground/requests`)).json();
      expect(requests).toMatchObject([
        {
          method: 'POST',
          path: '/v1.0/users/guardrail%40contoso.example/sendMail',
          status: 202,
          body: {
            message: {
              subject: '[Bastion Guardrail] critical: Repaired: vm-app-1: 3389/tcp is open to the Internet',
              body: { contentType: 'HTML', content: expect.stringContaining('Dana Ops') },
              toRecipients: TO.map((address) => ({ emailAddress: { address } })),
              internetMessageHeaders: [{ name: 'x-bastion-guardrail-incident', value: 'inc-20260301-f1' }],
            },
            saveToSentItems: false,
          },
        },
      ]);
    } finally {
      await azure.close();
      await server.close();
    }
  });

  test.each([
    ['http://127.0.0.1', 'https://graph.microsoft.com/.default'],
    ['https://graph.microsoft.us', 'https://graph.microsoft.us/.default'],
  ])('the token for %s is asked for %s', async (endpoint, scope) => {
    const scopes: string[] = [];
    const refusing: TokenCredential = {
      getToken: async (asked) => {
        scopes.push(...[asked].flat());
        return null;
      },
    };
    expect(await failureOf(endpoint, { credential: refusing })).toMatch(/^email: no token.*managed identity/);
    expect(scopes).toEqual([scope]);
  });

  test('bears the token and nothing of it in the body', async () => {
    const { origin, seen } = await graph({ status: 202, body: '' });
    await channelAt(origin, { credential: async () => bearer() }).deliver(anIncident());
    expect(seen[0]?.headers).toMatchObject({ authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' });
    expect(seen[0]?.body).not.toContain(TOKEN);
  });

  test('names with line breaks, markup and other scripts stay inside the subject and the text', async () => {
    const { origin, seen } = await graph({ status: 202 });
    const title = 'x\r\nBcc: evil@example.org\r\n<script>田中</script>';
    await channelAt(origin).deliver(anIncident({ id: 'inc\r\nX-Evil: 2', findings: [aFinding({ title })] }));
    expect(mailIn(seen)).toMatchObject({
      message: {
        subject: expect.not.stringMatching(/[\r\n]/),
        body: { content: expect.stringContaining('&lt;script&gt;田中&lt;/script&gt;') },
        internetMessageHeaders: [{ value: 'inc--X-Evil--2' }],
      },
    });
  });

  test('a sender with a slash or a question mark stays one segment of the path', async () => {
    const { origin, seen } = await graph({ status: 202 });
    await channelAt(origin, { from: 'a/../b?c#d@contoso.example' }).deliver(anIncident());
    expect(seen[0]?.url).toBe('/v1.0/users/a%2F..%2Fb%3Fc%23d%40contoso.example/sendMail');
  });

  test('waits the second that Graph asks for and sends the mail then', async () => {
    const { origin, seen } = await graph({ status: 429, headers: { 'retry-after': '1' } }, { status: 202 });
    await channelAt(origin).deliver(anIncident());
    expect(seen).toHaveLength(2);
    expect(seen[1]?.headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(seen[1]?.body).toBe(seen[0]?.body);
  });

  test('leaves a longer wait to the outbox', async () => {
    const { origin, seen } = await graph({ status: 429, headers: { 'retry-after': '120' } });
    expect(await failureOf(origin)).toMatch(/email: Microsoft Graph answered 429\. The alert is kept and sent again\./);
    expect(seen).toHaveLength(1);
  });

  test('gives up after three tries of a service that is not available', async () => {
    const { origin, seen } = await graph({ status: 503, headers: { 'retry-after': '0' } });
    expect(await failureOf(origin)).toMatch(/503.*sent again/);
    expect(seen).toHaveLength(3);
  });

  test.each([
    [400, 'ErrorInvalidRecipients', /400 ErrorInvalidRecipients\. .*GUARDRAIL_EMAIL_TO/],
    [401, 'InvalidAuthenticationToken', /401 InvalidAuthenticationToken\. .*tenant/],
    [403, 'ErrorAccessDenied', /403 ErrorAccessDenied\. .*Mail\.Send/],
    [404, 'ErrorInvalidUser', /404 ErrorInvalidUser\. .*mailbox/],
    [413, 'RequestEntityTooLarge', /413.*too large/],
    [500, 'InternalServerError', /500.*sent again/],
    [502, 'BadGateway', /502.*sent again/],
  ])('an answer of %d is a failure that says what to do', async (status, code, expected) => {
    const body = { error: { code, message: `refused ${TOKEN}` } };
    const { origin, seen } = await graph({ status, headers: { 'request-id': 'req-9' }, body });
    expect(await failureOf(origin)).toMatch(expected);
    expect(await failureOf(origin)).toContain('Request id req-9.');
    expect(seen).toHaveLength(2);
  });

  test.each(['<html>Bearer s3cr3t</html>', '{"error":{"code":"Bearer s3cr3t\\n"}}', 'null'])(
    'of a strange answer such as %s only the status is told',
    async (body) => {
      const { origin } = await graph({ status: 500, headers: { 'request-id': 'Bearer s3cr3t' }, body });
      expect(await failureOf(origin)).toBe('email: Microsoft Graph answered 500. The alert is kept and sent again.');
    },
  );

  test('a redirect is refused: neither the token nor the mail goes elsewhere', async () => {
    const other = await graph({ status: 202 });
    for (const status of [301, 302, 307, 308]) {
      const { origin } = await graph({ status, headers: { location: `${other.origin}/v1.0/users/x/sendMail` } });
      expect(await failureOf(origin)).toMatch(/Redirects are refused/);
    }
    expect(other.seen).toEqual([]);
  });

  test('an endpoint that breaks the connection or is not there is named by the error code only', async () => {
    const cut = await graph({ reset: true });
    expect(await failureOf(cut.origin)).toMatch(/email: Microsoft Graph could not be reached \(\w+\).*sent again/);
    await servers.pop()?.close();
    expect(await failureOf(cut.origin)).toMatch(/could not be reached \(ECONNREFUSED\)/);
  });

  test('an endpoint that takes the request and never answers is given up on', async () => {
    const origin = await silence();
    expect(await failureOf(origin, { timeoutMs: 200 })).toMatch(/no answer within 200 ms\. The alert is kept/);
  });

  test('an identity without a token is a failure, and is asked again the next time', async () => {
    const { origin, seen } = await graph({ status: 202 });
    let fails = true;
    const channel = channelAt(origin, {
      credential: async () => {
        if (fails) throw unavailable();
        return bearer();
      },
    });
    await expect(channel.deliver(anIncident())).rejects.toThrow(/^email: no token could be had.*az login/);
    fails = false;
    await channel.deliver(anIncident());
    expect(seen).toHaveLength(1);
    const rejecting = { getToken: () => Promise.reject(unavailable()) };
    expect(await failureOf(origin, { credential: rejecting })).toMatch(/no token could be had/);
  });

  test('an identity that never answers is given up on', async () => {
    const never: TokenCredential = {
      getToken: (_, options) =>
        new Promise((_resolve, reject) => {
          options?.abortSignal?.addEventListener('abort', () =>
            reject(Object.assign(new Error('gone'), { name: 'AbortError' })),
          );
        }),
    };
    const { origin } = await graph({ status: 202 });
    expect(await failureOf(origin, { credential: never, timeoutMs: 100 })).toMatch(/no answer within 100 ms/);
  });

  test.each([
    ['http off loopback', 'http://graph.microsoft.com'],
    ['a host that only looks local', 'http://127.0.0.1.example.org'],
    ['no URL', 'graph'],
  ])('refuses %s at once', (_, endpoint) => {
    expect(() => channelAt(endpoint)).toThrow(/^email: GUARDRAIL_GRAPH_ENDPOINT must start with https/);
  });

  test('needs a recipient', () => {
    expect(() => channelAt('https://graph.microsoft.com', { to: [] })).toThrow(/no recipient/);
  });
});
