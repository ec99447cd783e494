import type { HttpClient, PipelineRequest } from '@azure/core-rest-pipeline';
import { createHttpHeaders } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { afterEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { eventTopicChannel } from '../../../shared/channels/event-grid';
import { incidentEvent } from '../../../shared/channels/incident-event';
import { aFinding, anIncident, EXPOSURE, RULE, SUBSCRIPTION } from '../alerts/an-incident';
import { type Answer, type ArmServer, type Seen, startArm } from '../azure/arm-server';
import { endSilence, silence } from './silence';

const TOKEN = 'eyJ0eXAiOiJKV1Qi.czNjcjN0LXRva2Vu.s3cr3t-signature';
const servers: ArmServer[] = [];

afterEach(async () => {
  endSilence();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function topic(respond: (request: Seen) => Answer = () => ({})): Promise<ArmServer> {
  const server = await startArm(respond);
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

async function failureOf(endpoint: string, credential: TokenCredential = bearer(), timeoutMs = 5_000): Promise<string> {
  const error: unknown = await eventTopicChannel({ endpoint, credential, timeoutMs })
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

function eventsIn(body: string | undefined) {
  return z.array(z.looseObject({ id: z.string(), data: z.looseObject({}) })).parse(JSON.parse(body ?? ''));
}

describe('shared/channels/event-grid', () => {
  test('publishes one CloudEvent that says what happened to which resource', async () => {
    const { origin, seen } = await topic();
    const scopes: string[] = [];
    await eventTopicChannel({ endpoint: `${origin}/api/events`, credential: bearer(scopes) }).deliver(anIncident());
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({
      method: 'POST',
      path: '/api/events',
      headers: {
        authorization: `Bearer ${TOKEN}`,
        'content-type': 'application/cloudevents-batch+json; charset=utf-8',
      },
    });
    expect(scopes).toEqual(['https://eventgrid.azure.net/.default']);
    expect(eventsIn(seen[0]?.body)).toMatchObject([
      {
        specversion: '1.0',
        id: 'inc-20260301-f1',
        type: 'BastionGuardrail.Incident.Repaired',
        source: `/subscriptions/${SUBSCRIPTION}`,
        subject: RULE,
        time: '2026-03-01T10:00:01.300Z',
        datacontenttype: 'application/json',
        data: {
          schemaVersion: 1,
          complete: true,
          incident: 'inc-20260301-f1',
          status: 'repaired',
          severity: 'critical',
          findings: [{ control: 'admin-ports-only-from-bastion', resource: RULE, ending: { kind: 'repaired' } }],
        },
      },
    ]);
  });

  test('an incident sent twice has the same id, and signs in once', async () => {
    const { origin, seen } = await topic();
    const scopes: string[] = [];
    const channel = eventTopicChannel({ endpoint: `${origin}/api/events`, credential: async () => bearer(scopes) });
    await channel.deliver(anIncident());
    await channel.deliver(anIncident());
    expect(seen.map(({ body }) => eventsIn(body)[0]?.id)).toEqual(Array(2).fill('inc-20260301-f1'));
    expect(seen[0]?.body).toBe(seen[1]?.body);
    expect(scopes).toHaveLength(1);
  });

  test('a topic in Azure is addressed as it is, over https', async () => {
    const sent: PipelineRequest[] = [];
    const httpClient: HttpClient = {
      async sendRequest(request) {
        sent.push(request);
        return { request, status: 200, headers: createHttpHeaders({}) };
      },
    };
    const endpoint = 'https://incidents.westeurope-1.eventgrid.azure.net/api/events';
    await eventTopicChannel({ endpoint, credential: bearer(), httpClient }).deliver(anIncident());
    expect(sent.map(({ url }) => url)).toEqual([`${endpoint}?api-version=2018-01-01`]);
    expect(sent[0]?.headers.has('x-forwarded-host')).toBe(false);
  });

  test.each([
    [400, /event-grid: 127\.0\.0\.1:\d+ answered 400 SomeCode\. .*CloudEventSchemaV1_0/],
    [401, /401.*EventGrid Data Sender/],
    [403, /403.*EventGrid Data Sender/],
    [404, /404.*GUARDRAIL_EVENT_TOPIC/],
    [413, /413.*too large/],
    [429, /429.*sent again/],
    [503, /503.*sent again/],
  ])('an answer of %d is a failure that says what to do, after one request', async (status, expected) => {
    const { origin, seen } = await topic(({ headers }) => ({
      status,
      headers: { 'retry-after': '120', 'x-ms-request-id': 'req-7' },
      body: { error: { code: 'SomeCode', message: `no: ${headers.authorization}` } },
    }));
    const failure = await failureOf(`${origin}/api/events`);
    expect(failure).toMatch(expected);
    expect(failure).toContain('Request id req-7.');
    expect(seen).toHaveLength(1);
  });

  test('what a stranger answers is not repeated', async () => {
    const { origin } = await topic(({ headers }) => ({
      status: 500,
      headers: { 'x-ms-request-id': `${headers.authorization}` },
      body: { error: { code: `${headers.authorization}\n`, message: 'hunter2' } },
    }));
    expect(await failureOf(`${origin}/api/events`)).toMatch(/answered 500 unknown reason\. The alert is kept/);
  });

  test('a redirect is refused: neither the token nor the alert goes elsewhere', async () => {
    const other = await topic();
    const { origin } = await topic(() => ({ status: 307, headers: { location: `${other.origin}/api/events` } }));
    expect(await failureOf(`${origin}/api/events`)).toMatch(/307.*Redirects are refused/);
    expect(other.seen).toEqual([]);
  });

  test('without a token nothing is sent, and it may work the next time', async () => {
    const { origin, seen } = await topic();
    let fails = true;
    const credential = async (): Promise<TokenCredential> => {
      if (fails) throw Object.assign(new Error('no identity: s3cr3t'), { name: 'CredentialUnavailableError' });
      return bearer();
    };
    const channel = eventTopicChannel({ endpoint: `${origin}/api/events`, credential });
    await expect(channel.deliver(anIncident())).rejects.toThrow(/^event-grid: no token could be had.*managed identity/);
    expect(seen).toEqual([]);
    fails = false;
    await channel.deliver(anIncident());
    expect(seen).toHaveLength(1);
  });

  test('a topic that breaks the connection or is not there is named by the error code only', async () => {
    const cut = await topic(() => ({ reset: true }));
    expect(await failureOf(`${cut.origin}/api/events`)).toMatch(/could not be reached \(ECONNRESET\).*sent again/);
    await servers.pop()?.close();
    expect(await failureOf(`${cut.origin}/api/events`)).toMatch(/could not be reached \(ECONNREFUSED\)/);
  });

  test('a topic that takes the request and never answers is given up on', async () => {
    expect(await failureOf(`${await silence()}/api/events`, bearer(), 200)).toMatch(/no answer within 200 ms/);
  });

  test('an identity that never answers is given up on', async () => {
    const { origin } = await topic();
    const never: TokenCredential = {
      getToken: (_, options) =>
        new Promise((_resolve, reject) => {
          options?.abortSignal?.addEventListener('abort', () =>
            reject(Object.assign(new Error('gone'), { name: 'AbortError' })),
          );
        }),
    };
    expect(await failureOf(`${origin}/api/events`, never, 100)).toMatch(/no answer within 100 ms/);
  });

  test.each([
    ['http off loopback', 'http://t.westeurope-1.eventgrid.azure.net/api/events', /must start with https/],
    ['a host that only looks local', 'http://127.0.0.1.example.org/api/events', /must start with https/],
    ['no URL', 'my-topic', /not a URL/],
  ])('refuses %s at once', (_, endpoint, expected) => {
    expect(() => eventTopicChannel({ endpoint, credential: bearer() })).toThrow(expected);
  });
});

describe('shared/channels/incident-event', () => {
  test.each([
    ['repaired', 'BastionGuardrail.Incident.Repaired'],
    ['held', 'BastionGuardrail.Incident.Held'],
    ['failed', 'BastionGuardrail.Incident.Failed'],
  ] as const)('an incident that is %s is of type %s', (status, type) => {
    expect(incidentEvent(anIncident({ status })).type).toBe(type);
  });

  test('the subject is the resource of the worst finding', () => {
    const worst = aFinding({ resource: `${RULE}-worst`, fingerprint: 'f2' });
    const findings = [aFinding({ severity: 'low' }), worst];
    expect(incidentEvent(anIncident({ findings })).subject).toBe(`${RULE}-worst`);
  });

  test('without a finding the subject is what could not be read, or the subscription', () => {
    const gap = { resource: `${RULE}-gap`, what: 'a rule', why: 'no permission', touchesAdminPort: true };
    const bare = { status: 'held', findings: [], repairs: [], held: [] } as const;
    expect(incidentEvent(anIncident({ ...bare, gaps: [gap] })).subject).toBe(`${RULE}-gap`);
    expect(incidentEvent(anIncident({ ...bare, gaps: [] })).subject).toBe(`/subscriptions/${SUBSCRIPTION}`);
  });

  test('an incident too large for a storage queue is cut, and says so', () => {
    const exposures = Array.from({ length: 500 }, (_, n) => ({ ...EXPOSURE, endpointName: `vm-${n}` }));
    const findings = Array.from({ length: 200 }, (_, n) =>
      aFinding({ fingerprint: `f${n}`, title: '田'.repeat(5_000), evidence: { exposures } }),
    );
    const { data } = incidentEvent(anIncident({ findings }));
    expect(data?.complete).toBe(false);
    expect(data?.findings[0]?.resource).toBe(RULE);
    expect(data?.cause.length).toBeGreaterThan(3);
    expect(data?.record.some(({ label }) => label === 'Incident')).toBe(true);
    expect(Buffer.byteLength(JSON.stringify(data))).toBeLessThanOrEqual(40_000);
  });

  test('a name cannot hide characters or turn the reading direction', () => {
    const { data } = incidentEvent(anIncident({ findings: [aFinding({ title: 'a\u202Eb\r\nc\uD800' })] }));
    expect(data?.findings[0]?.title).toBe('a‹U+202E›b c‹U+D800›');
  });
});
