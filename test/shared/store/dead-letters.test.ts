import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openDeadLetters } from '../../../shared/store/dead-letters';
import { type Azurite, startAzurite } from '../../azurite';

let azurite: Azurite;

beforeAll(async () => {
  azurite = await startAzurite();
}, 30_000);

afterAll(async () => {
  await azurite.close();
});

function container() {
  return BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient('guardrail-dead-letters');
}

async function leave(name: string, content: unknown): Promise<void> {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  await container().getBlockBlobClient(name).uploadData(Buffer.from(text));
}

function letter(deadLetterReason: string, lastDeliveryOutcome: string): object {
  return { id: 'e', subject: '/subscriptions/s', deadLetterReason, deliveryAttempts: 30, lastDeliveryOutcome };
}

describe('shared/store/dead-letters', () => {
  test('without a container there are none, and counting makes none', async () => {
    const deadLetters = openDeadLetters({ connectionString: azurite.connectionString });
    expect(await deadLetters.count()).toEqual({ events: 0, reasons: [] });
    expect(await container().exists()).toBe(false);
  });

  test('counts events and not blobs, and says each reason once', async () => {
    await container().create();
    const attempts = 'MaxDeliveryAttemptsExceeded';
    await leave('nsgchanged/2026/3/1/10/a.json', [letter(attempts, 'Unauthorized'), letter(attempts, 'Unauthorized')]);
    await leave('nsgchanged/2026/3/1/10/b.json', [letter('TimeToLiveExceeded', 'TimedOut'), { id: 'plain' }]);
    expect(await openDeadLetters({ connectionString: azurite.connectionString }).count()).toEqual({
      events: 4,
      reasons: [
        `${attempts}, last answer Unauthorized`,
        'TimeToLiveExceeded, last answer TimedOut',
        'no reason is given',
      ],
    });
  });

  test('a blob that cannot be read counts, and reasons stay short and few', async () => {
    await leave('nsgchanged/c.json', 'not JSON');
    await leave(
      'nsgchanged/d.json',
      Array.from({ length: 9 }, (_, at) => letter(`r${at}${'x'.repeat(900)}`, '')),
    );
    const { events, reasons } = await openDeadLetters({ connectionString: azurite.connectionString }).count();
    expect(events).toBe(14);
    expect(reasons).toHaveLength(5);
    expect(Math.max(...reasons.map((reason) => reason.length))).toBeLessThanOrEqual(200);
  });
});
