/** What was not read and could hide somebody who can do what is asked about. */
import type { Gap } from '../network/network';
import { effectiveOf } from './effective';
import type { Identity, RoleAssignment } from './identity';

/** A gap for each role that is given by one of the assignments and whose definition was not read. */
export function unreadRoles({ roles }: Identity, assignments: readonly RoleAssignment[]): Gap[] {
  const unread = new Set(assignments.map(({ role }) => role).filter((role) => !roles.has(role)));
  const why = 'the role is assigned, but its definition was not read: what it allows is unknown; read it as well';
  return [...unread].map((resource) => ({ resource, what: 'role-not-read', why, touchesAdminPort: true }));
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
