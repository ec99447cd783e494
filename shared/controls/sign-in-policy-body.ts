/** The Conditional Access policy that is wanted, piece by piece, with explicit empties: Graph keeps what is left out. */
import { breakGlassUsers } from '../identity/break-glass';
import type { Identity, ObjectId } from '../identity/identity';
import type { JsonObject } from '../network/json';
import type { AccessPolicy } from '../policy/policy';

/** Windows Azure Service Management API: the portal, the CLI and everything else that manages Azure. */
export const MANAGEMENT_API = '797f4846-ba00-4fd7-ba43-dac1f8f63013';

/** The built-in strength; built-in ones cannot be changed, and names can be anybody's. */
export const PHISHING_RESISTANT = '00000000-0000-0000-0000-000000000004';

/** https://learn.microsoft.com/entra/identity/authentication/concept-authentication-strengths */
export const PHISHING_RESISTANT_METHODS: readonly string[] = [
  'windowsHelloForBusiness',
  'fido2',
  'x509CertificateMultiFactor',
];

const POLICY_NAMES = {
  activation: 'Bastion Guardrail: phishing-resistant sign-in to activate Bastion',
  'management-api': 'Bastion Guardrail: phishing-resistant sign-in to manage Azure',
} as const;

export function wantedName({ identity }: AccessPolicy): string {
  return POLICY_NAMES[identity.signIn];
}

export interface BreakGlass {
  readonly users: readonly ObjectId[];
  readonly groups: readonly ObjectId[];
  /** Named in the policy, and nobody who could sign in stands behind it. */
  readonly unresolved: readonly ObjectId[];
}

/** The break-glass ids of the policy by what they are. */
export function breakGlassOf(identity: Identity, policy: AccessPolicy): BreakGlass {
  const ids = [...new Set(policy.identity.breakGlass)].toSorted();
  const known = ids.filter((id) => breakGlassUsers(identity, id).length > 0);
  return {
    users: known.filter((id) => !identity.groups.has(id)),
    groups: known.filter((id) => identity.groups.has(id)),
    unresolved: ids.filter((id) => !known.includes(id)),
  };
}

export function wantedUsers({ users, groups }: BreakGlass): JsonObject {
  return {
    includeUsers: ['All'],
    excludeUsers: users,
    includeGroups: [],
    excludeGroups: groups,
    includeRoles: [],
    excludeRoles: [],
    includeGuestsOrExternalUsers: null,
    excludeGuestsOrExternalUsers: null,
  };
}

export function wantedApplications({ identity: { signIn, context } }: AccessPolicy): JsonObject {
  return {
    includeApplications: signIn === 'activation' ? [] : [MANAGEMENT_API],
    excludeApplications: [],
    includeUserActions: [],
    includeAuthenticationContextClassReferences: signIn === 'activation' ? [context] : [],
    applicationFilter: null,
  };
}

/** A strength is written as its id alone: the whole object would be logged as a change at every run. */
export const WANTED_GRANT: JsonObject = {
  operator: 'OR',
  builtInControls: [],
  customAuthenticationFactors: [],
  termsOfUse: [],
  authenticationStrength: { id: PHISHING_RESISTANT },
};

export const WANTED_SESSION: JsonObject = {
  signInFrequency: {
    isEnabled: true,
    frequencyInterval: 'everyTime',
    authenticationType: 'primaryAndSecondaryAuthentication',
    type: null,
    value: null,
  },
};

/** Conditions that may only be absent, and how their absence is written. */
export const NO_CONDITIONS: JsonObject = {
  clientAppTypes: ['all'],
  userRiskLevels: [],
  signInRiskLevels: [],
  servicePrincipalRiskLevels: [],
  platforms: null,
  locations: null,
  devices: null,
  authenticationFlows: null,
  clientApplications: null,
};

/** The whole policy, for where there is none: enabled from the first moment, because report-only protects nobody. */
export function wantedPolicy(policy: AccessPolicy, breakGlass: BreakGlass): JsonObject {
  const { servicePrincipalRiskLevels: _, clientApplications: __, ...conditions } = NO_CONDITIONS;
  return {
    displayName: wantedName(policy),
    state: 'enabled',
    conditions: { ...conditions, applications: wantedApplications(policy), users: wantedUsers(breakGlass) },
    grantControls: WANTED_GRANT,
    sessionControls: policy.identity.signIn === 'activation' ? WANTED_SESSION : null,
  };
}
