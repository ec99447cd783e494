// What the active roles allow, in the form in which every request to ARM is checked.
import type { Grant } from '../azure/governance';
import { activeRoles } from './role-assignments';
import type { Authorization } from './state';
import { roleIn } from './state';

/** The active roles as they are at `now`, a group's for each of its members. */
export function grantsOf(authorization: Authorization, now: Date): readonly Grant[] {
  const state = authorization.state();
  return activeRoles(state, now).flatMap(({ role, scope, principalId }) => {
    const holders = new Set([principalId, ...authorization.principals.membersOf(principalId, now)]);
    const permissions = roleIn(state, role)?.permissions ?? [];
    return [...holders].flatMap((principal) =>
      permissions.map(({ actions, notActions }) => ({ actions, notActions, principal, scope })),
    );
  });
}
