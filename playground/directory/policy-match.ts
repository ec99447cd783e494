// Whether a Conditional Access policy meets a sign-in, condition by condition, and if not, by which one.
import { BlockList } from 'node:net';
import type { JsonObject } from '../azure/json';
import { at, isObject, listAt, sameText, textAt, textsAt } from '../azure/json';
import type { DirectoryState, Entity } from './state';
import { find } from './state';

/** The member of Graph's whatIfAnalysisReasons, `notSet` when the policy applies. */
export type Reason =
  | 'notSet'
  | 'notEnoughInformation'
  | 'users'
  | 'workloadIdentities'
  | 'application'
  | 'userActions'
  | 'authenticationContext'
  | 'devicePlatform'
  | 'devices'
  | 'clientApps'
  | 'location'
  | 'signInRisk'
  | 'policyNotEnabled'
  | 'userRisk'
  | 'insiderRisk'
  | 'authenticationFlow';

export interface SignIn {
  readonly user: Entity;
  /** Ids of the groups and template ids of the directory roles the user is in, however deep. */
  readonly groups: readonly string[];
  readonly roles: readonly string[];
  readonly context: JsonObject;
  readonly conditions: JsonObject;
}

function includes(list: readonly string[], value: string | undefined): boolean {
  return list.some((each) => sameText(each, value));
}

function isNamed(users: unknown, prefix: 'include' | 'exclude', { user, groups, roles }: SignIn): boolean {
  const named = textsAt(users, `${prefix}Users`);
  const isGuest = sameText(textAt(user, 'userType'), 'Guest');
  return (
    includes(named, user.id) ||
    named.includes('All') ||
    (isGuest && (named.includes('GuestsOrExternalUsers') || isObject(at(users, `${prefix}GuestsOrExternalUsers`)))) ||
    textsAt(users, `${prefix}Groups`).some((id) => includes(groups, id)) ||
    textsAt(users, `${prefix}Roles`).some((id) => includes(roles, id))
  );
}

function byUsers(policy: Entity, signIn: SignIn): Reason {
  const conditions = at(policy, 'conditions');
  if (isObject(at(conditions, 'clientApplications'))) return 'workloadIdentities';
  const users = at(conditions, 'users');
  return isNamed(users, 'include', signIn) && !isNamed(users, 'exclude', signIn) ? 'notSet' : 'users';
}

function byTarget(policy: Entity, { context }: SignIn): Reason {
  const applications = at(policy, 'conditions', 'applications');
  const kind = textAt(context, '@odata.type')?.toLowerCase();
  if (kind === '#microsoft.graph.authcontext') {
    const contexts = textsAt(applications, 'includeAuthenticationContextClassReferences');
    return includes(contexts, textAt(context, 'authenticationContextValue')) ? 'notSet' : 'authenticationContext';
  }
  if (kind === '#microsoft.graph.useractioncontext') {
    // What-if speaks of `registerSecurityInformation`, the policy of `urn:user:registersecurityinfo`.
    const asked = textAt(context, 'userAction')?.toLowerCase().slice(0, 'registersecurityinfo'.length) ?? '';
    const actions = textsAt(applications, 'includeUserActions').map((action) => action.split(':').at(-1) ?? '');
    return asked !== '' && actions.some((action) => action.startsWith(asked)) ? 'notSet' : 'userActions';
  }
  const asked = textsAt(context, 'includeApplications');
  const [included, excluded] = [
    textsAt(applications, 'includeApplications'),
    textsAt(applications, 'excludeApplications'),
  ];
  const isMet = asked.some((id) => (included.includes('All') || includes(included, id)) && !includes(excluded, id));
  return isMet ? 'notSet' : 'application';
}

function inRanges(location: Entity, address: string): boolean {
  const list = new BlockList();
  for (const range of listAt(location, 'ipRanges')) {
    const [network = '', length = '0'] = (textAt(range, 'cidrAddress') ?? '').split('/');
    list.addSubnet(network, Number(length), network.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
}

function byLocation(state: DirectoryState, policy: Entity, { conditions }: SignIn): Reason {
  const locations = at(policy, 'conditions', 'locations');
  if (!isObject(locations)) return 'notSet';
  const address = textAt(conditions, 'ipAddress');
  const country = textAt(conditions, 'country');
  const isIn = (location: Entity): boolean =>
    (address !== undefined && listAt(location, 'ipRanges').length > 0 && inRanges(location, address)) ||
    includes(textsAt(location, 'countriesAndRegions'), country);
  const isMet = (names: readonly string[]): boolean =>
    names.includes('All') ||
    (names.includes('AllTrusted') && state.namedLocations.some((each) => each.isTrusted === true && isIn(each))) ||
    names.map((id) => find(state, 'namedLocations', id)).some((location) => location !== undefined && isIn(location));
  const [included, excluded] = [textsAt(locations, 'includeLocations'), textsAt(locations, 'excludeLocations')];
  if (address === undefined && country === undefined && !(included.includes('All') && excluded.length === 0)) {
    return 'notEnoughInformation';
  }
  return isMet(included) && !isMet(excluded) ? 'notSet' : 'location';
}

/** A list in the policy, the sign-in's property that must be in it, and the reason when it is not. */
const MATCHES: readonly (readonly [string, string, Reason])[] = [
  ['signInRiskLevels', 'signInRiskLevel', 'signInRisk'],
  ['userRiskLevels', 'userRiskLevel', 'userRisk'],
  ['clientAppTypes', 'clientAppType', 'clientApps'],
];

function byConditions(policy: Entity, { conditions }: SignIn): Reason {
  for (const [list, property, reason] of MATCHES) {
    const wanted = textsAt(policy, 'conditions', list);
    if (wanted.length === 0 || includes(wanted, 'all')) continue;
    const given = textAt(conditions, property);
    if (given === undefined) return 'notEnoughInformation';
    if (!includes(wanted, given)) return reason;
  }
  const platforms = at(policy, 'conditions', 'platforms');
  const platform = textAt(conditions, 'devicePlatform');
  if (isObject(platforms)) {
    const included = textsAt(platforms, 'includePlatforms');
    if (platform === undefined) return 'notEnoughInformation';
    if (!includes(included, 'all') && !includes(included, platform)) return 'devicePlatform';
    if (includes(textsAt(platforms, 'excludePlatforms'), platform)) return 'devicePlatform';
  }
  if (isObject(at(policy, 'conditions', 'devices'))) return 'devices';
  const insider = textAt(policy, 'conditions', 'insiderRiskLevels')?.split(',');
  if (insider && !includes(insider, textAt(conditions, 'insiderRiskLevel'))) return 'insiderRisk';
  const flows = textAt(policy, 'conditions', 'authenticationFlows', 'transferMethods')?.split(',');
  const flow = textAt(conditions, 'authenticationFlow', 'transferMethod');
  return flows && !includes(flows, flow) ? 'authenticationFlow' : 'notSet';
}

/** Report-only counts as applying: only what is off does not. */
export function reasonOf(state: DirectoryState, policy: Entity, signIn: SignIn): Reason {
  if (policy.state === 'disabled') return 'policyNotEnabled';
  const checks = [
    () => byUsers(policy, signIn),
    () => byTarget(policy, signIn),
    () => byConditions(policy, signIn),
    () => byLocation(state, policy, signIn),
  ];
  for (const check of checks) {
    const reason = check();
    if (reason !== 'notSet') return reason;
  }
  return 'notSet';
}
