import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Scope } from '../../../shared/scope';
import { readHistory, readVersion } from '../../../shared/store/baseline-history';
import { openBaselines } from '../../../shared/store/baselines';
import { type Azurite, startAzurite } from '../../azurite';

let azurite: Azurite;
let scopes = 0;

beforeAll(async () => {
  azurite = await startAzurite();
}, 30_000);

afterAll(async () => {
  await azurite.close();
});

function container() {
  return BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient('guardrail-baselines');
}

function freshScope(): Scope {
  scopes += 1;
  return { kind: 'network', subscriptionId: `hist-${scopes}` };
}

function nsg(etag: string, rules: readonly string[]) {
  return { id: '/subscriptions/S/nsg', etag, properties: { securityRules: rules.map((name) => ({ name })) } };
}

async function objects(): Promise<number> {
  let count = 0;
  for await (const _ of container().listBlobsFlat({ prefix: 'objects/' })) count += 1;
  return count;
}

describe('shared/store/baseline-history', () => {
  test('the first accepted state has no history, and one that differs only in its etag makes none', async () => {
    const scope = freshScope();
    const baselines = openBaselines({ connectionString: azurite.connectionString });
    await baselines.accept(scope, [nsg('1', ['a'])]);
    await baselines.accept(scope, [nsg('2', ['a'])]);
    expect(await readHistory(container(), scope)).toEqual([]);
  });

  test('each replaced version is kept raw under the digest of its content, in the order of time', async () => {
    const scope = freshScope();
    let now = new Date('2026-01-01T00:00:00Z');
    const baselines = openBaselines({ connectionString: azurite.connectionString }, { now: () => now });
    await baselines.accept(scope, [nsg('1', ['a']), { id: '/x', keep: 'ü' }]);
    await baselines.accept(scope, [nsg('2', ['a', 'b']), { id: '/x', keep: 'ü' }]);
    now = new Date('2026-01-02T00:00:00Z');
    await baselines.accept(scope, [nsg('3', ['a'])]);
    const history = await readHistory(container(), scope);
    expect(history.map(({ at }) => at)).toEqual(['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z']);
    const [first, second] = history;
    expect(first?.replacements).toHaveLength(1);
    expect(second?.replacements.map(({ resource, after }) => [resource, after === null])).toEqual([
      ['/subscriptions/S/nsg', false],
      ['/x', true],
    ]);
    // Back to the content of the first day: the same content is the same object.
    expect(second?.replacements[0]?.after).toBe(first?.replacements[0]?.before);
    const gone = second?.replacements[1]?.before ?? '';
    expect(await readVersion(container(), gone)).toEqual({ id: '/x', keep: 'ü' });
    expect(gone).toMatch(/^[0-9a-f]{64}$/);
  });

  test('what was replaced longer ago than it is to be kept goes, and only that', async () => {
    const scope = freshScope();
    let now = new Date('2026-01-01T00:00:00Z');
    const baselines = openBaselines({ connectionString: azurite.connectionString }, { now: () => now, keepDays: 30 });
    await baselines.accept(scope, [nsg('1', ['old-1'])]);
    await baselines.accept(scope, [nsg('2', ['old-2'])]);
    const before = await objects();
    now = new Date('2026-03-01T00:00:00Z');
    await baselines.accept(scope, [nsg('3', ['new'])]);
    const history = await readHistory(container(), scope);
    expect(history.map(({ at }) => at)).toEqual(['2026-03-01T00:00:00.000Z']);
    // old-1 went with its day, and old-2 came as what was replaced.
    expect(await objects()).toBe(before);
    expect(await readVersion(container(), history[0]?.replacements[0]?.before ?? '')).toMatchObject({
      id: '/subscriptions/S/nsg',
    });
  });

  test('a version whose content is not what its name says is one clear error', async () => {
    const scope = freshScope();
    const baselines = openBaselines({ connectionString: azurite.connectionString });
    await baselines.accept(scope, [nsg('1', ['p'])]);
    await baselines.accept(scope, [nsg('2', ['q'])]);
    const name = (await readHistory(container(), scope))[0]?.replacements[0]?.before ?? '';
    await baselines.accept(scope, [nsg('3', ['r'])]);
    const other = (await readHistory(container(), scope))[1]?.replacements[0]?.before ?? '';
    const body = await container().getBlobClient(`objects/${other}.json.gz`).downloadToBuffer();
    await container().getBlockBlobClient(`objects/${name}.json.gz`).uploadData(body);
    await expect(readVersion(container(), name)).rejects.toThrow(/is damaged/);
  });
});
