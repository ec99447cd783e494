/** The table of incidents: one row each, and a second row for as long as something is still to be done about it. */
import type { TableClient, TransactionAction } from '@azure/data-tables';
import { objectOf, textOf } from '../network/json';
import type { Incident, IncidentStatus } from '../incident';
import { type Scope, scopeKey } from '../scope';
import { dueKeyOf, type IncidentRow, rowKeyOf, rowOf, sentOf } from './incident-row';
import { lostTheRace, type Row, rowAt, rowsWhere } from './row';
import { attempt, codeOf } from './storage-error';

export const INCIDENT_TABLE = 'guardrailincidents';
const MOST_TRIES = 20;

export type StoredRow = Partial<IncidentRow>;

/**
 * Brings the incident's row up to date. `tell` maps the channels that have the alert to those that have it now; `isDue`
 * says whether anything is left to do. Both rows change in one transaction under the row's etag, so that of two writers
 * at once neither loses what the other noted; what a later lease wrote stays, and only who was told is added to it.
 * `reading` is the row as somebody has begun to read it.
 */
export async function updateRow(
  table: TableClient,
  incident: Incident,
  tell: (sent: readonly string[]) => readonly string[],
  isDue: (status: IncidentStatus, sent: readonly string[]) => boolean,
  reading = readRow(table, incident),
): Promise<void> {
  await attempt(`noting incident ${incident.id} in table ${INCIDENT_TABLE}`, async () => {
    for (let tries = 1; ; tries++) {
      const before = await (tries === 1 ? reading : readRow(table, incident));
      const sent = tell(sentOf(before));
      const isLate = (before?.fence ?? 0) > incident.fence;
      const status = isLate ? (before?.status ?? incident.status) : incident.status;
      const row = rowOf(incident, sent, isDue(status, sent));
      try {
        await table.submitTransaction(
          changes(before, isLate ? { ...row, ...factsOf(before) } : row, dueKeyOf(incident)),
        );
        return;
      } catch (error) {
        if (codeOf(error) === 'TableNotFound') await table.createTable();
        else if (!lostTheRace(error) || tries >= MOST_TRIES) throw error;
      }
    }
  });
}

/** What a row says of the incident itself, and not of who was told. */
function factsOf(row: StoredRow | undefined): StoredRow {
  const { status, fence, closedAt, severity, control, resource, title, findings } = row ?? {};
  const facts = { status, fence, closedAt, severity, control, resource, title, findings };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

function changes(before: Row<IncidentRow> | undefined, row: IncidentRow, dueKey: string): TransactionAction[] {
  const due = { partitionKey: row.partitionKey, rowKey: dueKey };
  const write: TransactionAction =
    before === undefined ? ['create', { ...row }] : ['update', { ...row }, 'Replace', { etag: before.etag }];
  if (row.due) return [write, ['upsert', { ...due, id: row.id, incidentRow: row.rowKey }, 'Replace']];
  return before?.due === true ? [write, ['delete', due]] : [write];
}

/** The incident's row with its etag; undefined if there is none. */
export async function readRow(table: TableClient, incident: Incident): Promise<Row<IncidentRow> | undefined> {
  return readRowAt(table, scopeKey(incident.scope), rowKeyOf(incident));
}

/** The row under these keys with its etag; undefined if there is none. */
export async function readRowAt(
  table: TableClient,
  partitionKey: string,
  rowKey: string,
): Promise<Row<IncidentRow> | undefined> {
  return rowAt<IncidentRow>(table, partitionKey, rowKey);
}

/** Row keys of the scope's incidents about which something is left to do, oldest first. */
export async function dueRows(table: TableClient, scope: Scope): Promise<string[]> {
  const rows = await query(table, `PartitionKey eq '${scopeKey(scope)}' and RowKey ge 'due!' and RowKey lt 'due"'`);
  return rows.flatMap((row) => textOf(objectOf(row).incidentRow) ?? []);
}

/** The incidents' rows, newest first within each scope; of one scope or of all. */
export async function incidentRows(table: TableClient, scope?: Scope): Promise<StoredRow[]> {
  const partition = scope ? `PartitionKey eq '${scopeKey(scope)}' and ` : '';
  return query(table, `${partition}RowKey ge 'incident!' and RowKey lt 'incident"'`);
}

/** The rows of the incident with this id, whatever its scope. */
export async function rowsOfId(table: TableClient, id: string): Promise<StoredRow[]> {
  return query(table, `RowKey ge 'incident!' and RowKey lt 'incident"' and id eq '${id.replace(/'/g, "''")}'`);
}

async function query(table: TableClient, filter: string): Promise<StoredRow[]> {
  return attempt(`reading table ${INCIDENT_TABLE}`, () => rowsWhere<IncidentRow>(table, filter));
}
