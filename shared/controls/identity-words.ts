/** People, places and lists in the words that findings about sign-in use. */
import type { Identity, ObjectId, ScopeKey } from '../identity/identity';
import { nameOf } from '../network/network';

const LONGEST_NAME = 120;

/** Names come from whoever may edit the directory: this keeps one of them from filling an alert. */
export function bounded(name: string): string {
  return name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME)}…`;
}

/** The sign-in name of a user, else the display name, else the object id. */
export function nameOfPrincipal({ principals, groups }: Identity, id: ObjectId): string {
  const known = principals.get(id) ?? groups.get(id);
  return bounded(known?.userName || known?.name || id);
}

/** Whether people were read at all: where none was, that somebody is not among them says nothing. */
export function knowsPeople({ principals }: Identity): boolean {
  return [...principals.values()].some(({ kind }) => kind === 'user');
}

/** `rg-hub`, `subscription 5ea1…`, `the whole tenant`. */
export function placeNameOf(scope: ScopeKey): string {
  if (scope === '/') return 'the whole tenant';
  if (/^\/subscriptions\/[^/]+$/.test(scope)) return `subscription ${nameOf(scope)}`;
  if (scope.startsWith('/providers/microsoft.management/')) return `management group ${bounded(nameOf(scope))}`;
  return bounded(nameOf(scope));
}

/** `a, b and 3 more`; never more than `most` of them. */
export function listed(items: readonly string[], most = 5): string {
  const shown = items.slice(0, most);
  const rest = items.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  const last = shown.at(-1) ?? 'nothing';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}
