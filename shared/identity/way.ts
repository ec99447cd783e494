/** Ways in which somebody holds a role: by an assignment of their own, or by one to a group they belong to. */
import { effortOf, hardestOf } from './holding';
import type { Holding, Identity, ObjectId, RoleAssignment } from './identity';
import type { Expansion, Membership } from './membership';

/** An assignment and how its holder belongs to the group it was made to. */
export interface Way {
  readonly assignment: RoleAssignment;
  /** Empty where the assignment is the principal's own; otherwise from the assigned group inwards. */
  readonly membership: readonly Membership[];
  /** What it takes to use it, whichever of assignment and membership takes more. */
  readonly holding: Holding;
}

export interface WayOf {
  readonly principal: ObjectId;
  readonly way: Way;
}

/** Everybody's way by this assignment. A group is nobody itself, unless it has to stand for members that were not read. */
export function waysOf(
  identity: Identity,
  assignment: RoleAssignment,
  expand: (group: ObjectId) => Expansion,
): WayOf[] {
  const { principal, holding } = assignment;
  const own = { principal, way: { assignment, membership: [], holding } };
  if (!identity.groups.has(principal)) return [own];
  const { paths, unread } = expand(principal);
  const ways = paths.map((path) => ({
    principal: path.principal,
    way: { assignment, membership: path.chain, holding: hardestOf(holding, path.holding) },
  }));
  return unread.includes(principal) ? [own, ...ways] : ways;
}

/** How far a way is from what stands by itself and without a condition: less is closer. */
export function distanceOf({ holding, assignment, membership }: Way): number {
  return effortOf(holding) * 1000 + (assignment.condition === undefined ? 0 : 500) + membership.length;
}
