import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type QueueClient, QueueServiceClient } from '@azure/storage-queue';
import type { HostProcess } from '../../../playground/host/child';
import { at, textAt } from '../../../playground/json';
import { type Storage, startStorage } from '../../../playground/storage';
import { bundleHost, startSample } from './sample-host';

describe('a host with Azurite', () => {
  let script: string;
  let storage: Storage;
  let host: HostProcess;
  const lines: string[] = [];

  beforeAll(async () => {
    script = bundleHost();
    storage = await startStorage();
    host = await startSample(
      script,
      { AzureWebJobsStorage: storage.connectionString },
      { onLine: (line) => lines.push(line) },
    );
  }, 30_000);

  afterAll(async () => {
    await host.close();
    await storage.close();
    rmSync(script);
  });

  function queue(name: string): QueueClient {
    return QueueServiceClient.fromConnectionString(storage.connectionString).getQueueClient(name);
  }

  async function send(...messages: unknown[]): Promise<void> {
    await queue('work').createIfNotExists();
    for (const message of messages) await queue('work').sendMessage(toBase64(JSON.stringify(message)));
  }

  async function drain(name: string): Promise<unknown[]> {
    await queue(name).createIfNotExists();
    const { receivedMessageItems } = await queue(name).receiveMessages({ numberOfMessages: 32 });
    for (const item of receivedMessageItems) await queue(name).deleteMessage(item.messageId, item.popReceipt);
    return receivedMessageItems.map((item) => parse(Buffer.from(item.messageText, 'base64').toString('utf8')));
  }

  async function idle(): Promise<void> {
    expect((await fetch(`${host.url}/admin/host/idle?timeoutMs=15000`)).status).toBe(200);
  }

  function notify(
    body: unknown,
    headers: Record<string, string> = { 'aeg-event-type': 'Notification' },
  ): Promise<Response> {
    return fetch(`${host.url}/runtime/webhooks/EventGrid?functionName=eventArrived`, {
      method: 'POST',
      headers,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  test('a timer with runOnStartup ran once at the start', async () => {
    await idle();
    expect(await drain('ticks')).toEqual(['started']);
  });

  test('an event becomes one invocation, its output one base64 message, and dataVersion "1" the number 1', async () => {
    const event = { id: 'e1', subject: 'nsg', eventType: 'T', dataVersion: '1', list: [1], data: { Operation: 'w' } };
    const answer = await notify([event]);
    expect([answer.status, await answer.text()]).toEqual([202, '']);
    const [copy] = await drain('copies');
    expect(at(copy, 'event')).toEqual(event);
    expect(at(copy, 'metadata')).toEqual({
      id: 'e1',
      subject: 'nsg',
      eventType: 'T',
      dataVersion: 1,
      data: { operation: 'w' },
    });
    expect(lines.some((line) => line.includes('eventArrived: handled e1'))).toBe(true);
  });

  test('a batch runs in parallel; one failing event answers 500 and the others have still run', async () => {
    const started = performance.now();
    const answer = await notify([
      { id: 'a', subject: 'slow' },
      { id: 'b', subject: 'slow' },
      { id: 'c', subject: 'fail' },
    ]);
    expect(performance.now() - started).toBeLessThan(790);
    expect(answer.status).toBe(500);
    expect(await answer.text()).toContain('this event cannot be handled');
    expect(await drain('copies')).toHaveLength(2);
  });

  test('a single event object is a notification too, whatever the content type', async () => {
    const headers = { 'aeg-event-type': 'Notification', 'content-type': 'text/plain' };
    expect((await notify({ id: 'one', subject: 'x' }, headers)).status).toBe(202);
    expect(await drain('copies')).toHaveLength(1);
  });

  test('a queue message is handed over parsed, with its metadata, and the return value goes to the output queue', async () => {
    await send({ name: 'first' });
    await idle();
    const [result] = await drain('done');
    expect(at(result, 'message')).toEqual({ name: 'first' });
    expect(at(result, 'metadata')).toMatchObject({ dequeueCount: 1, queueTrigger: { name: 'first' } });
    for (const name of ['id', 'popReceipt', 'insertionTime', 'expirationTime', 'nextVisibleTime']) {
      expect(textAt(result, 'metadata', name)).not.toBe('');
    }
  });

  test('an output that is an array, or a string that holds one, fans out', async () => {
    await send({ many: ['a', { b: 1 }] }, { many: '[1, 2]' });
    await idle();
    expect((await drain('done')).map(String).toSorted()).toEqual(['1', '2', '[object Object]', 'a']);
  });

  test('a message that fails once is tried again after the visibility timeout, and idle waits for that', async () => {
    await send({ failOnce: true });
    const started = performance.now();
    await idle();
    expect(performance.now() - started).toBeGreaterThan(700);
    expect(await drain('done')).toMatchObject([{ metadata: { dequeueCount: 2 } }]);
  });

  test('a message that always fails is tried maxDequeueCount times and then lies in the poison queue', async () => {
    await send({ fail: true, name: 'the impossible' });
    await idle();
    expect(lines.filter((line) => line.includes('cannot do the impossible'))).toHaveLength(2);
    expect(await drain('work-poison')).toEqual([{ fail: true, name: 'the impossible' }]);
    expect((await queue('work').peekMessages()).peekedMessageItems).toEqual([]);
  });

  test('a message that is not base64 is moved to the poison queue without a run', async () => {
    await queue('work').sendMessage('this is not base64!');
    await idle();
    let moved: string[] = [];
    // The host may be at rest before it has seen the message.
    for (let tries = 0; tries < 50 && moved.length === 0; tries++) {
      const { receivedMessageItems } = await queue('work-poison').receiveMessages();
      moved = receivedMessageItems.map((item) => item.messageText);
      if (moved.length === 0) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(moved).toEqual(['this is not base64!']);
  });

  test('the admin endpoint runs a timer by hand and answers at once', async () => {
    const answer = await fetch(`${host.url}/admin/functions/tick`, { method: 'POST', body: '{"input":""}' });
    expect(answer.status).toBe(202);
    await idle();
    expect(await drain('ticks')).toEqual([
      { schedule: { adjustForDST: true }, scheduleStatus: null, isPastDue: false },
    ]);
  });

  test('a host that was killed starts again on the same port', async () => {
    const { url, pid } = host;
    await host.kill('SIGKILL');
    await expect(fetch(`${url}/admin/host/status`)).rejects.toThrow();
    await host.restart();
    expect(host.url).toBe(url);
    expect(host.pid).not.toBe(pid);
    expect((await notify([{ id: 'after', subject: 'x' }])).status).toBe(202);
  });
});

function toBase64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
