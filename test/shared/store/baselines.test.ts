import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Scope } from '../../../shared/scope';
import { openBaselines } from '../../../shared/store/baselines';
import { type Azurite, startAzurite } from '../../azurite';

const SCOPE: Scope = { kind: 'network', subscriptionId: '5EA1AB1E-0000-4000-8000-000000000001' };
const BLOB = 'network-5ea1ab1e-0000-4000-8000-000000000001.json.gz';
let azurite: Azurite;

beforeAll(async () => {
  azurite = await startAzurite();
}, 30_000);

afterAll(async () => {
  await azurite.close();
});

function container() {
  return BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient('guardrail-baselines');
}

async function etag(): Promise<string | undefined> {
  return (await container().getBlobClient(BLOB).getProperties()).etag;
}

describe('shared/store/baselines', () => {
  test('there is none before the first look, and looking creates nothing', async () => {
    expect(await openBaselines({ connectionString: azurite.connectionString }).load(SCOPE)).toBeUndefined();
    expect(await container().exists()).toBe(false);
  });

  test('gives back what was accepted last, unknown properties and all, and keeps it small', async () => {
    const baselines = openBaselines({ connectionString: azurite.connectionString });
    const resources = Array.from({ length: 2_000 }, (_, at) => ({
      id: `/x/${at}`,
      properties: { unknown: ['ü', null, 1.5] },
    }));
    await baselines.accept(SCOPE, [{ id: 'old' }]);
    await baselines.accept(SCOPE, resources);
    expect(await openBaselines({ connectionString: azurite.connectionString }).load(SCOPE)).toEqual(resources);
    const { contentLength } = await container().getBlobClient(BLOB).getProperties();
    expect(contentLength).toBeLessThan(JSON.stringify(resources).length / 5);
  });

  test('what another process accepted is seen, and what nobody changed is not read again', async () => {
    const connection = { connectionString: azurite.connectionString };
    const [one, other] = [openBaselines(connection), openBaselines(connection)];
    await one.accept(SCOPE, [{ id: 'one' }]);
    const first = await other.load(SCOPE);
    expect(await other.load(SCOPE)).toBe(first);
    await one.accept(SCOPE, [{ id: 'two' }]);
    expect(await other.load(SCOPE)).toEqual([{ id: 'two' }]);
    await container().getBlobClient(BLOB).delete();
    expect(await other.load(SCOPE)).toBeUndefined();
  });

  test('the same state is not uploaded again, unless somebody changed or damaged what is stored', async () => {
    const baselines = openBaselines({ connectionString: azurite.connectionString });
    await baselines.accept(SCOPE, [{ id: 'same' }]);
    const first = await etag();
    await baselines.accept(SCOPE, [{ id: 'same' }]);
    expect(await etag()).toBe(first);
    for (const spoil of [Buffer.from('[]'), undefined]) {
      if (spoil) await container().getBlockBlobClient(BLOB).uploadData(spoil);
      else await container().getBlobClient(BLOB).delete();
      await baselines.accept(SCOPE, [{ id: 'same' }]);
      expect(await openBaselines({ connectionString: azurite.connectionString }).load(SCOPE)).toEqual([{ id: 'same' }]);
    }
  });

  test('is kept per scope', async () => {
    const baselines = openBaselines({ connectionString: azurite.connectionString });
    await baselines.accept(SCOPE, [{ id: 'mine' }]);
    expect(await baselines.load({ kind: 'network', subscriptionId: 'another' })).toBeUndefined();
  });

  test.each([
    ['not gzip', Buffer.from('[]')],
    ['empty', Buffer.alloc(0)],
  ])('a baseline that is %s is one clear error that names the blob', async (_, body) => {
    await container().getBlockBlobClient(BLOB).uploadData(body);
    const loading = openBaselines({ connectionString: azurite.connectionString }).load(SCOPE);
    await expect(loading).rejects.toThrow(`The stored baseline guardrail-baselines/${BLOB} is damaged`);
  });

  test('a service URI gets the identity’s token over https only', async () => {
    const credential = { getToken: () => Promise.resolve(null) };
    const uris = {
      blobServiceUri: 'http://acc.blob.core.windows.net',
      queueServiceUri: 'https://acc.queue.core.windows.net',
      tableServiceUri: 'http://acc.table.core.windows.net',
    };
    await expect(openBaselines({ ...uris, credential }).load(SCOPE)).rejects.toThrow(/must start with https/);
  });
});
