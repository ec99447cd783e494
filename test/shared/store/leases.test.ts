import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Leases } from '../../../shared/ports';
import type { NetworkScope } from '../../../shared/scope';
import { openLeases } from '../../../shared/store/leases';
import { type Azurite, startAzurite } from '../../azurite';

const NOW = Date.parse('2026-03-01T10:00:00Z');
let azurite: Azurite;
let scopes = 0;
let now = NOW;
let lines: string[] = [];
/** What the leases asked to be called again and again; a stopped one is gone. */
let renewals = new Set<() => void>();

beforeAll(async () => {
  azurite = await startAzurite();
}, 30_000);
beforeEach(() => {
  now = NOW;
  lines = [];
  renewals = new Set();
});
afterAll(async () => {
  await azurite.close();
});

/** The leases of one process, whose clock and timer stand still until the test moves them. */
function leases(): Leases {
  return openLeases(
    { connectionString: azurite.connectionString },
    {
      now: () => new Date(now),
      log: (line) => lines.push(line),
      every: (ms, work) => {
        expect(ms).toBe(20_000);
        renewals.add(work);
        return { stop: () => renewals.delete(work) };
      },
    },
  );
}

function freshScope(): NetworkScope {
  scopes += 1;
  return { kind: 'network', subscriptionId: `5EA1AB1E-0000-4000-8000-${String(scopes).padStart(12, '0')}` };
}

function blobOf(scope: NetworkScope) {
  const service = BlobServiceClient.fromConnectionString(azurite.connectionString);
  return service.getContainerClient('guardrail-leases').getBlobClient(`network-${scope.subscriptionId.toLowerCase()}`);
}

/** What happens when its owner does not renew it: the storage account lets somebody else have it. */
async function runOut(scope: NetworkScope): Promise<void> {
  await blobOf(scope).getBlobLeaseClient().breakLease(0);
}

async function renewAll(): Promise<void> {
  for (const renew of renewals) renew();
  await new Promise((resolve) => setTimeout(resolve, 300));
}

describe('shared/store/leases', () => {
  test('only one has it at a time, in one process and in two, and each scope has its own', async () => {
    const scope = freshScope();
    const [one, other] = [leases(), leases()];
    const lease = await one.acquire(scope);
    expect(lease?.isHeld()).toBe(true);
    expect(await one.acquire(scope)).toBeUndefined();
    expect(await other.acquire(scope)).toBeUndefined();
    expect((await other.acquire(freshScope()))?.isHeld()).toBe(true);
    await lease?.release();
    expect(lease?.isHeld()).toBe(false);
    expect(await other.acquire(scope)).toBeDefined();
  });

  test('of many who try at once exactly one gets it', async () => {
    const scope = freshScope();
    const tries = await Promise.all(Array.from({ length: 12 }, () => leases().acquire(scope)));
    expect(tries.filter((lease) => lease !== undefined)).toHaveLength(1);
  });

  test('its number grows with every lease, whoever takes it, and after the blob was deleted too', async () => {
    const scope = freshScope();
    const [one, other] = [leases(), leases()];
    const fences: number[] = [];
    for (const worker of [one, one, other, one, other]) {
      const lease = await worker.acquire(scope);
      fences.push(lease?.fence ?? -1);
      await lease?.release();
    }
    await blobOf(scope).delete();
    now += 1000;
    fences.push((await one.acquire(scope))?.fence ?? -1);
    expect(fences).toEqual(fences.toSorted((a, b) => a - b));
    expect(new Set(fences).size).toBe(fences.length);
  });

  test('it is certain to be ours until ten seconds before it would run out, and longer with every renewal', async () => {
    const lease = await leases().acquire(freshScope());
    now = NOW + 49_999;
    expect(lease?.isHeld()).toBe(true);
    now = NOW + 50_000;
    expect(lease?.isHeld()).toBe(false);
    now = NOW + 20_000;
    await renewAll();
    now = NOW + 69_999;
    expect(lease?.isHeld()).toBe(true);
    now = NOW + 70_000;
    expect(lease?.isHeld()).toBe(false);
  });

  test('one that ran out goes to the next, with a larger number; the old owner learns of it and takes nothing back', async () => {
    const scope = freshScope();
    const old = await leases().acquire(scope);
    await runOut(scope);
    const next = await leases().acquire(scope);
    expect(next?.fence).toBeGreaterThan(old?.fence ?? Infinity);
    await renewAll();
    expect(old?.isHeld()).toBe(false);
    expect(next?.isHeld()).toBe(true);
    await old?.release();
    expect(await leases().acquire(scope)).toBeUndefined();
    expect(lines).toHaveLength(1);
  });

  test('releasing it stops the renewals, works twice, and never throws', async () => {
    const scope = freshScope();
    const lease = await leases().acquire(scope);
    expect(renewals.size).toBe(1);
    await lease?.release();
    await lease?.release();
    expect(renewals.size).toBe(0);
    expect(lines).toEqual([]);

    const lost = await leases().acquire(scope);
    await runOut(scope);
    await leases().acquire(scope);
    await lost?.release();
    expect(lines).toEqual([expect.stringContaining('could not be released')]);
  });

  test('while the storage account does not answer the clock decides', async () => {
    const own = await startAzurite();
    const book = openLeases(
      { connectionString: own.connectionString },
      { now: () => new Date(now), log: (line) => lines.push(line), every: () => ({ stop: () => undefined }) },
    );
    const lease = await book.acquire(freshScope());
    await own.close();
    expect(lease?.isHeld()).toBe(true);
    now = NOW + 50_000;
    expect(lease?.isHeld()).toBe(false);
    await lease?.release();
    expect(lines).toEqual([expect.stringContaining('could not be released')]);
  }, 60_000);
});
