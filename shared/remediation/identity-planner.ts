/** Findings about sign-in settings → plan: each remedy checked against locking people out before it is taken. */
import { isIdentityAction, targetKeyOf } from '../action';
import { evaluateIdentity } from '../controls';
import { type Finding, type Remedy, severityRank } from '../finding';
import { identityAfter } from '../identity/after';
import type { IdentityAction } from '../identity/action';
import type { Identity } from '../identity/identity';
import { lockOutFacts } from '../identity/lock-out';
import { brake } from './brake';
import { approvalHold, standingHold } from './holds';
import type { HeldFinding, Hold, Plan, PlannedRepair, PlanningInput, ProofFact } from './plan';
import { refusalKey } from './refusal';

export interface IdentityPlanInput extends PlanningInput {
  readonly identity: Identity;
}

/**
 * What comes first makes what follows safe: a policy for a context that does not exist asks nobody anything, and whoever
 * loses a standing assignment has to find the way by activation open (https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-how-to-change-default-settings).
 */
const ORDER: readonly IdentityAction['kind'][] = [
  'publish-context',
  'create-conditional-access',
  'patch-conditional-access',
  'patch-role-settings',
  'restore-role',
  'remove-assignment',
];

/** Plans the repair of every finding that is drift, in the safe order, each on what the ones before it leave behind. */
export function planIdentityRepairs(input: IdentityPlanInput): Plan {
  const repairs: PlannedRepair[] = [];
  const held: HeldFinding[] = [];
  const before = new Set((input.baseline ?? []).map(({ fingerprint }) => fingerprint));
  let { identity } = input;
  for (const finding of input.findings.toSorted(inSafeOrder)) {
    const isApproved = input.orders.approved.has(finding.fingerprint);
    const isDrift = isApproved || (input.baseline !== undefined && !before.has(finding.fingerprint));
    const hold =
      standingHold(finding, input, isDrift) ??
      gapHold(finding, input) ??
      brake(finding, [finding.resource.toLowerCase()], repairs, input);
    if (hold) {
      held.push({ finding, hold });
      continue;
    }
    // A repair before it may have ended it already: its remedy would then be written for nothing.
    if (repairs.length > 0 && !isFound(finding, identity, input)) continue;
    const attempt = firstSafe(finding, identity, input, isApproved);
    const late = attempt.repair
      ? (approvalHold(finding, input) ?? brake(finding, attempt.repair.remedy.actions.map(targetKeyOf), repairs, input))
      : attempt.hold;
    if (!attempt.repair || late) {
      if (late) held.push({ finding, hold: late });
      continue;
    }
    repairs.push(attempt.repair);
    identity = attempt.after;
  }
  return { repairs, held };
}

function inSafeOrder(a: Finding, b: Finding): number {
  return placeOf(a) - placeOf(b) || severityRank(a.severity) - severityRank(b.severity);
}

function placeOf({ remedies }: Finding): number {
  const places = (remedies[0]?.actions ?? []).filter(isIdentityAction).map(({ kind }) => ORDER.indexOf(kind));
  return places.length === 0 ? ORDER.length : Math.max(...places);
}

function isFound({ fingerprint }: Finding, identity: Identity, { policy, now }: IdentityPlanInput): boolean {
  return evaluateIdentity(identity, policy, now).findings.some((other) => other.fingerprint === fingerprint);
}

type Attempt =
  | { readonly repair: PlannedRepair; readonly after: Identity }
  | { readonly repair?: undefined; readonly hold: Hold };

function firstSafe(finding: Finding, identity: Identity, input: IdentityPlanInput, isApproved: boolean): Attempt {
  const rejected: { title: string; why: string }[] = [];
  let hold: Hold | undefined;
  for (const remedy of finding.remedies) {
    const no = input.refused.get(refusalKey(finding, remedy));
    if (no !== undefined) {
      rejected.push({ title: remedy.title, why: `Microsoft Entra or ARM refused it: ${no}` });
      hold = { reason: 'locked', detail: `${remedy.title} was refused: ${no}` };
      continue;
    }
    if (remedy.needsPerson !== undefined) {
      rejected.push({ title: remedy.title, why: remedy.needsPerson });
      hold ??= { reason: 'needs-a-person', detail: `to ${remedy.title} is left to a person: ${remedy.needsPerson}` };
      continue;
    }
    const { facts, after } = proveSafe(finding, remedy, identity, input);
    const failed = facts.filter(({ holds }) => !holds).map(({ claim, detail }) => `${claim}: ${detail}`);
    if (failed.length > 0) {
      rejected.push({ title: remedy.title, why: failed.join('; ') });
      continue;
    }
    if (remedy.needsApproval !== undefined && !isApproved) {
      const detail = `${remedy.needsApproval}; to ${remedy.title}: guardrail approve ${finding.fingerprint}`;
      return { hold: { reason: 'needs-approval', detail } };
    }
    return { repair: { finding, remedy, proof: facts, rejected }, after };
  }
  if (hold) return { hold };
  if (rejected.length === 0)
    return { hold: { reason: 'needs-a-person', detail: 'what is right here is for a person to decide' } };
  const tried = rejected.map(({ title, why }) => `${title} (${why})`).join('; ');
  return { hold: { reason: 'not-proven', detail: `no remedy could be proven: ${tried}` } };
}

function proveSafe(
  finding: Finding,
  remedy: Remedy,
  identity: Identity,
  { policy, now }: IdentityPlanInput,
): { readonly facts: readonly ProofFact[]; readonly after: Identity } {
  const actions = remedy.actions.filter(isIdentityAction);
  const after = actions.reduce(identityAfter, identity);
  const there = evaluateIdentity(after, policy, now).findings;
  const known = new Set(evaluateIdentity(identity, policy, now).findings.map(({ fingerprint }) => fingerprint));
  const remains = there.some(({ fingerprint }) => fingerprint === finding.fingerprint);
  const [made] = there.filter(({ fingerprint }) => !known.has(fingerprint));
  const { breakGlass, guardrailIdentities } = policy.identity;
  return {
    after,
    facts: [
      {
        claim: 'the finding ends',
        holds: !remains,
        detail: remains ? 'the same finding would still be there' : 'the same evaluation no longer finds it',
      },
      {
        claim: 'no other finding begins',
        holds: made === undefined,
        detail: made ? `it would make another: ${made.title}` : 'every control was asked again',
      },
      ...lockOutFacts(identity, actions, { breakGlass, ownIdentities: guardrailIdentities }),
    ],
  };
}

/** What was not read may be what keeps people in: then nothing is written. */
function gapHold({ restsOn }: Finding, { gaps }: IdentityPlanInput): Hold | undefined {
  const gap = restsOn[0] ?? gaps.find(({ what }) => what === 'not-read')?.why;
  return gap === undefined ? undefined : { reason: 'gap', detail: `the proof would rest on something unread: ${gap}` };
}
