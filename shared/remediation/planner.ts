/** Findings → plan: the first remedy of each drift that can be proven, and everything else held with its reason. */
import { isElsewhere, type Scope } from '../scope';
import { type Action, targetKeyOf } from '../action';
import { evaluate } from '../controls';
import { type Accepted, acceptedBy } from '../controls/accepted';
import type { Finding, Remedy } from '../finding';
import { isRuleAction } from '../network/action';
import { type Gap, keyOf, type Network, type ResourceKey } from '../network/network';
import { readNetwork } from '../network/read';
import { type World, worldOf } from '../network/world';
import { bastionSources } from '../policy/allowed';
import type { AccessPolicy } from '../policy/policy';
import { brake } from './brake';
import { askPerson } from './for-a-person';
import { approvalHold, standingHold } from './holds';
import type { HeldFinding, Hold, Plan, PlannedRepair, PlanningInput } from './plan';
import { type Measure, prove } from './prove';
import { refusalKey } from './refusal';
import { revertOf } from './revert';
import { stopsRepairs } from './unread';

export interface PlanInput extends Omit<PlanningInput, 'causes'> {
  readonly network: Network;
  /** The raw resources that the network was read from; without them only changes of rules can be worked out. */
  readonly resources?: readonly unknown[];
  readonly causes?: PlanningInput['causes'];
  /** Whose network it is; what lies in another guarded subscription is planned for there. */
  readonly scope?: Scope;
}

/**
 * How much one plan may compare in its proofs. Whoever adds a hundred rules at once must not keep the guardrail thinking while the
 * first of them stands open: what is proven by then is carried out, and the next look goes on.
 */
const MOST_EFFORT = 5_000;
/** Of these, how many may go to finding the revert of one finding. */
const MOST_REVERT_PROOFS = 10;

interface Budget {
  effort: number;
}

/** How often one finding may come up again because another repair has uncovered more of it. */
const MOST_TIMES = 3;

/**
 * Plans the repair of every finding that is drift. Remedies are proven one after the other, each on the network the
 * ones before it leave behind. A repair may uncover another rule that lets the same traffic through: it joins the plan.
 */
export function planRepairs(input: PlanInput): Plan {
  const repairs: PlannedRepair[] = [];
  const held: HeldFinding[] = [];
  const times = new Map<string, number>();
  const queue = [...input.findings];
  const drift = driftIn(input);
  const unproven: Unproven[] = [];
  const budget: Budget = { effort: MOST_EFFORT };
  let world = worldOf(input.network, input.resources ?? []);
  for (let next = taken(queue, unproven, held, repairs); next; next = taken(queue, unproven, held, repairs)) {
    const isSame = ({ fingerprint }: Finding): boolean => fingerprint === next.fingerprint;
    if (held.some(({ finding }) => isSame(finding)) || queue.some(isSame)) continue;
    const isApproved = input.orders.approved.has(next.fingerprint);
    // What a person approved is repaired as a whole; of drift only what came on top of the accepted state.
    const accepted = isApproved ? undefined : drift.accepted;
    const now = drift.asItIsNow(next, world.network, accepted);
    if (now === 'gone') continue;
    const finding = now ?? next;
    const hold =
      holdFor(finding, input, isApproved || now !== undefined) ??
      brake(finding, [keyOf(finding.resource)], repairs, input);
    if (hold) {
      held.push({ finding, hold });
      continue;
    }
    if (budget.effort <= 0) {
      if (repairs.length > 0) return { repairs, held, isPartial: true };
      held.push({ finding, hold: TOO_MUCH });
      continue;
    }
    const count = times.get(next.fingerprint) ?? 0;
    if (count >= MOST_TIMES) {
      const detail = `it was ended ${count} times in this plan and comes back with every other repair: decide what stands in its way`;
      held.push({ finding, hold: { reason: 'not-proven', detail } });
      continue;
    }
    const attempt = firstProven(finding, world, input, drift, { isApproved, budget });
    const late = attempt.repair
      ? (approvalHold(finding, input) ?? brake(finding, targetsOf(attempt.repair), repairs, input))
      : (attempt.hold ?? notProven(finding, attempt.rejected));
    if (!attempt.repair || late) {
      if (late) held.push({ finding, hold: late });
      if (!attempt.repair && !attempt.hold) unproven.push({ finding: next, repairs: repairs.length });
      continue;
    }
    repairs.push(attempt.repair);
    times.set(next.fingerprint, count + 1);
    world = attempt.after;
    const { actions } = attempt.repair.remedy;
    const isRules = actions.every(isRuleAction);
    const focus = isRules ? new Set(actions.map(targetKeyOf)) : undefined;
    // What was repaired already may let more through now that another rule no longer decides it.
    const uncovered = evaluate(world.network, input.policy, focus, drift.accepted).findings;
    queue.push(...uncovered.filter(({ resource }) => !isOthers(resource, input)));
  }
  if (repairs.length === 0 || held.length === 0) return { repairs, held };
  // What was held and is ended by a repair for another finding needs nobody's attention any more.
  const left = new Set(evaluate(world.network, input.policy).findings.map(({ fingerprint }) => fingerprint));
  return { repairs, held: held.filter(({ finding }) => left.has(finding.fingerprint)) };
}

