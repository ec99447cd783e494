/** Role definitions and deny assignments from ARM's JSON, as the API, `az` and the SDK write them. */
import { listOf, objectOf, propertiesOf, textOf } from '../network/json';
import type { Gap } from '../network/network';
import type { Entry } from './entry';
import { type DenyAssignment, objectIdOf, type Permission, type RoleDefinition, scopeKeyOf } from './identity';
import { boundedName, malformed } from './read-gap';

/** Reads one role definition; without readable permissions it is a gap, not a role that allows nothing. */
export function readRole({ kind, json }: Entry, gaps: Gap[]): RoleDefinition | undefined {
  const properties = propertiesOf(json);
  const resource = textOf(json.id) ?? textOf(json.name);
  if (resource === undefined || !Array.isArray(properties.permissions)) {
    gaps.push(malformed(kind, json, resource === undefined ? 'id' : 'permissions'));
    return undefined;
  }
  const assignableScopes = textsOf(properties.assignableScopes).map(scopeKeyOf);
  const type = [properties.roleType, properties.type, json.roleType]
    .map(textOf)
    .find((text) => /role$/i.test(text ?? ''));
  return {
    id: objectIdOf(resource),
    resource,
    name: boundedName(properties, ['roleName'], objectIdOf(resource)),
    // Only Microsoft's own can be assigned at the root of the tenant.
    isCustom: type === undefined ? !assignableScopes.includes('/') : !/^BuiltInRole$/i.test(type),
    assignableScopes,
    permissions: properties.permissions.map(readPermission),
  };
}

/** One entry of a role's or deny assignment's `permissions`; what is missing of it is empty. */
export function readPermission(json: unknown): Permission {
  const permission = objectOf(json);
  return {
    actions: textsOf(permission.actions),
    notActions: textsOf(permission.notActions),
    dataActions: textsOf(permission.dataActions),
    notDataActions: textsOf(permission.notDataActions),
  };
}

/** Reads one deny assignment. One with a condition may deny nothing at all, so it is left out, and said. */
export function readDenyAssignment({ kind, json }: Entry, gaps: Gap[]): DenyAssignment | undefined {
  const properties = propertiesOf(json);
  const scope = textOf(properties.scope);
  const resource = textOf(json.id) ?? textOf(json.name) ?? '';
  if (scope === undefined || !Array.isArray(properties.permissions) || !Array.isArray(properties.principals)) {
    gaps.push(malformed(kind, json, 'scope, permissions or principals'));
    return undefined;
  }
  if (textOf(properties.condition) !== undefined) {
    const why = 'it denies only on a condition, which is not evaluated here: nothing is counted as denied by it';
    gaps.push({ resource, what: 'conditional-deny-assignment', why, touchesAdminPort: false });
    return undefined;
  }
  return {
    resource,
    scope: scopeKeyOf(scope),
    doesNotApplyToChildScopes: properties.doNotApplyToChildScopes === true,
    permissions: properties.permissions.map(readPermission),
    principals: idsOf(properties.principals),
    excludedPrincipals: idsOf(properties.excludePrincipals),
  };
}

function idsOf(value: unknown): string[] {
  return listOf(value).flatMap((entry) => {
    const id = textOf(objectOf(entry).id);
    return id === undefined ? [] : [objectIdOf(id)];
  });
}

/** The texts of a list, and nothing else that may be in it. */
export function textsOf(value: unknown): string[] {
  return listOf(value).flatMap((text) => textOf(text) ?? []);
}
