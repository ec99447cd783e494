/** Carries a plan out, between the record of the intent and what is known of its outcome. */
import type { Incident } from './incident';
import { targetKeyOf } from './action';
import type { Ports, WriteTurn } from './ports';
import { insistOnLease, type Look, type Progress, type RunInput, soFar } from './progress';
import type { Outcome } from './remediation/outcome';
import { actionsOf } from './remediation/plan';
import { refusalKey } from './remediation/refusal';

/**
 * Writes the intent down before anything is written: a process that dies now leaves a trace of what it was doing.
 * Throws `RetryableError` if the lease is lost before or while writing.
 */
export async function carryOut(
  ports: Ports,
  input: RunInput,
  { snapshot, plan }: Look,
  incident: Incident,
  progress: Progress,
): Promise<readonly Outcome[]> {
  insistOnLease(input);
  await ports.journal.record(soFar(incident, progress));
  const turn = turnOf(ports, input);
  const outcomes = await progress.watch.time('apply', () => ports.tenant.apply(snapshot, actionsOf(plan), turn));
  progress.outcomes.push(...outcomes);
  const at = ports.now().toISOString();
  const written = outcomes.filter(({ status }) => status === 'applied' || status === 'started');
  if (written.length > 0) {
    const isPart = plan.isPartial && { isPart: true as const };
    const writes = written.map(({ resource }) => ({ resource, at, ...isPart }));
    await ports.recentWrites.add(input.scope, writes);
  }
  for (const outcome of outcomes) {
    if (outcome.status !== 'failed' || outcome.refusal !== true) continue;
    for (const { finding, remedy } of plan.repairs) {
      const isRefused = remedy.actions.some((action) => targetKeyOf(action) === outcome.resource);
      if (isRefused) progress.refused.set(refusalKey(finding, remedy), outcome.why);
    }
  }
  insistOnLease(input);
  return outcomes;
}

function turnOf(ports: Ports, { scope, lease, until }: RunInput): WriteTurn {
  return {
    until,
    async mayWrite() {
      const { halted } = await ports.orders.read(scope);
      if (halted !== undefined) return `writes are halted: ${halted}`;
      // Asked last: nothing may take time between this and the write.
      return lease.isHeld() ? undefined : 'the lease was lost; somebody else goes on';
    },
  };
}
