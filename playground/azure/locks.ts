// Management locks: kept and listed at any scope, and the refusals they cause.
import { ArmError, resourceNotFound } from './arm-error';
import type { Answer, Call } from './call';
import type { Lock } from './governance';
import { lockLevel } from './governance';
import type { JsonObject } from './json';
import { at, sameText, textAt } from './json';
import { page } from './page';
import { isWithin, parseResourceId, sameId } from './resource-id';
import type { Target } from './target';
import type { World } from './world';
import { raiseManagement } from './traces';

type LockTarget = Extract<Target, { kind: 'lock' }>;

function isSame(lock: Lock, { scope, name }: { readonly scope: string; readonly name: string }): boolean {
  return sameId(lock.scope, scope) && sameText(lock.name, name);
}

function view({ scope, name, level, notes }: Lock): JsonObject {
  return {
    properties: { level, ...(notes ? { notes } : {}) },
    id: `${scope}/providers/Microsoft.Authorization/locks/${name}`,
    type: 'Microsoft.Authorization/locks',
    name,
  };
}

function checkScope(world: World, scope: string): void {
  const id = parseResourceId(scope);
  const [, , , , group] = scope.split('/');
  if (group && !world.estate.group(scope.split('/')[2] ?? '', group))
    throw new ArmError(404, 'ResourceGroupNotFound', `Resource group '${group}' could not be found.`);
  if (id && !world.estate.find(scope)) throw resourceNotFound(`${id.type}/${id.name}`, id.resourceGroup);
}

/** GET of one lock, or of those at a scope and below it; `$filter=atScope()` leaves out those below. */
export function readLocks(world: World, call: Call, target: Extract<Target, { kind: 'lock' | 'locks' }>): Answer {
  checkScope(world, target.scope);
  const { locks } = world.governance();
  if (target.kind === 'lock') {
    const found = locks.find((lock) => isSame(lock, target));
    if (found) return { status: 200, body: view(found) };
    throw new ArmError(404, 'LockNotFound', `The lock '${target.name}' could not be found.`);
  }
  const onlyHere = call.url.searchParams.get('$filter')?.toLowerCase() === 'atscope()';
  const found = locks.filter(
    ({ scope }) => isWithin(target.scope, scope) || (!onlyHere && isWithin(scope, target.scope)),
  );
  return page(world, call, found, view);
}

/** PUT of a lock. */
export function putLock(world: World, call: Call, target: LockTarget, body: JsonObject): Answer {
  checkScope(world, target.scope);
  const level = lockLevel(at(body, 'properties', 'level'));
  if (!level) throw new ArmError(400, 'InvalidLockLevel', 'The lock level must be CanNotDelete or ReadOnly.');
  const standing = world.locks.list().find((lock) => isSame(lock, target));
  const { scope, name } = standing ?? target;
  const lock: Lock = { scope, name, level, notes: textAt(body, 'properties', 'notes') };
  world.locks.put(lock);
  raiseManagement(world, call, { type: 'Microsoft.Authorization/locks', verb: 'write', created: !standing });
  return { status: standing ? 200 : 201, body: view(lock) };
}

/** DELETE of a lock: 204 when there is none. */
export function deleteLock(world: World, call: Call, target: LockTarget): Answer {
  checkScope(world, target.scope);
  if (!world.locks.remove(target)) return { status: 204 };
  raiseManagement(world, call, { type: 'Microsoft.Authorization/locks', verb: 'delete', created: false });
  return { status: 200 };
}

/**
 * Refuses with 409 what a lock forbids. CanNotDelete forbids deleting what it covers and what contains it; ReadOnly every
 * change. Both say nothing about a parent's PUT that leaves a child out, other than ReadOnly on the parent itself.
 */
export function checkLocks(world: World, id: string, verb: 'write' | 'delete' | 'action'): void {
  const holding = world
    .governance()
    .locks.filter(({ scope, level }) =>
      verb === 'delete' ? isWithin(id, scope) || isWithin(scope, id) : level === 'ReadOnly' && isWithin(id, scope),
    );
  if (holding.length === 0) return;
  const scopes = [...new Set(holding.map(({ scope }) => scope))].join(',');
  throw new ArmError(
    409,
    'ScopeLocked',
    `The scope '${id}' cannot perform ${verb} operation because following scope(s) are locked: '${scopes}'. Please ` +
      'remove the lock and try again.',
  );
}

export interface Locks {
  readonly list: () => readonly Lock[];
  readonly put: (lock: Lock) => void;
  /** True when there was one. */
  readonly remove: (target: { readonly scope: string; readonly name: string }) => boolean;
  readonly replace: (locks: readonly Lock[]) => void;
}

/** No locks yet. */
export function createLocks(): Locks {
  let locks: readonly Lock[] = [];
  return {
    list: () => locks,
    put(lock) {
      locks = [...locks.filter((each) => !isSame(each, lock)), lock];
    },
    remove(target) {
      const left = locks.filter((each) => !isSame(each, target));
      const removed = left.length < locks.length;
      locks = left;
      return removed;
    },
    replace(next) {
      locks = next;
    },
  };
}
