import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RecentWrites } from '../../../shared/ports';
import type { NetworkScope } from '../../../shared/scope';
import { openRecentWrites } from '../../../shared/store/recent-writes';
import { type Azurite, startAzurite } from '../../azurite';

const NOW = Date.parse('2026-03-01T10:00:00Z');
let azurite: Azurite;
let scopes = 0;
let now = NOW;

beforeAll(async () => {
  azurite = await startAzurite();
}, 30_000);

afterAll(async () => {
  await azurite.close();
});

function writes(): RecentWrites {
  return openRecentWrites({ connectionString: azurite.connectionString }, () => new Date(now));
}

function freshScope(): NetworkScope {
  scopes += 1;
  return { kind: 'network', subscriptionId: `5EA1AB1E-0000-4000-8000-${String(scopes).padStart(12, '0')}` };
}

function write(resource: string, minutesAgo = 0) {
  return { resource, at: new Date(NOW - minutesAgo * 60_000).toISOString() };
}

describe('shared/store/recent-writes', () => {
  test('nothing was written before the first write; what is added is seen by every process', async () => {
    const scope = freshScope();
    const [one, other] = [writes(), writes()];
    expect(await one.list(scope)).toEqual([]);
    await one.add(scope, [write('/a')]);
    await other.add(scope, [write('/b'), write('/b')]);
    expect(await one.list(scope)).toEqual([write('/a'), write('/b'), write('/b')]);
    expect(await other.list(freshScope())).toEqual([]);
  });

  test('what is older than an hour is forgotten', async () => {
    const scope = freshScope();
    await writes().add(scope, [write('/old', 61), write('/new', 59)]);
    expect(await writes().list(scope)).toEqual([write('/new', 59)]);
    now = NOW + 2 * 60_000;
    expect(await writes().list(scope)).toEqual([]);
    now = NOW;
  });

  test('of many who add at once none is lost', async () => {
    const scope = freshScope();
    await Promise.all(Array.from({ length: 8 }, (_, at) => writes().add(scope, [write(`/${at}`)])));
    expect(await writes().list(scope)).toHaveLength(8);
  });

  test('a damaged list is an error and not a licence to write', async () => {
    const scope = freshScope();
    await writes().add(scope, [write('/a')]);
    const container = BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient(
      'guardrail-writes',
    );
    const blob = container.getBlockBlobClient(`network-${scope.subscriptionId.toLowerCase()}.json`);
    for (const body of ['{', '{}', '[{"resource":1}]']) {
      await blob.uploadData(Buffer.from(body));
      await expect(writes().list(scope)).rejects.toThrow('is damaged, so nothing is repaired');
    }
    await blob.delete();
    expect(await writes().list(scope)).toEqual([]);
  });
});
