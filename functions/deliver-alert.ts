/** Queue → deliverAlert: the outbox, for alerts that the run which closed the incident could not deliver. */
import { app, type InvocationContext } from '@azure/functions';
import { getGuardrail } from '../shared/compose-later';
import { receiveAlert } from '../shared/receive-message';

/** Throws when a channel did not take the alert; what the queue gives up on is delivered by the next run. */
export async function deliverAlert(message: unknown, context: InvocationContext): Promise<void> {
  await receiveAlert(message, getGuardrail, (line) => {
    context.log(line);
  });
}

app.storageQueue('deliverAlert', {
  queueName: 'guardrail-alerts',
  connection: 'AzureWebJobsStorage',
  handler: deliverAlert,
});
