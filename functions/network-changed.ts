/** Event Grid → networkChanged: any other road to a machine was written, deleted or acted upon. */
import { app, type InvocationContext } from '@azure/functions';
import { getGuardrail } from '../shared/compose-later';
import { receive } from '../shared/receive';

/** Throws only what is worth delivering the event again for. */
export async function networkChanged(event: unknown, context: InvocationContext): Promise<void> {
  await receive(event, getGuardrail, (line) => {
    context.log(line);
  });
}

app.eventGrid('networkChanged', { handler: networkChanged });
