// The events that writes raise, and their delivery by Event Grid's rules.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { listAt, textAt } from '../../../playground/azure/json';
import filters from '../../../infra/event-filters.json';
import type { DeadLetter } from '../../../playground/azure';
import type { Running } from './local-azure';
import { group, ruleBody, start } from './local-azure';
import type { Receiver } from './receiver';
import { startReceiver } from './receiver';

let running: Running;
const deadLetters: DeadLetter[] = [];
let receiver: Receiver;
const nsg = group('rg-app', 'networkSecurityGroups', 'nsg-app');
const subscription = {
  name: 'guardrail-nsg-changed',
  function: 'nsgChanged',
  includedEventTypes: ['Microsoft.Resources.ResourceWriteSuccess', 'Microsoft.Resources.ResourceDeleteSuccess'],
  advancedFilters: [
    {
      operatorType: 'StringIn',
      key: 'data.operationName',
      values: [
        'microsoft.network/networksecuritygroups/write',
        'Microsoft.Network/networkSecurityGroups/securityRules/write',
        'Microsoft.Network/networkSecurityGroups/securityRules/delete',
      ],
    },
  ],
};

beforeAll(async () => {
  running = await start({
    eventSubscriptions: [subscription],
    onDeadLetter: async (letter) => {
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
      deadLetters.push(letter);
    },
  });
  receiver = await startReceiver();
  await running.azure.connectFunctions(receiver.url, 'the-key');
});
beforeEach(() => {
  running.azure.reset();
  receiver.notifications.length = 0;
  receiver.statuses.length = 0;
  deadLetters.length = 0;
});
afterAll(async () => {
  await running.stop();
  await receiver.stop();
});

async function writeRule(name = 'allow-rdp'): Promise<void> {
  await running.send('PUT', `${nsg}/securityRules/${name}`, ruleBody(), {
    'x-ms-correlation-request-id': 'the-correlation',
  });
}

