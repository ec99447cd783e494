/** Deny assignments: what nobody can do whatever their roles allow. */
import type { DenyAssignment, Identity, ObjectId, ScopeKey } from './identity';
import { covers } from './identity';
import type { Expansion } from './membership';
import { type Plane, touches } from './permission-set';

/** How a deny assignment names everyone. */
const EVERYONE = '00000000-0000-0000-0000-000000000000';

/**
 * A function that tells whether the principal is certainly denied the action at the place. What is uncertain does not
 * count as a denial: membership that takes an activation, and exceptions for groups whose members were not read.
 * https://learn.microsoft.com/azure/role-based-access-control/deny-assignments
 */
export function denier(
  { denyAssignments }: Identity,
  expand: (group: ObjectId) => Expansion,
): (principal: ObjectId, action: string, plane: Plane, place: ScopeKey) => boolean {
  if (denyAssignments.length === 0) return () => false;
  const prepared = denyAssignments.map((deny) => ({
    deny,
    isForEveryone: deny.principals.includes(EVERYONE),
    denied: membersOf(deny.principals, expand, false),
    spared: membersOf(deny.excludedPrincipals, expand, true),
    sparesUnknown: deny.excludedPrincipals.some((id) => expand(id).unread.length > 0),
  }));
  return (principal, action, plane, place) =>
    prepared.some(
      ({ deny, isForEveryone, denied, spared, sparesUnknown }) =>
        appliesAt(deny, place) &&
        touches(deny.permissions, action, plane) &&
        (isForEveryone || denied.has(principal)) &&
        !sparesUnknown &&
        !spared.has(principal),
    );
}

function appliesAt({ scope, doesNotApplyToChildScopes }: DenyAssignment, place: ScopeKey): boolean {
  return doesNotApplyToChildScopes ? scope === place : covers(scope, place);
}

function membersOf(
  principals: readonly ObjectId[],
  expand: (group: ObjectId) => Expansion,
  mayBecome: boolean,
): ReadonlySet<ObjectId> {
  const members = principals.flatMap((id) => expand(id).paths.filter(({ chain }) => mayBecome || isStanding(chain)));
  return new Set([...principals, ...members.map(({ principal }) => principal)]);
}

function isStanding(chain: Expansion['paths'][number]['chain']): boolean {
  return chain.every(({ as }) => as === 'member');
}
