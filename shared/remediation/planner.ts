/** Findings → plan: the first remedy of each drift that can be proven, and everything else held with its reason. */
import { evaluate } from '../controls';
import { type Accepted, acceptedBy } from '../controls/accepted';
import type { Finding, Remedy } from '../finding';
import { targetOf } from '../network/action';
import { type Gap, keyOf, type Network, type ResourceKey } from '../network/network';
import type { Orders, RecentWrite } from './restraint';
import { bastionSources } from '../policy/allowed';
import { type AccessPolicy, type Mode, modeOf } from '../policy/policy';
import { brake } from './brake';
import { askPerson } from './for-a-person';
import type { HeldFinding, Hold, Plan, PlannedRepair } from './plan';
import { prove } from './prove';
import { stopsRepairs } from './unread';

export interface PlanInput {
  readonly network: Network;
  readonly gaps: readonly Gap[];
  readonly policy: AccessPolicy;
  /** No control may do more than this. */
  readonly ceiling: Mode;
  readonly findings: readonly Finding[];
  /** What a person has said about this scope. */
  readonly orders: Orders;
  readonly recentWrites: readonly RecentWrite[];
  readonly now: Date;
  /** Remedies that Azure would not take, as `refusalKey` names them. */
  readonly refused: ReadonlyMap<string, string>;
  /** What evaluating the baseline under today's policy finds; undefined before the first look: then all is standing. */
  readonly baseline: readonly Finding[] | undefined;
}

/**
 * Plans the repair of every finding that is drift. Remedies are proven one after the other, each on the network the
 * ones before it leave behind. A repair may uncover another rule that lets the same traffic through: it joins the plan.
 */
export function planRepairs(input: PlanInput): Plan {
  const repairs: PlannedRepair[] = [];
  const held: HeldFinding[] = [];
  const seen = new Set<string>();
  const queue = [...input.findings];
  const drift = driftIn(input);
  let { network } = input;
  for (let next = queue.shift(); next; next = queue.shift()) {
    if (seen.has(next.fingerprint)) continue;
    seen.add(next.fingerprint);
    const isApproved = input.orders.approved.has(next.fingerprint);
    // What a person approved is repaired as a whole; of drift only what came on top of the accepted state.
    const accepted = isApproved ? undefined : drift.accepted;
    const now = drift.asItIsNow(next, network, accepted);
    if (now === 'gone') continue;
    const finding = now ?? next;
    const hold = holdFor(finding, input, isApproved || now !== undefined) ?? brake(finding, repairs, input);
    if (hold) {
      held.push({ finding, hold });
      continue;
    }
    const attempt = firstProven(finding, network, input, accepted);
    if (!attempt.repair) {
      held.push({ finding, hold: attempt.refusal ?? notProven(attempt.rejected) });
      continue;
    }
    repairs.push(attempt.repair);
    network = attempt.after;
    const groups = new Set(attempt.repair.remedy.actions.map(targetOf));
    queue.push(...evaluate(network, input.policy, groups, drift.accepted).findings);
  }
  return { repairs, held };
}

interface Drift {
  readonly accepted: Accepted | undefined;
  /**
   * The finding as it stands after the repairs planned so far, measured against `accepted`: `gone` if they ended it,
   * undefined if nothing of it came on top of the accepted state.
   */
  asItIsNow(finding: Finding, network: Network, accepted: Accepted | undefined): Finding | 'gone' | undefined;
}

/** Sorts drift from what the accepted state showed already; without an accepted state nothing is drift. */
function driftIn({ network: first, policy, findings, baseline }: PlanInput): Drift {
  const accepted = baseline && baseline.length > 0 ? acceptedBy(baseline) : undefined;
  const atFirst = accepted && findings.length > 0 ? evaluate(first, policy, undefined, accepted).findings : findings;
  const byFingerprint = new Map(atFirst.map((finding) => [finding.fingerprint, finding]));
  return {
    accepted,
    asItIsNow(finding, network, measure) {
      if (network === first) {
        if (measure === undefined && accepted !== undefined) return finding;
        return baseline && byFingerprint.get(finding.fingerprint);
      }
      if (!network.securityGroups.has(keyOf(finding.resource)))
        return baseline && byFingerprint.get(finding.fingerprint);
      const focus = new Set([keyOf(finding.resource)]);
      const isThere = (other: Finding): boolean => other.fingerprint === finding.fingerprint;
      if (!evaluate(network, policy, focus).findings.some(isThere)) return 'gone';
      return baseline && evaluate(network, policy, focus, measure).findings.find(isThere);
    },
  };
}

