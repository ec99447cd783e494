/** What the stories about sign-in have in common: the change, how it is heard of, what is done, and what must hold. */
import { checkSays, checkToldTimes, showCard } from './alerts';
import { type Estate, estateDifference } from './estate';
import { administrator } from './identity-scene';
import { tenantOf } from './identity-tenant';
import type { Stage } from './stage';

export interface SignInDrift {
  /** Makes the change. Nobody hears of it before it is done. */
  readonly change: () => Promise<void>;
  /** Whether Event Grid tells of it, or the directory's audit log. */
  readonly heardBy: 'event' | 'audit log';
  /** What the alert has to say, besides who it was. */
  readonly says: readonly (string | RegExp)[];
  /** What the guardrail writes, in order, as `writeName` words it; nothing when it holds or reports. */
  readonly writes: readonly string[];
  /** What is different for good afterwards, as a pattern for each line; nothing unless told. */
  readonly leaves?: readonly RegExp[];
}

export interface SignInPassage {
  readonly before: Estate;
  readonly changed: Estate;
  readonly after: Estate;
}

/** Lets the person make the change, lets the guardrail hear of it, waits for rest, and checks it all. */
export async function playSignIn(stage: Stage, drift: SignInDrift): Promise<SignInPassage> {
  const before = await tenantOf(stage);
  await stage.faults({ events: { hold: true } });
  await drift.change();
  const changed = await tenantOf(stage);
  if (drift.heardBy === 'audit log') await stage.run('watchDirectory');
  await stage.faults({});
  await stage.rest();
  const after = await tenantOf(stage);
  stage.show('What the person changed:', estateDifference(before, changed));
  const repair = estateDifference(changed, after);
  stage.show('What was done about it, read from Graph and ARM:', repair.length > 0 ? repair : ['nothing']);
  showCard(stage);
  stage.check('the change was made', estateDifference(before, changed).length > 0);
  if (drift.writes.length === 0) stage.check('nothing was touched', repair.length === 0);
  else checkLeft(stage, before, after, drift.leaves ?? []);
  checkSignInWrites(stage, drift.writes);
  const whose = `Changed by: ${administrator}`;
  checkSays(stage, `both name who it was (${administrator}) and what about it`, whose, ...drift.says);
  checkToldTimes(stage, 1);
  return { before, changed, after };
}

function checkLeft(stage: Stage, before: Estate, after: Estate, leaves: readonly RegExp[]): void {
  const left = estateDifference(before, after);
  const strange = left.filter((line) => !leaves.some((pattern) => pattern.test(line)));
  const lacking = leaves.filter((pattern) => !left.some((line) => pattern.test(line)));
  const claim =
    leaves.length > 0
      ? `all is as it was, but for what else was edited: ${left.join('; ')}`
      : 'all is as it was before';
  const isSo = strange.length + lacking.length === 0;
  stage.check(isSo ? claim : `${claim} (not so: ${[...strange, ...lacking.map(String)].join('; ')})`, isSo);
}

/** Checks that the guardrail wrote exactly this, and that all of it was taken. */
export function checkSignInWrites(stage: Stage, wanted: readonly string[]): void {
  const writes = stage.playground.writes().filter((write) => write.byApp);
  const names = writes.map(
    ({ method, path, status }) => writeName(method, path) + (status < 300 ? '' : ` (${status})`),
  );
  const isSo = names.join() === wanted.join();
  const claim = wanted.length === 0 ? 'the guardrail wrote nothing' : `the guardrail wrote: ${wanted.join(', ')}`;
  stage.check(isSo ? claim : `${claim} (it wrote: ${names.join(', ') || 'nothing'})`, isSo);
}

/** `PATCH policies`, `PATCH roleManagementPolicies on rg-app`: the names themselves are GUIDs. */
function writeName(method: string, path: string): string {
  const parts = path.split('/');
  const group = /\/resourceGroups\/([^/]+)\//i.exec(path)?.[1];
  return `${method} ${parts.at(-2)}${group === undefined ? '' : ` on ${group}`}`;
}
