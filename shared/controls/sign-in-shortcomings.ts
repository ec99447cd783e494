/** Where one Conditional Access policy falls short of what is wanted; whom it excludes is judged apart. */
import type { Discrepancy, Severity } from '../finding';
import type { ConditionalAccessPolicy, Identity } from '../identity/identity';
import { isObject, type JsonObject, listOf, objectOf } from '../network/json';
import type { AccessPolicy } from '../policy/policy';
import { grantShortcomings } from './sign-in-grant';
import { MANAGEMENT_API, NO_CONDITIONS, WANTED_SESSION, wantedApplications } from './sign-in-policy-body';

export interface Shortcoming {
  /** Which setting, as part of the fingerprint. */
  readonly aspect: string;
  readonly severity: Severity;
  readonly discrepancy: Discrepancy;
  /** What a PATCH has to say to end it; undefined where no PATCH of this policy can. */
  readonly changes?: JsonObject;
  /** Its mending sets `conditions.users`, which takes the break-glass accounts. */
  readonly setsUsers?: true;
}

export function shortcomingsOf(
  each: ConditionalAccessPolicy,
  identity: Identity,
  policy: AccessPolicy,
): readonly Shortcoming[] {
  return [
    ...stateShortcomings(each),
    ...userShortcomings(each),
    ...targetShortcomings(each, policy),
    ...narrowingShortcomings(each),
    ...unknownShortcomings(each),
    ...grantShortcomings(each, identity),
    ...(policy.identity.signIn === 'activation' ? sessionShortcomings(each) : []),
  ];
}

const STATES: Readonly<Record<string, string>> = {
  disabled: 'off',
  enabledForReportingButNotEnforced: 'report-only',
};

function stateShortcomings({ state }: ConditionalAccessPolicy): Shortcoming[] {
  if (state === 'enabled') return [];
  const discrepancy = { setting: 'state', wanted: 'enabled', found: STATES[state] ?? said(state) };
  return [{ aspect: 'state', severity: 'critical', discrepancy, changes: { state: 'enabled' } }];
}

/** With All users, other inclusions change nothing; what is not known here may narrow it. */
const KNOWN_OF_USERS: ReadonlySet<string> = new Set([
  'includeUsers',
  'includeGroups',
  'includeRoles',
  'includeGuestsOrExternalUsers',
  'excludeUsers',
  'excludeGroups',
  'excludeRoles',
  'excludeGuestsOrExternalUsers',
]);

function userShortcomings({ conditions }: ConditionalAccessPolicy): Shortcoming[] {
  const users = objectOf(conditions.users);
  const forAll = listOf(users.includeUsers).includes('All')
    ? []
    : [
        {
          aspect: 'users',
          severity: 'critical' as const,
          discrepancy: { setting: 'users', wanted: 'All', found: said(users.includeUsers) },
          setsUsers: true as const,
        },
      ];
  const unknown = Object.entries(users).filter(([key, value]) => !KNOWN_OF_USERS.has(key) && !isVoid(key, value));
  return [...forAll, ...unknown.map(([key, value]) => narrowing('users', key, value))];
}

const TARGETS: ReadonlySet<string> = new Set([
  'includeApplications',
  'excludeApplications',
  'includeUserActions',
  'includeAuthenticationContextClassReferences',
]);

function targetShortcomings({ conditions }: ConditionalAccessPolicy, policy: AccessPolicy): Shortcoming[] {
  const applications = objectOf(conditions.applications);
  const { signIn, context } = policy.identity;
  const textsOf = (key: string): string[] =>
    listOf(applications[key]).flatMap((each) => (typeof each === 'string' ? [each.toLowerCase()] : []));
  const included = textsOf('includeApplications');
  const contexts = textsOf('includeAuthenticationContextClassReferences');
  const changes = { conditions: { applications: wantedApplications(policy) } };
  const lacking: Shortcoming[] = [];
  const lacks = (setting: string, wanted: string, found: unknown): void => {
    lacking.push({
      aspect: setting,
      severity: 'critical',
      discrepancy: { setting, wanted, found: said(found) },
      changes,
    });
  };
  if (signIn === 'activation') {
    if (!contexts.includes(context)) lacks('authentication contexts', context, contexts);
    if (included.length > 0) lacks('applications', 'none: the policy is for the context', included);
  } else {
    const excluded = textsOf('excludeApplications');
    const isReached = included.includes('all') || included.includes(MANAGEMENT_API);
    if (!isReached) lacks('applications', 'Azure Service Management API', included);
    if (excluded.includes(MANAGEMENT_API))
      lacks('excluded applications', 'not the Azure Service Management API', excluded);
  }
  if (textsOf('includeUserActions').length > 0) lacks('user actions', 'none', applications.includeUserActions);
  const unknown = Object.entries(applications).filter(([key, value]) => !TARGETS.has(key) && !isVoid(key, value));
  return [...lacking, ...unknown.map(([key, value]) => narrowing('applications', key, value))];
}

