// Role definitions: the built-in ones, and custom ones that are listed, read, written and deleted.
import { ArmError } from '../azure/arm-error';
import type { Answer } from '../azure/call';
import type { JsonObject } from '../azure/json';
import { listAt, objectAt, sameText, textAt, textsAt } from '../azure/json';
import { page } from '../azure/page';
import { sameId } from '../azure/resource-id';
import type { Asked, AskedToWrite } from './asked';
import { pathAt } from './authorization-path';
import { filterOf } from './filter';
import { needGuid } from './guid';
import type { RoleDefinition, RolePermission } from './role';
import { canonicalScope, checkScope, isAtOrBelow, subscriptionOf } from './scope';
import type { AuthorizationState } from './state';
import { roleIn, rolesIn } from './state';

/** The roles that may be assigned at a scope. */
export function assignableAt(state: AuthorizationState, scope: string): readonly RoleDefinition[] {
  return rolesIn(state).filter(({ assignableScopes }) => assignableScopes.some((each) => isAtOrBelow(scope, each)));
}

/** A role's id as it is written at a scope: with the subscription in front wherever there is one. */
export function roleReference({ name }: Pick<RoleDefinition, 'name'>, scope: string): string {
  const subscription = subscriptionOf(scope);
  return pathAt(subscription ? `/subscriptions/${subscription}` : '/', 'roleDefinitions', name);
}

/** A role as PIM shows it beside its id. */
export function roleView(role: RoleDefinition, scope: string): JsonObject {
  const type = role.isBuiltIn ? 'BuiltInRole' : 'CustomRole';
  return { id: roleReference(role, scope), displayName: role.roleName, type };
}

function view(role: RoleDefinition, scope: string): JsonObject {
  const { name, roleName, description, isBuiltIn, assignableScopes, permissions } = role;
  const { createdOn, updatedOn, createdBy, updatedBy } = role;
  return {
    properties: {
      roleName,
      type: isBuiltIn ? 'BuiltInRole' : 'CustomRole',
      description,
      assignableScopes,
      permissions,
      createdOn,
      updatedOn,
      ...(createdBy ? { createdBy } : {}),
      ...(updatedBy ? { updatedBy } : {}),
    },
    id: roleReference(role, scope),
    type: 'Microsoft.Authorization/roleDefinitions',
    name,
  };
}

/** Reads permissions whose lists may be missing. */
export function rolePermissions(value: unknown): RolePermission[] {
  return listAt(value, 'permissions').map((each) => ({
    actions: textsAt(each, 'actions'),
    notActions: textsAt(each, 'notActions'),
    dataActions: textsAt(each, 'dataActions'),
    notDataActions: textsAt(each, 'notDataActions'),
  }));
}

export function listRoleDefinitions({ world, call, path, state }: Asked): Answer {
  checkScope(world, path.scope);
  const filter = filterOf(call, ['atScope', 'atScopeAndBelow', 'type', 'roleName']);
  const [type, roleName] = [filter.equal('type'), filter.equal('roleName')];
  const isBelowAsked = filter.call('atScopeAndBelow') !== undefined;
  const found = rolesIn(state)
    .filter(({ assignableScopes }) =>
      assignableScopes.some((each) => isAtOrBelow(path.scope, each) || (isBelowAsked && isAtOrBelow(each, path.scope))),
    )
    .filter(({ isBuiltIn }) => type === undefined || sameText(type, isBuiltIn ? 'BuiltInRole' : 'CustomRole'))
    .filter((role) => roleName === undefined || sameText(roleName, role.roleName));
  return page(world, call, found, (role) => view(role, path.scope));
}

export function getRoleDefinition({ path, state }: Asked): Answer {
  const found = roleIn(state, path.name ?? '');
  if (found) return { status: 200, body: view(found, path.scope) };
  throw new ArmError(
    404,
    'RoleDefinitionDoesNotExist',
    `The specified role definition with ID '${path.name ?? ''}' does not exist.`,
  );
}

function checkDefinition(role: RoleDefinition, state: AuthorizationState): void {
  if (role.roleName === '')
    throw new ArmError(400, 'InvalidRoleDefinitionName', 'The role definition has no role name.');
  if (role.assignableScopes.length === 0)
    throw new ArmError(400, 'MissingAssignableScopes', 'The role definition has no assignable scopes.');
  if (role.permissions.length === 0)
    throw new ArmError(400, 'InvalidRoleDefinition', 'The role definition has no permissions.');
  const actions = role.permissions.flatMap((each) => [...each.actions, ...each.notActions]);
  const unknown = actions.find((action) => action !== '*' && !/^[\w.*]+(?:\/[\w.*-]+)+$/.test(action));
  if (unknown !== undefined) {
    const message = `'${unknown}' does not match any of the actions supported by the providers.`;
    throw new ArmError(400, 'InvalidActionOrNotAction', message);
  }
  if (!rolesIn(state).some((each) => sameText(each.roleName, role.roleName) && !sameText(each.name, role.name))) return;
  throw new ArmError(409, 'RoleDefinitionWithSameNameExists', `A custom role with the name '${role.roleName}' exists.`);
}

function refuseBuiltIn(role: RoleDefinition | undefined): void {
  if (!role?.isBuiltIn) return;
  throw new ArmError(403, 'CannotModifyBuiltInRole', `The role '${role.roleName}' is built in and cannot be changed.`);
}

/** PUT of a custom role: replaces it. The answer is 201 in either case. */
export function putRoleDefinition({ world, call, path, state, now, body }: AskedToWrite): Answer {
  const name = needGuid(path.name ?? '', 'role definition');
  const standing = roleIn(state, name);
  refuseBuiltIn(standing);
  const properties = objectAt(body, 'properties');
  const role: RoleDefinition = {
    name,
    roleName: textAt(properties, 'roleName') ?? '',
    description: textAt(properties, 'description') ?? '',
    isBuiltIn: false,
    assignableScopes: textsAt(properties, 'assignableScopes').map(canonicalScope),
    permissions: rolePermissions(properties),
    createdOn: standing?.createdOn ?? now.toISOString(),
    createdBy: standing?.createdBy ?? call.actor.objectId,
    updatedOn: now.toISOString(),
    updatedBy: call.actor.objectId,
  };
  checkDefinition(role, state);
  const others = state.customRoles.filter((each) => !sameId(each.name, name));
  world.authorization.change({ customRoles: [...others, role] });
  return { status: 201, body: view(role, path.scope) };
}

/** DELETE of a custom role that nobody holds: 204 when there is none. */
export function deleteRoleDefinition({ world, path, state }: Asked): Answer {
  const standing = roleIn(state, path.name ?? '');
  refuseBuiltIn(standing);
  if (!standing) return { status: 204 };
  if (state.held.some(({ role }) => sameText(role, standing.name))) {
    const message = 'There are existing role assignments referencing role (code: RoleDefinitionHasAssignments).';
    throw new ArmError(400, 'RoleDefinitionHasAssignments', message);
  }
  world.authorization.change({ customRoles: state.customRoles.filter((each) => each !== standing) });
  return { status: 200, body: view(standing, path.scope) };
}
