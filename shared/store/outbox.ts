/** The outbox: a message per incident in the queue `guardrail-alerts`, for the case that its own run does not deliver. */
import type { QueueClient } from '@azure/storage-queue';
import type { Ports } from '../ports';
import { send } from './messages';
import { queueOf, type StorageConnection } from './storage';

export const ALERT_QUEUE = 'guardrail-alerts';
/** The run that closes an incident delivers at once: by then it is done, or will not do it. */
const OWN_DELIVERY_SECONDS = 20;

/** The outbox in the given storage account. */
export function openOutbox(connection: StorageConnection): Ports['outbox'] {
  let opened: Promise<QueueClient> | undefined;
  return {
    async put({ scope, id }) {
      opened ??= queueOf(connection, ALERT_QUEUE);
      await send(await opened, { scope, incidentId: id }, OWN_DELIVERY_SECONDS);
    },
  };
}
