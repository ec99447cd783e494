// Role assignments: every active role there is now, made by PIM or beside it; listed, read, made and deleted.
import { ArmError } from '../azure/arm-error';
import type { Answer } from '../azure/call';
import type { JsonObject } from '../azure/json';
import { objectAt, sameText, textAt } from '../azure/json';
import { page } from '../azure/page';
import { sameId } from '../azure/resource-id';
import type { Asked, AskedToWrite } from './asked';
import { pathAt } from './authorization-path';
import { needGuid } from './guid';
import { shownAt } from './held-roles';
import { principalTypeOf } from './principal-type';
import type { HeldRole, RoleDefinition } from './role';
import { conditionView, isHeldAt } from './role';
import { assignableAt, roleReference } from './role-definitions';
import { checkScope } from './scope';
import type { AuthorizationState } from './state';
import { roleIn } from './state';

/** The active roles that are held now. */
export function activeRoles(state: AuthorizationState, now: Date): readonly HeldRole[] {
  return state.held.filter((each) => each.kind !== 'Eligible' && isHeldAt(each, now));
}

/** A role's id as role assignments show it: without a subscription when it is built in. */
function roleId(state: AuthorizationState, { role, scope }: HeldRole): string {
  return roleReference({ name: role }, roleIn(state, role)?.isBuiltIn === true ? '/' : scope);
}

function view(state: AuthorizationState, held: HeldRole): JsonObject {
  const { name, scope, principalId, principalType, createdOn, updatedOn, createdBy, description } = held;
  return {
    properties: {
      roleDefinitionId: roleId(state, held),
      principalId,
      principalType,
      scope,
      ...(description === undefined ? {} : { description }),
      ...conditionView(held),
      createdOn,
      updatedOn: updatedOn ?? createdOn,
      ...(createdBy ? { createdBy, updatedBy: createdBy } : {}),
    },
    id: pathAt(scope, 'roleAssignments', name),
    type: 'Microsoft.Authorization/roleAssignments',
    name,
  };
}

function found({ state, path, now }: Asked): HeldRole | undefined {
  return activeRoles(state, now).find(({ name, scope }) => sameText(name, path.name) && sameId(scope, path.scope));
}

export function listRoleAssignments(asked: Asked): Answer {
  const entries = shownAt(asked, activeRoles(asked.state, asked.now));
  return page(asked.world, asked.call, entries, (held) => view(asked.state, held));
}

export function getRoleAssignment(asked: Asked): Answer {
  const held = found(asked);
  if (held) return { status: 200, body: view(asked.state, held) };
  throw new ArmError(404, 'RoleAssignmentNotFound', `The role assignment '${asked.path.name ?? ''}' is not found.`);
}

/** The role that an id names, if it may be assigned at the scope; refuses with 400 otherwise. */
export function needRole(state: AuthorizationState, id: string, scope: string): RoleDefinition {
  const role = roleIn(state, id);
  if (role && assignableAt(state, scope).includes(role)) return role;
  const message = `The specified role definition with ID '${id.split('/').at(-1) ?? ''}' does not exist.`;
  throw new ArmError(400, 'RoleDefinitionDoesNotExist', message);
}

/** Refuses a second assignment of the same role to the same principal at the same scope. */
function checkUnique({ state, now }: Asked, wanted: HeldRole): void {
  const standing = activeRoles(state, now).find(
    ({ scope, role, principalId, name }) =>
      sameId(scope, wanted.scope) &&
      role === wanted.role &&
      sameText(principalId, wanted.principalId) &&
      name !== wanted.name,
  );
  if (!standing) return;
  const message = `The role assignment already exists. The ID of the conflicting role assignment is ${standing.name.replaceAll('-', '')}.`;
  throw new ArmError(409, 'RoleAssignmentExists', message);
}

/** PUT of a role assignment beside PIM; of a standing one only description and condition may change. */
export function putRoleAssignment(asked: AskedToWrite): Answer {
  const { world, call, state, path, now, body } = asked;
  checkScope(world, path.scope);
  const name = needGuid(path.name ?? '', 'role assignment');
  const properties = objectAt(body, 'properties');
  const principalId = textAt(properties, 'principalId') ?? '';
  if (principalId === '') throw new ArmError(400, 'InvalidPrincipalId', "The principal ID '' is not valid.");
  const role = needRole(state, textAt(properties, 'roleDefinitionId') ?? '', path.scope);
  const principalType = principalTypeOf(asked, principalId, textAt(properties, 'principalType'), 'PrincipalNotFound');
  const standing = state.held.find((each) => each.kind !== 'Eligible' && each.name === name);
  const isSame =
    standing &&
    sameId(standing.scope, path.scope) &&
    sameText(standing.principalId, principalId) &&
    standing.role === role.name;
  if (standing && !isSame) {
    const message = 'Tenant ID, application ID, principal ID, and scope are not allowed to be updated.';
    throw new ArmError(400, 'RoleAssignmentUpdateNotPermitted', message);
  }
  const held: HeldRole = {
    ...(standing ?? {
      kind: 'Assigned',
      name,
      schedule: world.random.guid(),
      scope: path.scope,
      role: role.name,
      principalId,
      principalType,
      start: now.toISOString(),
      createdOn: now.toISOString(),
      createdBy: asked.principals.idOf(call.actor),
    }),
    ...(standing ? { updatedOn: now.toISOString() } : {}),
    description: textAt(properties, 'description'),
    condition: textAt(properties, 'condition'),
    conditionVersion: textAt(properties, 'conditionVersion'),
  };
  checkUnique(asked, held);
  world.authorization.change({ held: [...state.held.filter((each) => each !== standing), held] });
  return { status: standing ? 200 : 201, body: view(state, held) };
}

/** DELETE of a role assignment, PIM's own ones included: 204 when there is none. */
export function deleteRoleAssignment(asked: Asked): Answer {
  const { world, state, path } = asked;
  checkScope(world, path.scope);
  const held = found(asked);
  if (!held) return { status: 204 };
  world.authorization.change({ held: state.held.filter((each) => each !== held) });
  return { status: 200, body: view(state, held) };
}
