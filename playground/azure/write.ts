// PUT, PATCH and DELETE of whole resources.
import { notModelled, parentNotFound, resourceNotFound, unreadable } from './arm-error';
import type { Answer, Call } from './call';
import type { JsonObject } from './json';
import { isObject, objectAt, without } from './json';
import { standsApart } from './kinds';
import type { ResourceKind } from './kinds/kind';
import { checkName } from './kinds/name-rule';
import type { World } from './world';
import type { OperationPlan } from './operations';
import { isWithin, resourceIdOf, typeAndName } from './resource-id';
import type { ResourcePath } from './target';
import {
  answered,
  begin,
  checkLocation,
  checkMayWrite,
  idOf,
  settleFarSides,
  store,
  writableKind,
} from './write-steps';

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

/** PATCH of a resource: tags, which is all that the network provider updates so. */
export function patchResource(
  world: World,
  call: Call,
  target: ResourcePath,
  body: JsonObject,
  plan: OperationPlan,
): Answer {
  const kind = writableKind(target.type, 'PATCH');
  const id = idOf(world, target, kind);
  const before = world.estate.exactly(id);
  if (!before) throw resourceNotFound(typeAndName(kind.type, target.names), target.resourceGroup);
  checkMayWrite(world, call, id, before);
  const others = Object.keys(body).filter((key) => key !== 'tags');
  if (others.length > 0) throw notModelled(`PATCH of ${others.join(', ')} (only tags)`);
  const stored = store(world, before, before.id, target, { ...before.body, tags: objectAt(body, 'tags') });
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
    for (const { id: each } of world.estate.all()) if (isWithin(each, before.id)) world.estate.remove(each);
    settleFarSides(world, before.id, undefined);
  });
  return { status: 202, headers };
}
