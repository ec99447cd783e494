/**
 * Reads the tenant's sign-in settings: first every list that can be asked for as it is, then what those name (settings
 * of the Bastion role at each scope, the people and groups behind the ids), and last what follows from the groups.
 */
import { groupsToJoin, waysIn } from '../../controls/activation-gaps';
import { asksOnActivation, bastionRoleId, bastionScopes, eligiblePeople } from '../../controls/bastion-role';
import { MANAGEMENT_API } from '../../controls/sign-in-policy-body';
import { effectiveOf } from '../../identity/effective';
import {
  type ConditionalAccessPolicy,
  type Identity,
  type ObjectId,
  objectIdOf,
  type ScopeKey,
  scopeKeyOf,
} from '../../identity/identity';
import { readIdentity } from '../../identity/read';
import { listOf, objectOf, textOf } from '../../network/json';
import type { AccessPolicy } from '../../policy/policy';
import { askWhatIf } from './ask-what-if';
import type { Authorization } from './authorization';
import type { Graph } from './graph';
import { inParallel } from './in-parallel';
import { readDirectoryRoles } from './read-directory-roles';
import { readGroups } from './read-groups';
import { readGroupSettings } from './read-group-settings';
import { idsOfType, readPrincipals } from './read-principals';
import { readRoleSettingsAt } from './read-role-settings';
import { readSignIn } from './read-sign-in';
import { readSubscription } from './read-subscription';
import { joined, type Reading } from './reading';

export interface Readers {
  readonly arm: Authorization;
  readonly graph: Graph;
}

export interface Asked {
  readonly subscriptions: readonly string[];
  readonly policy: AccessPolicy;
  readonly now: Date;
  /** Of how many eligible people Microsoft's what-if is asked; one a second. */
  readonly whatIfFor: number;
}

/** Never throws, except AzureError when nothing at all could be read: then nothing is known. */
export async function observe({ arm, graph }: Readers, asked: Asked): Promise<Reading> {
  const { subscriptions, policy, now } = asked;
  const [ofSubscriptions, signIn, directoryRoles] = await Promise.all([
    Promise.all(subscriptions.map((id) => readSubscription(arm, id))),
    readSignIn(graph),
    readDirectoryRoles(graph),
  ]);
  const lists = [...ofSubscriptions.flatMap((each) => each.lists), ...signIn.lists];
  const errors = lists.flatMap(({ error }) => error ?? []);
  if (errors.length === lists.length) throw errors.find(({ retryable }) => retryable) ?? errors[0];

  const first = joined([...ofSubscriptions, signIn, directoryRoles]);
  const seen = readIdentity(first.entries, now).identity;
  const role = bastionRoleId(seen, policy);
  const used = bastionScopes(seen, policy);
  const unused = subscriptions.map((id) => scopeKeyOf(`/subscriptions/${id}`)).filter((scope) => !used.includes(scope));
  const settings = joined([
    role === undefined ? NOTHING : await readRoleSettingsAt(arm, role, used, unused),
    await readOtherSettings(arm, seen, policy),
  ]);

  const ids = [...new Set([...namedIn(seen, policy), ...approversIn(settings)])].filter((id) => GUID.test(id));
  const principals = ids.length === 0 ? NOTHING : await readPrincipals(graph, ids);
  // Where the ids could not be resolved, assignments still say which of them are groups.
  const known = [...seen.principals.values()].filter(({ kind }) => kind === 'group').map(({ id }) => id);
  const groups = await readGroups(graph, [...known, ...idsOfType(principals.entries, 'group')], new Set(ids));

  const second = joined([first, settings, principals, groups]);
  const people = readIdentity(second.entries, now).identity;
  const [ofGroups, whatIf] = await Promise.all([
    readGroupSettings(graph, groupsBehind(people, policy)),
    askWhatIf(graph, sample(people, asked), policy.identity.context),
  ]);
  return joined([second, ofGroups, whatIf]);
}

