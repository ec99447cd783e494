/** What became of one finding of an incident: repaired, held back, tried in vain, or still being handled. */
import type { Finding } from '../finding';
import type { Incident } from '../incident';
import { targetKeyOf } from '../action';
import { nameOf } from '../network/network';
import type { PlannedRepair } from '../remediation/plan';
import type { Outcome } from '../remediation/outcome';

export interface Ending {
  readonly kind: 'repaired' | 'held' | 'failed' | 'open';
  /** One sentence for people. */
  readonly text: string;
}

/** How the finding ended, judged by its own actions only: one incident may end differently for each of its findings. */
export function endingOf(incident: Incident, finding: Finding): Ending {
  const held = incident.held.find((entry) => entry.finding.fingerprint === finding.fingerprint);
  if (held) return { kind: 'held', text: `Held back (${held.hold.reason}): ${held.hold.detail}` };
  const repair = repairOf(incident, finding);
  if (!repair) return endingWithout(incident);
  const groups = new Set(repair.remedy.actions.map(targetKeyOf));
  // Of several tries on one resource only the last one counts.
  const latest = new Map(incident.outcomes.map((outcome) => [outcome.resource, outcome]));
  const own = [...latest.values()].filter(({ resource }) => groups.has(resource));
  return endingOfRepair(incident, repair, own);
}

/** Neither held nor planned for: the repairs before it in the plan already ended it. */
function endingWithout({ status }: Incident): Ending {
  if (status === 'repaired') return { kind: 'repaired', text: 'Gone with the repair of another finding.' };
  if (status === 'open') return { kind: 'open', text: 'Expected to go with the repair of another finding.' };
  return { kind: 'failed', text: 'It was to go with the repair of another finding. A person must look.' };
}

/** The repair that was planned for the finding, if there is one. */
export function repairOf(incident: Incident, finding: Finding): PlannedRepair | undefined {
  return incident.repairs.find((repair) => repair.finding.fingerprint === finding.fingerprint);
}

function endingOfRepair(incident: Incident, { remedy }: PlannedRepair, outcomes: readonly Outcome[]): Ending {
  for (const outcome of outcomes) {
    const name = nameOf(outcome.resource);
    if (outcome.status === 'failed') {
      const next = outcome.retryable ? 'It will be tried again.' : 'A person must act.';
      return { kind: 'failed', text: `Tried: ${remedy.title}. Writing ${name} failed: ${outcome.why} ${next}` };
    }
    if (outcome.status === 'superseded') {
      const text = `Tried: ${remedy.title}. Somebody changed ${name} in between, so it was not written; the guardrail looks again.`;
      return { kind: 'failed', text };
    }
  }
  if (incident.status === 'failed') {
    return { kind: 'failed', text: `Tried: ${remedy.title}. The finding is still there. A person must act.` };
  }
  if (incident.status !== 'repaired' && outcomes.length === 0)
    return { kind: 'open', text: `Planned: ${remedy.title}.` };
  const already = outcomes.length > 0 && outcomes.every((outcome) => outcome.status === 'already');
  return {
    kind: 'repaired',
    text: `Done: ${remedy.title}.${already ? ' It was so already: nothing had to be written.' : ''}`,
  };
}
