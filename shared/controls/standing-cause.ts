/** Assignments that give somebody something together, and the words for them. */
import type { Way } from '../identity/effective';
import type { Identity } from '../identity/identity';
import { bounded, listed, nameOfPrincipal, placeNameOf } from './identity-words';

/** The assignments behind the ways, each once, in a fixed order, as parts of a fingerprint. */
export function causeOf(via: readonly Way[]): readonly string[] {
  const keys = via.map(({ assignment: { principal, role, scope } }) => `${principal} ${role} ${scope}`);
  return [...new Set(keys)].toSorted();
}

/** `Reader on rg-hub and Virtual Machine Contributor on rg-app`. */
export function rolesIn(identity: Identity, via: readonly Way[]): string {
  const roles = via.map(
    ({ assignment: { role, scope } }) => `${bounded(identity.roles.get(role)?.name ?? role)} on ${placeNameOf(scope)}`,
  );
  return listed([...new Set(roles)].toSorted(), 4);
}

/** The principals the assignments are made to: the person, or the groups they are in. */
export function assigneesIn(identity: Identity, via: readonly Way[]): string {
  const names = via.map(({ assignment }) => nameOfPrincipal(identity, assignment.principal));
  return listed([...new Set(names)].toSorted(), 4);
}

/** ` through group ops in group it`, ` as owner of group ops, who may add themselves`; empty for one's own assignment. */
export function membershipIn(identity: Identity, via: readonly Way[]): string {
  const chain = via.find(({ membership }) => membership.length > 0)?.membership ?? [];
  const last = chain.at(-1);
  if (!last) return '';
  const name = nameOfPrincipal(identity, last.group);
  const outer = chain.slice(0, -1).map(({ group }) => nameOfPrincipal(identity, group));
  const within = outer.length === 0 ? '' : ` (inside ${listed(outer.toReversed(), 4)})`;
  const way = last.as === 'owner' ? ` as owner of group ${name}, who may add themselves` : ` through group ${name}`;
  return `${way}${within}`;
}
