// PUT, PATCH and DELETE of whole resources.
import { notModelled, parentNotFound, resourceNotFound, unreadable } from './arm-error';
import type { Answer, Call } from './call';
import type { Stored } from './estate';
import type { JsonObject } from './json';
import { isObject, objectAt, without } from './json';
import { isPatched, standsApart } from './kinds';
import type { ResourceKind } from './kinds/kind';
import { checkName } from './kinds/name-rule';
import { isDeletedAtOnce } from './kinds/wire-shape';
import { settleFarSides } from './followers';
import type { World } from './world';
import type { OperationPlan } from './operations';
import { isWithin, resourceIdOf, typeAndName } from './resource-id';
import type { ResourcePath } from './target';
import { answered, begin, checkLocation, checkMayWrite, idOf, store, writableKind } from './write-steps';

/** A resource that is kept beside its parent needs one. */
function checkParent(world: World, target: ResourcePath, kind: ResourceKind): void {
  if (!standsApart(kind)) return;
  const parent = resourceIdOf(target, kind.type.split('/').slice(0, -1).join('/'), target.names.slice(0, -1));
  if (world.estate.exactly(parent)) return;
  throw parentNotFound('write', kind.type.split('/').slice(1).join('/'), parent);
}

/** PUT of a whole resource: replaces it, children included. */
export function putResource(
  world: World,
  call: Call,
  target: ResourcePath,
  body: JsonObject,
  plan: OperationPlan,
): Answer {
  const kind = writableKind(target.type, 'PUT');
  const id = idOf(world, target, kind);
  const name = target.names.at(-1) ?? '';
  checkName(name);
  checkParent(world, target, kind);
  const before = world.estate.exactly(id);
  checkMayWrite(world, call, id, before);
  if (body.properties !== undefined && !isObject(body.properties))
    throw unreadable("Expected an object. Path 'properties'.");
  const location = standsApart(kind) ? {} : { location: checkLocation(body, before, id) };
  const top = {
    ...body,
    ...kind.topLevel?.(body),
    name: before?.name ?? name,
    id: before?.id ?? id,
    type: kind.type,
    ...location,
  };
  const properties = kind.prepare(top, { estate: world.estate, id: before?.id ?? id, before, guid: world.random.guid });
  const stored = store(world, before, id, target, { ...without(top, ['etag', 'apiVersion']), properties });
  const change = { call, plan, before, id, type: kind.type, verb: 'write', created: !before } as const;
  const headers = begin(world, change, stored.id);
  return { status: before ? 200 : 201, body: answered(world, stored), headers };
}

/** The body after a PATCH: tags, which is all that the network provider updates so, or whatever the kind merges. */
function patched(before: Stored, kind: ResourceKind, body: JsonObject, world: World): JsonObject {
  if (!kind.merge) {
    const others = Object.keys(body).filter((key) => key !== 'tags');
    if (others.length > 0) throw notModelled(`PATCH of ${others.join(', ')} (only tags)`);
    return { ...before.body, tags: objectAt(body, 'tags') };
  }
  const merged = kind.merge(before.body, body);
  const write = { estate: world.estate, id: before.id, before, guid: world.random.guid };
  return { ...merged, properties: kind.prepare(merged, write) };
}

/** PATCH of a resource: refuses with 501 for types that Azure updates by PUT only. */
export function patchResource(
  world: World,
  call: Call,
  target: ResourcePath,
  body: JsonObject,
  plan: OperationPlan,
): Answer {
  const kind = writableKind(target.type, 'PATCH');
  if (!isPatched(kind)) throw notModelled(`PATCH of ${kind.type}`);
  const id = idOf(world, target, kind);
  const before = world.estate.exactly(id);
  if (!before) throw resourceNotFound(typeAndName(kind.type, target.names), target.resourceGroup);
  checkMayWrite(world, call, id, before);
  const stored = store(world, before, before.id, target, patched(before, kind, body, world));
  const change = { call, plan, before, id, type: kind.type, verb: 'write', created: false } as const;
  const headers = begin(world, change, stored.id);
  return { status: 200, body: answered(world, stored), headers };
}

/** DELETE of a resource: 204 when there is none. */
export function deleteResource(world: World, call: Call, target: ResourcePath, plan: OperationPlan): Answer {
  const kind = writableKind(target.type, 'DELETE');
  const id = idOf(world, target, kind);
  const before = world.estate.exactly(id);
  if (!before) {
    checkMayWrite(world, call, id, undefined);
    return { status: 204 };
  }
  checkMayWrite(world, call, id, before);
  kind.checkDelete?.(before, world.estate);
  const change = { call, plan, before, id: before.id, type: kind.type, verb: 'delete', created: false } as const;
  const headers = begin(world, change, before.id, () => {
    const gone = [before.id, ...(kind.goesWith?.(before) ?? [])];
    for (const { id: each } of world.estate.all())
      if (gone.some((scope) => isWithin(each, scope))) world.estate.remove(each);
    settleFarSides(world, before.id, undefined);
  });
  return isDeletedAtOnce(kind.type) ? { status: 200 } : { status: 202, headers };
}
