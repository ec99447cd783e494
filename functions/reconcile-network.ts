/** Timer → reconcileNetwork: every 15 minutes, for events that never came. */
import { app, type InvocationContext, type Timer } from '@azure/functions';
import { getGuardrail } from '../shared/compose-later';
import { sweep } from '../shared/sweep';

/** Throws when a subscription could not be looked at, so that the failure shows in the function's own record. */
export async function reconcileNetwork(_timer: Timer, context: InvocationContext): Promise<void> {
  await sweep(await getGuardrail(), (line) => {
    context.log(line);
  });
}

app.timer('reconcileNetwork', { schedule: '0 */15 * * * *', handler: reconcileNetwork });
