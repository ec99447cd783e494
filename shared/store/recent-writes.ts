/** What the guardrail wrote within the last hour, per scope: one small blob in the container `guardrail-writes`. */
import type { ContainerClient } from '@azure/storage-blob';
import { isObject } from '../network/json';
import type { RecentWrites } from '../ports';
import type { RecentWrite } from '../remediation/restraint';
import { type Scope, scopeKey } from '../scope';
import { readBlob, type StoredBlob, writeBlobIf } from './blob';
import { containerOf, type StorageConnection } from './storage';

export const WRITES_CONTAINER = 'guardrail-writes';
const HOUR_MS = 3600_000;
const MOST_TRIES = 20;

/**
 * The recent writes in the given storage account. A blob that cannot be understood is an error and not an empty list:
 * without it nobody could tell that the guardrail is fighting somebody.
 */
export function openRecentWrites(connection: StorageConnection, now: () => Date): RecentWrites {
  const seen = new Map<string, StoredBlob>();
  let opened: Promise<ContainerClient> | undefined;
  function container(): Promise<ContainerClient> {
    opened ??= containerOf(connection, WRITES_CONTAINER);
    return opened;
  }
  async function read(name: string): Promise<{ etag: string | undefined; writes: readonly RecentWrite[] }> {
    const before = seen.get(name);
    const blob = await readBlob(await container(), name, before?.etag);
    if (blob === undefined) {
      seen.delete(name);
      return { etag: undefined, writes: [] };
    }
    const current = blob === 'unchanged' && before ? before : blob;
    if (current === 'unchanged') throw new Error(`${WRITES_CONTAINER}/${name} was not read`);
    seen.set(name, current);
    const since = now().getTime() - HOUR_MS;
    const writes = writesIn(current.body, name).filter(({ at }) => Date.parse(at) > since);
    return { etag: current.etag, writes };
  }
  return {
    list: async (scope) => (await read(blobName(scope))).writes,
    async add(scope, added) {
      const name = blobName(scope);
      for (let tries = 1; tries <= MOST_TRIES; tries++) {
        const { etag, writes } = await read(name);
        const body = Buffer.from(JSON.stringify([...writes, ...added]));
        const written = await writeBlobIf(await container(), name, body, 'application/json', etag);
        if (!written) continue;
        seen.set(name, { body, etag: written.etag });
        return;
      }
      throw new Error(`${WRITES_CONTAINER}/${name} is being written by too many at once; try again.`);
    },
  };
}

function blobName(scope: Scope): string {
  return `${scopeKey(scope)}.json`;
}

function writesIn(body: Buffer, name: string): readonly RecentWrite[] {
  try {
    const writes: unknown = JSON.parse(body.toString());
    if (Array.isArray(writes) && writes.every(isWrite)) return writes;
  } catch {
    // Said below, together with JSON that is no list of writes.
  }
  throw new Error(
    `The list of recent writes ${WRITES_CONTAINER}/${name} is damaged, so nothing is repaired. Delete the blob: the count of writes then starts again.`,
  );
}

function isWrite(value: unknown): value is RecentWrite {
  return isObject(value) && typeof value.resource === 'string' && typeof value.at === 'string';
}
