/** The Conditional Access policy that guards the sign-in: which one it is, and where it falls short of what is wanted. */
import type { ConditionalAccessPolicy, Identity } from '../identity/identity';
import { listOf, objectOf } from '../network/json';
import type { AccessPolicy } from '../policy/policy';
import { exclusionsOf } from './sign-in-exclusions';
import { MANAGEMENT_API } from './sign-in-policy-body';
import { type Shortcoming, shortcomingsOf } from './sign-in-shortcomings';

export interface SignInPolicy {
  /** The policy that is judged: the pinned one, else the one that comes closest; undefined if none asks anything. */
  readonly chosen?: ConditionalAccessPolicy;
  readonly shortcomings: readonly Shortcoming[];
  /** Others that are about the same sign-in, off or not. */
  readonly others: readonly ConditionalAccessPolicy[];
  /** Whether the policy that was pinned is no longer there; then another is taken by what it does. */
  readonly isPinLost: boolean;
}

/** Nothing of Conditional Access was read: a tenant always has its built-in strengths. */
export function isConditionalAccessUnread({ policies, strengths, contexts }: Identity): boolean {
  return policies.length === 0 && strengths.size === 0 && contexts.size === 0;
}

/** Names can be anybody's, so a policy is taken by its pinned id or by what it does. */
export function signInPolicyOf(identity: Identity, policy: AccessPolicy): SignInPolicy {
  const pin = policy.identity.conditionalAccessPolicy;
  const pinned = identity.policies.find(({ id }) => id === pin);
  const candidates = identity.policies.filter((each) => isAbout(each, policy));
  const ranked = candidates
    .filter((each) => !blocks(each) && (isNamedTarget(each, policy) || flawsOf(each, identity, policy) === 0))
    .map((each) => ({ each, flaws: flawsOf(each, identity, policy) }))
    .toSorted((a, b) => a.flaws - b.flaws || (a.each.id < b.each.id ? -1 : 1));
  const chosen = pinned ?? ranked[0]?.each;
  return {
    ...(chosen && { chosen }),
    shortcomings: chosen ? shortcomingsOf(chosen, identity, policy) : [],
    others: candidates.filter(({ id }) => id !== chosen?.id),
    isPinLost: pin !== undefined && pinned === undefined,
  };
}

/** A policy that is off counts as further off than any other flaw makes it. */
function flawsOf(each: ConditionalAccessPolicy, identity: Identity, policy: AccessPolicy): number {
  const off = each.state === 'enabled' ? 0 : 100;
  return off + shortcomingsOf(each, identity, policy).length + exclusionsOf(each, policy).length;
}

function isAbout({ conditions }: ConditionalAccessPolicy, { identity }: AccessPolicy): boolean {
  const { includeApplications, includeAuthenticationContextClassReferences } = objectOf(conditions.applications);
  if (identity.signIn === 'activation') {
    return holds(includeAuthenticationContextClassReferences, identity.context);
  }
  return holds(includeApplications, MANAGEMENT_API) || holds(includeApplications, 'All');
}

/** A policy for all applications is somebody's own, and is never bent to what is wanted for this one. */
function isNamedTarget({ conditions }: ConditionalAccessPolicy, { identity }: AccessPolicy): boolean {
  if (identity.signIn === 'activation') return true;
  return holds(objectOf(conditions.applications).includeApplications, MANAGEMENT_API);
}

export function blocks({ grantControls }: ConditionalAccessPolicy): boolean {
  return holds(grantControls?.builtInControls, 'block');
}

/** Whether a list of texts holds this one, in whatever casing. */
export function holds(list: unknown, text: string): boolean {
  return listOf(list).some((each) => typeof each === 'string' && each.toLowerCase() === text.toLowerCase());
}