type Attempt =
  | { readonly repair: PlannedRepair; readonly after: Network }
  | { readonly repair?: undefined; readonly rejected: PlannedRepair['rejected']; readonly refusal?: Hold };

/** How a remedy that Azure refused is remembered while a run lasts. */
export function refusalKey(finding: Finding, remedy: Remedy): string {
  return `${finding.fingerprint} ${remedy.title}`;
}

function firstProven(
  finding: Finding,
  network: Network,
  { policy, refused }: PlanInput,
  accepted: Accepted | undefined,
): Attempt {
  const rejected: { title: string; why: string }[] = [];
  let refusal: Hold | undefined;
  for (const remedy of finding.remedies) {
    const no = refused.get(refusalKey(finding, remedy));
    if (no !== undefined) {
      rejected.push({ title: remedy.title, why: `Azure refused it: ${no}` });
      refusal = { reason: 'locked', detail: `Azure refused ${remedy.title}: ${no}` };
      continue;
    }
    const proof = prove(network, policy, finding, remedy, accepted);
    if (proof.holds) return { repair: { finding, remedy, proof: proof.facts, rejected }, after: proof.after };
    const failed = proof.facts.filter((fact) => !fact.holds).map((fact) => `${fact.claim}: ${fact.detail}`);
    rejected.push({ title: remedy.title, why: failed.join('; ') });
  }
  return { rejected, ...(refusal && { refusal }) };
}

/** The first reason not to repair this finding; undefined if there is none. */
function holdFor(
  finding: Finding,
  { network, gaps, policy, ceiling, orders }: PlanInput,
  isDrift: boolean,
): Hold | undefined {
  const mode = modeOf(policy, finding.control, ceiling);
  if (mode === 'off') return { reason: 'off', detail: 'the guardrail is switched off; nothing is written' };
  if (mode === 'report')
    return { reason: 'report-only', detail: `the mode of ${finding.control} is report; nothing is written` };
  if (finding.evidence.exposures.length > 0 && finding.evidence.exposures.every((exposure) => exposure.reportOnly)) {
    return { reason: 'report-only', detail: 'the policy wants these ports reported, not repaired' };
  }
  const isApproved = orders.approved.has(finding.fingerprint);
  if (!isDrift) {
    return { reason: 'standing', detail: 'it was there when the guardrail first looked; a person decides about it' };
  }
  if (orders.halted !== undefined) return { reason: 'halted', detail: `writes are halted: ${orders.halted}` };
  const bastion = bastionSources(network, policy);
  if (bastion.discovered) {
    return {
      reason: 'bastion-not-observed',
      detail: 'the policy pins no Bastion host; name it under bastionHosts so that nothing can cut it off',
    };
  }
  const missing = bastion.missing[0];
  if (missing)
    return {
      reason: 'bastion-not-observed',
      detail: `${missing.id}: ${missing.why}; nothing is written until it is seen`,
    };
  const gap = finding.restsOn[0] ?? gapBehind(finding, network, gaps, policy);
  if (gap !== undefined) return { reason: 'gap', detail: `the proof would rest on something unread: ${gap}` };
  if (finding.remedies.length === 0) {
    return {
      reason: 'needs-a-person',
      detail: askPerson(finding),
    };
  }
  if (mode === 'approve' && !isApproved) {
    return {
      reason: 'needs-approval',
      detail: `the mode of ${finding.control} is approve: guardrail approve ${finding.fingerprint}`,
    };
  }
  return undefined;
}

/** A gap that the proof would have to read: a list that failed, the group itself, or something that uses the group. */
function gapBehind(finding: Finding, network: Network, gaps: readonly Gap[], policy: AccessPolicy): string | undefined {
  const group = keyOf(finding.resource);
  const users = [...network.subnets.values(), ...network.interfaces.values()]
    .filter((user) => user.securityGroup === group)
    .map((user) => keyOf(user.id));
  const concerned = gaps.find((gap) => stopsRepairs(gap, policy) || isAbout(gap, [group, ...users]));
  return concerned && `${concerned.resource}: ${concerned.why}`;
}

function isAbout(gap: Gap, keys: readonly ResourceKey[]): boolean {
  const resource = keyOf(gap.resource);
  return keys.some((key) => resource === key || resource.startsWith(`${key}/`));
}

function notProven(rejected: PlannedRepair['rejected']): Hold {
  const tried = rejected.map(({ title, why }) => `${title} (${why})`).join('; ');
  return {
    reason: 'not-proven',
    detail: tried === '' ? 'there was nothing to try' : `no remedy could be proven: ${tried}`,
  };
}
