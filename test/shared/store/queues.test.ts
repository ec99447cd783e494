import { QueueClient } from '@azure/storage-queue';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Scope } from '../../../shared/scope';
import { openOutbox } from '../../../shared/store/outbox';
import { openRechecks } from '../../../shared/store/rechecks';
import { type Azurite, startAzurite } from '../../azurite';
import { anIncident } from '../alerts/an-incident';

const SCOPE: Scope = { kind: 'network', subscriptionId: '5ea1ab1e-0000-4000-8000-000000000001' };
let azurite: Azurite;

beforeAll(async () => {
  azurite = await startAzurite();
}, 30_000);

afterAll(async () => {
  await azurite.close();
});

async function messagesIn(name: string): Promise<unknown[]> {
  const queue = new QueueClient(azurite.connectionString, name);
  const { receivedMessageItems } = await queue.receiveMessages({ numberOfMessages: 32 });
  return receivedMessageItems.map(({ messageText }) => JSON.parse(Buffer.from(messageText, 'base64').toString()));
}

async function hiddenIn(name: string): Promise<number> {
  const { approximateMessagesCount } = await new QueueClient(azurite.connectionString, name).getProperties();
  return approximateMessagesCount ?? 0;
}

describe('shared/store/rechecks', () => {
  test('a recheck is a message that names the scope and shows after its time, and not before', async () => {
    const rechecks = openRechecks({ connectionString: azurite.connectionString });
    await rechecks.put(SCOPE, 1);
    expect(await messagesIn('guardrail-recheck')).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await messagesIn('guardrail-recheck')).toEqual([{ scope: SCOPE }]);
  });

  test('a storm of them is few messages, and one that comes later is one more', async () => {
    const rechecks = openRechecks({ connectionString: azurite.connectionString });
    const before = await hiddenIn('guardrail-recheck');
    await Promise.all(Array.from({ length: 100 }, () => rechecks.put(SCOPE, 70)));
    expect((await hiddenIn('guardrail-recheck')) - before).toBe(2);
    await rechecks.put(SCOPE, 70);
    expect((await hiddenIn('guardrail-recheck')) - before).toBe(3);
  });
});

describe('shared/store/outbox', () => {
  test('an incident is a message that names it, out of sight while its own run delivers', async () => {
    await openOutbox({ connectionString: azurite.connectionString }).put(anIncident({ scope: SCOPE }));
    expect(await messagesIn('guardrail-alerts')).toEqual([]);
    expect(await hiddenIn('guardrail-alerts')).toBe(1);
  });
});
