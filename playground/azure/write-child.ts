// PUT and DELETE of children: a change of the parent that keeps them.
import { ArmError, notModelled, parentNotFound, refuse } from './arm-error';
import type { Answer, Call } from './call';
import type { Stored } from './estate';
import type { JsonObject } from './json';
import { listAt, objectAt, sameText, textAt } from './json';
import type { ResourceKind } from './kinds/kind';
import { checkName } from './kinds/name-rule';
import type { World } from './world';
import type { OperationPlan } from './operations';
import type { ChildPath } from './target';
import { answered, begin, checkMayWrite, idOf, store, writableKind } from './write-steps';

function parentOf(
  world: World,
  target: ChildPath,
  verb: string,
): { kind: ResourceKind; parent: Stored; collection: string } {
  const kind = writableKind(target.type, verb);
  const id = idOf(world, target, kind);
  const collection = kind.children.find(({ name }) => sameText(name, target.collection));
  if (!collection) throw notModelled(`${kind.type}/${target.collection}`);
  if (collection.readOnly) {
    throw new ArmError(
      405,
      'MethodNotAllowed',
      `${kind.type}/${collection.name} are read-only: ${verb} is not allowed on ${target.child}.`,
    );
  }
  const parent = world.estate.exactly(id);
  if (parent) return { kind, parent, collection: collection.name };
  throw parentNotFound(
    verb === 'DELETE' ? 'delete' : 'write',
    `${kind.type.split('/')[1] ?? ''}/${collection.name}`,
    id,
  );
}

function putChildren(
  world: World,
  parent: Stored,
  kind: ResourceKind,
  collection: string,
  children: JsonObject[],
  target: ChildPath,
): Stored {
  const body = { ...parent.body, properties: { ...objectAt(parent.body, 'properties'), [collection]: children } };
  const properties = kind.prepare(body, {
    estate: world.estate,
    id: parent.id,
    before: parent,
    guid: world.random.guid,
  });
  return store(world, parent, parent.id, target, { ...body, properties });
}

/** PUT of a child: the parent changes with it, and with the parent the etag of every sibling. */
export function putChild(world: World, call: Call, target: ChildPath, body: JsonObject, plan: OperationPlan): Answer {
  const { kind, parent, collection } = parentOf(world, target, 'PUT');
  checkName(target.child);
  const siblings = listAt(parent.body, 'properties', collection);
  const standing = siblings.find((entry) => sameText(textAt(entry, 'name'), target.child));
  const name = textAt(standing, 'name') ?? target.child;
  const id = `${parent.id}/${collection}/${name}`;
  checkMayWrite(world, call, id, standing ? parent : undefined);
  if (textAt(body, 'name') && !sameText(textAt(body, 'name'), target.child)) {
    throw refuse(
      'InvalidRequestFormat',
      `The name in the body (${textAt(body, 'name') ?? ''}) differs from the one in the URL (${target.child}).`,
    );
  }
  const child = { ...body, name };
  const children = standing ? siblings.map((entry) => (entry === standing ? child : entry)) : [...siblings, child];
  const stored = putChildren(world, parent, kind, collection, children, target);
  const change = {
    call,
    plan,
    before: parent,
    id,
    type: `${kind.type}/${collection}`,
    verb: 'write',
    created: !standing,
  } as const;
  const headers = begin(world, change, stored.id);
  return { status: standing ? 200 : 201, body: answered(world, stored, { collection, name }), headers };
}

/** DELETE of a child: 204 when there is none. */
export function deleteChild(world: World, call: Call, target: ChildPath, plan: OperationPlan): Answer {
  const { kind, parent, collection } = parentOf(world, target, 'DELETE');
  const siblings = listAt(parent.body, 'properties', collection);
  const standing = siblings.find((entry) => sameText(textAt(entry, 'name'), target.child));
  const id = `${parent.id}/${collection}/${target.child}`;
  checkMayWrite(world, call, id, standing ? parent : undefined);
  if (!standing) return { status: 204 };
  const stored = putChildren(
    world,
    parent,
    kind,
    collection,
    siblings.filter((entry) => entry !== standing),
    target,
  );
  const change = {
    call,
    plan,
    before: parent,
    id,
    type: `${kind.type}/${collection}`,
    verb: 'delete',
    created: false,
  } as const;
  return { status: 202, headers: begin(world, change, stored.id) };
}
