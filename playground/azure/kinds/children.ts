// How children are kept inside their parent: each with its own id, name, type and state.
import type { JsonObject } from '../json';
import { isObject, objectAt, textAt } from '../json';
import { hasNoType } from './wire-shape';

/** A child in the form Azure answers: ids and types from the parent, everything the client wrote kept. */
export function childOf(parentId: string, parentType: string, collection: string, child: JsonObject): JsonObject {
  const name = textAt(child, 'name') ?? '';
  const { properties, etag: _own, type: _given, ...rest } = child;
  const type = `${parentType}/${collection}`;
  return {
    ...rest,
    name,
    id: `${parentId}/${collection}/${name}`,
    ...(hasNoType(type) ? {} : { type }),
    properties: { ...(isObject(properties) ? properties : {}), provisioningState: 'Succeeded' },
  };
}

/** Gives every child of the collection the etag and, while an operation runs, the state of its parent. */
export function stampChildren(children: readonly JsonObject[], etag: string, state: string | undefined): JsonObject[] {
  return children.map((child) => ({
    ...child,
    etag,
    properties: { ...objectAt(child, 'properties'), ...(state ? { provisioningState: state } : {}) },
  }));
}
