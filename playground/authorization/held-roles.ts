// Which of the roles that somebody holds a list shows: by scope, by principal, by the filter.
import { sameText } from '../azure/json';
import type { Asked } from './asked';
import type { Filter } from './filter';
import { filterOf } from './filter';
import type { HeldRole } from './role';
import { tailOf } from './role';
import { checkScope, isAtOrBelow } from './scope';

interface OfPrincipal {
  readonly scope: string;
  readonly principalId: string;
  readonly role: string;
}

function isAbout(entry: OfPrincipal, asked: Asked, filter: Filter): boolean {
  const principal = filter.equal('principalId');
  if (principal !== undefined && !sameText(principal, entry.principalId)) return false;
  const role = filter.equal('roleDefinitionId');
  if (role !== undefined && tailOf(role) !== entry.role) return false;
  const target =
    filter.call('asTarget') === undefined ? filter.call('assignedTo') : asked.principals.idOf(asked.call.actor);
  if (target === undefined) return true;
  return [target, ...asked.principals.groupsOf(target, asked.now)].some((id) => sameText(id, entry.principalId));
}

const FILTERS = ['atScope', 'principalId', 'assignedTo', 'asTarget', 'roleDefinitionId'];

/**
 * Those of `entries` that a list at the request's scope shows: at the scope, above it and, unless `atScope()` is asked for,
 * below it.
 */
export function shownAt<T extends OfPrincipal>(asked: Asked, entries: readonly T[]): readonly T[] {
  const { world, call, path } = asked;
  checkScope(world, path.scope);
  const filter = filterOf(call, FILTERS);
  const onlyHere = filter.call('atScope') !== undefined;
  return entries
    .filter(({ scope }) => isAtOrBelow(path.scope, scope) || (!onlyHere && isAtOrBelow(scope, path.scope)))
    .filter((entry) => isAbout(entry, asked, filter));
}

/** How a role comes to whoever asks at `scope`: from above, through a group that the filter looked through, or directly. */
export function memberType(asked: Asked, held: HeldRole): 'Inherited' | 'Group' | 'Direct' {
  const target = filterOf(asked.call, FILTERS).call('assignedTo');
  if (target !== undefined && !sameText(target, held.principalId)) return 'Group';
  return sameText(held.scope, asked.path.scope) || !isAtOrBelow(asked.path.scope, held.scope) ? 'Direct' : 'Inherited';
}
