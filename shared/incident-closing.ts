/** How an incident ends: what was planned is gone, is still there, or cannot be judged yet. */
import { judge } from './judge';
import type { Incident, IncidentStatus } from './incident';
import { targetKeyOf } from './action';
import type { Ports } from './ports';
import { insistOnLease, type Look, type Progress, type Run, type RunInput, soFar } from './progress';
import type { Outcome } from './remediation/outcome';
import type { PlannedRepair } from './remediation/plan';
import { RetryableError } from './retryable-error';
import { isWhole, settleScope } from './settle';
import { gapKey, newsIn } from './told';

/** How long passing trouble may keep a repair from succeeding before people are told that it failed, in milliseconds. */
const GIVE_UP_AFTER_MS = 2 * 60_000;

/** Looks again at what was written: only what is seen to be gone counts as repaired. */
export async function verify(
  ports: Ports,
  input: RunInput,
  look: Look,
  incident: Incident,
  progress: Progress,
): Promise<Run> {
  const written = [...new Set(progress.outcomes.map((outcome) => outcome.resource))];
  const snapshot = await progress.watch.time('verify', () => ports.tenant.lookAgain(look.snapshot, written));
  const { findings } = judge(snapshot, input.policy, input.guarded);
  const before = new Set(look.gaps.map(gapKey));
  const unread = snapshot.gaps.filter((gap) => gap.what === 'not-read' && !before.has(gapKey(gap)));
  const now = { ...look, snapshot, findings, gaps: [...look.gaps, ...unread] };
  return await conclude(ports, input, now, incident, progress);
}

/**
 * Closes the incident as repaired or failed by what `look` has seen. While it may still turn out well it stays open and
 * nobody is told: throws `RetryableError` after passing trouble, answers `again` where it only takes another look.
 */
export async function conclude(
  ports: Ports,
  input: RunInput,
  look: Look,
  incident: Incident,
  progress: Progress,
): Promise<Run> {
  const remaining = remainingOf(incident, look);
  if (remaining.length === 0) return await close(ports, input, look, incident, 'repaired', progress);
  const reached = soFar(incident, progress);
  const latest = new Map(reached.outcomes.map((outcome) => [outcome.resource, outcome]));
  const hopes = remaining.map((repair) => hopeOf(repair, latest)).filter((hope) => hope !== undefined);
  const age = ports.now().getTime() - Date.parse(incident.openedAt);
  const [hope] = hopes;
  if (hope === undefined || age >= GIVE_UP_AFTER_MS)
    return await close(ports, input, look, incident, 'failed', progress);
  insistOnLease(input);
  await ports.journal.record(reached);
  const trouble = hopes.find(({ why }) => why !== undefined);
  if (trouble?.why !== undefined) throw new RetryableError(trouble.why);
  return { findings: look.findings, gaps: look.gaps, incident: reached, again: true };
}

/** What was to be repaired and is there still, or may be: nothing is called gone that was not looked at. */
function remainingOf({ repairs }: Incident, { findings, gaps }: Look): readonly PlannedRepair[] {
  if (!isWhole(gaps)) return repairs;
  const there = new Set(findings.map((finding) => finding.fingerprint));
  return repairs.filter(({ finding }) => there.has(finding.fingerprint));
}

/** Why a repair may still succeed: `why` tells the trouble, if there was any; undefined: there is no hope without a person. */
function hopeOf(
  { remedy }: PlannedRepair,
  latest: ReadonlyMap<string, Outcome>,
): { readonly why: string | undefined } | undefined {
  const outcomes = remedy.actions.flatMap((action) => latest.get(targetKeyOf(action)) ?? []);
  const failed = outcomes.find((outcome) => outcome.status === 'failed');
  if (failed?.status === 'failed') return failed.retryable ? { why: failed.why } : undefined;
  const isRaced = outcomes.some((outcome) => outcome.status === 'superseded');
  return { why: isRaced ? 'somebody else keeps writing the same resource; the next look tries again' : undefined };
}

/** Records how it ended, remembers what is told by that, and puts the alert in the outbox if there is news in it. */
export async function close(
  ports: Ports,
  input: RunInput,
  look: Look,
  open: Incident,
  status: IncidentStatus,
  progress: Progress,
): Promise<Run> {
  const { findings, gaps, known, orders } = look;
  if (status === 'repaired') await useUpApprovals(ports, input, open, orders.approved);
  const closedAt = ports.now().toISOString();
  const fence = input.lease.fence;
  const timings = progress.watch.timings();
  const incident: Incident = { ...soFar(open, progress), status, fence, closedAt, gaps, timings };
  const failed = status === 'failed' ? open.repairs.map(({ finding }) => finding.fingerprint) : [];
  const seen = { findings, gaps, held: open.held, failed };
  insistOnLease(input);
  await ports.journal.record(incident);
  // A repair is always news; what could not be repaired yet again is not, and only stays on record.
  const isNews = status === 'repaired' || newsIn(seen, known).length > 0;
  if (!isNews) for (const { name } of ports.channels) await ports.journal.markSent(incident, name);
  await settleScope(ports, input, look.snapshot, seen, known);
  // Last: until then only a run delivers it, and a run that follows a crash knows by that what is told already.
  if (isNews) await ports.outbox.put(incident);
  return { findings, gaps, incident, again: false };
}

/** Before the record, so that a process that dies in between leaves no approval behind for the next drift of its kind. */
async function useUpApprovals(
  ports: Ports,
  { scope }: RunInput,
  { repairs }: Incident,
  approved: ReadonlySet<string>,
): Promise<void> {
  const used = repairs.map(({ finding }) => finding.fingerprint).filter((fingerprint) => approved.has(fingerprint));
  await Promise.all(used.map((fingerprint) => ports.orders.useUp(scope, fingerprint)));
}
