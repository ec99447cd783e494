/** What was not read and could hide somebody who can do what is asked about. */
import type { Gap } from '../network/network';
import { effectiveOf } from './effective';
import type { Holding, Identity, RoleAssignment } from './identity';
import { covers, scopeKeyOf } from './identity';
import { allows, type Wants } from './permission-set';

/**
 * Gaps behind an answer of `holdersOf` for any of these places: groups whose members were not read although they hold
 * a role that gives some of what is wanted, and assigned roles whose definition was not read.
 */
export function blindSpots(
  identity: Identity,
  wants: Wants,
  places: readonly string[],
  holdings: readonly Holding[],
): readonly Gap[] {
  const scopes = places.map(scopeKeyOf);
  const concerned = identity.assignments.filter(
    ({ scope, holding }) => holdings.includes(holding) && scopes.some((place) => covers(scope, place)),
  );
  const gaps = new Map<string, Gap>();
  for (const assignment of concerned) {
    for (const gap of gapsBehind(identity, assignment, wants)) gaps.set(`${gap.what} ${gap.resource}`, gap);
  }
  return [...gaps.values()];
}

function gapsBehind(identity: Identity, { role, principal }: RoleAssignment, wants: Wants): Gap[] {
  const definition = identity.roles.get(role);
  if (!definition) {
    const why = 'the role is assigned, but its definition was not read: what it allows is unknown; read it as well';
    return [{ resource: role, what: 'role-not-read', why, touchesAdminPort: true }];
  }
  const { permissions } = definition;
  const isWanted =
    (wants.actions ?? []).some((action) => allows(permissions, action, 'actions')) ||
    (wants.dataActions ?? []).some((action) => allows(permissions, action, 'dataActions'));
  return isWanted ? unreadGroups(identity, principal) : [];
}

/** A gap for each group, at any depth of this one, whose members were not read. */
export function unreadGroups(identity: Identity, group: string): Gap[] {
  return effectiveOf(identity)
    .expand(group)
    .unread.map((id) => ({
      resource: id,
      what: 'group-members-not-read',
      why: `who is in ${identity.groups.get(id)?.name ?? id} is unknown; allow reading it (GroupMember.Read.All) or export its members`,
      touchesAdminPort: true,
    }));
}
