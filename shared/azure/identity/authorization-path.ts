/** Paths below Microsoft.Authorization and beside it, at the version at which each is read and written. */

/** Role definitions, role assignments and deny assignments. */
const RBAC = '2022-04-01';
/** Everything of PIM. */
const PIM = '2020-10-01';

const VERSIONS: Readonly<Record<string, string>> = {
  'Microsoft.Compute': '2024-11-01',
  'Microsoft.Network': '2026-01-01',
  'Microsoft.KeyVault': '2023-07-01',
};

export type Collection =
  | 'roleDefinitions'
  | 'roleAssignments'
  | 'denyAssignments'
  | 'roleEligibilitySchedules'
  | 'roleEligibilityScheduleInstances'
  | 'roleEligibilityScheduleRequests'
  | 'roleAssignmentSchedules'
  | 'roleAssignmentScheduleInstances'
  | 'roleAssignmentScheduleRequests'
  | 'roleManagementPolicies'
  | 'roleManagementPolicyAssignments';

const OF_RBAC: readonly Collection[] = ['roleDefinitions', 'roleAssignments', 'denyAssignments'];

/** A list or one thing at a scope (`/` for the tenant), with a filter if one is given. */
export function authorizationPath(scope: string, collection: Collection, name?: string, filter?: string): string {
  const place = `${scope === '/' ? '' : encoded(scope)}/providers/Microsoft.Authorization/${collection}`;
  const version = OF_RBAC.includes(collection) ? RBAC : PIM;
  const query = filter === undefined ? '' : `&$filter=${encodeURIComponent(filter)}`;
  return `${place}${name === undefined ? '' : `/${encodeURIComponent(name)}`}?api-version=${version}${query}`;
}

/** The id within a path: without its query. */
export function idOf(path: string): string {
  return decodeURIComponent(path.split('?')[0] ?? path);
}

/** What can be done to a thing besides reading and writing it. */
export function actionOn(path: string, action: string): string {
  return path.replace('?', `/${action}?`);
}

/** The path of something with an id of its own. */
export function pathOf(id: string): string {
  const [, provider = '', type = ''] = /^.*\/providers\/([^/]+)\/([^/]+)/i.exec(id) ?? [];
  const known = Object.keys(VERSIONS).find((each) => each.toLowerCase() === provider.toLowerCase());
  const version = known === undefined ? undefined : VERSIONS[known];
  if (version !== undefined) return `${encoded(id)}?api-version=${version}`;
  return `${encoded(id)}?api-version=${/schedule|rolemanagement/i.test(type) ? PIM : RBAC}`;
}

/** A role's id as PIM takes it at the scope. */
export function roleDefinitionAt(scope: string, role: string): string {
  const subscription = /^\/subscriptions\/[^/]+/i.exec(scope)?.[0] ?? '';
  return `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role}`;
}

function encoded(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
