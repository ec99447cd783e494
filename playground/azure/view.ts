// Resources as a GET answers them: one etag and one state for a resource and its children.
import type { EstateView, Stored } from './estate';
import type { JsonObject } from './json';
import { listAt, objectAt, sameText, textAt, without } from './json';
import { kindOf } from './kinds';
import { stampChildren } from './kinds/children';
import { hasNoType } from './kinds/wire-shape';

/** The operation that runs on a resource, if any, as its `provisioningState` words it. */
export type RunningState = (id: string) => string | undefined;

/** The whole resource. */
export function viewResource(stored: Stored, estate: EstateView, running: RunningState): JsonObject {
  const kind = kindOf(stored.type);
  const state = running(stored.id);
  const properties = kind ? kind.view(stored, estate) : objectAt(stored.body, 'properties');
  const collections = [...(kind?.children.map(({ name }) => name) ?? []), 'ipConfigurations'].map(
    (name) => [name, listAt(properties, name)] as const,
  );
  const stamped = Object.fromEntries(
    collections
      .filter(([name]) => name in properties)
      .map(([name, children]) => [name, stampChildren(children, stored.etag, state)]),
  );
  return {
    name: stored.name,
    id: stored.id,
    etag: stored.etag,
    ...(hasNoType(stored.type) ? {} : { type: stored.type }),
    ...without(stored.body, ['name', 'id', 'etag', 'type', 'properties']),
    properties: { ...properties, ...stamped, ...(state ? { provisioningState: state } : {}) },
  };
}

/** The children of one collection. */
export function viewChildren(
  stored: Stored,
  collection: string,
  estate: EstateView,
  running: RunningState,
): JsonObject[] {
  return listAt(viewResource(stored, estate, running), 'properties', collection);
}

/** One child, or undefined. */
export function viewChild(
  stored: Stored,
  child: { readonly collection: string; readonly name: string },
  estate: EstateView,
  running: RunningState,
): JsonObject | undefined {
  return viewChildren(stored, child.collection, estate, running).find((entry) =>
    sameText(textAt(entry, 'name'), child.name),
  );
}
