// Role definitions, and roles that somebody holds: eligible, assigned or activated, now or later.
import type { JsonObject } from '../azure/json';

export interface RolePermission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
}

export interface RoleDefinition {
  readonly name: string;
  readonly roleName: string;
  readonly description: string;
  readonly isBuiltIn: boolean;
  readonly assignableScopes: readonly string[];
  readonly permissions: readonly RolePermission[];
  readonly createdOn: string;
  readonly updatedOn: string;
  readonly createdBy?: string | undefined;
  readonly updatedBy?: string | undefined;
}

export type PrincipalType = 'User' | 'Group' | 'ServicePrincipal' | 'ForeignGroup' | 'Device';

/**
 * A role that a principal holds at a scope. An active one is a role assignment, however it came about: by PIM or beside it.
 * Dates are ISO 8601 in UTC.
 */
export interface HeldRole {
  readonly kind: 'Eligible' | 'Assigned' | 'Activated';
  /** The name of its instance; of an active one the name of the role assignment as well. */
  readonly name: string;
  /** The name of its schedule. */
  readonly schedule: string;
  readonly scope: string;
  /** The name of the role definition: the last word of its id, in lower case. */
  readonly role: string;
  readonly principalId: string;
  readonly principalType: PrincipalType;
  readonly start: string;
  /** None: permanent. */
  readonly end?: string | undefined;
  readonly createdOn: string;
  readonly updatedOn?: string | undefined;
  readonly createdBy?: string | undefined;
  /** The request it came by; none when it was made outside PIM. */
  readonly request?: string | undefined;
  /** Of an activation: the eligible schedule that was activated. */
  readonly eligibility?: string | undefined;
  readonly description?: string | undefined;
  readonly condition?: string | undefined;
  readonly conditionVersion?: string | undefined;
}

/** The last word of an id, in lower case, by which roles and schedules are compared whatever shape their ids have. */
export function tailOf(id: string): string {
  return id.split('/').at(-1)?.toLowerCase() ?? '';
}

/** True while the role is held: it has begun and not ended. */
export function isHeldAt({ start, end }: Pick<HeldRole, 'start' | 'end'>, now: Date): boolean {
  return Date.parse(start) <= now.getTime() && !hasEnded({ end }, now);
}

/** True when its end has passed. */
export function hasEnded({ end }: Pick<HeldRole, 'end'>, now: Date): boolean {
  return end !== undefined && Date.parse(end) <= now.getTime();
}

/** The condition of a held role as all its views show it. */
export function conditionView({ condition, conditionVersion }: HeldRole): JsonObject {
  return condition === undefined ? {} : { condition, conditionVersion: conditionVersion ?? '2.0' };
}