/** Client applications are excluded, not narrowed: they are judged with the exclusions. */
const JUDGED_ELSEWHERE: ReadonlySet<string> = new Set([
  'users',
  'applications',
  'clientAppTypes',
  'clientApplications',
]);

/**
 * Any condition narrows the sign-ins the policy is asked about, and one that is unknown here fails closed.
 * https://learn.microsoft.com/graph/api/resources/conditionalaccessconditionset
 */
function narrowingShortcomings({ conditions }: ConditionalAccessPolicy): Shortcoming[] {
  const types = listOf(conditions.clientAppTypes);
  const client = types.includes('all')
    ? []
    : [narrowing(undefined, 'clientAppTypes', conditions.clientAppTypes, 'all clients')];
  const others = Object.entries(conditions).filter(([key, value]) => !JUDGED_ELSEWHERE.has(key) && !isVoid(key, value));
  return [...client, ...others.map(([key, value]) => narrowing(undefined, key, value))];
}

/**
 * What the policy holds besides conditions and controls, such as an enablement for a part of the people, may narrow it just
 * as well. Nobody knows how it is taken back, so a person has to.
 */
function unknownShortcomings({ unknown = {} }: ConditionalAccessPolicy): Shortcoming[] {
  const told = Object.entries(unknown).filter(([key, value]) => !isVoid(key, value));
  return told.map(([key, value]) => {
    const setting = `property ${key}`.slice(0, 80);
    return {
      aspect: setting,
      severity: 'critical',
      discrepancy: { setting, wanted: 'not set', found: said(value) },
    };
  });
}

function narrowing(parent: string | undefined, key: string, value: unknown, wanted = 'not set'): Shortcoming {
  const nothing = key in NO_CONDITIONS ? NO_CONDITIONS[key] : Array.isArray(value) ? [] : null;
  const setting = `condition ${parent === undefined ? '' : `${parent}.`}${key}`.slice(0, 80);
  const change = parent === undefined ? { [key]: nothing } : { [parent]: { [key]: nothing } };
  return {
    aspect: setting,
    severity: 'critical',
    discrepancy: { setting, wanted, found: said(value) },
    changes: { conditions: change },
  };
}

/** Annotations of the transport, null and empty lists say nothing. */
function isVoid(key: string, value: unknown): boolean {
  return (
    key.includes('@odata.') || value === null || value === undefined || (Array.isArray(value) && value.length === 0)
  );
}

/** https://learn.microsoft.com/entra/identity/conditional-access/concept-session-lifetime#require-reauthentication-every-time */
function sessionShortcomings({ sessionControls }: ConditionalAccessPolicy): Shortcoming[] {
  const frequency = objectOf(sessionControls?.signInFrequency);
  const isForAll = frequency.authenticationType !== 'secondaryAuthentication';
  if (frequency.isEnabled === true && frequency.frequencyInterval === 'everyTime' && isForAll) return [];
  const found =
    !isObject(sessionControls?.signInFrequency) || frequency.isEnabled !== true ? 'not asked' : said(frequency);
  const discrepancy = { setting: 'sign-in frequency', wanted: 'every time', found };
  return [
    { aspect: 'sign-in frequency', severity: 'medium', discrepancy, changes: { sessionControls: WANTED_SESSION } },
  ];
}

/** A value as it stands there, short enough for a line. */
export function said(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.length <= 160 ? text : `${text.slice(0, 160)}…`;
}
