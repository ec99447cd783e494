// What an ARM path below Microsoft.Authorization names: a collection at a scope, one thing in it, or an action on that.
import { sameText } from '../azure/json';
import { canonicalScope } from './scope';

export const COLLECTIONS = [
  'denyAssignments',
  'roleAssignments',
  'roleDefinitions',
  'roleAssignmentSchedules',
  'roleAssignmentScheduleInstances',
  'roleAssignmentScheduleRequests',
  'roleEligibilitySchedules',
  'roleEligibilityScheduleInstances',
  'roleEligibilityScheduleRequests',
  'roleManagementPolicies',
  'roleManagementPolicyAssignments',
] as const;

export type Collection = (typeof COLLECTIONS)[number];

export interface AuthorizationPath {
  readonly scope: string;
  readonly collection: Collection;
  readonly name?: string;
  /** Of a POST: `cancel` or `validate`. */
  readonly action?: string;
}

// The scope may hold another provider's resource, so that the last provider is the one that counts.
const PATH = /^(.*)\/providers\/Microsoft\.Authorization\/([^/]+)(?:\/([^/]+)(?:\/([^/]+))?)?$/i;

/** Takes a path apart; undefined for everything but the collections above (locks and policies are not among them). */
export function authorizationPath(given: string): AuthorizationPath | undefined {
  const [, scope, type, name, action] = PATH.exec(given.replace(/\/+$/, '')) ?? [];
  const collection = COLLECTIONS.find((each) => sameText(each, type));
  if (scope === undefined || !collection) return undefined;
  return { scope: canonicalScope(scope), collection, ...(name ? { name } : {}), ...(action ? { action } : {}) };
}

/** The path of a collection or of one thing in it, as ids are written. */
export function pathAt(scope: string, collection: string, name?: string): string {
  const base = scope === '/' ? '' : scope;
  return `${base}/providers/Microsoft.Authorization/${collection}${name === undefined ? '' : `/${name}`}`;
}
