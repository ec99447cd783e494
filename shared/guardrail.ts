/** The one place that orders the steps: observe, evaluate, plan, prove, apply, look again, record, tell. */
import { evaluate } from './controls';
import type { Finding } from './finding';
import { deliver, deliverAll, settle } from './deliver';
import { fingerprintOf } from './fingerprint';
import { openIncident } from './incident-opening';
import { RetryableError } from './retryable-error';
import { type Stopwatch, stopwatch } from './stopwatch';
import type { Cause, Incident, IncidentStatus } from './incident';
import { EMPTY_NETWORK, type Gap } from './network/network';
import { readNetwork } from './network/read';
import type { AccessPolicy, Mode } from './policy/policy';
import type { Ports, Snapshot } from './ports';
import type { Outcome } from './remediation/outcome';
import { actionsOf, type HeldFinding } from './remediation/plan';
import { planRepairs } from './remediation/planner';
import type { Scope } from './scope';

export interface Context {
  readonly policy: AccessPolicy;
  /** The most that any control may do. */
  readonly ceiling: Mode;
}

/** How a run ended. `incident` is there if there was anything new to record. */
export interface RunReport {
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
  readonly incident?: Incident;
}

/** Somebody else's write came first: how often we look again at once before leaving it to the next event. */
const MOST_LOOKS = 3;

/**
 * Brings one scope into line with the policy, whatever it was that made us look. Safe to call at any time and any
 * number of times: it decides from the live state alone. Throws `RetryableError` when it should be called again.
 */
export async function reconcile(
  ports: Ports,
  context: Context,
  scope: Scope,
  causes: readonly Cause[],
): Promise<RunReport> {
  // Listed before this run records anything, so that nothing is told twice; delivered while the run goes on.
  const unsent = await ports.journal.unsent(scope);
  const backlog = settle(deliverAll(ports, unsent));
  const run = await runOnce(ports, context, scope, causes);
  const delivered = run.incident ? await settle(deliver(ports, run.incident)) : undefined;
  const trouble = [await backlog, delivered, run.retry].filter((problem) => problem !== undefined);
  if (trouble.length > 0) throw new RetryableError(trouble.join('; '));
  return run;
}

interface Run extends RunReport {
  readonly retry?: string;
}

/** How long a run may take before its open incident counts as abandoned, in milliseconds: Event Grid waits 30 s. */
const ABANDONED_AFTER_MS = 30_000;

async function runOnce(ports: Ports, context: Context, scope: Scope, causes: readonly Cause[]): Promise<Run> {
  const watch = stopwatch(ports.now);
  const outcomes: Outcome[] = [];
  let incident = await abandoned(ports, scope);
  for (let look = 1; ; look++) {
    const snapshot = await watch.time('observe', () => observe(ports, context, scope));
    const seen = watch.timeNow('evaluate', () => evaluate(snapshot.network, context.policy));
    const gaps = [...snapshot.gaps, ...seen.gaps];
    const known = await ports.journal.known(scope);
    const baseline = await baselineFindings(ports, context, scope, seen.findings);
    const plan = watch.timeNow('plan', () =>
      planRepairs({ ...context, network: snapshot.network, gaps, findings: seen.findings, baseline }),
    );
    const isNews = plan.repairs.length > 0 || newsIn(seen.findings, gaps, known).length > 0;
    if (!isNews && !incident) {
      await settleScope(ports, snapshot, seen.findings, gaps, plan.held, known);
      return { findings: seen.findings, gaps };
    }
    if (!isNews && incident && plan.repairs.length === 0) {
      return await close(
        ports,
        snapshot,
        known,
        { ...incident, gaps },
        seen.findings,
        endOf(incident, seen.findings),
        outcomes,
        watch,
      );
    }
    incident = openIncident(incident, {
      now: ports.now(),
      policyHash: context.policy.hash,
      scope,
      causes,
      plan,
      findings: seen.findings,
      gaps,
    });
    if (plan.repairs.length === 0)
      return await close(ports, snapshot, known, incident, seen.findings, 'held', outcomes, watch);

    // The intent is on record before anything is written: a process that dies now leaves a trace of what it was doing.
    await ports.journal.record({ ...incident, outcomes });
    const applied = await watch.time('apply', () => ports.tenant.apply(snapshot, actionsOf(plan)));
    outcomes.push(...applied);
    if (applied.some((outcome) => outcome.status === 'superseded') && look < MOST_LOOKS) continue;
    return await verify(ports, context, snapshot, known, incident, outcomes, watch);
  }
}

/** An incident whose run died halfway: this run finds out how it ended, and tells it. */
async function abandoned(ports: Ports, scope: Scope): Promise<Incident | undefined> {
  const unfinished = await ports.journal.unfinished(scope);
  return unfinished.find((incident) => ports.now().getTime() - Date.parse(incident.openedAt) > ABANDONED_AFTER_MS);
}

