/** What the stories of the other roads to a machine have in common: the change, what is done about it, and what must hold. */
import { checkSays, checkToldOf, showCard } from './alerts';
import { type Estate, estateDifference, estateOf } from './estate';
import { bastionReaches } from './reach';
import { nsgApp } from './scene';
import type { Stage } from './stage';

export interface Road {
  /** Makes the change. Nobody hears of it before it is done, so that one change may take several requests. */
  readonly change: () => Promise<void>;
  readonly actor: string;
  /** What the alert has to say, besides who it was. */
  readonly says: readonly (string | RegExp)[];
  /** What the guardrail writes, in order: `PUT nic-vm-app-1`. */
  readonly writes: readonly string[];
  /** What is different for good afterwards, as `estateDifference` words it; nothing unless told. */
  readonly leaves?: readonly string[];
  /** Whether nothing is repaired until a person says so. */
  readonly held?: true;
}

/** The estate before the change, after it, and when everything has come to rest. */
export interface Passage {
  readonly before: Estate;
  readonly changed: Estate;
  readonly after: Estate;
}

/** Lets the person make the change, waits for rest, and checks it all. */
export async function playRoad(stage: Stage, road: Road): Promise<Passage> {
  const before = await estateOf(stage);
  const changed = await unheard(stage, road.change);
  await stage.rest();
  const after = await estateOf(stage);
  stage.show('What the person changed:', estateDifference(before, changed));
  stage.show('What was done about it, read from ARM:', orNothing(estateDifference(changed, after)));
  showCard(stage);
  checkLeft(stage, { before, changed, after }, road);
  checkWrites(stage, road.writes);
  checkSays(stage, `both name who it was (${road.actor}) and what about it`, road.actor, ...road.says);
  if (road.writes.length > 0) checkProof(stage);
  checkToldOf(stage, road.actor, 1);
  return { before, changed, after };
}

/** Keeps the events back while `change` is made, and answers the estate as it is then. */
async function unheard(stage: Stage, change: () => Promise<void>): Promise<Estate> {
  await stage.faults({ events: { hold: true } });
  await change();
  const changed = await estateOf(stage);
  await stage.faults({});
  return changed;
}

function orNothing(lines: readonly string[]): readonly string[] {
  return lines.length > 0 ? lines : ['nothing'];
}

function checkLeft(stage: Stage, { before, changed, after }: Passage, { leaves = [], held }: Road): void {
  stage.check('the change was made', estateDifference(before, changed).length > 0);
  if (held) {
    stage.check('nothing was touched: a person decides', estateDifference(changed, after).length === 0);
  } else {
    const left = estateDifference(before, after);
    const strange = left.filter((line) => !leaves.includes(line));
    const lacking = leaves.filter((line) => !left.includes(line));
    const claim = leaves.length > 0 ? `all is as it was, but for ${leaves.join('; ')}` : 'all is as it was before';
    const isSo = strange.length + lacking.length === 0;
    stage.check(isSo ? claim : `${claim} (not so: ${[...strange, ...lacking].join('; ')})`, isSo);
  }
  stage.check('Bastion still reaches 22 and 3389', bastionReaches(after.get(nsgApp.toLowerCase())));
}

/** Checks that the guardrail wrote exactly this, and that ARM took all of it. */
export function checkWrites(stage: Stage, wanted: readonly string[]): void {
  const writes = stage.playground.writes().filter((write) => write.byApp);
  const names = writes.map(({ method, path, status }) => {
    const name = `${method} ${path.split('/').at(-1)}`;
    return status < 300 ? name : `${name} (${status})`;
  });
  const isSo = names.join() === wanted.join();
  const claim = wanted.length === 0 ? 'the guardrail wrote nothing' : `the guardrail wrote: ${wanted.join(', ')}`;
  stage.check(isSo ? claim : `${claim} (it wrote: ${names.join(', ') || 'nothing'})`, isSo);
}

function checkProof(stage: Stage): void {
  checkSays(stage, 'both show what was proven before anything was written', 'nothing becomes reachable', /Proof/);
}
