/** The role that opens Bastion: which definition it is, where it is given, and who may activate it. */
import { effectiveOf } from '../identity/effective';
import type { Identity, ObjectId, RoleAssignment, RoleDefinition, ScopeKey } from '../identity/identity';
import type { AccessPolicy } from '../policy/policy';
import { listed, nameOfPrincipal, placeNameOf } from './identity-words';

/** The definition the policy names by id, else the custom one of its name. */
export function bastionRoleOf({ roles }: Identity, { identity }: AccessPolicy): RoleDefinition | undefined {
  const { id, name } = identity.bastionRole;
  if (id !== undefined) return roles.get(id);
  return [...roles.values()]
    .filter((role) => role.isCustom && role.name.toLowerCase() === name.toLowerCase())
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))[0];
}

/** Its id, also where the definition itself was not read. */
export function bastionRoleId(identity: Identity, policy: AccessPolicy): ObjectId | undefined {
  return policy.identity.bastionRole.id ?? bastionRoleOf(identity, policy)?.id;
}

/** Whether the sign-in is asked for when the Bastion role is activated, and not at every use of the management API. */
export function asksOnActivation({ identity }: AccessPolicy): boolean {
  return identity.signIn === 'activation';
}

export function bastionAssignments(identity: Identity, policy: AccessPolicy): readonly RoleAssignment[] {
  const role = bastionRoleId(identity, policy);
  return role === undefined ? [] : identity.assignments.filter((assignment) => assignment.role === role);
}

/** Scopes at which somebody has the role or may activate it; settings of the role hold at exactly one scope each. */
export function bastionScopes(identity: Identity, policy: AccessPolicy): readonly ScopeKey[] {
  return [...new Set(bastionAssignments(identity, policy).map(({ scope }) => scope))].toSorted();
}

/** Somebody who may activate the role, or a membership that brings it, and the assignment that lets them. */
export interface EligiblePerson {
  readonly person: ObjectId;
  readonly assignment: RoleAssignment;
}

/** Several controls ask the same of one identity, and unfolding and sorting thousands of people takes a while. */
const known = new WeakMap<Identity, Map<ObjectId, readonly EligiblePerson[]>>();

/** Everyone who may activate it, groups expanded; sorted, each person once for every assignment. */
export function eligiblePeople(identity: Identity, policy: AccessPolicy): readonly EligiblePerson[] {
  const role = bastionRoleId(identity, policy);
  if (role === undefined) return [];
  const byRole = known.get(identity) ?? new Map<ObjectId, readonly EligiblePerson[]>();
  known.set(identity, byRole);
  const answer = byRole.get(role) ?? unfolded(identity, bastionAssignments(identity, policy));
  byRole.set(role, answer);
  return answer;
}

function unfolded(identity: Identity, assignments: readonly RoleAssignment[]): readonly EligiblePerson[] {
  const byPerson = new Map<ObjectId, EligiblePerson[]>();
  for (const assignment of assignments.toSorted((a, b) => (a.scope < b.scope ? -1 : Number(a.scope > b.scope)))) {
    for (const person of activatorsOf(identity, assignment)) {
      const own = byPerson.get(person);
      if (own) own.push({ person, assignment });
      else byPerson.set(person, [{ person, assignment }]);
    }
  }
  return [...byPerson.keys()].toSorted().flatMap((person) => byPerson.get(person) ?? []);
}

/**
 * Everybody who gets the role from this assignment by activating something: the role, or the membership of a group that
 * has it for good.
 */
function activatorsOf(identity: Identity, { principal, holding }: RoleAssignment): ReadonlySet<ObjectId> {
  const isEligible = holding === 'eligible';
  if (!identity.groups.has(principal)) return new Set(isEligible ? [principal] : []);
  const { paths } = effectiveOf(identity).expand(principal);
  const activating = isEligible ? paths : paths.filter((path) => path.holding === 'eligible');
  return new Set(activating.map((path) => path.principal));
}

/** `alex@… may activate Bastion Users on rg-app and rg-hub …`, one sentence for each person. */
export function activationPaths(identity: Identity, policy: AccessPolicy, how: string, at?: ScopeKey): string[] {
  const role = bastionRoleOf(identity, policy)?.name ?? policy.identity.bastionRole.name;
  const there = eligiblePeople(identity, policy).filter(
    ({ assignment }) => at === undefined || assignment.scope === at,
  );
  return [...placesByPerson(there)].map(
    ([person, places]) => `${nameOfPrincipal(identity, person)} may activate ${role} on ${listed(places)} ${how}`,
  );
}

/** Where each of them may activate it, by name and sorted. */
export function placesByPerson(eligible: readonly EligiblePerson[]): ReadonlyMap<ObjectId, readonly string[]> {
  const places = new Map<ObjectId, readonly string[]>();
  for (const { person, assignment } of eligible) {
    const all = new Set([...(places.get(person) ?? []), placeNameOf(assignment.scope)]);
    places.set(person, [...all].toSorted());
  }
  return places;
}
