// Who is in which group: directly, through nested groups, and by a current activation in PIM for Groups.
import { sameText, textAt, textsAt } from '../azure/json';
import type { DirectoryState, Entity } from './state';
import { find } from './state';

export type ObjectKind = 'user' | 'group' | 'servicePrincipal' | 'directoryRole';

export interface DirectoryObject {
  readonly kind: ObjectKind;
  readonly entity: Entity;
}

const KINDS = [
  ['user', 'users'],
  ['group', 'groups'],
  ['servicePrincipal', 'servicePrincipals'],
  ['directoryRole', 'directoryRoles'],
] as const;

/** The user, group, service principal or directory role of this id. */
export function directoryObject(state: DirectoryState, id: string): DirectoryObject | undefined {
  for (const [kind, collection] of KINDS) {
    const entity = find(state, collection, id);
    if (entity) return { kind, entity };
  }
  return undefined;
}

/** Whether an instance of PIM for Groups holds at a moment. */
function isCurrent(instance: Entity, now: Date): boolean {
  const start = textAt(instance, 'startDateTime');
  const end = textAt(instance, 'endDateTime');
  return (
    (start === undefined || Date.parse(start) <= now.getTime()) &&
    (end === undefined || Date.parse(end) > now.getTime())
  );
}

/** Ids of the direct members or owners of a group (or the members of a directory role). */
export function directIds(state: DirectoryState, holder: Entity, access: 'member' | 'owner', now: Date): string[] {
  const byPim = state.groupAssignmentScheduleInstances
    .filter((each) => sameText(textAt(each, 'groupId'), holder.id) && textAt(each, 'accessId') === access)
    .filter((each) => isCurrent(each, now))
    .map((each) => textAt(each, 'principalId') ?? '');
  return [...new Set([...textsAt(holder, `${access}s`), ...byPim].map((id) => id.toLowerCase()))];
}

/** The objects behind ids; those that no longer exist are left out. */
export function objectsOf(state: DirectoryState, ids: readonly string[]): DirectoryObject[] {
  return ids.map((id) => directoryObject(state, id)).filter((object) => object !== undefined);
}

/** Everything in a group, however deep; the group itself only when it contains itself by a cycle. */
export function transitiveMembers(state: DirectoryState, holder: Entity, now: Date): DirectoryObject[] {
  const seen = new Map<string, DirectoryObject>();
  const waiting: Entity[] = [holder];
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    for (const object of objectsOf(state, directIds(state, next, 'member', now))) {
      if (seen.has(object.entity.id)) continue;
      seen.set(object.entity.id, object);
      if (object.kind === 'group') waiting.push(object.entity);
    }
  }
  return [...seen.values()];
}

function holdersOf(state: DirectoryState, id: string, now: Date): DirectoryObject[] {
  const groups = state.groups.map((entity): DirectoryObject => ({ kind: 'group', entity }));
  const roles = state.directoryRoles.map((entity): DirectoryObject => ({ kind: 'directoryRole', entity }));
  return [...groups, ...roles].filter(({ entity }) =>
    directIds(state, entity, 'member', now).includes(id.toLowerCase()),
  );
}

/** The groups and directory roles an object is a direct member of. */
export function memberOf(state: DirectoryState, id: string, now: Date): DirectoryObject[] {
  return holdersOf(state, id, now);
}

/** The same, through nested groups as well. */
export function transitiveMemberOf(state: DirectoryState, id: string, now: Date): DirectoryObject[] {
  const seen = new Map<string, DirectoryObject>();
  const waiting = [id];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    for (const holder of holdersOf(state, next, now)) {
      if (seen.has(holder.entity.id)) continue;
      seen.set(holder.entity.id, holder);
      waiting.push(holder.entity.id);
    }
  }
  return [...seen.values()];
}
