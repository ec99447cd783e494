// What Graph refuses in a Conditional Access policy.
import type { JsonObject } from '../azure/json';
import { at, isObject, objectAt, textAt, textsAt } from '../azure/json';
import { badRequest } from './graph-error';
import { unknownProperties } from './policy-shape';
import type { DirectoryState } from './state';
import { find } from './state';

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
export const CONTEXT_ID = /^c(?:[1-9]|[1-9]\d)$/;

/** The closed value sets, by path. Source: the resource types of conditionalAccessPolicy in Graph v1.0. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  state: ['enabled', 'disabled', 'enabledForReportingButNotEnforced'],
  'conditions/clientAppTypes': [
    'all',
    'browser',
    'mobileAppsAndDesktopClients',
    'exchangeActiveSync',
    'easSupported',
    'other',
  ],
  'conditions/userRiskLevels': ['low', 'medium', 'high', 'hidden', 'none'],
  'conditions/signInRiskLevels': ['low', 'medium', 'high', 'hidden', 'none'],
  'conditions/servicePrincipalRiskLevels': ['low', 'medium', 'high', 'hidden', 'none'],
  'conditions/platforms/includePlatforms': ['all', 'android', 'iOS', 'windows', 'windowsPhone', 'macOS', 'linux'],
  'conditions/platforms/excludePlatforms': ['all', 'android', 'iOS', 'windows', 'windowsPhone', 'macOS', 'linux'],
  'conditions/applications/includeUserActions': ['urn:user:registersecurityinfo', 'urn:user:registerdevice'],
  'grantControls/operator': ['AND', 'OR'],
  'grantControls/builtInControls': [
    'block',
    'mfa',
    'compliantDevice',
    'domainJoinedDevice',
    'approvedApplication',
    'compliantApplication',
    'passwordChange',
    'riskRemediation',
  ],
  'sessionControls/signInFrequency/frequencyInterval': ['timeBased', 'everyTime'],
  'sessionControls/signInFrequency/type': ['days', 'hours'],
  'sessionControls/signInFrequency/authenticationType': [
    'primaryAndSecondaryAuthentication',
    'secondaryAuthentication',
  ],
};

function valuesAt(policy: unknown, path: string): unknown[] {
  const found = at(policy, ...path.split('/'));
  if (found === undefined || found === null) return [];
  return Array.isArray(found) ? found : [found];
}

function wrongValue(policy: unknown): string | undefined {
  for (const [path, allowed] of Object.entries(VALUES)) {
    const wrong = valuesAt(policy, path).find((value) => typeof value !== 'string' || !allowed.includes(value));
    if (wrong !== undefined) return `Invalid value ${JSON.stringify(wrong)} specified for property '${path}'.`;
  }
  return undefined;
}

function wrongApplications(policy: unknown): string | undefined {
  const applications = at(policy, 'conditions', 'applications');
  const [apps, actions, contexts] = [
    textsAt(applications, 'includeApplications'),
    textsAt(applications, 'includeUserActions'),
    textsAt(applications, 'includeAuthenticationContextClassReferences'),
  ];
  const targets = [apps, actions, contexts].filter((list) => list.length > 0).length;
  if (targets === 0) return '1011: Policy has no application, user action or authentication context to apply to.';
  if (targets > 1) return 'Applications, user actions and authentication contexts cannot be targeted by one policy.';
  const wrong = contexts.find((id) => !CONTEXT_ID.test(id));
  return wrong === undefined ? undefined : `Invalid authentication context '${wrong}'. Contexts are named c1 to c99.`;
}

const PEOPLE = ['includeUsers', 'excludeUsers', 'includeGroups', 'excludeGroups', 'includeRoles', 'excludeRoles'];
const WORDS = ['All', 'None', 'GuestsOrExternalUsers'];

function wrongPeople(policy: unknown): string | undefined {
  const users = at(policy, 'conditions', 'users');
  for (const name of PEOPLE) {
    const words = name.endsWith('Users') ? WORDS : [];
    const wrong = textsAt(users, name).find((id) => !GUID.test(id) && !words.includes(id));
    if (wrong !== undefined) return `Invalid value '${wrong}' specified for property 'conditions/users/${name}'.`;
  }
  const included = ['includeUsers', 'includeGroups', 'includeRoles'].some((name) => textsAt(users, name).length > 0);
  if (included || isObject(at(users, 'includeGuestsOrExternalUsers'))) return undefined;
  if (textsAt(policy, 'conditions', 'clientApplications', 'includeServicePrincipals').length > 0) return undefined;
  return 'Policy has no user, group or role to apply to.';
}

/** The last one stands for the trusted addresses of the old per-user MFA settings. */
const PLACES = ['All', 'AllTrusted', '00000000-0000-0000-0000-000000000000'];

function wrongLocations(state: DirectoryState, policy: unknown): string | undefined {
  const locations = at(policy, 'conditions', 'locations');
  const named = [...textsAt(locations, 'includeLocations'), ...textsAt(locations, 'excludeLocations')];
  const wrong = named.find((id) => !PLACES.includes(id) && !find(state, 'namedLocations', id));
  return wrong === undefined ? undefined : `1040: Policy contains the named location '${wrong}', which does not exist.`;
}

function wrongGrant(state: DirectoryState, policy: unknown): string | undefined {
  const controls = at(policy, 'grantControls');
  if (!isObject(controls)) {
    return isObject(at(policy, 'sessionControls')) ? undefined : 'Policy has neither grant nor session controls.';
  }
  const builtIn = textsAt(controls, 'builtInControls');
  const strength = textAt(controls, 'authenticationStrength', 'id');
  if (textAt(controls, 'operator') === undefined) return "Property 'grantControls/operator' is required.";
  if (builtIn.includes('block') && (builtIn.length > 1 || strength))
    return "'block' cannot be combined with other controls.";
  if (strength === undefined) return undefined;
  if (builtIn.includes('mfa')) return "An authentication strength cannot be combined with the built-in control 'mfa'.";
  return find(state, 'authenticationStrengths', strength)
    ? undefined
    : `The authentication strength '${strength}' does not exist.`;
}

function wrongSession(policy: unknown): string | undefined {
  const frequency = at(policy, 'sessionControls', 'signInFrequency');
  if (!isObject(frequency)) return undefined;
  const { value, type, frequencyInterval } = frequency;
  if (frequencyInterval === 'everyTime') {
    const isBare = value === null && type === null;
    return isBare ? undefined : "signInFrequency 'everyTime' takes neither value nor type.";
  }
  return Number.isInteger(value) && typeof type === 'string'
    ? undefined
    : "signInFrequency 'timeBased' needs value and type.";
}

/** Throws GraphError 400 for what is wrong in a whole policy, or for properties in `body` that no policy has. */
export function checkPolicy(state: DirectoryState, policy: JsonObject, body: JsonObject): void {
  const [unknown] = unknownProperties(body);
  if (unknown !== undefined) throw badRequest(`Invalid property '${unknown}'.`);
  if (textAt(policy, 'displayName') === undefined) throw badRequest("Property 'displayName' is required.");
  if (textAt(policy, 'state') === undefined) throw badRequest("Property 'state' is required.");
  if (Object.keys(objectAt(policy, 'conditions')).length === 0) throw badRequest("Property 'conditions' is required.");
  const wrong =
    wrongValue(policy) ??
    wrongApplications(policy) ??
    wrongPeople(policy) ??
    wrongLocations(state, policy) ??
    wrongGrant(state, policy) ??
    wrongSession(policy);
  if (wrong !== undefined) throw badRequest(wrong);
}
