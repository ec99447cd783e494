/** Keeps incidents and who was told of them: records in blobs, an index and the list of what is due in a table. */
import type { TableClient } from '@azure/data-tables';
import type { ContainerClient } from '@azure/storage-blob';
import type { Incident, IncidentStatus } from '../incident';
import type { Journal } from '../ports';
import { type Scope, scopeKey } from '../scope';
import { readBlob } from './blob';
import { damagedIncident } from './damaged-incident';
import { dueRows, INCIDENT_TABLE, incidentRows, readRow, readRowAt, rowsOfId, updateRow } from './incident-index';
import { damage, INCIDENT_CONTAINER, readRecord, recordName, writeRecord } from './incident-record';
import { rememberingReader, type RecordReader } from './record-reader';
import { checkKeys, type IncidentSummary, sentOf } from './incident-row';
import { summaryOf } from './incident-summary';
import { readKnown, writeKnown } from './known-findings';
import { sharing } from './share';
import { containerOf, type StorageConnection, tableOf } from './storage';
import { attempt } from './storage-error';

export type JournalOptions = StorageConnection & {
  /** Names of the channels that every alert has to reach. */
  readonly channels: readonly string[];
  readonly log?: (line: string) => void;
};

export interface IncidentJournal extends Journal {
  /** One line per incident, newest first; of one scope or of all. */
  listIncidents(scope?: Scope): Promise<readonly IncidentSummary[]>;
  /** The full record; undefined if there is none. Throws, naming the blob, if it is damaged. Quicker with its scope. */
  readIncident(id: string, scope?: Scope): Promise<Incident | undefined>;
}

interface Clients {
  readonly table: TableClient;
  readonly records: ContainerClient;
}

/**
 * The journal in the given storage account. Nothing is sent before the first call; table and container are created when
 * a write finds them missing. The record is written before its row, so a row never points at nothing.
 */
export function openJournal(options: JournalOptions): IncidentJournal {
  const { channels, log = () => undefined } = options;
  const etags = new Map<string, string | undefined>();
  let opened: Promise<Clients> | undefined;
  function clients(): Promise<Clients> {
    opened ??= connect(options);
    return opened;
  }
  function isDue(status: IncidentStatus, sent: readonly string[]): boolean {
    return status === 'open' || missing(channels, sent);
  }
  async function noted(incident: Incident, tell: (sent: readonly string[]) => readonly string[]): Promise<void> {
    await updateRow((await clients()).table, incident, tell, isDue);
  }
  const read = rememberingReader(async () => (await clients()).records);
  // Every event asks what is due, and in a storm all of them at once.
  const due = sharing(scopeKey, async (scope: Scope): Promise<Due[]> => {
    const { table } = await clients();
    const keys = await dueRows(table, scope);
    const entries = await Promise.all(keys.map((key) => readDue(table, read, scope, key, log)));
    return entries.filter((entry) => entry !== undefined);
  });
  return {
    async record(incident) {
      checkKeys(incident);
      const { table, records } = await clients();
      // Read meanwhile and written afterwards, under the etag that was read.
      const row = readRow(table, incident);
      row.catch(() => undefined);
      await writeRecord(records, incident, etags);
      await updateRow(table, incident, (sent) => sent, isDue, row);
    },
    async unsent(scope) {
      const told = (await due(scope)).filter(
        ({ incident, sent }) => incident.status !== 'open' && missing(channels, sent),
      );
      return told.map(({ incident }) => incident);
    },
    async unfinished(scope) {
      return (await due(scope)).map(({ incident }) => incident).filter(({ status }) => status === 'open');
    },
    async markSent(incident, channel) {
      await noted(incident, (sent) => (sent.includes(channel) ? sent : [...sent, channel]));
    },
    async sentTo(incident) {
      const { table } = await clients();
      return sentOf(await attempt(`reading who was told of ${incident.id}`, () => readRow(table, incident)));
    },
    async known(scope) {
      return readKnown((await clients()).records, scope, log);
    },
    async setKnown(scope, fingerprints) {
      await writeKnown((await clients()).records, scope, fingerprints);
    },
    async listIncidents(scope) {
      const rows = await incidentRows((await clients()).table, scope);
      return rows.flatMap((row) => summaryOf(row) ?? []).toSorted((a, b) => (a.openedAt < b.openedAt ? 1 : -1));
    },
    async readIncident(id, scope) {
      const { table, records } = await clients();
      const key = scope ? scopeKey(scope) : (await rowsOfId(table, id))[0]?.partitionKey;
      if (key === undefined) return undefined;
      const name = recordName(key, id);
      const blob = await readBlob(records, name);
      if (blob === undefined && scope) return undefined;
      const incident = blob && readRecord(blob.body);
      if (incident === undefined) throw new Error(damage(name));
      return incident;
    },
  };
}

interface Due {
  readonly incident: Incident;
  readonly sent: readonly string[];
}

async function connect(connection: StorageConnection): Promise<Clients> {
  const [table, records] = await Promise.all([
    tableOf(connection, INCIDENT_TABLE),
    containerOf(connection, INCIDENT_CONTAINER),
  ]);
  return { table, records };
}

/** The record decides, not the row: whoever wrote the record may have died before the row. */
async function readDue(
  table: TableClient,
  read: RecordReader,
  scope: Scope,
  rowKey: string,
  log: (line: string) => void,
): Promise<Due | undefined> {
  const row = await attempt(`reading a row of ${INCIDENT_TABLE}`, () => readRowAt(table, scopeKey(scope), rowKey));
  if (row?.id === undefined) return undefined;
  const name = recordName(scopeKey(scope), row.id);
  const incident = await read(name);
  if (incident) return { incident, sent: sentOf(row) };
  log(damage(name));
  const standIn = damagedIncident(scope, row, `${INCIDENT_CONTAINER}/${name}`);
  return standIn && { incident: standIn, sent: sentOf(row) };
}

function missing(channels: readonly string[], sent: readonly string[]): boolean {
  return channels.some((channel) => !sent.includes(channel));
}
