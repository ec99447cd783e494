/** What the three drift stories have in common: the change, the repair, and everything that must hold afterwards. */
import type { TeamsMessage } from '../inbox';
import { decide, type Verdict } from './packet';
import { ruleDifference, ruleLines } from './rules';
import { addresses, nsgApp, virtualNetwork } from './scene';
import type { Stage } from './stage';

export interface Drift {
  readonly actor: string;
  readonly port: number;
  /** The rule that opens the port. */
  readonly rule: string;
  /** Rules the change brings along that nobody may touch. */
  readonly bystanders?: readonly string[];
  /** Who must not get through, before the change and after the repair, and does in between. */
  readonly intruders: readonly string[];
  /** Makes the change; answers the group as it was then, put together from what ARM answered. */
  readonly change: (clean: unknown) => Promise<unknown>;
}

const adminPorts = [22, 3389];

export async function playDrift(stage: Stage, drift: Drift): Promise<void> {
  const clean = await stage.get(nsgApp);
  stage.check(
    'before: only Bastion reaches the port',
    !anyAllowed(clean, drift.intruders, drift.port) && bastionReaches(clean),
  );

  const opened = await drift.change(clean);
  const changedAt = Date.now();
  const changedRules = [drift.rule, ...(drift.bystanders ?? [])];
  await stage.rest();
  const after = await stage.get(nsgApp);

  stage.show('What the person changed:', ruleDifference(clean, opened));
  stage.show('What was done about it, read from ARM:', ruleDifference(opened, after));
  checkExposure(stage, drift, opened);
  checkRepair(stage, drift, clean, after, changedRules);
  checkAlerts(stage, drift, changedAt);
}

function checkExposure(stage: Stage, drift: Drift, opened: unknown): void {
  const kept = drift.intruders.filter((intruder) => !verdictOn(opened, intruder, drift.port).allowed);
  const claim = `the change let ${drift.intruders.join(', ')} reach ${addresses.vm}:${drift.port}/tcp`;
  stage.check(withNames(claim, kept), kept.length === 0);
}

function checkRepair(stage: Stage, drift: Drift, clean: unknown, after: unknown, changed: readonly string[]): void {
  const stillIn = drift.intruders.filter((intruder) => verdictOn(after, intruder, drift.port).allowed);
  stage.check(withNames('after: every one of them is denied', stillIn), stillIn.length === 0);
  stage.check('after: Bastion still reaches 22 and 3389', bastionReaches(after));
  const was = ruleLines(clean);
  const is = ruleLines(after);
  stage.check(
    'no other rule was changed',
    [...was].every(([name, line]) => is.get(name) === line) &&
      [...is.keys()].every((name) => was.has(name) || changed.includes(name) || name.startsWith('bastion-guardrail-')),
  );
  for (const name of drift.bystanders ?? []) stage.check(`${name} was left alone`, is.has(name));
  const writes = stage.playground.writes().filter((write) => write.byApp);
  stage.check(
    'the guardrail wrote once, and ARM accepted',
    writes.length === 1 && writes.every((write) => write.status < 300),
  );
}

function checkAlerts(stage: Stage, drift: Drift, changedAt: number): void {
  const { teams, mail } = stage.playground.inbox();
  const [card] = teams;
  const [letter] = mail;
  const since = (told: { receivedAt: string }): number => Date.parse(told.receivedAt) - changedAt;
  stage.show('The finding, in the words of the card:', card === undefined ? ['none'] : essentials(card.text));
  stage.show(
    'Told in Teams:',
    card === undefined ? ['nothing'] : [`${titleOf(card)} (${since(card)} ms after the change)`],
  );
  stage.show(
    'Told by mail:',
    letter === undefined ? ['nothing'] : [`${letter.subject} (${since(letter)} ms after the change)`],
  );
  for (const [channel, text] of [
    ['Teams', card?.text ?? ''],
    ['mail', `${letter?.subject ?? ''}\n${letter?.text ?? ''}`],
  ] as const) {
    stage.check(`${channel} was told what: ${drift.rule}`, text.includes(drift.rule));
    stage.check(`${channel} was told who: ${drift.actor}`, text.includes(drift.actor));
    stage.check(
      `${channel} was shown a witness packet`,
      new RegExp(`\\d+\\.\\d+\\.\\d+\\.\\d+:\\d+ .*:${drift.port}\\b`).test(text),
    );
  }
  stage.check('everybody was told once', teams.length === 1 && mail.length === 1);
}

/** Who, the witness packets, what was done and the proof; the whole card when it has none of these. */
function essentials(card: string): string[] {
  const lines = card.split('\n');
  const chosen = lines.filter((line) => /^(Changed by|From address|Result|Proof)\b|:\d+ → /.test(line));
  return chosen.length > 0 ? chosen : lines;
}

function titleOf(card: TeamsMessage): string {
  return card.text.split('\n', 1)[0] ?? '';
}

function withNames(claim: string, exceptions: readonly string[]): string {
  return exceptions.length === 0 ? claim : `${claim}: not so for ${exceptions.join(', ')}`;
}

function verdictOn(group: unknown, source: string, port: number): Verdict {
  return decide(group, { source, destination: addresses.vm, port }, virtualNetwork);
}

function anyAllowed(group: unknown, sources: readonly string[], port: number): boolean {
  return sources.some((source) => verdictOn(group, source, port).allowed);
}

function bastionReaches(group: unknown): boolean {
  return adminPorts.every((port) => addresses.bastion.every((source) => verdictOn(group, source, port).allowed));
}
