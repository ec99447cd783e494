/** The marks: one row per scope in the table `guardrailmarks`, there for as long as somebody is due to look. */
import type { TableClient } from '@azure/data-tables';
import type { Cause } from '../incident';
import { isObject, listOf } from '../network/json';
import type { Marks } from '../ports';
import { scopeKey } from '../scope';
import { gathering } from './gather';
import { inTable, lostTheRace, type Row, rowAt } from './row';
import { type StorageConnection, tableOf } from './storage';
import { attempt, statusOf } from './storage-error';

export const MARK_TABLE = 'guardrailmarks';
const ROW = 'mark';
const MOST_CAUSES = 20;
/** A table property holds 32,768 UTF-16 units. */
const MOST_UNITS = 30_000;
const MOST_TRIES = 20;

interface MarkRow {
  readonly causes: string;
}

/** The marks in the given storage account; the table is made when the first mark is raised. */
export function openMarks(connection: StorageConnection): Marks {
  let opened: Promise<TableClient> | undefined;
  function table(): Promise<TableClient> {
    opened ??= tableOf(connection, MARK_TABLE);
    return opened;
  }
  const raise = gathering<Cause>(async (key, causes) => merge(await table(), key, causes));
  return {
    raise: (scope, cause) => raise(scopeKey(scope), cause),
    async read(scope) {
      const client = await table();
      const row = await attempt(`reading the mark of ${scopeKey(scope)}`, () =>
        rowAt<MarkRow>(client, scopeKey(scope), ROW),
      );
      return row && { etag: row.etag, causes: causesIn(row) };
    },
    async clear(scope, etag) {
      const client = await table();
      return attempt(`clearing the mark of ${scopeKey(scope)}`, async () => {
        try {
          await client.deleteEntity(scopeKey(scope), ROW, { etag });
          return true;
        } catch (error) {
          if (statusOf(error) === 412 || statusOf(error) === 404) return false;
          throw error;
        }
      });
    },
  };
}

/**
 * Mostly there is no mark yet, so making one is tried first. Otherwise it is added to under its etag, so that of two who
 * raise it at once neither is lost, and nobody adds to a mark just cleared.
 */
async function merge(table: TableClient, key: string, causes: readonly Cause[]): Promise<void> {
  await attempt(`raising the mark of ${key}`, async () => {
    let before: Row<MarkRow> | undefined;
    for (let tries = 1; ; tries++) {
      const row = { partitionKey: key, rowKey: ROW, causes: written([...causesIn(before), ...causes]) };
      try {
        if (before) await table.updateEntity(row, 'Replace', { etag: before.etag });
        else await inTable(table, () => table.createEntity(row));
        return;
      } catch (error) {
        if (!lostTheRace(error) || tries >= MOST_TRIES) throw error;
        before = await rowAt<MarkRow>(table, key, ROW);
      }
    }
  });
}

/** The last causes, each once, oldest first, as much as a row holds. */
function written(causes: readonly Cause[]): string {
  const once = [...new Map(causes.map((cause) => [occasionOf(cause), cause])).values()].slice(-MOST_CAUSES);
  let text = JSON.stringify(once);
  while (text.length > MOST_UNITS) {
    once.shift();
    text = JSON.stringify(once);
  }
  return text;
}

/** Event Grid delivers at least once: the same event is the same occasion. */
function occasionOf(cause: Cause): string {
  return cause.kind === 'change' || cause.kind === 'noticed' ? `event ${cause.change.eventId}` : JSON.stringify(cause);
}

/** None if they cannot be read: the mark says that somebody must look, and its causes only whom to name. */
function causesIn(row: Partial<MarkRow> | undefined): readonly Cause[] {
  try {
    return listOf(JSON.parse(row?.causes ?? '[]')).filter(isCause);
  } catch {
    return [];
  }
}

function isCause(value: unknown): value is Cause {
  if (!isObject(value)) return false;
  if (value.kind === 'sweep') return true;
  if (value.kind === 'person') return typeof value.command === 'string';
  if (value.kind === 'audit')
    return [value.activity, value.target, value.actor, value.time].every((text) => typeof text === 'string');
  return (value.kind === 'change' || value.kind === 'noticed') && isChange(value.change);
}

function isChange(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof value.eventId === 'string' &&
    typeof value.resourceId === 'string' &&
    isObject(value.actor)
  );
}
