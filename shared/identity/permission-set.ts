/** What permissions add up to: the union, over a role's permissions, of its actions less that permission's exceptions. */
import { actionsOverlap, matchesAction } from './action-pattern';
import type { Permission } from './identity';

/** On the control plane (`actions`) or on the data plane (`dataActions`): neither ever allows the other. */
export interface Wants {
  readonly actions?: readonly string[];
  readonly dataActions?: readonly string[];
}

export type Plane = 'actions' | 'dataActions';

const EXCEPTIONS = { actions: 'notActions', dataActions: 'notDataActions' } as const;

/**
 * Whether the permissions allow the action. An exception takes away from the permission it stands in and from no other.
 * An action with a wildcard is allowed where everything it stands for is, by one permission.
 * https://learn.microsoft.com/azure/role-based-access-control/role-definitions#notactions
 */
export function allows(permissions: readonly Permission[], action: string, plane: Plane): boolean {
  return permissions.some(
    (permission) =>
      permission[plane].some((pattern) => matchesAction(pattern, action)) &&
      !permission[EXCEPTIONS[plane]].some((pattern) => actionsOverlap(pattern, action)),
  );
}

/** Whether the permissions leave any of what the action stands for allowed: how a deny assignment has to be read. */
export function touches(permissions: readonly Permission[], action: string, plane: Plane): boolean {
  return permissions.some(
    (permission) =>
      permission[plane].some((pattern) => actionsOverlap(pattern, action)) &&
      !permission[EXCEPTIONS[plane]].some((pattern) => matchesAction(pattern, action)),
  );
}

/** Whether a role with these permissions allows everything that is wanted. */
export function allowsAll(permissions: readonly Permission[], wants: Wants): boolean {
  return (
    (wants.actions ?? []).every((action) => allows(permissions, action, 'actions')) &&
    (wants.dataActions ?? []).every((action) => allows(permissions, action, 'dataActions'))
  );
}
