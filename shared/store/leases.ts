/** The right to be the only one at work on a scope: a blob lease of 60 s on `guardrail-leases/<scope>`. */
import { randomUUID } from 'node:crypto';
import type { BlobLeaseClient, BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import type { Lease, Leases } from '../ports';
import { scopeKey } from '../scope';
import { containerOf, type StorageConnection } from './storage';
import { attempt, codeOf, statusOf } from './storage-error';

export const LEASE_CONTAINER = 'guardrail-leases';
const LEASE_MS = 60_000;
const RENEW_EVERY_MS = 20_000;
/** Time to spare: a write sent when the lease has so little left might arrive when it is somebody else's. */
const MARGIN_MS = 10_000;

export interface LeaseOptions {
  readonly now: () => Date;
  readonly log: (line: string) => void;
  readonly newId?: () => string;
  /** Calls `work` again and again until it is stopped. */
  readonly every?: (ms: number, work: () => void) => { readonly stop: () => void };
}

/** The leases in the given storage account; container and blob are made when they are first needed. */
export function openLeases(connection: StorageConnection, options: LeaseOptions): Leases {
  const fences = new Map<string, Fence>();
  const ours = new Map<string, Lease>();
  let opened: Promise<ContainerClient> | undefined;
  return {
    async acquire(scope) {
      opened ??= containerOf(connection, LEASE_CONTAINER);
      const key = scopeKey(scope);
      // In a storm of events most find this very process at it. Once it begins to give the lease back it is asked again.
      if (ours.get(key)?.isHeld()) return undefined;
      const container = await opened;
      const blob = container.getBlockBlobClient(key);
      return attempt(`taking the lease ${LEASE_CONTAINER}/${key}`, async () => {
        const client = blob.getBlobLeaseClient((options.newId ?? randomUUID)());
        const since = options.now();
        const taken = await take(container, blob, client);
        if (!taken) return undefined;
        try {
          const fence = await raiseFence(blob, client.leaseId, taken.etag, fences.get(key), since);
          fences.set(key, fence);
          const lease = heldLease(client, fence.number, since, key, options);
          ours.set(key, lease);
          return lease;
        } catch (error) {
          // Nobody would renew or release it: let the next one have it now rather than in a minute.
          await client.releaseLease().catch(() => undefined);
          throw error;
        }
      });
    },
  };
}

/** The number of the last lease this process took, and the blob's etag then. */
interface Fence {
  readonly number: number;
  readonly etag: string | undefined;
}

/** Takes the lease and answers the blob's etag, which taking it does not change; undefined if somebody else has it. */
async function take(
  container: ContainerClient,
  blob: BlockBlobClient,
  client: BlobLeaseClient,
): Promise<{ readonly etag: string | undefined } | undefined> {
  for (let tries = 1; ; tries++) {
    try {
      return { etag: (await client.acquireLease(LEASE_MS / 1000)).etag };
    } catch (error) {
      if (codeOf(error) === 'LeaseAlreadyPresent') return undefined;
      if (statusOf(error) !== 404 || tries > 3) throw error;
      await container.createIfNotExists();
      await makeBlob(blob);
    }
  }
}

async function makeBlob(blob: BlockBlobClient): Promise<void> {
  try {
    await blob.upload('', 0, { conditions: { ifNoneMatch: '*' } });
  } catch (error) {
    // Somebody else made it, and may even hold it by now.
    if (statusOf(error) !== 409 && statusOf(error) !== 412) throw error;
  }
}

/**
 * The next number, written under the lease. It starts at the clock, so that a blob somebody deleted does not start
 * again below the numbers that are on record. The read is saved if nobody had the lease since this process did.
 */
async function raiseFence(
  blob: BlockBlobClient,
  leaseId: string,
  etag: string | undefined,
  known: Fence | undefined,
  now: Date,
): Promise<Fence> {
  const isOurs = known !== undefined && known.etag !== undefined && known.etag === etag;
  const stored = isOurs ? known.number : Number((await blob.getProperties()).metadata?.fence ?? 0);
  const number = (stored > 0 ? stored : now.getTime()) + 1;
  const answer = await blob.setMetadata({ fence: String(number) }, { conditions: { leaseId } });
  return { number, etag: answer.etag };
}

function heldLease(
  client: BlobLeaseClient,
  fence: number,
  since: Date,
  key: string,
  { now, log, every = everyMs }: LeaseOptions,
): Lease {
  let renewedAt = since.getTime();
  let isLost = false;
  const renewing = every(RENEW_EVERY_MS, () => {
    void renew();
  });

  async function renew(): Promise<void> {
    const startedAt = now().getTime();
    try {
      await client.renewLease();
      renewedAt = startedAt;
    } catch (error) {
      // With any other answer, or none, it may still be ours: the clock decides, and the next renewal tries again.
      if (!isLost) log(`The lease on ${key} could not be renewed: ${codeOf(error) ?? String(error)}`);
      if (statusOf(error) === 409 || statusOf(error) === 404) lose();
    }
  }
  function lose(): void {
    isLost = true;
    renewing.stop();
  }

  return {
    fence,
    isHeld: () => !isLost && now().getTime() < renewedAt + LEASE_MS - MARGIN_MS,
    async release() {
      const wasLost = isLost;
      lose();
      if (wasLost) return;
      try {
        await client.releaseLease();
      } catch (error) {
        // It runs out by itself.
        log(`The lease on ${key} could not be released: ${codeOf(error) ?? String(error)}`);
      }
    },
  };
}

/** Never keeps the process alive: what it renews is of no use to a process that has nothing else to do. */
function everyMs(ms: number, work: () => void): { readonly stop: () => void } {
  const timer = setInterval(work, ms);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