describe('Event Grid', () => {
  test('a child write raises the event of the child, with its actor, and without httpRequest when it creates', async () => {
    await writeRule();
    await running.azure.deliveriesIdle();
    expect(receiver.handshakes).toEqual(['nsgChanged']);
    expect(receiver.notifications).toHaveLength(1);
    const [first] = receiver.notifications;
    expect(first).toMatchObject({ function: 'nsgChanged', code: 'the-key', attempt: 1 });
    const event = first?.events[0];
    expect(event).toMatchObject({
      subject: `${nsg}/securityRules/allow-rdp`,
      eventType: 'Microsoft.Resources.ResourceWriteSuccess',
      topic: '/subscriptions/5ea1ab1e-0000-4000-8000-000000000001',
      dataVersion: '2',
      metadataVersion: '1',
      data: {
        operationName: 'Microsoft.Network/networkSecurityGroups/securityRules/write',
        correlationId: 'the-correlation',
        resourceUri: `${nsg}/securityRules/allow-rdp`,
        status: 'Succeeded',
        claims: {
          name: 'mallory@contoso.example',
          ipaddr: '203.0.113.40',
          'http://schemas.microsoft.com/identity/claims/objectidentifier': expect.stringMatching(/^[0-9a-f-]{36}$/),
          'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn': 'mallory@contoso.example',
        },
      },
    });
    expect(event?.data).not.toHaveProperty('httpRequest');
  });

  test('updates and deletes carry httpRequest, and the subject is spelt as the caller spelt it', async () => {
    await writeRule();
    const spelt = `${nsg}/securityRules/ALLOW-RDP`.replace('resourceGroups', 'resourcegroups');
    await running.send('PUT', spelt, ruleBody({ priority: 130 }));
    await running.send('DELETE', spelt);
    await running.azure.deliveriesIdle();
    const events = receiver.notifications.flatMap((notification) => notification.events).slice(1);
    expect(events.map(({ subject }) => subject)).toEqual([spelt, spelt]);
    expect(events.map(({ data }) => textAt(data, 'httpRequest', 'method'))).toEqual(
      expect.arrayContaining(['DELETE', 'PUT']),
    );
  });

  test('events that no filter wants are raised and not delivered', async () => {
    await running.send('PATCH', group('rg-app', 'virtualNetworks', 'vnet-app'), { tags: { a: 'b' } });
    await running.azure.deliveriesIdle();
    const { body } = await running.control('GET', 'state');
    expect(listAt(body, 'events', 'raised').map((event) => textAt(event, 'data', 'operationName'))).toEqual([
      'Microsoft.Network/virtualNetworks/write',
    ]);
    expect(receiver.notifications).toEqual([]);
  });

  test('a refused write raises nothing', async () => {
    await running.send('PUT', `${nsg}/securityRules/bad`, ruleBody({ priority: 1 }));
    expect(listAt((await running.control('GET', 'state')).body, 'events', 'raised')).toEqual([]);
  });

  test('a failed delivery is tried again until it is taken', async () => {
    await running.control('POST', 'faults', { events: { retryScale: 0.0001 } });
    receiver.statuses.push(500, 404, 503);
    await writeRule();
    await running.azure.deliveriesIdle();
    expect(receiver.notifications.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
    expect(new Set(receiver.notifications.map(({ events }) => events[0]?.id)).size).toBe(1);
  });

  test.each([400, 403, 413])('a %i is final: the event becomes a dead letter', async (status) => {
    await running.control('POST', 'faults', { events: { retryScale: 0.0001 } });
    receiver.statuses.push(status);
    await writeRule();
    await running.azure.deliveriesIdle();
    const { body } = await running.control('GET', 'state');
    expect(receiver.notifications).toHaveLength(1);
    expect(listAt(body, 'events', 'deadLettered')).toMatchObject([
      { function: 'nsgChanged', attempts: 1, outcome: `${status}` },
    ]);
  });

  test('after thirty attempts the event becomes a dead letter', async () => {
    await running.control('POST', 'faults', { events: { retryScale: 0 } });
    receiver.statuses.push(...Array.from({ length: 40 }, () => 500));
    await writeRule();
    await running.azure.deliveriesIdle();
    expect(receiver.notifications).toHaveLength(30);
  });

  test.each([
    [[400], 'UndeliverableDueToHttpBadRequest', 'BadRequest', 1],
    [Array.from({ length: 30 }, () => 404), 'MaxDeliveryAttemptsExceeded', 'NotFound', 30],
  ])(
    'a dead letter is written as a blob that tells of its delivery: %#',
    async (statuses, reason, outcome, attempts) => {
      await running.control('POST', 'faults', { events: { retryScale: 0 } });
      await running.control('POST', 'clock', { now: '2031-02-03T04:05:06Z' });
      receiver.statuses.push(...statuses);
      await writeRule();
      await running.azure.deliveriesIdle();
      expect(deadLetters).toHaveLength(1);
      const [letter] = deadLetters;
      expect(letter?.container).toBe('dead-letters');
      expect(letter?.path).toMatch(/^GUARDRAIL-NSG-CHANGED\/2031\/2\/3\/4\/[0-9a-f-]{36}\.json$/);
      expect(JSON.parse(letter?.body ?? '')).toEqual([
        {
          ...receiver.notifications[0]?.events[0],
          deadLetterReason: reason,
          deliveryAttempts: attempts,
          lastDeliveryOutcome: outcome,
          lastHttpStatusCode: statuses[0],
          publishTime: expect.stringMatching(/^2031-02-03T04:05:0/),
          lastDeliveryAttemptTime: expect.stringMatching(/^2031-02-03T04:05:0/),
        },
      ]);
    },
  );

  test('deliveries are held back on request and sent off when it ends', async () => {
    await running.control('POST', 'faults', { events: { hold: true } });
    await writeRule();
    await running.azure.deliveriesIdle();
    expect(receiver.notifications).toEqual([]);
    expect((await running.control('GET', 'state')).body).toMatchObject({ events: { held: 1 } });
    await running.control('POST', 'faults', {});
    await running.azure.deliveriesIdle();
    expect(receiver.notifications).toHaveLength(1);
  });

  test('the retry schedule starts at ten seconds of the clock', async () => {
    receiver.statuses.push(500);
    await writeRule();
    const pending = running.azure.deliveriesIdle();
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
    expect(receiver.notifications).toHaveLength(1);
    await running.control('POST', 'clock', { advanceMs: 11_001 });
    await pending;
    expect(receiver.notifications).toHaveLength(2);
  });

  test('duplicates, delays and drops come on request', async () => {
    await running.control('POST', 'faults', { events: { duplicate: 3, delayMs: [0, 20] } });
    await writeRule();
    await running.azure.deliveriesIdle();
    expect(receiver.notifications).toHaveLength(3);
    await running.control('POST', 'faults', { events: { drop: 1 } });
    await writeRule();
    await running.azure.deliveriesIdle();
    expect(receiver.notifications).toHaveLength(3);
  });

  test('a function that does not answer the handshake is not connected', async () => {
    const silent = await startReceiver(true);
    await expect(running.azure.connectFunctions(silent.url)).rejects.toThrow(
      'nsgChanged did not answer the validation handshake',
    );
    await silent.stop();
  });

  test('the event subscriptions of the deployment are understood', async () => {
    const other = await start({ eventSubscriptions: filters.eventSubscriptions });
    await other.azure.connectFunctions(receiver.url);
    await other.stop();
  });
});
