/** Asks for another look at a scope: a message in the queue `guardrail-recheck` that shows after a while. */
import type { QueueClient } from '@azure/storage-queue';
import type { Rechecks } from '../ports';
import { type Scope, scopeKey } from '../scope';
import { gathering } from './gather';
import { send } from './messages';
import { queueOf, type StorageConnection } from './storage';

export const RECHECK_QUEUE = 'guardrail-recheck';

/** Asks that come while one for the same scope and delay is on its way become one message. */
export function openRechecks(connection: StorageConnection): Rechecks {
  let opened: Promise<QueueClient> | undefined;
  function queue(): Promise<QueueClient> {
    opened ??= queueOf(connection, RECHECK_QUEUE);
    return opened;
  }
  const put = gathering<{ scope: Scope; afterSeconds: number }>(async (_, [first]) => {
    if (first) await send(await queue(), { scope: first.scope }, first.afterSeconds);
  });
  return { put: (scope, afterSeconds) => put(`${scopeKey(scope)} ${afterSeconds}`, { scope, afterSeconds }) };
}
