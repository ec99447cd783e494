/** Repairs of the Conditional Access policy: only what is ours, never report-only, and nobody locked out. */
import type { Remedy } from '../finding';
import { isSpared } from '../identity/break-glass';
import type { ConditionalAccessPolicy, Identity } from '../identity/identity';
import { isObject, type JsonObject } from '../network/json';
import type { AccessPolicy } from '../policy/policy';
import { repair } from './identity-finding';
import { listed } from './identity-words';
import { type BreakGlass, breakGlassOf, wantedName, wantedPolicy, wantedUsers } from './sign-in-policy-body';
import type { Shortcoming } from './sign-in-shortcomings';

/** Why a policy may not be written: without a way back in, a mistake here would lock everybody out. */
function lockOut(policy: AccessPolicy, { unresolved }: BreakGlass): string | undefined {
  if (policy.identity.breakGlass.length === 0) {
    return 'the policy names no break-glass account (identity.breakGlass), so this could lock everybody out';
  }
  if (unresolved.length === 0) return undefined;
  return `nobody who can sign in stands behind break-glass ${listed(unresolved)}, so this could lock everybody out`;
}

const EVERYBODY = 'it changes the sign-in of everybody who manages Azure';

function reservations(policy: AccessPolicy, breakGlass: BreakGlass): { needsApproval?: string; needsPerson?: string } {
  const needsPerson = lockOut(policy, breakGlass);
  return {
    ...(policy.identity.signIn === 'management-api' && { needsApproval: EVERYBODY }),
    ...(needsPerson !== undefined && { needsPerson }),
  };
}

/** Ends one shortcoming of the policy; nothing where no PATCH can. */
export function policyRemedies(
  chosen: ConditionalAccessPolicy,
  shortcoming: Shortcoming,
  all: readonly Shortcoming[],
  identity: Identity,
  policy: AccessPolicy,
): readonly Remedy[] {
  const breakGlass = breakGlassOf(identity, policy);
  const changesOf = ({ changes, setsUsers }: Shortcoming): JsonObject | undefined =>
    setsUsers ? usersChange(breakGlass) : changes;
  const own = changesOf(shortcoming);
  if (!own) return [];
  // Once enabled it asks people at once: so not before it asks the right thing of the right sign-ins.
  const others = shortcoming.aspect === 'state' ? all.map(changesOf).filter((changes) => changes !== undefined) : [];
  const isSafe = policy.identity.breakGlass.every((id) => isSpared(identity, chosen, id));
  const parts: readonly JsonObject[] = [own, ...others, ...(isSafe ? [] : [usersChange(breakGlass)])];
  const changes = parts.reduce((sum, part) => merged(sum, part));
  return [
    repair(
      `Restore ${shortcoming.discrepancy.setting}: ${shortcoming.discrepancy.wanted}`,
      [{ kind: 'patch-conditional-access', policy: chosen.id, changes }],
      reservations(policy, breakGlass),
    ),
  ];
}

/** Excludes exactly the break-glass accounts and groups, and lets nobody else pass. */
export function exclusionRemedies(
  chosen: ConditionalAccessPolicy,
  identity: Identity,
  policy: AccessPolicy,
): readonly Remedy[] {
  const breakGlass = breakGlassOf(identity, policy);
  const clients = isObject(chosen.conditions.clientApplications) ? { conditions: { clientApplications: null } } : {};
  const changes = merged(usersChange(breakGlass), clients);
  return [
    repair(
      'Exclude the break-glass accounts and nobody else',
      [{ kind: 'patch-conditional-access', policy: chosen.id, changes }],
      reservations(policy, breakGlass),
    ),
  ];
}

/** The policy where there is none. */
export function creationRemedies(identity: Identity, policy: AccessPolicy): readonly Remedy[] {
  const breakGlass = breakGlassOf(identity, policy);
  const name = wantedName(policy);
  return [
    repair(
      `Create the enabled policy '${name}'`,
      [{ kind: 'create-conditional-access', name, body: wantedPolicy(policy, breakGlass) }],
      reservations(policy, breakGlass),
    ),
  ];
}

function usersChange(breakGlass: BreakGlass): JsonObject {
  return { conditions: { users: wantedUsers(breakGlass) } };
}

/** Objects join; of anything else the later one stays. */
function merged(one: JsonObject, other: JsonObject): JsonObject {
  const joined: Record<string, unknown> = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const before = joined[key];
    joined[key] = isObject(before) && isObject(value) ? merged(before, value) : value;
  }
  return joined;
}
