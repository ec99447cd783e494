/** `plan`: what would be done now, with the proof, and what is held back and why; nothing is done. */
import { plain } from '../shared/alerts/neutral';
import type { Preview } from '../shared/preview';
import type { HeldFinding, PlannedRepair } from '../shared/remediation/plan';
import { nameOfScope } from '../shared/scope';
import { counted } from './check/wording';
import { guardedScopes, ownerIn } from './guarded';
import type { Surroundings } from './surroundings';
import { complain, type ExitCode, type Paint, paintFor, remark, type Terminal, writeJson } from './terminal';

export interface PlanOptions {
  readonly subscription?: readonly string[];
  readonly format: 'table' | 'json';
}

/** Plans for the subscriptions named, or for every guarded one and the tenant; the same exit codes as `check`. */
export async function plan(
  options: PlanOptions,
  terminal: Terminal,
  { openGuardrail }: Surroundings,
): Promise<ExitCode> {
  const guardrail = await openGuardrail((line) => remark(terminal, line));
  const guarded = guardedScopes(guardrail, options.subscription);
  if (!guarded.ok) return complain(terminal, guarded.problems);
  const previews: Preview[] = [];
  for (const scope of guarded.scopes) previews.push(await guardrail.preview(scope));
  if (options.format === 'json') writeJson(terminal, { schemaVersion: 1, plans: previews.map(planJson) });
  else {
    const lines = previews.flatMap((preview) => planLines(preview, paintFor(terminal)));
    terminal.writeOut(`${lines.join('\n')}\n`);
  }
  if (previews.some(({ findings }) => findings.length > 0)) return 1;
  return previews.some(({ gaps }) => gaps.some((gap) => gap.touchesAdminPort)) ? 3 : 0;
}

function planJson({ scope, takenAt, halted, plan: { repairs, held }, gaps }: Preview): object {
  return {
    scope: scope.kind,
    ...ownerIn(scope),
    takenAt: takenAt.toISOString(),
    ...(halted !== undefined && { halted }),
    repairs: repairs.map(({ finding, remedy, proof, rejected }) => ({
      ...factsOf(finding),
      remedy: { title: remedy.title, actions: remedy.actions },
      proof,
      rejected,
    })),
    held: held.map(({ finding, hold }) => ({ ...factsOf(finding), hold })),
    gaps,
  };
}

function factsOf({ control, resource, severity, title, fingerprint }: PlannedRepair['finding']): object {
  return { control, resource, severity, title, fingerprint };
}

function planLines({ scope, takenAt, halted, plan: { repairs, held }, gaps }: Preview, paint: Paint): string[] {
  const counts = `${counted(repairs.length, 'repair')}, ${held.length} held, ${counted(gaps.length, 'gap')}`;
  const head = `${nameOfScope(scope)} as of ${takenAt.toISOString()}: ${counts}`;
  const stop = halted === undefined ? [] : [paint('yellow', `writes are halted: ${plain(halted, 1000)}`)];
  return [head, ...stop, ...repairs.flatMap((repair) => repairLines(repair, paint)), ...held.flatMap(heldLines)];
}

function repairLines({ finding, remedy, proof, rejected }: PlannedRepair, paint: Paint): string[] {
  return [
    `${paint('green', 'would repair')}  ${finding.fingerprint}  ${plain(finding.title, 300)}`,
    `    ${plain(remedy.title, 300)}`,
    ...proof.map(
      ({ claim, holds, detail }) => `    ${holds ? 'holds' : 'FAILS'}: ${plain(`${claim} (${detail})`, 400)}`,
    ),
    ...rejected.map(({ title, why }) => `    not taken: ${plain(`${title}: ${why}`, 400)}`),
  ];
}

function heldLines({ finding, hold }: HeldFinding): string[] {
  return [
    `held (${hold.reason})  ${finding.fingerprint}  ${plain(finding.title, 300)}`,
    `    ${plain(hold.detail, 600)}`,
  ];
}
