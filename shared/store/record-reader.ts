/** Reads incidents' records, and remembers the last ones: a large record is read again only when it has changed. */
import type { ContainerClient } from '@azure/storage-blob';
import type { Incident } from '../incident';
import { readBlob } from './blob';
import { readRecord } from './incident-record';

/** The record in the blob of this name; undefined if there is none, or it is damaged. */
export type RecordReader = (name: string) => Promise<Incident | undefined>;

const MOST_REMEMBERED = 20;

/** A reader of the container's records that asks only whether those it knows are still the same. */
export function rememberingReader(container: () => Promise<ContainerClient>): RecordReader {
  const seen = new Map<string, { readonly etag: string | undefined; readonly incident: Incident | undefined }>();
  return async (name) => {
    const before = seen.get(name);
    const blob = await readBlob(await container(), name, before?.etag);
    if (blob === 'unchanged') return before?.incident;
    seen.delete(name);
    if (blob === undefined) return undefined;
    const incident = readRecord(blob.body);
    seen.set(name, { etag: blob.etag, incident });
    const [oldest] = seen.keys();
    if (seen.size > MOST_REMEMBERED && oldest !== undefined) seen.delete(oldest);
    return incident;
  };
}
