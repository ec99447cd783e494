/** Timer → watchDirectory: every two minutes, whether somebody has touched what guards the sign-in. */
import { app, type InvocationContext, type Timer } from '@azure/functions';
import { getGuardrail } from '../shared/compose-later';
import { watchAudit } from '../shared/watch-audit';

/** Throws when the audit log could not be read, so that the failure shows in the function's own record. */
export async function watchDirectory(_timer: Timer, context: InvocationContext): Promise<void> {
  await watchAudit(await getGuardrail(), (line) => {
    context.log(line);
  });
}

app.timer('watchDirectory', { schedule: '0 */2 * * * *', handler: watchDirectory });
