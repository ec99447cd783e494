/** What a state that was seen shows under the policy, whichever kind of scope it is of. */
import { evaluate, evaluateIdentity } from './controls';
import type { Checked } from './controls/control';
import { readIdentity } from './identity/read';
import { EMPTY_NETWORK, type Gap } from './network/network';
import { readNetwork } from './network/read';
import type { AccessPolicy } from './policy/policy';
import { type OverdueReview, overdueReviews } from './policy/review';
import type { Snapshot } from './ports';
import { isElsewhere, type Scope } from './scope';

/**
 * Evaluates what was observed; `guarded` are the subscriptions of whose networks looks of their own are taken. Exceptions that nobody has
 * looked at in time are told as well, and change nothing.
 */
export function judge(snapshot: Snapshot, policy: AccessPolicy, guarded: readonly string[] = []): Checked {
  const { findings, ...rest } = judgeState(snapshot, policy);
  const checked = {
    ...rest,
    findings: findings.filter(({ resource }) => !isElsewhere(resource, snapshot.scope, guarded)),
  };
  const own = overdueReviews(ownPart(policy, snapshot.scope), snapshot.takenAt.toISOString().slice(0, 10));
  return own.length === 0 ? checked : { ...checked, gaps: [...checked.gaps, ...own.map(reviewGap)] };
}

/** The policy with the exceptions of the other kind of scope left out: each is told of once. */
function ownPart(policy: AccessPolicy, { kind }: Scope): AccessPolicy {
  if (kind === 'network') return { ...policy, identity: { ...policy.identity, allowedStanding: [] } };
  const { topology, publicIps } = policy;
  return {
    ...policy,
    additionalSources: [],
    topology: { ...topology, approvedPeerings: [] },
    publicIps: { ...publicIps, approved: [] },
  };
}

function reviewGap({ what, owner, reviewBy }: OverdueReview): Gap {
  const why = `its review was due on ${reviewBy}: ask ${owner} whether it is still needed, then move the date or take it out`;
  return { resource: what, what: 'review-overdue', why, touchesAdminPort: true };
}

function judgeState({ scope, network, identity, takenAt }: Snapshot, policy: AccessPolicy): Checked {
  // Of a scope that could not be read at all the gap says everything.
  if (scope.kind === 'network') return network === EMPTY_NETWORK ? NOTHING : evaluate(network, policy);
  return identity ? evaluateIdentity(identity, policy, takenAt) : NOTHING;
}

const NOTHING: Checked = { findings: [], gaps: [], skipped: [] };

/** Evaluates a state that was stored as raw resources; `now` is for what ends by a date. */
export function judgeStored(scope: Scope, resources: readonly unknown[], policy: AccessPolicy, now: Date): Checked {
  if (scope.kind === 'network') return evaluate(readNetwork(resources).network, policy);
  return evaluateIdentity(readIdentity(resources, now).identity, policy, now);
}