const NOTHING: Reading = { entries: [], gaps: [] };
const GUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Everybody who has a role, is break-glass, or is left out of the policies that ask for the sign-in. */
function namedIn(
  { assignments, denyAssignments, policies, directoryRoles = [] }: Identity,
  policy: AccessPolicy,
): ObjectId[] {
  const { breakGlass, allowedStanding, guardrailIdentities, bastionRole } = policy.identity;
  return [
    ...assignments.map(({ principal }) => principal),
    ...denyAssignments.flatMap(({ principals, excludedPrincipals }) => [...principals, ...excludedPrincipals]),
    ...directoryRoles.flatMap(({ members = [] }) => members),
    ...breakGlass,
    ...guardrailIdentities,
    ...allowedStanding.map(({ principal }) => principal),
    ...(bastionRole.principals ?? []),
    ...policies.filter((each) => isAboutSignIn(each, policy)).flatMap(peopleIn),
  ].map((id) => id.toLowerCase());
}

function isAboutSignIn({ conditions }: ConditionalAccessPolicy, { identity }: AccessPolicy): boolean {
  const applications = objectOf(conditions.applications);
  const contexts = listOf(applications.includeAuthenticationContextClassReferences);
  const included = listOf(applications.includeApplications);
  return contexts.includes(identity.context) || included.includes(MANAGEMENT_API) || included.includes('All');
}

function peopleIn({ conditions }: ConditionalAccessPolicy): string[] {
  const users = objectOf(conditions.users);
  return ['includeUsers', 'includeGroups', 'excludeUsers', 'excludeGroups'].flatMap((name) =>
    listOf(users[name]).flatMap((id) => textOf(id) ?? []),
  );
}

/** Approvers stand in the rules by id and are judged by who is behind it. */
function approversIn({ entries }: Reading): ObjectId[] {
  const rules = entries.flatMap((entry) => {
    const { rules: own, effectiveRules } = objectOf(objectOf(entry).properties);
    return [...listOf(own), ...listOf(effectiveRules)];
  });
  const stages = rules.flatMap((rule) => listOf(objectOf(objectOf(rule).setting).approvalStages));
  const approvers = stages.flatMap((stage) => listOf(objectOf(stage).primaryApprovers));
  return approvers.flatMap((approver) => textOf(objectOf(approver).id) ?? []).map(objectIdOf);
}

/** Two requests each; what is beyond is a gap. */
const MOST_OTHER_SETTINGS = 100;

/** What it takes to activate other roles by which one gets where the Bastion role leads. */
async function readOtherSettings(arm: Authorization, identity: Identity, policy: AccessPolicy): Promise<Reading> {
  if (!asksOnActivation(policy)) return NOTHING;
  const own = bastionRoleId(identity, policy);
  const others = waysIn(identity).filter(({ holding, role }) => holding === 'eligible' && role !== own);
  const scopes = new Map<ObjectId, Set<ScopeKey>>();
  for (const { role, scope } of others.slice(0, MOST_OTHER_SETTINGS)) {
    scopes.set(role, (scopes.get(role) ?? new Set()).add(scope));
  }
  return joined(await inParallel([...scopes], 2, ([role, used]) => readRoleSettingsAt(arm, role, [...used], [])));
}

/** The groups by which somebody has the Bastion role, at any depth, and those by which they may get around it. */
function groupsBehind(identity: Identity, policy: AccessPolicy): readonly ObjectId[] {
  const role = bastionRoleId(identity, policy);
  const { expand } = effectiveOf(identity);
  const groups = identity.assignments
    .filter((assignment) => assignment.role === role && identity.groups.has(assignment.principal))
    .flatMap(({ principal }) => [
      principal,
      ...expand(principal).paths.flatMap(({ chain }) => chain.map(({ group }) => group)),
    ]);
  const joinable = asksOnActivation(policy) ? groupsToJoin(identity, waysIn(identity)).map(({ group }) => group) : [];
  return [...new Set([...groups, ...joinable])];
}

function sample(identity: Identity, { policy, whatIfFor }: Asked): readonly ObjectId[] {
  const people = eligiblePeople(identity, policy).map(({ person }) => person);
  const users = [...new Set(people)].filter((id) => identity.principals.get(id)?.kind === 'user');
  return users.slice(0, whatIfFor);
}
