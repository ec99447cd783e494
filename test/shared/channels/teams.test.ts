import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { teamsChannel } from '../../../shared/channels/teams';
import { anIncident } from '../alerts/an-incident';
import { complaintsOf } from '../alerts/card';

const SECRET = 'sig=s3cr3t-signature';
const servers: Server[] = [];

async function webhook(
  answer: (request: IncomingMessage, body: string, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => answer(request, body, response));
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return `http://127.0.0.1:${address.port}/workflows/abc/triggers/manual/paths/invoke?api-version=1&${SECRET}`;
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function failureOf(webhookUrl: string, timeoutMs?: number): Promise<string> {
  const options = timeoutMs === undefined ? { webhookUrl } : { webhookUrl, timeoutMs };
  const error: unknown = await teamsChannel(options)
    .deliver(anIncident())
    .then(
      () => 'delivered',
      (reason: unknown) => reason,
    );
  if (!(error instanceof Error)) throw new Error(String(error));
  // What a log would print of it, causes and stack included.
  const printed = `${error.message} ${error.stack ?? ''} ${JSON.stringify(error, Object.getOwnPropertyNames(error))}`;
  expect(printed).not.toMatch(/sig=|s3cr3t|workflows\/abc/);
  return error.message;
}

describe('shared/channels/teams', () => {
  test('posts a card that the reference library accepts, once, with the incident’s id to recognise it by', async () => {
    const seen: { method: string | undefined; id: unknown; body: string }[] = [];
    const webhookUrl = await webhook((request, body, response) => {
      seen.push({ method: request.method, id: request.headers['x-ms-client-tracking-id'], body });
      response.writeHead(202).end();
    });
    await teamsChannel({ webhookUrl }).deliver(anIncident());
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ method: 'POST', id: 'inc-20260301-f1' });
    const message: { attachments: { content: unknown }[] } = JSON.parse(seen[0]?.body ?? '');
    expect(complaintsOf(message.attachments[0]?.content)).toEqual([]);
  });

  test.each([
    [400, /teams: the webhook answered 400.*failed run/],
    [401, /401.*signature/],
    [404, /404.*gone or switched off/],
    [410, /410.*gone/],
    [413, /413.*too large/],
    [429, /429.*sent again/],
    [502, /502.*sent again/],
  ])('an answer of %d is a failure that says what to do and keeps the URL secret', async (status, expected) => {
    const url = await webhook((request, _, response) => response.writeHead(status).end(`no: ${request.url}`));
    expect(await failureOf(url)).toMatch(expected);
  });

  test('a redirect is refused: the alert goes to nobody else', async () => {
    const elsewhere: string[] = [];
    const other = await webhook((_, body, response) => {
      elsewhere.push(body);
      response.writeHead(202).end();
    });
    const url = await webhook((_, __, response) => response.writeHead(307, { location: other }).end());
    expect(await failureOf(url)).toMatch(/307.*Redirects are refused/);
    expect(elsewhere).toEqual([]);
  });

  test('a webhook that never answers is given up on', async () => {
    const url = await webhook(() => undefined);
    expect(await failureOf(url, 100)).toMatch(/no answer within 100 ms/);
  });

  test('a webhook that is not there is named by its error code only', async () => {
    const url = await webhook(() => undefined);
    servers.splice(0).forEach((server) => server.close());
    expect(await failureOf(url)).toMatch(/could not be reached \(ECONNREFUSED\)/);
  });

  test.each([
    ['http off loopback', `http://flow.example.org/x?${SECRET}`, /must start with https/],
    ['another scheme', `ftp://flow.example.org/x?${SECRET}`, /must start with https/],
    ['a host that only looks local', `http://127.0.0.1.example.org/?${SECRET}`, /must start with https/],
    ['no URL', `not a url ${SECRET}`, /not a URL/],
  ])('refuses %s at once without quoting it', (_, webhookUrl, expected) => {
    expect(() => teamsChannel({ webhookUrl })).toThrow(expected);
    expect(() => teamsChannel({ webhookUrl })).not.toThrow(/s3cr3t/);
  });
});
