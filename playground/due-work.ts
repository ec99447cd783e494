/** What the app still owes although no message of it can be seen: looks that are due, and alerts that wait in its outbox. */
import { TableClient } from '@azure/data-tables';
import { QueueClient } from '@azure/storage-queue';

/**
 * Readable texts; empty when nothing is owed. A mark means that somebody is going to look. An incident that is not told
 * to everybody is owed as long as its message is in the outbox; what went to the poison queue waits for the next run.
 */
export async function dueWork(connectionString: string): Promise<string[]> {
  const [marks, alerts, messages] = await Promise.all([
    keysOf(connectionString, 'guardrailmarks', `RowKey eq 'mark'`),
    keysOf(connectionString, 'guardrailincidents', `RowKey ge 'due!' and RowKey lt 'due"'`),
    messagesIn(connectionString, 'guardrail-alerts'),
  ]);
  return [
    ...marks.map((scope) => `a look at ${scope} is due`),
    ...(messages > 0 ? alerts.map((scope) => `an alert about ${scope} is due`) : []),
  ];
}

async function keysOf(connectionString: string, name: string, filter: string): Promise<string[]> {
  const table = TableClient.fromConnectionString(connectionString, name, { allowInsecureConnection: true });
  const keys: string[] = [];
  try {
    const queryOptions = { filter, select: ['partitionKey'] };
    for await (const { partitionKey } of table.listEntities({ queryOptions })) keys.push(partitionKey ?? '');
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  return keys;
}

async function messagesIn(connectionString: string, name: string): Promise<number> {
  try {
    return (await new QueueClient(connectionString, name).getProperties()).approximateMessagesCount ?? 0;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'statusCode' in error && error.statusCode === 404;
}
