// Who a principal id stands for, and through which groups: what the directory tells Microsoft.Authorization.
import type { JsonObject } from '../azure/json';
import { textAt } from '../azure/json';
import type { Actor } from '../azure/token';
import { callingApplication, callingUser } from '../directory/caller';
import type { Directory } from '../directory/directory';
import type { DirectoryObject } from '../directory/membership';
import { directoryObject, transitiveMemberOf, transitiveMembers } from '../directory/membership';
import type { PrincipalType } from './role';

export interface Principal {
  readonly type: PrincipalType;
  readonly displayName: string;
  readonly email?: string | undefined;
}

export interface Principals {
  /** False while the directory is empty: then any id is taken for somebody. */
  readonly isComplete: () => boolean;
  /** Another value after each change of the directory. */
  readonly revision: () => unknown;
  readonly find: (id: string) => Principal | undefined;
  /** The groups that the principal is in, at any depth, by object id. */
  readonly groupsOf: (id: string, now: Date) => readonly string[];
  /** Everybody in a group, at any depth, by the names that a token may give them. */
  readonly membersOf: (groupId: string, now: Date) => readonly string[];
  /** The object id of whoever bears a token: the directory's, where it knows them, else the token's. */
  readonly idOf: (actor: Actor) => string;
}

const TYPES: Readonly<Record<DirectoryObject['kind'], PrincipalType>> = {
  user: 'User',
  group: 'Group',
  servicePrincipal: 'ServicePrincipal',
  directoryRole: 'Group',
};

function principalFrom({ kind, entity }: DirectoryObject): Principal {
  const displayName = textAt(entity, 'displayName') ?? entity.id;
  return { type: TYPES[kind], displayName, email: textAt(entity, 'mail') ?? textAt(entity, 'userPrincipalName') };
}

/** A token names people by their user principal name and applications by their application id. */
function namesOf({ entity }: DirectoryObject): string[] {
  const others = [textAt(entity, 'userPrincipalName'), textAt(entity, 'appId')];
  return [entity.id, ...others.filter((name) => name !== undefined)];
}

/** The principals of a directory, as it is at each call. */
export function principalsOf(directory: Directory): Principals {
  return {
    isComplete: () => directory.state().users.length > 0,
    revision: () => directory.state(),
    find(id) {
      const found = directoryObject(directory.state(), id);
      return found && principalFrom(found);
    },
    groupsOf: (id, now) =>
      transitiveMemberOf(directory.state(), id, now)
        .filter(({ kind }) => kind === 'group')
        .map(({ entity }) => entity.id),
    membersOf(id, now) {
      const found = directoryObject(directory.state(), id);
      if (!found) return [];
      const inside = found.kind === 'group' ? transitiveMembers(directory.state(), found.entity, now) : [];
      return [found, ...inside].flatMap(namesOf);
    },
    idOf(actor) {
      const state = directory.state();
      const known = actor.kind === 'User' ? callingUser(state, actor) : callingApplication(state, actor);
      return known?.id ?? actor.objectId;
    },
  };
}

/** A principal as PIM shows it beside its id. */
export function principalView(principals: Principals, id: string, type: PrincipalType): JsonObject {
  const found = principals.find(id);
  if (!found) return { id, type };
  const { displayName, email } = found;
  return { id, displayName, ...(email === undefined ? {} : { email }), type: found.type };
}