/** A finding without a proven remedy, and how many repairs were planned when it was tried. */
interface Unproven {
  readonly finding: Finding;
  readonly repairs: number;
}

/** The next finding; once there is none, those that had no proof before the last repairs are tried once more. */
function taken(
  queue: Finding[],
  unproven: Unproven[],
  held: HeldFinding[],
  repairs: readonly PlannedRepair[],
): Finding | undefined {
  const next = queue.shift();
  if (next) return next;
  for (const { finding } of unproven.splice(0).filter((each) => each.repairs < repairs.length)) {
    const at = held.findIndex((each) => each.finding.fingerprint === finding.fingerprint);
    if (at >= 0) held.splice(at, 1);
    queue.push(finding);
  }
  return queue.shift();
}

function targetsOf({ remedy }: PlannedRepair): readonly ResourceKey[] {
  return [...new Set(remedy.actions.map(targetKeyOf))];
}

const TOO_MUCH: Hold = {
  reason: 'not-proven',
  detail: 'too much drifted at once for one plan to be proven: decide about the gravest, the rest follows',
};

function isOthers(resource: string, { scope, guarded = [] }: PlanInput): boolean {
  return scope !== undefined && isElsewhere(resource, scope, guarded);
}

interface Drift {
  readonly accepted: Accepted | undefined;
  /** Resources whose accepted state shows findings under today's policy: nothing of it is put back. */
  readonly unfit: ReadonlySet<ResourceKey>;
  /** The accepted state as a network, read when it is first asked for. */
  readonly acceptedNetwork: () => Network | undefined;
  /**
   * The finding as it stands after the repairs planned so far, measured against `accepted`: `gone` if they ended it,
   * undefined if nothing of it came on top of the accepted state.
   */
  asItIsNow(finding: Finding, network: Network, accepted: Accepted | undefined): Finding | 'gone' | undefined;
}

/** Sorts drift from what the accepted state showed already; without an accepted state nothing is drift. */
function driftIn({ network: first, policy, findings, baseline, accepted: stored }: PlanInput): Drift {
  const accepted = baseline && baseline.length > 0 ? acceptedBy(baseline) : undefined;
  const atFirst = accepted && findings.length > 0 ? evaluate(first, policy, undefined, accepted).findings : findings;
  const byFingerprint = new Map(atFirst.map((finding) => [finding.fingerprint, finding]));
  let read: Network | undefined;
  return {
    accepted,
    unfit: new Set((baseline ?? []).map(({ resource }) => keyOf(resource))),
    acceptedNetwork() {
      if (stored) read ??= readNetwork(stored).network;
      return read;
    },
    asItIsNow(finding, network, measure) {
      if (network === first) {
        if (measure === undefined && accepted !== undefined) return finding;
        return baseline && byFingerprint.get(finding.fingerprint);
      }
      const focus = network.securityGroups.has(keyOf(finding.resource))
        ? new Set([keyOf(finding.resource)])
        : undefined;
      const isThere = (other: Finding): boolean => other.fingerprint === finding.fingerprint;
      if (!evaluate(network, policy, focus).findings.some(isThere)) return 'gone';
      return baseline && evaluate(network, policy, focus, measure).findings.find(isThere);
    },
  };
}

type Attempt =
  | { readonly repair: PlannedRepair; readonly after: World }
  | { readonly repair?: undefined; readonly rejected: PlannedRepair['rejected']; readonly hold?: Hold };

