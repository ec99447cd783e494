/** Whom a Conditional Access policy leaves out. */
import type { ConditionalAccessPolicy } from '../identity/identity';
import { isObject, listOf, objectOf, textOf } from '../network/json';
import type { AccessPolicy } from '../policy/policy';

export interface Exclusion {
  readonly kind: 'user' | 'group' | 'role' | 'guests' | 'service-principals';
  /** An object id in lower case, or what Graph writes instead of one. */
  readonly id: string;
}

const LISTS = [
  ['excludeUsers', 'user'],
  ['excludeGroups', 'group'],
  ['excludeRoles', 'role'],
] as const;

/** Everything the policy excludes, sorted. */
export function everyExclusion({ conditions }: ConditionalAccessPolicy): readonly Exclusion[] {
  const users = objectOf(conditions.users);
  const listed = LISTS.flatMap(([list, kind]) => textsOf(users[list]).map((id) => ({ kind, id })));
  const guests = isObject(users.excludeGuestsOrExternalUsers)
    ? [{ kind: 'guests' as const, id: textOf(users.excludeGuestsOrExternalUsers.guestOrExternalUserTypes) ?? 'guests' }]
    : [];
  const clients = isObject(conditions.clientApplications)
    ? [{ kind: 'service-principals' as const, id: 'client applications' }]
    : [];
  return [...listed, ...guests, ...clients];
}

/** What it excludes besides the break-glass accounts and groups of the policy. */
export function exclusionsOf(each: ConditionalAccessPolicy, { identity }: AccessPolicy): readonly Exclusion[] {
  const known = new Set(identity.breakGlass);
  return everyExclusion(each).filter(({ kind, id }) => !((kind === 'user' || kind === 'group') && known.has(id)));
}

function textsOf(list: unknown): string[] {
  const texts = listOf(list).flatMap((each) => (typeof each === 'string' ? [each.toLowerCase()] : []));
  return [...new Set(texts)].toSorted();
}
