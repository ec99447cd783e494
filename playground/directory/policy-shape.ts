// The whole shape of a Conditional Access policy: what Graph fills in, which properties there are, how a PATCH merges.
import type { JsonObject } from '../azure/json';
import { at, isObject, textAt, without } from '../azure/json';

/** Per property name: the properties of its object and what they are when nobody says. Names are unique in a policy. */
const SHAPES: Readonly<Record<string, JsonObject>> = {
  policy: {
    templateId: null,
    displayName: null,
    createdDateTime: null,
    modifiedDateTime: null,
    state: null,
    partialEnablementStrategy: null,
    sessionControls: null,
    conditions: {},
    grantControls: null,
  },
  conditions: {
    userRiskLevels: [],
    signInRiskLevels: [],
    clientAppTypes: ['all'],
    servicePrincipalRiskLevels: [],
    insiderRiskLevels: null,
    clients: null,
    platforms: null,
    locations: null,
    times: null,
    deviceStates: null,
    devices: null,
    clientApplications: null,
    authenticationFlows: null,
    applications: {},
    users: {},
  },
  applications: {
    includeApplications: [],
    excludeApplications: [],
    includeUserActions: [],
    includeAuthenticationContextClassReferences: [],
    applicationFilter: null,
    networkAccess: null,
    globalSecureAccess: null,
  },
  users: {
    includeUsers: [],
    excludeUsers: [],
    includeGroups: [],
    excludeGroups: [],
    includeRoles: [],
    excludeRoles: [],
    includeGuestsOrExternalUsers: null,
    excludeGuestsOrExternalUsers: null,
  },
  platforms: { includePlatforms: [], excludePlatforms: [] },
  locations: { includeLocations: [], excludeLocations: [] },
  devices: { deviceFilter: null },
  deviceFilter: { mode: null, rule: null },
  clientApplications: { includeServicePrincipals: [], excludeServicePrincipals: [], servicePrincipalFilter: null },
  authenticationFlows: { transferMethods: null },
  grantControls: {
    operator: null,
    builtInControls: [],
    customAuthenticationFactors: [],
    termsOfUse: [],
    authenticationStrength: null,
  },
  sessionControls: {
    disableResilienceDefaults: null,
    applicationEnforcedRestrictions: null,
    cloudAppSecurity: null,
    persistentBrowser: null,
    signInFrequency: null,
  },
  signInFrequency: {
    value: null,
    type: null,
    authenticationType: 'primaryAndSecondaryAuthentication',
    frequencyInterval: 'timeBased',
    isEnabled: null,
  },
};

function shapeOf(name: string): JsonObject | undefined {
  return Object.hasOwn(SHAPES, name) ? SHAPES[name] : undefined;
}

function completed(name: string, value: unknown): unknown {
  const shape = shapeOf(name);
  if (!shape || !isObject(value)) return value;
  const filled = Object.keys(shape).map((key) => [key, completed(key, value[key] ?? shape[key])]);
  return { ...value, ...Object.fromEntries(filled) };
}

/** The policy with every property that Graph answers; what it has beyond them stays. */
export function completePolicy(policy: JsonObject): JsonObject {
  const whole = completed('policy', policy);
  return isObject(whole) ? whole : policy;
}

/** Paths of what a body holds and no policy has; annotations aside. */
export function unknownProperties(body: unknown, name = 'policy', path = ''): string[] {
  const shape = shapeOf(name);
  if (!shape || !isObject(body)) return [];
  const isKnown = (key: string): boolean =>
    Object.hasOwn(shape, key) || key.includes('@odata.') || (name === 'policy' && key === 'id');
  return Object.entries(body).flatMap(([key, value]) =>
    isKnown(key) ? unknownProperties(value, key, `${path}${key}/`) : [`${path}${key}`],
  );
}

/** A body's strength as the reference it is: by `id` or bound by its address; null takes the strength away. */
function strengthReference(controls: JsonObject): JsonObject {
  const bound = textAt(controls, 'authenticationStrength@odata.bind');
  const id = bound?.split('/').at(-1) ?? textAt(controls, 'authenticationStrength', 'id');
  const rest = without(
    controls,
    Object.keys(controls).filter((key) => key.startsWith('authenticationStrength')),
  );
  if (id !== undefined) return { ...rest, authenticationStrength: { id } };
  return at(controls, 'authenticationStrength') === undefined ? rest : { ...rest, authenticationStrength: null };
}

/** The writable part of a request's body. */
export function writablePart(body: JsonObject): JsonObject {
  const annotations = Object.keys(body).filter((key) => key.includes('@odata.'));
  const rest = without(body, ['id', 'createdDateTime', 'modifiedDateTime', ...annotations]);
  return isObject(rest.grantControls) ? { ...rest, grantControls: strengthReference(rest.grantControls) } : rest;
}

/** Omitted properties are kept, at every depth; lists and nulls replace what was there. */
export function patched(before: unknown, patch: unknown, name = 'policy'): unknown {
  if (!isObject(before) || !isObject(patch) || !shapeOf(name)) return patch;
  const changed = Object.entries(patch).map(([key, value]) => [key, patched(before[key], value, key)]);
  return { ...before, ...Object.fromEntries(changed) };
}
