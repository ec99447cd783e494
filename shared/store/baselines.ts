/**
 * Keeps the accepted state of each scope in the container `guardrail-baselines`: the whole of it in one gzipped blob,
 * because a look needs it at once, and every version of a resource that was replaced by its content: see
 * baseline-history.ts.
 */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { ContainerClient } from '@azure/storage-blob';
import type { Baselines } from '../ports';
import { type Scope, scopeKey } from '../scope';
import { forgetOld, keepReplaced } from './baseline-history';
import { readBlob, writeBlob } from './blob';
import { containerOf, type StorageConnection } from './storage';

export const BASELINE_CONTAINER = 'guardrail-baselines';

interface Seen {
  readonly etag: string | undefined;
  readonly resources: readonly unknown[];
  /** Of the JSON text, so that the same state is not uploaded again. */
  readonly digest: string;
}

export interface Keeping {
  readonly now: () => Date;
  /** How many days a replaced version is kept; undefined: for ever. */
  readonly keepDays?: number;
}

const FOR_EVER: Keeping = { now: () => new Date() };
const DAY_MS = 24 * 60 * 60_000;

/**
 * The baselines in the given storage account. What was last read or written is kept in memory and read again only when
 * the blob has changed. `load` throws for a blob that is no baseline: guessing there would turn a standing finding into
 * drift, and drift is repaired.
 */
export function openBaselines(connection: StorageConnection, { now, keepDays }: Keeping = FOR_EVER): Baselines {
  const seen = new Map<string, Seen>();
  const forgotten = new Map<string, number>();
  let opened: Promise<ContainerClient> | undefined;
  function container(): Promise<ContainerClient> {
    opened ??= containerOf(connection, BASELINE_CONTAINER);
    return opened;
  }
  async function read(name: string): Promise<Seen | undefined> {
    const before = seen.get(name);
    const blob = await readBlob(await container(), name, before?.etag);
    if (blob === 'unchanged') return before;
    if (blob === undefined) {
      seen.delete(name);
      return undefined;
    }
    const text = await unpacked(blob.body, `${BASELINE_CONTAINER}/${name}`);
    const current = { etag: blob.etag, ...text };
    seen.set(name, current);
    return current;
  }
  /** What was accepted until now; what is damaged has no history to be kept. */
  async function accepted(name: string): Promise<readonly unknown[] | undefined> {
    try {
      return (await read(name))?.resources;
    } catch {
      return undefined;
    }
  }
  /** Once a day and scope is enough: nothing is lost by keeping more. */
  async function forgetNow(scope: Scope, days: number): Promise<void> {
    const last = forgotten.get(scopeKey(scope));
    if (last !== undefined && now().getTime() - last < DAY_MS) return;
    forgotten.set(scopeKey(scope), now().getTime());
    await forgetOld(await container(), scope, now(), days);
  }
  /** A blob that was damaged meanwhile is no reason not to write a good one. */
  async function isStored(name: string, digest: string): Promise<boolean> {
    try {
      return (await read(name))?.digest === digest;
    } catch {
      return false;
    }
  }
  return {
    load: async (scope) => (await read(blobName(scope)))?.resources,
    async accept(scope, resources) {
      const name = blobName(scope);
      const text = JSON.stringify(resources);
      const digest = digestOf(text);
      if (seen.get(name)?.digest === digest && (await isStored(name, digest))) return;
      // Before the state itself: a process that dies in between has kept one version too many and lost none.
      const before = await accepted(name);
      if (before) await keepReplaced(await container(), scope, before, resources, now());
      // Written on the way of a repair: speed counts for more than the last tenth of the size.
      const body = await promisify(gzip)(text, { level: 1 });
      const etag = await writeBlob(await container(), name, body, 'application/gzip');
      seen.set(name, { etag, resources, digest });
      if (before && keepDays !== undefined) await forgetNow(scope, keepDays);
    },
  };
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

// Not stored with Content-Encoding: what unpacks such a blob, and when, differs between clients.
function blobName(scope: Scope): string {
  return `${scopeKey(scope)}.json.gz`;
}

async function unpacked(
  body: Buffer,
  where: string,
): Promise<{ readonly resources: readonly unknown[]; readonly digest: string }> {
  try {
    const text = (await promisify(gunzip)(body)).toString();
    const resources: unknown = JSON.parse(text);
    if (Array.isArray(resources)) return { resources, digest: digestOf(text) };
  } catch {
    // Said below, together with the other way of being no baseline.
  }
  throw new Error(
    `The stored baseline ${where} is damaged and cannot be read. Restore the blob, or delete it: the next look then starts a new baseline and repairs nothing that is there already.`,
  );
}
