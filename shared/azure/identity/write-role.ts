/** Gives the custom role its permissions back and leaves everything else of it as it is. */
import type { IdentityAction } from '../../identity/action';
import { objectIdOf } from '../../identity/identity';
import { readRole } from '../../identity/read-roles';
import { type JsonObject, listOf, propertiesOf, textOf } from '../../network/json';
import { pathOf } from './authorization-path';
import { differences } from './differences';
import { ALREADY, seenBy, SUPERSEDED, WriteRefused, type Writing, type Written } from './writing';

/** PUT replaces the whole role, so it is read directly before, and sent back raw with other permissions. */
export async function writeRole(
  { resource, role, permissions }: Extract<IdentityAction, { readonly kind: 'restore-role' }>,
  writing: Writing,
): Promise<Written> {
  const { arm, mayWrite, identity } = writing;
  const path = pathOf(resource);
  const list = Array.isArray(permissions.permissions) ? listOf(permissions.permissions) : [permissions];
  const before = await arm.readIfThere(path);
  if (!before) return SUPERSEDED;
  const { createdOn: _, createdBy: __, updatedOn: ___, updatedBy: ____, ...properties } = propertiesOf(before);
  if (/^BuiltInRole$/i.test(textOf(properties.type) ?? '')) throw new WriteRefused('built-in roles cannot be changed');
  const wanted: JsonObject = { permissions: list };
  const changes = differences(properties, wanted, textOf(properties.roleName) ?? role);
  if (changes.length === 0) return ALREADY;
  const seen = identity.roles.get(objectIdOf(role));
  const now = readRole({ kind: 'role-definition', json: before }, []);
  if (seen && now && differences(now, { permissions: seen.permissions }).length > 0) return SUPERSEDED;
  const body = { name: objectIdOf(role), properties: { ...properties, ...wanted } };
  const requestIds = await arm.write(resource, mayWrite, (_client, raw) => raw('PUT', path, body));
  return await seenBy(writing, requestIds, changes, async () => {
    const after = await arm.readIfThere(path);
    return after !== undefined && differences(propertiesOf(after), wanted).length === 0;
  });
}
