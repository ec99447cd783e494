/** Reads and writes single rows; a table that is not there yet is made on the first write. */
import type { TableClient } from '@azure/data-tables';
import { codeOf, statusOf } from './storage-error';

export type Row<T> = Partial<T> & { readonly etag: string };

/** The row under these keys with its etag; undefined if there is none. */
export async function rowAt<T extends object>(
  table: TableClient,
  partitionKey: string,
  rowKey: string,
): Promise<Row<T> | undefined> {
  try {
    return await table.getEntity<Partial<T>>(partitionKey, rowKey);
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** Every row that the filter lets through; none while there is no table. */
export async function rowsWhere<T extends object>(table: TableClient, filter: string): Promise<Row<T>[]> {
  const rows: Row<T>[] = [];
  try {
    for await (const row of table.listEntities<Partial<T>>({ queryOptions: { filter } })) rows.push(row);
  } catch (error) {
    if (codeOf(error) !== 'TableNotFound') throw error;
  }
  return rows;
}

/** Writes, after making the table if it is missing. */
export async function inTable<R>(table: TableClient, write: () => Promise<R>): Promise<R> {
  try {
    return await write();
  } catch (error) {
    if (codeOf(error) !== 'TableNotFound') throw error;
    await table.createTable();
    return await write();
  }
}

/** Whether somebody else changed, made or deleted the row between our reading and our writing it. */
export function lostTheRace(error: unknown): boolean {
  return ['EntityAlreadyExists', 'UpdateConditionNotSatisfied', 'ResourceNotFound'].includes(codeOf(error) ?? '');
}
