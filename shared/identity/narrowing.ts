/** Conditions that keep a Conditional Access policy from being asked at every sign-in it should be asked at. */
import { isObject, type JsonObject, listOf, objectOf } from '../network/json';
import type { ConditionalAccessPolicy } from './identity';

/** What a policy is about: an authentication context, or an application by its id. */
export type SignInTarget =
  | { readonly kind: 'context'; readonly context: string }
  | { readonly kind: 'application'; readonly application: string };

/** Whether the policy is about the target, in whatever state and for whomever. */
export function targets({ conditions }: ConditionalAccessPolicy, target: SignInTarget): boolean {
  const applications = objectOf(conditions.applications);
  if (target.kind === 'context') return has(applications.includeAuthenticationContextClassReferences, target.context);
  return has(applications.includeApplications, 'All') || has(applications.includeApplications, target.application);
}

/** Including more than everyone changes nothing; exclusions by user and group are told apart from narrowing. */
const USERS_JUDGED = ['includeUsers', 'includeGroups', 'includeRoles', 'includeGuestsOrExternalUsers'];
const EXCLUSIONS = ['excludeUsers', 'excludeGroups'];
const JUDGED_APART = ['users', 'applications', 'clientAppTypes'];

/**
 * Names of the conditions that narrow the policy, sorted: `platforms`, `users.excludeRoles`, … Only null and empty lists are
 * no condition; whatever else is there counts, also if it is unknown here.
 * https://learn.microsoft.com/graph/api/resources/conditionalaccessconditionset
 */
export function narrowingConditions(policy: ConditionalAccessPolicy, target: SignInTarget): readonly string[] {
  const { conditions, unknown } = policy;
  const users = objectOf(conditions.users);
  return [
    ...(has(users.includeUsers, 'All') ? [] : ['users.includeUsers']),
    ...(has(users.excludeUsers, 'GuestsOrExternalUsers') ? ['users.excludeUsers'] : []),
    ...set(users, [...USERS_JUDGED, ...EXCLUSIONS]).map((name) => `users.${name}`),
    ...applicationConditions(objectOf(conditions.applications), target).map((name) => `applications.${name}`),
    ...(has(conditions.clientAppTypes, 'all') ? [] : ['clientAppTypes']),
    ...set(conditions, JUDGED_APART),
    ...set(unknown ?? {}, []),
  ].toSorted();
}

function applicationConditions(applications: JsonObject, target: SignInTarget): string[] {
  const judged =
    target.kind === 'context'
      ? ['includeAuthenticationContextClassReferences', 'excludeApplications']
      : ['includeApplications', 'includeAuthenticationContextClassReferences', 'excludeApplications'];
  const excludes = target.kind === 'application' && has(applications.excludeApplications, target.application);
  return [...set(applications, judged), ...(excludes ? ['excludeApplications'] : [])];
}

/** Keys with a value, without those judged apart and without the transport's annotations. */
function set(object: JsonObject, judged: readonly string[]): string[] {
  return Object.entries(object).flatMap(([name, value]) => {
    const isEmpty = value === null || value === undefined || (Array.isArray(value) && value.length === 0);
    return isEmpty || judged.includes(name) || name.includes('@') ? [] : [name];
  });
}

function has(list: unknown, text: string): boolean {
  return listOf(list).some((entry) => typeof entry === 'string' && entry.toLowerCase() === text.toLowerCase());
}

/** Whether the controls ask for a fresh sign-in every time, with all factors. */
export function isEveryTime(sessionControls: JsonObject | null): boolean {
  const frequency = objectOf(sessionControls?.signInFrequency);
  if (!isObject(sessionControls?.signInFrequency) || frequency.isEnabled !== true) return false;
  return frequency.frequencyInterval === 'everyTime' && frequency.authenticationType !== 'secondaryAuthentication';
}
