/** Timer → reconcileIdentity: every hour, for what no event and no audit entry told. */
import { app, type InvocationContext, type Timer } from '@azure/functions';
import { getGuardrail } from '../shared/compose-later';
import { sweepIdentity } from '../shared/sweep';

/** Throws when the sign-in settings could not be looked at, so that the failure shows in the function's own record. */
export async function reconcileIdentity(_timer: Timer, context: InvocationContext): Promise<void> {
  await sweepIdentity(await getGuardrail(), (line) => {
    context.log(line);
  });
}

app.timer('reconcileIdentity', { schedule: '0 5 * * * *', handler: reconcileIdentity });
