/** Laws that hold before any write to sign-in settings: nobody is locked out by it, the guardrail least of all. */
import { textOf } from '../network/json';
import type { IdentityAction } from './action';
import { identityAfter } from './after';
import { breakGlassUsers, isSpared } from './break-glass';
import { effectiveOf, holdersOf } from './effective';
import type { ConditionalAccessPolicy, Identity, ObjectId } from './identity';
import { allows } from './permission-set';

export interface Guarded {
  /** Object ids of the break-glass accounts and groups. */
  readonly breakGlass: readonly ObjectId[];
  /** Object ids of the guardrail's own identities. */
  readonly ownIdentities: readonly ObjectId[];
}

/** One law and how it came out, in a sentence. */
export interface LockOutFact {
  readonly claim: string;
  readonly holds: boolean;
  readonly detail: string;
}

/**
 * Checks the actions in their order, each on what the ones before it leave behind. Only laws that the actions have to do
 * with are among the facts; nothing may be written unless all of them hold.
 */
export function lockOutFacts(
  identity: Identity,
  actions: readonly IdentityAction[],
  guarded: Guarded,
): readonly LockOutFact[] {
  let before = identity;
  const facts = actions.flatMap((action) => {
    const after = identityAfter(before, action);
    const own = factsOf(before, action, after, guarded);
    before = after;
    return own;
  });
  return [...new Map(facts.map((fact) => [`${fact.claim} ${fact.detail}`, fact])).values()];
}

function factsOf(before: Identity, action: IdentityAction, after: Identity, guarded: Guarded): LockOutFact[] {
  switch (action.kind) {
    case 'patch-conditional-access':
    case 'create-conditional-access': {
      const touched = after.policies.filter((policy) => !before.policies.includes(policy));
      return [
        breakGlassResolves(after, guarded),
        ...touched.flatMap((policy) => [isEnforced(policy), sparesBreakGlass(after, policy, guarded)]),
      ];
    }
    case 'patch-role-settings':
      return [breakGlassResolves(after, guarded), ...contextsExist(after, action)];
    case 'remove-assignment':
      return [keepsOwnIdentity(before, action, guarded), keepsBreakGlassPath(before, action, after, guarded)];
    case 'publish-context':
    case 'restore-role':
      return [];
  }
}

function breakGlassResolves(identity: Identity, { breakGlass }: Guarded): LockOutFact {
  const lost = breakGlass.filter((id) => breakGlassUsers(identity, id).length === 0);
  const detail =
    breakGlass.length === 0
      ? 'the policy names no break-glass account; name one (identity.breakGlass) before sign-in is made stricter'
      : lost.length > 0
        ? `nobody who can sign in stands behind ${lost.join(', ')}; correct identity.breakGlass or restore the account`
        : `${breakGlass.length} ids, each with an account that can sign in`;
  return { claim: 'break-glass accounts exist', holds: breakGlass.length > 0 && lost.length === 0, detail };
}

/** Report-only asks nothing of anybody, and takes away the ordinary MFA that PIM would fall back to. */
function isEnforced({ name, state }: ConditionalAccessPolicy): LockOutFact {
  const detail = `'${name}' ends up ${state === 'enabledForReportingButNotEnforced' ? 'report-only' : state}`;
  return { claim: 'a policy is left enforced, never report-only', holds: state === 'enabled', detail };
}

function sparesBreakGlass(identity: Identity, policy: ConditionalAccessPolicy, { breakGlass }: Guarded): LockOutFact {
  const covered = breakGlass.filter((id) => !isSpared(identity, policy, id));
  const detail =
    covered.length === 0
      ? `'${policy.name}' excludes all of them`
      : `'${policy.name}' would cover ${covered.join(', ')}: exclude them first`;
  return { claim: 'break-glass accounts stay excluded', holds: covered.length === 0, detail };
}

/** Activation that asks for a context which cannot be asked for would keep out everybody who is eligible. */
function contextsExist(
  identity: Identity,
  { rules }: Extract<IdentityAction, { readonly kind: 'patch-role-settings' }>,
): LockOutFact[] {
  const asked = rules
    .filter(({ isEnabled }) => isEnabled === true)
    .flatMap(({ claimValue }) => textOf(claimValue) ?? []);
  return asked.map((context) => {
    const isAvailable = identity.contexts.get(context.toLowerCase())?.isAvailable === true;
    const detail = isAvailable ? `${context} is published` : `${context} is not published: publish it first`;
    return { claim: 'the context that activation will ask for can be met', holds: isAvailable, detail };
  });
}

type Removal = Extract<IdentityAction, { readonly kind: 'remove-assignment' }>;

function keepsOwnIdentity(identity: Identity, { principal }: Removal, { ownIdentities }: Guarded): LockOutFact {
  const { paths } = effectiveOf(identity).expand(principal);
  const concerned = new Set([principal, ...paths.map((path) => path.principal)]);
  const own = ownIdentities.filter((id) => concerned.has(id));
  const detail =
    own.length === 0
      ? `${principal} is none of them`
      : `it would take a role from the guardrail itself (${own.join(', ')})`;
  return { claim: "the guardrail's own identities keep their roles", holds: own.length === 0, detail };
}

/**
 * A break-glass account that can do, without activating anything, what the role allows there has to remain if there was
 * one; and so has one that can give roles back.
 */
function keepsBreakGlassPath(before: Identity, action: Removal, after: Identity, { breakGlass }: Guarded): LockOutFact {
  const permissions = before.roles.get(action.role)?.permissions ?? [];
  const powers = ['Microsoft.Authorization/roleAssignments/write', 'Microsoft.Network/bastionHosts/read'].filter(
    (power) => allows(permissions, power, 'actions'),
  );
  const emergency = new Set(breakGlass.flatMap((id) => breakGlassUsers(before, id)));
  const lost = powers.filter((power) => {
    const have = (identity: Identity): boolean =>
      holdersOf(identity, { actions: [power] }, action.scope, ['assigned']).some((each) =>
        emergency.has(each.principal),
      );
    return have(before) && !have(after);
  });
  const detail =
    lost.length === 0
      ? 'no way that only they have is taken'
      : `no break-glass account could use ${lost.join(' and ')} on ${action.scope} any more`;
  return { claim: 'the last break-glass path stays', holds: lost.length === 0, detail };
}
