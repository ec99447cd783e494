import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { HostProcess } from '../../../playground/host/child';
import { bundleHost, startSample } from './sample-host';

const handshake = [{ id: 'v', data: { validationCode: '512d38b6' } }];

describe('playground/host over HTTP', () => {
  let script: string;
  let host: HostProcess;

  beforeAll(async () => {
    script = bundleHost();
    // Nothing here needs storage, and the triggers that do are switched off as an operator would do it.
    const names = ['work', 'tick', 'atStart'];
    host = await startSample(
      script,
      Object.fromEntries(names.map((name) => [`AzureWebJobs.${name}.Disabled`, 'true'])),
    );
  });
  afterAll(async () => {
    await host.close();
    rmSync(script);
  });

  function webhook(
    name: string,
    {
      kind,
      body,
      method = 'POST',
      extension = 'EventGrid',
    }: Partial<Record<'kind' | 'body' | 'method' | 'extension', string>>,
  ): Promise<Response> {
    return fetch(`${host.url}/runtime/webhooks/${extension}?functionName=${name}`, {
      method,
      headers: kind === undefined ? {} : { 'aeg-event-type': kind },
      ...(body === undefined ? {} : { body }),
    });
  }

  test.each(['EventGrid', 'eventgrid', 'EVENTGRID'])(
    'the handshake is answered at /runtime/webhooks/%s',
    async (extension) => {
      const answer = await webhook('eventArrived', {
        extension,
        kind: 'SubscriptionValidation',
        body: JSON.stringify(handshake),
      });
      expect([answer.status, await answer.json()]).toEqual([200, { validationResponse: '512d38b6' }]);
    },
  );

  test('a handshake may come by PUT', async () => {
    const body = JSON.stringify(handshake);
    const answer = await webhook('eventArrived', { method: 'PUT', kind: 'subscriptionvalidation', body });
    expect(answer.status).toBe(200);
  });

  test.each([
    ['eventarrived', "cannot find function: 'eventarrived'"],
    ['nowhere', "cannot find function: 'nowhere'"],
    ['orders', "cannot find function: 'orders'"],
    ['', "cannot find function: ''"],
  ])(
    'an event for "%s" is answered 404: names are case-sensitive and must have an Event Grid trigger',
    async (name, text) => {
      const answer = await webhook(name, { kind: 'Notification', body: '[]' });
      expect([answer.status, await answer.text()]).toEqual([404, text]);
    },
  );

  test.each<[string, Parameters<typeof webhook>[1], number]>([
    ['an empty batch', { kind: 'Notification', body: '[]' }, 202],
    ['Unsubscribe', { kind: 'Unsubscribe' }, 202],
    ['DELETE to unsubscribe', { kind: 'Unsubscribe', method: 'DELETE' }, 202],
    ['no aeg-event-type', { body: '[]' }, 400],
    ['an unknown aeg-event-type', { kind: 'Hello', body: '[]' }, 400],
    ['GET without header', { method: 'GET' }, 400],
    ['a notification that is not JSON', { kind: 'Notification', body: '{' }, 400],
    ['a notification of something else than events', { kind: 'Notification', body: '[1]' }, 400],
    ['a handshake without a code', { kind: 'SubscriptionValidation', body: '[{}]' }, 400],
    ['PATCH', { kind: 'Notification', method: 'PATCH', body: '[]' }, 404],
    ['an unknown extension', { kind: 'Notification', extension: 'blobs', body: '[]' }, 404],
  ])('%s', async (_, request, status) => {
    const answer = await webhook('eventArrived', request);
    expect([answer.status, status >= 400 || (await answer.text()) === '']).toEqual([status, true]);
  });

  test.each([
    ['eventgrid.azure.net', 'eventgrid.azure.net'],
    ['westeurope-1.eventgrid.azure.net', 'westeurope-1.eventgrid.azure.net'],
    ['eventgrid.azure.net.evil.example', 'eventgrid.azure.net'],
  ])('OPTIONS from %s allows %s', async (origin, allowed) => {
    const url = `${host.url}/runtime/webhooks/EventGrid?functionName=eventArrived`;
    const answer = await fetch(url, { method: 'OPTIONS', headers: { 'webhook-request-origin': origin } });
    expect([answer.status, answer.headers.get('webhook-allowed-origin')]).toEqual([200, allowed]);
  });

  test('an HTTP function gets method, parameters, query and body, and its status, headers and cookies come back', async () => {
    const answer = await fetch(`${host.url}/api/Orders/42?full=yes`, { method: 'PUT', body: 'hello' });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-method')).toBe('PUT');
    expect(answer.headers.get('set-cookie')).toBe('seen=yes; HttpOnly; SameSite=Lax');
    expect(await answer.json()).toEqual({ params: { id: '42' }, query: { full: 'yes' }, body: 'hello' });
  });

  test('an optional route part is a parameter when it is there', async () => {
    expect(await (await fetch(`${host.url}/api/orders/7/a%20b`)).json()).toMatchObject({
      params: { id: '7', part: 'a b' },
    });
  });

  test.each([
    ['GET', '/api/orders/seven', 404],
    ['DELETE', '/api/orders/7', 404],
    ['GET', '/api/nothing', 204],
    ['GET', '/api/broken', 500],
    ['GET', '/orders/7', 404],
  ])('%s %s answers %i', async (method, path, status) => {
    expect((await fetch(`${host.url}${path}`, { method })).status).toBe(status);
  });

  test('the admin endpoint lists the functions with their bindings as indexed, without the disabled ones', async () => {
    const functions: unknown = await (await fetch(`${host.url}/admin/functions`)).json();
    expect(functions).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          name: 'eventArrived',
          functionId: 'eventArrived',
          config: {
            name: 'eventArrived',
            bindings: [
              expect.objectContaining({
                type: 'eventGridTrigger',
                direction: 'in',
                name: expect.stringMatching(/^eventGridTrigger\w+$/),
              }),
              expect.objectContaining({
                type: 'queue',
                direction: 'out',
                queueName: 'copies',
                connection: 'AzureWebJobsStorage',
              }),
            ],
          },
        }),
      ]),
    );
    expect(JSON.stringify(functions)).not.toContain('"tick"');
  });

  test.each([
    ['/admin/functions/nowhere', '{"input":""}', 404],
    ['/admin/functions/tick', '{"input":""}', 404],
    ['/admin/functions/nothing', 'null', 400],
    ['/admin/functions/nothing', '{', 400],
    ['/admin/functions/nothing', '{"input":"x"}', 202],
  ])('POST %s with %s answers %i', async (path, body, status) => {
    expect((await fetch(`${host.url}${path}`, { method: 'POST', body })).status).toBe(status);
  });

  test('hooks see the invocation and may change its result', async () => {
    expect(await (await fetch(`${host.url}/api/hooked`)).text()).toBe('hooked');
  });

  test('the status is Running and the host is idle when nothing happens', async () => {
    expect(await (await fetch(`${host.url}/admin/host/status`)).json()).toMatchObject({ state: 'Running', errors: [] });
    expect(await (await fetch(`${host.url}/admin/host/idle`)).json()).toMatchObject({ idle: true });
  });
});
