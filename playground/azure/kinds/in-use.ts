// Refusing to delete what somebody uses.
import { refuse } from '../arm-error';
import type { EstateView, Stored } from '../estate';
import type { Relation } from './back-references';
import { usersOf } from './back-references';

/** The refusal: Azure's codes for it are alike in all types. */
export function inUseError(what: string, id: string, user: string): Error {
  return refuse(`InUse${what}CannotBeDeleted`, `${id} is in use by ${user} and cannot be deleted.`);
}

/** A check that refuses while there is a user of any of these relations. */
export function inUse(what: string, relations: readonly Relation[]): (stored: Stored, estate: EstateView) => void {
  return ({ id }, estate) => {
    const [user] = relations.flatMap((relation) => usersOf(relation, id, estate));
    if (user) throw inUseError(what, id, user.id);
  };
}