/** The first remedy that is proven, in the policy's order; one that only a person may approve or do is held for that. */
function firstProven(
  finding: Finding,
  world: World,
  input: PlanInput,
  drift: Drift,
  { isApproved, budget }: { readonly isApproved: boolean; readonly budget: Budget },
): Attempt {
  const { policy, refused } = input;
  const measure: Measure = {
    policy,
    ...(!isApproved && drift.accepted && { accepted: drift.accepted }),
    acceptedNetwork: drift.acceptedNetwork,
  };
  const rejected: { title: string; why: string }[] = [];
  let hold: Hold | undefined;
  for (const remedy of candidatesFor(finding, world, input, drift, measure, budget)) {
    const no = refused.get(refusalKey(finding, remedy));
    if (no !== undefined) {
      rejected.push({ title: remedy.title, why: `Azure refused it: ${no}` });
      hold = { reason: 'locked', detail: `Azure refused ${remedy.title}: ${no}` };
      continue;
    }
    if (remedy.needsPerson !== undefined) {
      rejected.push({ title: remedy.title, why: remedy.needsPerson });
      hold ??= { reason: 'needs-a-person', detail: `to ${remedy.title} is left to a person: ${remedy.needsPerson}` };
      continue;
    }
    const proof = prove(world, finding, remedy, measure);
    budget.effort -= proof.effort;
    if (!proof.holds) {
      const failed = proof.facts.filter((fact) => !fact.holds).map((fact) => `${fact.claim}: ${fact.detail}`);
      rejected.push({ title: remedy.title, why: failed.join('; ') });
      continue;
    }
    if (remedy.needsApproval !== undefined && !isApproved && !isUndoing(remedy, input)) {
      const detail = `${remedy.needsApproval}; to ${remedy.title}: guardrail approve ${finding.fingerprint}`;
      return { rejected, hold: { reason: 'needs-approval', detail } };
    }
    return { repair: { finding, remedy, proof: proof.facts, rejected }, after: proof.after };
  }
  return { rejected, ...(hold && { hold }) };
}

function* candidatesFor(
  finding: Finding,
  world: World,
  { policy, accepted, resources }: PlanInput,
  drift: Drift,
  measure: Measure,
  budget: Budget,
): Generator<Remedy> {
  for (const kind of policy.remedies) {
    if (kind !== 'revert') {
      yield* finding.remedies.filter((remedy) => remedy.kind === kind);
      continue;
    }
    if (!accepted || !resources) continue;
    let left = MOST_REVERT_PROOFS;
    const isProven = (remedy: Remedy): boolean => {
      if (left <= 0 || budget.effort <= 0) return false;
      left -= 1;
      const { holds, effort } = prove(world, finding, remedy, measure);
      budget.effort -= effort;
      return holds;
    };
    const revert = revertOf(finding, { accepted, now: world.resources, unfit: drift.unfit, isProven });
    if (revert) yield revert;
  }
}

/** Whether the change that made us look is what the remedy takes back: then nobody relies on it yet. */
function isUndoing({ actions }: Remedy, { causes = [] }: PlanInput): boolean {
  const changed = causes.flatMap((cause) => (cause.kind === 'change' ? [keyOf(cause.change.resourceId)] : []));
  return actions
    .map(targetKeyOf)
    .every((target) => changed.some((id) => id === target || isPeerOf(id, target, actions)));
}

/** The other end of a peering goes with the end that was made. */
function isPeerOf(changed: ResourceKey, target: ResourceKey, actions: readonly Action[]): boolean {
  const peering = '/virtualnetworkpeerings/';
  return target.includes(peering) && changed.includes(peering) && actions.map(targetKeyOf).includes(changed);
}

/** The first reason not to repair this finding; undefined if there is none. */
function holdFor(finding: Finding, input: PlanInput, isDrift: boolean): Hold | undefined {
  const { network, gaps, policy } = input;
  const hold = standingHold(finding, input, isDrift);
  if (hold) return hold;
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

function notProven(finding: Finding, rejected: PlannedRepair['rejected']): Hold {
  if (rejected.length === 0) return { reason: 'needs-a-person', detail: askPerson(finding) };
  const tried = rejected.map(({ title, why }) => `${title} (${why})`).join('; ');
  return { reason: 'not-proven', detail: `no remedy could be proven: ${tried}` };
}
