/** Queue → recheck: look at a scope again, if somebody is still due to. */
import { app, type InvocationContext } from '@azure/functions';
import { getGuardrail } from '../shared/compose-later';
import { receiveRecheck } from '../shared/receive-message';

/** Throws only when the queue should hand the message out again. */
export async function recheck(message: unknown, context: InvocationContext): Promise<void> {
  await receiveRecheck(message, getGuardrail, (line) => {
    context.log(line);
  });
}

app.storageQueue('recheck', { queueName: 'guardrail-recheck', connection: 'AzureWebJobsStorage', handler: recheck });
