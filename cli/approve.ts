/** `approve`: a person's word for one repair, which is planned and proven anew at once. */
import { plain } from '../shared/alerts/neutral';
import type { Guardrail } from '../shared/compose';
import type { RunReport } from '../shared/guardrail';
import type { Preview } from '../shared/preview';
import type { HoldReason } from '../shared/remediation/plan';
import { type Scope, scopeKey } from '../shared/scope';
import { guardedScopes, ownerIn } from './guarded';
import type { Surroundings } from './surroundings';
import { complain, type ExitCode, remark, type Terminal, writeJson } from './terminal';

export interface ApproveOptions {
  readonly by?: string;
  readonly format: 'table' | 'json';
}

/** What can be approved; anything else that holds a repair back is not a person's approval to give. */
const APPROVABLE: readonly HoldReason[] = ['needs-approval', 'standing'];
/** How long the look may take that follows at once. */
const LOOK_SECONDS = 240;

/** - `later`: approved, but the look is not over; - `refused`: not to be approved */
type Ending = 'repaired' | 'gone' | 'held' | 'failed' | 'later' | 'refused';

interface Result {
  readonly subscription?: string;
  readonly tenant?: string;
  readonly fingerprint: string;
  readonly ended: Ending;
  readonly detail: string;
}

/** Takes a finding's fingerprint, or an incident: then everything in it that waits for approval. */
export async function approve(
  wanted: string,
  { by, format }: ApproveOptions,
  terminal: Terminal,
  { openGuardrail, userName }: Surroundings,
): Promise<ExitCode> {
  const guardrail = await openGuardrail((line) => remark(terminal, line));
  const found = await find(guardrail, wanted);
  if ('problem' in found) return complain(terminal, [found.problem]);
  const results = await approveIn(guardrail, found, by ?? userName());
  if (format === 'json') writeJson(terminal, { schemaVersion: 1, approvals: results });
  else {
    const lines = results.map(({ ended, fingerprint, detail }) => plain(`${ended}: ${fingerprint}: ${detail}`, 1000));
    terminal.writeOut(`${lines.join('\n')}\n`);
  }
  if (results.some(({ ended }) => ended === 'refused')) return 2;
  return results.every(({ ended }) => ended === 'repaired' || ended === 'gone') ? 0 : 1;
}

interface Found {
  readonly scope: Scope;
  readonly fingerprints: readonly string[];
  readonly preview: Preview;
}

async function find(guardrail: Guardrail, wanted: string): Promise<Found | { readonly problem: string }> {
  const incident = await guardrail.journal.readIncident(wanted);
  if (incident) {
    const waiting = incident.held.filter(({ hold }) => APPROVABLE.includes(hold.reason));
    if (waiting.length === 0) return { problem: `nothing in incident '${wanted}' waits for approval` };
    const guarded = guardedScopes(guardrail);
    const isIts = (scope: Scope): boolean => scopeKey(scope) === scopeKey(incident.scope);
    const scope = guarded.ok ? guarded.scopes.find(isIts) : undefined;
    if (!scope) {
      const where = incident.scope.kind === 'network' ? 'subscription' : 'tenant';
      return { problem: `incident '${wanted}' is in a ${where} that is not guarded any more` };
    }
    const fingerprints = waiting.map(({ finding }) => finding.fingerprint);
    return { scope, fingerprints, preview: await guardrail.preview(scope) };
  }
  const guarded = guardedScopes(guardrail);
  for (const scope of guarded.ok ? guarded.scopes : []) {
    const preview = await guardrail.preview(scope);
    if (isIn(preview, wanted)) return { scope, fingerprints: [wanted], preview };
  }
  return { problem: `nothing with the fingerprint '${wanted}' is found now, and there is no incident of that id` };
}

function isIn({ findings, plan }: Preview, fingerprint: string): boolean {
  const all = [...findings, ...[...plan.held, ...plan.repairs].map(({ finding }) => finding)];
  return all.some((finding) => finding.fingerprint === fingerprint);
}

async function approveIn(guardrail: Guardrail, { scope, fingerprints, preview }: Found, by: string): Promise<Result[]> {
  const owner = ownerIn(scope);
  const results: Result[] = [];
  const approved: string[] = [];
  for (const fingerprint of fingerprints) {
    const facts = { ...owner, fingerprint };
    const hold = preview.plan.held.find(({ finding }) => finding.fingerprint === fingerprint)?.hold;
    if (!isIn(preview, fingerprint)) results.push({ ...facts, ended: 'gone', detail: 'it is not found any more' });
    else if (hold && !APPROVABLE.includes(hold.reason)) {
      const detail = `an approval would change nothing now, so none was written down (${hold.reason}: ${hold.detail})`;
      results.push({ ...facts, ended: 'refused', detail });
    } else {
      await guardrail.orders.approve(scope, fingerprint, by);
      approved.push(fingerprint);
    }
  }
  if (approved.length === 0) return results;
  const cause = { kind: 'person', command: `approve ${approved.join(' ')} by ${by}` } as const;
  const report = await guardrail.reconcile(scope, cause, LOOK_SECONDS);
  return [...results, ...approved.map((fingerprint) => ({ ...owner, ...endOf(fingerprint, report) }))];
}

function endOf(
  fingerprint: string,
  { looked, findings, incident }: RunReport,
): Omit<Result, 'subscription' | 'tenant'> {
  const held = incident?.held.find(({ finding }) => finding.fingerprint === fingerprint);
  if (held) return { fingerprint, ended: 'held', detail: `${held.hold.reason}: ${held.hold.detail}` };
  const repair = incident?.repairs.find(({ finding }) => finding.fingerprint === fingerprint);
  if (incident && repair && incident.status !== 'open') {
    const ended = incident.status === 'repaired' ? 'repaired' : 'failed';
    return { fingerprint, ended, detail: `${repair.remedy.title}, incident ${incident.id}` };
  }
  if (looked !== 'done') {
    return { fingerprint, ended: 'later', detail: 'approved; the look is not over and goes on in the function app' };
  }
  if (findings.some((finding) => finding.fingerprint === fingerprint)) {
    return { fingerprint, ended: 'held', detail: 'approved, and still found; see incidents' };
  }
  return { fingerprint, ended: 'gone', detail: 'it is not found any more' };
}
