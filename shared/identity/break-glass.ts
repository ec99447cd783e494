/** The accounts that get in when nothing else does: who they are, and whether a Conditional Access policy spares them. */
import { listOf, objectOf } from '../network/json';
import { effectiveOf } from './effective';
import { type ConditionalAccessPolicy, type Identity, type ObjectId, objectIdOf } from './identity';

/**
 * The enabled users behind a break-glass id: the user itself, or the standing members of the group. Empty where it
 * does not resolve to anybody who could sign in.
 */
export function breakGlassUsers(identity: Identity, id: ObjectId): readonly ObjectId[] {
  const candidates = identity.groups.has(id) ? standingMembers(identity, id) : [id];
  return candidates.filter((each) => {
    const principal = identity.principals.get(each);
    return principal?.kind === 'user' && principal.isDisabled === undefined;
  });
}

/** Whether the policy leaves out everybody behind the id, by naming it, them, or a group they stand in. */
export function isSpared(identity: Identity, policy: ConditionalAccessPolicy, id: ObjectId): boolean {
  const users = objectOf(policy.conditions.users);
  const groups = idsIn(users.excludeGroups);
  if (groups.includes(id)) return true;
  const spared = new Set([
    ...idsIn(users.excludeUsers),
    ...groups.flatMap((group) => standingMembers(identity, group)),
  ]);
  const behind = breakGlassUsers(identity, id);
  return behind.length > 0 && behind.every((user) => spared.has(user));
}

function standingMembers(identity: Identity, group: ObjectId): ObjectId[] {
  const { paths } = effectiveOf(identity).expand(group);
  return paths.filter(({ chain }) => chain.every(({ as }) => as === 'member')).map(({ principal }) => principal);
}

function idsIn(list: unknown): ObjectId[] {
  return listOf(list).flatMap((id) => (typeof id === 'string' ? objectIdOf(id) : []));
}
