/** What the drift stories have in common: the change, the repair, and everything that must hold afterwards. */
import { checkSays, checkToldTimes, showCard, witness } from './alerts';
import { bastionReaches, getThrough, verdictOn } from './reach';
import { ruleDifference, ruleLines } from './rules';
import { addresses, nsgApp } from './scene';
import type { Stage } from './stage';

/** What a change opens. */
export interface Opening {
  readonly port: number;
  /** The rule that opens the port. */
  readonly rule: string;
  /** Rules the change brings along that nobody may touch. */
  readonly bystanders?: readonly string[];
  /** Who must not get through, before the change and after the repair, and does in between. */
  readonly intruders: readonly string[];
}

export interface Drift extends Opening {
  readonly actor: string;
  /** What else the change opens, beside the rule: each is put back by a write of its own. */
  readonly others?: readonly string[];
  /** Makes the change; answers the group as it was then, put together from what ARM answered. */
  readonly change: (clean: unknown) => Promise<unknown>;
}

/** The group before the change, after it, and when everything has come to rest. */
export interface Course {
  readonly clean: unknown;
  readonly opened: unknown;
  readonly after: unknown;
}

/** Lets the person make the change, waits for rest, and checks it all. */
export async function playDrift(stage: Stage, drift: Drift): Promise<Course> {
  const clean = await stage.get(nsgApp);
  stage.check(
    'before: only Bastion reaches the port',
    getThrough(clean, drift.intruders, drift.port).length === 0 && bastionReaches(clean),
  );
  const opened = await drift.change(clean);
  await stage.rest();
  const course = { clean, opened, after: await stage.get(nsgApp) };
  showCourse(stage, course);
  showCard(stage);
  checkOpened(stage, drift, opened);
  checkRepaired(stage, drift, course);
  checkWrote(stage, 1 + (drift.others ?? []).length);
  const { rule, actor, port } = drift;
  checkSays(stage, `both name ${rule}, who wrote it (${actor}), and a witness packet`, rule, actor, witness(port));
  checkToldTimes(stage, 1);
  return course;
}

export function showCourse(stage: Stage, { clean, opened, after }: Course): void {
  stage.show('What the person changed:', ruleDifference(clean, opened));
  stage.show('What was done about it, read from ARM:', ruleDifference(opened, after));
}

/** Checks that the change was worth a repair: every one of the intruders got through. */
export function checkOpened(stage: Stage, { intruders, port }: Opening, opened: unknown): void {
  const kept = intruders.filter((intruder) => !verdictOn(opened, intruder, port).allowed);
  const claim = `the change let ${intruders.join(', ')} reach ${addresses.vm}:${port}/tcp`;
  stage.check(withNames(claim, kept), kept.length === 0);
}

/** Checks that the intruders are denied, Bastion is not, and nothing else has changed. */
export function checkRepaired(stage: Stage, opening: Opening, { clean, after }: Course): void {
  const stillIn = getThrough(after, opening.intruders, opening.port);
  stage.check(withNames('after: every one of them is denied', stillIn), stillIn.length === 0);
  stage.check('after: Bastion still reaches 22 and 3389', bastionReaches(after));
  const changed = [opening.rule, ...(opening.bystanders ?? [])];
  const was = ruleLines(clean);
  const is = ruleLines(after);
  stage.check(
    'no other rule was changed',
    [...was].every(([name, line]) => is.get(name) === line) &&
      [...is.keys()].every((name) => was.has(name) || changed.includes(name) || name.startsWith('bastion-guardrail-')),
  );
  for (const name of opening.bystanders ?? []) stage.check(`${name} was left alone`, is.has(name));
}

/** Checks that the guardrail made just so many writes, and none was refused. */
export function checkWrote(stage: Stage, count: number): void {
  const writes = stage.playground.writes().filter((write) => write.byApp);
  const times = ['never', 'once', 'twice'][count] ?? `${count} times`;
  stage.check(
    `the guardrail wrote ${times}, and ARM accepted`,
    writes.length === count && writes.every((write) => write.status < 300),
  );
}

function withNames(claim: string, exceptions: readonly string[]): string {
  return exceptions.length === 0 ? claim : `${claim}: not so for ${exceptions.join(', ')}`;
}
