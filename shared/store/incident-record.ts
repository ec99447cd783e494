/** The full record of an incident: JSON in a blob, because a table row holds too little. */
import type { Incident, IncidentStatus } from '../incident';
import { isObject } from '../network/json';

export const INCIDENT_CONTAINER = 'guardrail-incidents';

const STATUSES: readonly unknown[] = ['open', 'repaired', 'held', 'failed'] satisfies IncidentStatus[];
const LISTS = ['findings', 'repairs', 'held', 'outcomes', 'gaps', 'timings'] as const;

/** Where the record lies in its container. */
export function recordName(scope: string, id: string): string {
  return `${scope}/${id}.json`;
}

/** The record as stored. */
export function writtenRecord(incident: Incident): Buffer {
  return Buffer.from(JSON.stringify(incident));
}

/** Reads a stored record; undefined if it is none of ours or was damaged. */
export function readRecord(body: Buffer): Incident | undefined {
  try {
    const record: unknown = JSON.parse(body.toString());
    return isIncident(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

function isIncident(record: unknown): record is Incident {
  if (!isObject(record) || !isObject(record.scope) || !isObject(record.cause)) return false;
  const texts = [record.id, record.openedAt, record.scope.subscriptionId];
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
