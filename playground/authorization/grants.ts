// What the active roles allow, in the form in which every request to ARM is checked.
import type { Grant } from '../azure/governance';
import { activeRoles } from './role-assignments';
import type { Authorization, AuthorizationState } from './state';
import { roleIn } from './state';

function grantsIn(authorization: Authorization, state: AuthorizationState, now: Date): readonly Grant[] {
  return activeRoles(state, now).flatMap(({ role, scope, principalId }) => {
    const holders = new Set([principalId, ...authorization.principals.membersOf(principalId, now)]);
    const permissions = roleIn(state, role)?.permissions ?? [];
    return [...holders].flatMap((principal) =>
      permissions.map(({ actions, notActions }) => ({ actions, notActions, principal, scope })),
    );
  });
}

interface Known {
  readonly state: AuthorizationState;
  readonly directory: unknown;
  readonly second: number;
  readonly grants: readonly Grant[];
}

/** The active roles as they are at a moment, a group's for each of its members. */
export function createGrants(authorization: Authorization): (now: Date) => readonly Grant[] {
  let known: Known | undefined;
  return (now) => {
    const state = authorization.state();
    const directory = authorization.principals.revision();
    const second = Math.floor(now.getTime() / 1000);
    // Every request asks, some more than once, and a large tenant has thousands of roles in nested groups.
    if (known?.state === state && known.directory === directory && known.second === second) return known.grants;
    known = { state, directory, second, grants: grantsIn(authorization, state, now) };
    return known.grants;
  };
}
