/** Roles and memberships that may be activated, and of which it was not read what that takes. */
import { effectiveOf } from '../identity/effective';
import {
  covers,
  type Identity,
  type ObjectId,
  type RoleAssignment,
  type ScopeKey,
  scopeKeyOf,
} from '../identity/identity';
import { allows } from '../identity/permission-set';
import type { Gap } from '../network/network';
import type { AccessPolicy } from '../policy/policy';
import { asksOnActivation } from './bastion-role';
import { nameOfPrincipal, placeNameOf } from './identity-words';
import { remembered } from './remembered';
import { contextDemand, groupSettingsAt, settingsAt, settingsResource } from './role-settings-body';
import { WAYS_IN } from './standing-powers';

/** One gap for each role and place, and for each group, that could be a way around. */
export function activationGaps(identity: Identity, policy: AccessPolicy): Gap[] {
  if (!asksOnActivation(policy)) return [];
  const { context } = policy.identity;
  const concerned = waysIn(identity);
  const gaps = new Map<string, Gap>();
  const add = (resource: string, what: string): void => {
    const why = `what activating ${what} takes was not read, and it opens what the Bastion role opens; allow reading role management policies, or export them`;
    gaps.set(resource, { resource, what: 'role-settings-unread', why, touchesAdminPort: true });
  };
  for (const { holding, role, scope } of concerned) {
    if (holding !== 'eligible' || contextDemand(settingsAt(identity, role, scope), context) !== 'unread') continue;
    add(settingsResource(scope, role), `${identity.roles.get(role)?.name ?? role} on ${placeNameOf(scope)}`);
  }
  for (const { group, as } of groupsToJoin(identity, concerned)) {
    if (contextDemand(groupSettingsAt(identity, group, as), context) !== 'unread') continue;
    add(`/groups/${group}/settings/${as}`, `being ${as} of ${nameOfPrincipal(identity, group)}`);
  }
  return [...gaps.values()];
}

/** Assignments of roles that open, enter or change something that is guarded, where it is. */
export function waysIn(identity: Identity): readonly RoleAssignment[] {
  const places = [...new Set(identity.assets.map(({ id }) => scopeKeyOf(id)))];
  const isWayIn = remembered((role: ObjectId) => {
    const permissions = identity.roles.get(role)?.permissions ?? [];
    return WAYS_IN.some(([plane, action]) => allows(permissions, action, plane));
  });
  const isGuarded = remembered((scope: ScopeKey) => places.some((place) => covers(scope, place)));
  return identity.assignments.filter(
    ({ role, scope, holding }) =>
      (holding === 'assigned' || holding === 'eligible') && isWayIn(role) && isGuarded(scope),
  );
}

interface GroupToJoin {
  readonly group: ObjectId;
  readonly as: 'member' | 'owner';
}

/** Groups that have a role, at any depth, and that somebody may join by PIM for Groups. */
export function groupsToJoin(identity: Identity, assignments: readonly RoleAssignment[]): readonly GroupToJoin[] {
  const { expand } = effectiveOf(identity);
  const holders = new Set(assignments.map(({ principal }) => principal));
  const found = new Map<string, GroupToJoin>();
  for (const holder of holders) {
    for (const { chain } of expand(holder).paths) {
      for (const { group, as: belonging } of chain) {
        const as = JOINED[belonging];
        if (as) found.set(`${group} ${as}`, { group, as });
      }
    }
  }
  return [...found.values()];
}

const JOINED: Readonly<Record<string, 'member' | 'owner'>> = { 'eligible-member': 'member', 'eligible-owner': 'owner' };