/** What an earlier run meant to repair and is gone was repaired, by it or by somebody else. */
function endOf(incident: Incident, findings: readonly Finding[]): IncidentStatus {
  const remaining = new Set(findings.map((finding) => finding.fingerprint));
  return incident.repairs.some((repair) => remaining.has(repair.finding.fingerprint)) ? 'failed' : 'repaired';
}

/** A scope that must not be read at all is a gap that people are told of; passing trouble is left to the next try. */
async function observe(ports: Ports, context: Context, scope: Scope): Promise<Snapshot> {
  try {
    return await ports.tenant.observe(scope, context.policy.bastionHosts);
  } catch (error) {
    if (!isTerminal(error)) throw error;
    const gap = {
      resource: `/subscriptions/${scope.subscriptionId}`,
      what: 'not-read',
      why: error.message,
      touchesAdminPort: true,
    };
    return { scope, takenAt: ports.now(), network: EMPTY_NETWORK, gaps: [gap], resources: [] };
  }
}

function isTerminal(error: unknown): error is Error {
  return error instanceof Error && 'retryable' in error && error.retryable === false;
}

/** Looks again at what was written: only what is seen to be gone counts as repaired. */
async function verify(
  ports: Ports,
  context: Context,
  before: Snapshot,
  known: ReadonlySet<string>,
  incident: Incident,
  outcomes: readonly Outcome[],
  watch: Stopwatch,
): Promise<Run> {
  const written = [...new Set(outcomes.map((outcome) => outcome.resource))];
  const after = await watch.time('verify', () => ports.tenant.lookAgain(before, written));
  const findings = evaluate(after.network, context.policy).findings;
  const status = endOf(incident, findings);
  const closed = await close(ports, after, known, incident, findings, status, outcomes, watch);
  const retry = status === 'repaired' ? undefined : retryAfter(outcomes);
  return { ...closed, ...(retry !== undefined && { retry }) };
}

function retryAfter(outcomes: readonly Outcome[]): string | undefined {
  const failed = outcomes.find((outcome) => outcome.status === 'failed' && outcome.retryable);
  if (failed?.status === 'failed') return failed.why;
  const superseded = outcomes.at(-1)?.status === 'superseded';
  return superseded ? 'somebody else keeps writing the same resource; the next look tries again' : undefined;
}

async function close(
  ports: Ports,
  snapshot: Snapshot,
  known: ReadonlySet<string>,
  open: Incident,
  remaining: readonly Finding[],
  status: IncidentStatus,
  outcomes: readonly Outcome[],
  watch: Stopwatch,
): Promise<Run> {
  const closedAt = ports.now().toISOString();
  const incident: Incident = {
    ...open,
    status,
    closedAt,
    outcomes: [...open.outcomes, ...outcomes],
    timings: watch.timings(),
  };
  await ports.journal.record(incident);
  await settleScope(ports, snapshot, remaining, open.gaps, open.held, known);
  return { findings: remaining, gaps: open.gaps, incident };
}

/**
 * Remembers what has been told, and takes the state as the new baseline unless drift is still in it. Of a state that
 * was not fully read nothing is forgotten, and it never becomes a baseline.
 */
async function settleScope(
  ports: Ports,
  snapshot: Snapshot,
  remaining: readonly Finding[],
  gaps: readonly Gap[],
  held: readonly HeldFinding[],
  known: ReadonlySet<string>,
): Promise<void> {
  const isWhole = gaps.every((gap) => gap.what !== 'not-read');
  const told = new Set([
    ...remaining.map((finding) => finding.fingerprint),
    ...gaps.map(gapKey),
    ...(isWhole ? [] : known),
  ]);
  if (!sameMembers(told, known)) await ports.journal.setKnown(snapshot.scope, told);
  if (!isWhole) return;
  const standing = new Set(
    held.filter(({ hold }) => hold.reason === 'standing').map(({ finding }) => finding.fingerprint),
  );
  const hasDrift = remaining.some((finding) => !standing.has(finding.fingerprint));
  const isFirstLook = (await ports.baselines.load(snapshot.scope)) === undefined;
  if (isFirstLook || !hasDrift) await ports.baselines.accept(snapshot.scope, snapshot.resources);
}

function sameMembers(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((member) => b.has(member));
}

/** What the accepted state shows under today's policy; not asked for when there is nothing to compare. */
async function baselineFindings(
  ports: Ports,
  context: Context,
  scope: Scope,
  findings: readonly Finding[],
): Promise<readonly Finding[] | undefined> {
  if (findings.length === 0) return [];
  const resources = await ports.baselines.load(scope);
  return resources && evaluate(readNetwork(resources).network, context.policy).findings;
}

/** Findings and unread lists nobody has been told about. */
function newsIn(findings: readonly Finding[], gaps: readonly Gap[], known: ReadonlySet<string>): string[] {
  return [
    ...findings.map((finding) => finding.fingerprint),
    ...gaps.filter((gap) => gap.touchesAdminPort).map(gapKey),
  ].filter((key) => !known.has(key));
}

function gapKey(gap: Gap): string {
  return `gap ${fingerprintOf(gap.resource, gap.what)}`;
}
