// Everything that Microsoft.Authorization keeps, as one value that is replaced by each write and remembered for a while.
import type { JsonObject } from '../azure/json';
import { sameText } from '../azure/json';
import { BUILT_IN_ROLES } from './built-in-roles';
import type { Principals } from './principal';
import type { HeldRole, RoleDefinition } from './role';
import { tailOf } from './role';
import type { ScheduleRequest } from './schedule-request';

/** The PIM settings of one role at one scope that somebody has changed; all others have the default ones. */
export interface RolePolicy {
  readonly name: string;
  readonly scope: string;
  readonly role: string;
  readonly rules: readonly JsonObject[];
  /** Only where they differ from the rules, which an inconsistent estate may have. */
  readonly effectiveRules?: readonly JsonObject[] | undefined;
  readonly lastModifiedOn?: string | undefined;
  readonly lastModifiedBy?: string | undefined;
}

export interface AuthorizationState {
  readonly customRoles: readonly RoleDefinition[];
  readonly held: readonly HeldRole[];
  /** As an estate holds them. */
  readonly denyAssignments: readonly JsonObject[];
  readonly requests: readonly ScheduleRequest[];
  readonly policies: readonly RolePolicy[];
}

export const NOTHING_AUTHORIZED: AuthorizationState = {
  customRoles: [],
  held: [],
  denyAssignments: [],
  requests: [],
  policies: [],
};

/** Built-in and custom roles. */
export function rolesIn(state: AuthorizationState): readonly RoleDefinition[] {
  return [...BUILT_IN_ROLES, ...state.customRoles];
}

/** The role of an id of any shape. */
export function roleIn(state: AuthorizationState, id: string): RoleDefinition | undefined {
  return rolesIn(state).find(({ name }) => sameText(name, tailOf(id)));
}

export interface Authorization {
  readonly principals: Principals;
  readonly state: () => AuthorizationState;
  /** As it was `ms` milliseconds ago. */
  readonly asOf: (ms: number) => AuthorizationState;
  readonly change: (part: Partial<AuthorizationState>) => void;
  /** Starts anew; what was remembered is forgotten. */
  readonly replace: (state: AuthorizationState) => void;
}

const REMEMBERED_MS = 600_000;
const REMEMBERED = 1000;

/** Nothing but the built-in roles; `principals` says who is who. */
export function createAuthorization(principals: Principals): Authorization {
  let current = NOTHING_AUTHORIZED;
  let past: { readonly until: number; readonly state: AuthorizationState }[] = [];
  return {
    principals,
    state: () => current,
    asOf(ms) {
      const moment = performance.now() - ms;
      return past.find(({ until }) => until > moment)?.state ?? current;
    },
    change(part) {
      const now = performance.now();
      past = [...past.filter(({ until }) => until > now - REMEMBERED_MS), { until: now, state: current }];
      past = past.slice(-REMEMBERED);
      current = { ...current, ...part };
    },
    replace(state) {
      past = [];
      current = state;
    },
  };
}
