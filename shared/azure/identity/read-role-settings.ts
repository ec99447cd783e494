/** PIM's settings of one role, at every scope where somebody has it: nothing of them is inherited. */
import type { ObjectId, ScopeKey } from '../../identity/identity';
import { readArmPages } from './arm-pages';
import type { Authorization } from './authorization';
import { authorizationPath, roleDefinitionAt } from './authorization-path';
import { joined, type Reading, readingOf } from './reading';

const PARALLEL = 8;
const COLLECTIONS = ['roleManagementPolicyAssignments', 'roleManagementPolicies'] as const;

/** What is in force and what is set, for the role at each scope: two lists each. Never throws. */
export async function readRoleSettingsAt(
  arm: Authorization,
  role: ObjectId,
  scopes: readonly ScopeKey[],
): Promise<Reading> {
  const paths = scopes.flatMap((scope) =>
    COLLECTIONS.map((collection) =>
      // The service takes this filter, though the typed client has no parameter for it; without it come hundreds of roles.
      authorizationPath(scope, collection, undefined, `roleDefinitionId eq '${roleDefinitionAt(scope, role)}'`),
    ),
  );
  const readings: Reading[] = [];
  let next = 0;
  async function work(): Promise<void> {
    for (let index = next++; index < paths.length; index = next++) {
      const list = await readArmPages(arm, paths[index] ?? '');
      readings[index] = readingOf(list.path, list);
    }
  }
  await Promise.all(Array.from({ length: Math.min(PARALLEL, paths.length) }, work));
  return joined(readings);
}
