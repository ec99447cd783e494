/** Event Grid → roleChanged: a role, an assignment or the settings of a role were written or deleted. */
import { app, type InvocationContext } from '@azure/functions';
import { getGuardrail } from '../shared/compose-later';
import { receive } from '../shared/receive';

/** Throws only what is worth delivering the event again for. */
export async function roleChanged(event: unknown, context: InvocationContext): Promise<void> {
  await receive(event, getGuardrail, (line) => {
    context.log(line);
  });
}

app.eventGrid('roleChanged', { handler: roleChanged });
