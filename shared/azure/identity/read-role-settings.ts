/** PIM's settings of one role, at every scope where somebody has it: nothing of them is inherited. */
import type { ObjectId, ScopeKey } from '../../identity/identity';
import { propertiesOf, textOf } from '../../network/json';
import { readArmPages } from './arm-pages';
import type { Authorization } from './authorization';
import { authorizationPath, roleDefinitionAt } from './authorization-path';
import { inParallel } from './in-parallel';
import { joined, type Reading, readingOf } from './reading';

const PARALLEL = 8;
const COLLECTIONS = ['roleManagementPolicyAssignments', 'roleManagementPolicies'] as const;

/**
 * What is in force and what is set, for the role at each scope: two lists each. At `unused` scopes, where nobody has it, only
 * settings that somebody has made count: the others are what every role has everywhere. Never throws.
 */
export async function readRoleSettingsAt(
  arm: Authorization,
  role: ObjectId,
  used: readonly ScopeKey[],
  unused: readonly ScopeKey[],
): Promise<Reading> {
  const readings = await inParallel([...used, ...unused], PARALLEL, async (scope, index) => {
    const reading = await readAt(arm, role, scope);
    return index < used.length || reading.entries.some(isMade) ? reading : { ...reading, entries: [] };
  });
  return joined(readings);
}

async function readAt(arm: Authorization, role: ObjectId, scope: ScopeKey): Promise<Reading> {
  // The service takes this filter, though the typed client has no parameter for it; without it come hundreds of roles.
  const filter = `roleDefinitionId eq '${roleDefinitionAt(scope, role)}'`;
  const paths = COLLECTIONS.map((collection) => authorizationPath(scope, collection, undefined, filter));
  const lists = await Promise.all(paths.map((path) => readArmPages(arm, path)));
  return joined(lists.map((list) => readingOf(list.path, list)));
}

function isMade(entry: unknown): boolean {
  return textOf(propertiesOf(entry).lastModifiedDateTime) !== undefined;
}
