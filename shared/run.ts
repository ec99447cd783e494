/** One run under the lease: from looking at the scope to the record of what was done about it. */
import { carryOut } from './carry-out';
import { judge } from './judge';
import type { Incident } from './incident';
import { close, conclude, verify } from './incident-closing';
import { openIncident } from './incident-opening';
import type { Ports } from './ports';
import { type Look, type Progress, type Run, type RunInput, soFar } from './progress';
import type { Outcome } from './remediation/outcome';
import { planFor } from './plan-for';
import { acceptedFindings, settleScope } from './settle';
import { observe } from './sight';
import { stopwatch } from './stopwatch';
import { newsIn, toldBy } from './told';

/** How often we look again at once because somebody else's write came first or Azure refused a remedy. */
const MOST_LOOKS = 6;

/**
 * Observes, evaluates, plans, records the intent, applies, looks again and records the outcome. Throws
 * `RetryableError`, or what a port threw, if the run should be tried again; the mark is still up then.
 */
export async function runOnce(ports: Ports, input: RunInput): Promise<Run> {
  const progress: Progress = { watch: stopwatch(ports.now), outcomes: [], refused: new Map() };
  // Under the lease nobody else can be at work: an incident still open was left by somebody who did not live to close it.
  const [[left, ...others], look] = await Promise.all([
    ports.journal.unfinished(input.scope),
    lookAt(ports, input, progress),
  ]);
  const run = await goOn(ports, input, left, look, progress);
  return others.length > 0 ? { ...run, again: true } : run;
}

async function goOn(
  ports: Ports,
  input: RunInput,
  left: Incident | undefined,
  first: Look,
  progress: Progress,
): Promise<Run> {
  let incident = left;
  let look = first;
  for (let count = 1; ; count++) {
    const { findings, gaps, plan } = look;
    if (!incident && plan.repairs.length === 0 && !(await hasNews(input, look))) {
      await settleScope(ports, input, look.snapshot, { findings, gaps, held: plan.held }, look.known);
      return { findings, gaps, again: false };
    }
    const { policy, lease } = input;
    incident = openIncident(incident, {
      ...input,
      ...look,
      now: ports.now(),
      fence: lease.fence,
      policyHash: policy.hash,
      outcomes: incident ? soFar(incident, progress).outcomes : [],
    });
    if (plan.repairs.length === 0) {
      if (incident.repairs.length > 0) return await conclude(ports, input, look, incident, progress);
      const isHeld = incident.held.length > 0 || gaps.length > 0;
      return await close(ports, input, look, incident, isHeld ? 'held' : 'repaired', progress);
    }
    const outcomes = await carryOut(ports, input, look, incident, progress);
    const hasTime = ports.now() < input.until;
    if (outcomes.some(({ status }) => status === 'started' || (status === 'stopped' && !hasTime))) {
      await ports.journal.record(soFar(incident, progress));
      return { findings, gaps, incident, again: true };
    }
    if (count < MOST_LOOKS && outcomes.some(isWorthAnotherLook)) {
      look = await lookAt(ports, input, progress);
      continue;
    }
    const run = await verify(ports, input, look, incident, progress);
    return look.plan.isPartial ? { ...run, again: true } : run;
  }
}

async function lookAt(ports: Ports, input: RunInput, { watch, refused }: Progress): Promise<Look> {
  const { scope, policy, ceiling } = input;
  const accepted = ports.baselines.load(scope);
  // Asked for early and needed only if there is something to compare with it: not before then does its failure count.
  accepted.catch(() => undefined);
  const [snapshot, orders, recentWrites, known] = await Promise.all([
    watch.time('observe', () => observe(ports, policy, scope, input.causes)),
    ports.orders.read(scope),
    ports.recentWrites.list(scope),
    ports.journal.known(scope),
  ]);
  const seen = watch.timeNow('evaluate', () => judge(snapshot, policy, input.guarded));
  const gaps = [...snapshot.gaps, ...seen.gaps];
  const { findings } = seen;
  const now = ports.now();
  const stored = findings.length === 0 ? undefined : await accepted;
  const baseline = findings.length === 0 ? [] : acceptedFindings(scope, stored, policy, now);
  const plan = watch.timeNow('plan', () =>
    planFor(snapshot, {
      policy,
      ceiling,
      gaps,
      findings,
      baseline,
      ...(stored && { accepted: stored }),
      causes: input.causes,
      ...(input.guarded && { guarded: input.guarded }),
      orders,
      recentWrites,
      refused,
      now,
    }),
  );
  return { snapshot, findings, gaps, known, orders, plan };
}

/** Whoever recorded an alert and died before that was remembered has left it unsent: it is told by that record. */
async function hasNews(input: RunInput, { findings, gaps, plan, known }: Look): Promise<boolean> {
  const seen = { findings, gaps, held: plan.held };
  if (newsIn(seen, known).length === 0) return false;
  const due = toldBy((await input.unsent()).filter(({ status }) => status !== 'repaired'));
  return newsIn(seen, new Set([...known, ...due])).length > 0;
}

function isWorthAnotherLook(outcome: Outcome): boolean {
  if (outcome.status === 'superseded' || outcome.status === 'stopped') return true;
  return outcome.status === 'failed' && outcome.refusal === true;
}
