/** Activations that were made while the sign-in was not what it should be: mending the settings does not end them. */
import type { Identity, ScopeKey } from '../identity/identity';
import type { AccessPolicy } from '../policy/policy';
import { bastionRoleId, bastionRoleOf } from './bastion-role';
import { nameOfPrincipal, placeNameOf } from './identity-words';

/**
 * One sentence for each activation of the Bastion role that still runs, made since the setting was last changed.
 * @param since ISO 8601; undefined where it is not known: then every running activation is told of
 * @param place undefined: at any scope
 */
export function activationsThatStay(
  identity: Identity,
  policy: AccessPolicy,
  now: Date,
  since: string | undefined,
  place?: ScopeKey,
): string[] {
  const role = bastionRoleId(identity, policy);
  const from = since === undefined ? Number.NaN : Date.parse(since);
  const name = bastionRoleOf(identity, policy)?.name ?? policy.identity.bastionRole.name;
  return identity.activations
    .filter(
      (each) => each.role === role && (place === undefined || each.scope === place) && !(Date.parse(each.at) < from),
    )
    .filter(({ end }) => end === undefined || !(Date.parse(end) <= now.getTime()))
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))
    .map(
      ({ principal, scope, at, end }) =>
        `${nameOfPrincipal(identity, principal)} activated ${name} on ${placeNameOf(scope)} at ${at} and keeps it ${end === undefined ? 'without end' : `until ${end}`}, whatever is repaired`,
    );
}
