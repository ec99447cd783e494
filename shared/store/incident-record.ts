/** The full record of an incident: JSON in a blob, because a table row holds too little. */
import type { ContainerClient } from '@azure/storage-blob';
import type { Incident, IncidentStatus } from '../incident';
import { isObject } from '../network/json';
import { scopeKey } from '../scope';
import { writeBlobIf } from './blob';
import { attempt, statusOf } from './storage-error';

export const INCIDENT_CONTAINER = 'guardrail-incidents';

const STATUSES: readonly unknown[] = ['open', 'repaired', 'held', 'failed'] satisfies IncidentStatus[];
const LISTS = ['findings', 'repairs', 'held', 'outcomes', 'gaps', 'timings'] as const;

/** Where the record lies in its container. */
export function recordName(scope: string, id: string): string {
  return `${scope}/${id}.json`;
}

const MOST_TRIES = 20;

/**
 * Writes the record, unless one with a larger fence is on file: then it throws, because its writer is too late. `etags`
 * remembers the open records this process wrote, so that closing one needs no reading.
 */
export async function writeRecord(
  container: ContainerClient,
  incident: Incident,
  etags: Map<string, string | undefined>,
): Promise<void> {
  const name = recordName(scopeKey(incident.scope), incident.id);
  const body = Buffer.from(JSON.stringify(incident));
  const metadata = { fence: String(incident.fence) };
  let known = etags.get(name);
  for (let tries = 1; tries <= MOST_TRIES; tries++) {
    const written = await writeBlobIf(container, name, body, 'application/json', known, metadata);
    if (written) {
      if (incident.status === 'open') etags.set(name, written.etag);
      else etags.delete(name);
      return;
    }
    const stored = await onFile(container, name);
    known = stored?.etag;
    if (stored && stored.fence > incident.fence) throw new Error(tooLate(name, incident.fence, stored.fence));
  }
  throw new Error(`${INCIDENT_CONTAINER}/${name} is being written by too many at once; try again.`);
}

async function onFile(
  container: ContainerClient,
  name: string,
): Promise<{ readonly etag: string | undefined; readonly fence: number } | undefined> {
  return attempt(`reading ${INCIDENT_CONTAINER}/${name}`, async () => {
    try {
      const { etag, metadata } = await container.getBlobClient(name).getProperties();
      return { etag, fence: Number(metadata?.fence ?? 0) };
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  });
}

function tooLate(name: string, fence: number, stored: number): string {
  return `${INCIDENT_CONTAINER}/${name} was written under lease ${stored} already; the writer with lease ${fence} is too late and writes nothing.`;
}

/** Reads a stored record; undefined if it is none of ours or was damaged. */
export function readRecord(body: Buffer): Incident | undefined {
  try {
    const record: unknown = JSON.parse(body.toString());
    if (!isIncident(record)) return undefined;
    // Records of the first version have none.
    return { ...record, fence: record.fence ?? 0 };
  } catch {
    return undefined;
  }
}

type StoredIncident = Omit<Incident, 'fence'> & Partial<Pick<Incident, 'fence'>>;

function isIncident(record: unknown): record is StoredIncident {
  if (!isObject(record) || !isObject(record.scope) || !isObject(record.cause)) return false;
  const texts = [record.id, record.openedAt, record.scope.subscriptionId ?? record.scope.tenantId];
  return (
    texts.every((text) => typeof text === 'string') &&
    STATUSES.includes(record.status) &&
    LISTS.every((list) => Array.isArray(record[list]))
  );
}

/** What a person is told about a record that cannot be read. */
export function damage(name: string): string {
  return `The stored incident ${INCIDENT_CONTAINER}/${name} is missing or damaged and cannot be read. Restore the blob from a previous version; its row in the table says what it was about.`;
}
