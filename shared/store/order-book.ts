/** A person's standing words: the halt, for everything, and approvals, each for one repair; table `guardrailorders`. */
import type { TableClient } from '@azure/data-tables';
import type { OrderBook } from '../ports';
import { type Scope, scopeKey } from '../scope';
import { inTable, rowAt, rowsWhere } from './row';
import { type StorageConnection, tableOf } from './storage';
import { attempt, statusOf } from './storage-error';

export const ORDER_TABLE = 'guardrailorders';
const HALT = { partitionKey: 'all', rowKey: 'halt' };
/** An approval is given for what is there now; nobody remembers next month what they approved today. */
const APPROVAL_MS = 24 * 3600_000;
/** A table property holds 32,768 UTF-16 units; nothing said here is worth that much. */
const MOST = 1_000;

export interface Halt {
  readonly by: string;
  readonly why: string;
  /** ISO 8601. */
  readonly at: string;
}

export interface Approval {
  readonly fingerprint: string;
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
}

export interface Orders {
  readonly halt?: Halt;
  readonly approvals: readonly Approval[];
}

/** The order book, and what only a person may do with it. */
export interface PersonsOrderBook extends OrderBook {
  /** Stops every write, at once, until somebody resumes. Answers with the order as it is written down. */
  halt(by: string, why: string): Promise<Halt>;
  /** False if there was no halt. */
  resume(): Promise<boolean>;
  approve(scope: Scope, fingerprint: string, by: string): Promise<void>;
  /** What is in force for a scope, with who said it and when. */
  list(scope: Scope): Promise<Orders>;
}

/** The order book in the given storage account; the table is made with the first order. */
export function openOrderBook(connection: StorageConnection, now: () => Date): PersonsOrderBook {
  let opened: Promise<TableClient> | undefined;
  function table(): Promise<TableClient> {
    opened ??= tableOf(connection, ORDER_TABLE);
    return opened;
  }
  async function write(what: string, row: { partitionKey: string; rowKey: string }): Promise<void> {
    const client = await table();
    await attempt(what, () => inTable(client, () => client.upsertEntity(row, 'Replace')));
  }
  async function remove(what: string, partitionKey: string, rowKey: string): Promise<boolean> {
    const client = await table();
    return attempt(what, async () => {
      try {
        await client.deleteEntity(partitionKey, rowKey);
        return true;
      } catch (error) {
        if (statusOf(error) === 404) return false;
        throw error;
      }
    });
  }
  async function list(scope: Scope): Promise<Orders> {
    const client = await table();
    const [halt, approvals] = await attempt(`reading the orders for ${scopeKey(scope)}`, () =>
      Promise.all([readHalt(client), readApprovals(client, scope)]),
    );
    const oldest = now().getTime() - APPROVAL_MS;
    return { ...(halt && { halt }), approvals: approvals.filter(({ at }) => Date.parse(at) > oldest) };
  }
  return {
    list,
    async read(scope) {
      const { halt, approvals } = await list(scope);
      return {
        ...(halt && { halted: haltLine(halt) }),
        approved: new Set(approvals.map(({ fingerprint }) => fingerprint)),
      };
    },
    async useUp(scope, fingerprint) {
      await remove(`using up the approval of ${fingerprint}`, scopeKey(scope), approvalKey(fingerprint));
    },
    async halt(by, why) {
      const halt = { by: by.slice(0, MOST), why: why.slice(0, MOST), at: now().toISOString() };
      await write('writing down the halt', { ...HALT, ...halt });
      return halt;
    },
    resume: () => remove('ending the halt', HALT.partitionKey, HALT.rowKey),
    async approve(scope, fingerprint, by) {
      const keys = { partitionKey: scopeKey(scope), rowKey: approvalKey(fingerprint) };
      const approval: Approval = { fingerprint, by: by.slice(0, MOST), at: now().toISOString() };
      await write(`writing down the approval of ${fingerprint}`, { ...keys, ...approval });
    },
  };
}

/** The halt in a sentence: who, when and why. */
export function haltLine({ by, why, at }: Halt): string {
  return `by ${by} at ${at}${why === '' ? '' : `: ${why}`}`;
}

async function readHalt(table: TableClient): Promise<Halt | undefined> {
  const row = await rowAt<Halt>(table, HALT.partitionKey, HALT.rowKey);
  return row && { by: row.by ?? 'somebody', why: row.why ?? '', at: row.at ?? 'an unknown time' };
}

async function readApprovals(table: TableClient, scope: Scope): Promise<Approval[]> {
  const rows = await rowsWhere<Approval>(table, `PartitionKey eq '${scopeKey(scope)}'`);
  return rows.flatMap(({ fingerprint, by, at }) =>
    fingerprint === undefined || by === undefined || at === undefined ? [] : [{ fingerprint, by, at }],
  );
}

/** Throws for anything that is no fingerprint, because it becomes a key. */
function approvalKey(fingerprint: string): string {
  if (!/^[\w-]{1,100}$/.test(fingerprint)) throw new Error(`'${fingerprint}' is not a fingerprint.`);
  return `approval!${fingerprint}`;
}
