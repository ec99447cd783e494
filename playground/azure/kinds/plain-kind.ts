// Resource types that are kept as written: children get ids and states, read-only properties stay Azure's own.
import { notModelled, unreadable } from '../arm-error';
import type { EstateView, Stored } from '../estate';
import type { JsonObject } from '../json';
import { listAt, objectAt, textAt, without } from '../json';
import { childOf } from './children';
import type { ChildCollection, ResourceKind, WriteContext } from './kind';
import { checkName, checkUniqueNames } from './name-rule';
import { hasNoGuid } from './wire-shape';

export interface PlainShape {
  readonly type: string;
  /** False for types that can only be read here. */
  readonly writable?: boolean;
  /** Named children that live in the resource's own body. */
  readonly children?: readonly ChildCollection[];
  /** Named parts that have ids and no address of their own; `as` is the word in their ids where it differs. */
  readonly parts?: readonly { readonly name: string; readonly as?: string }[];
  /** Properties that only Azure sets. */
  readonly readOnly?: readonly string[];
  readonly defaults?: JsonObject;
  readonly topLevel?: (body: JsonObject) => JsonObject;
  /** Throws ArmError when ARM would refuse the completed properties. */
  readonly check?: (properties: JsonObject, write: WriteContext) => void;
  /** Properties that Azure computes anew for every read. */
  readonly computed?: (stored: Stored, estate: EstateView) => JsonObject;
  readonly checkDelete?: (stored: Stored, estate: EstateView) => void;
}

function collectionsOf(shape: PlainShape): readonly { readonly name: string; readonly as?: string }[] {
  return [...(shape.children ?? []), ...(shape.parts ?? [])];
}

/** A list that a write leaves out is empty afterwards; a list of the wrong shape is refused. */
function completeCollections(shape: PlainShape, properties: JsonObject, id: string): JsonObject {
  return Object.fromEntries(
    collectionsOf(shape).flatMap(({ name, as = name }): [string, JsonObject[]][] => {
      const written = properties[name];
      if (written === undefined || written === null) return shape.children ? [[name, []]] : [];
      if (!Array.isArray(written)) throw unreadable(`Expected an array. Path 'properties.${name}'.`);
      return [[name, listAt(properties, name).map((child) => childOf(id, shape.type, as, child))]];
    }),
  );
}

function checkNames(shape: PlainShape, properties: JsonObject, id: string): void {
  for (const { name } of collectionsOf(shape)) {
    const names = listAt(properties, name).map((child) => textAt(child, 'name') ?? '');
    for (const each of names) checkName(each);
    checkUniqueNames(names, id);
  }
}

function carriedOver(shape: PlainShape, before: JsonObject, guid: () => string): JsonObject {
  const kept = Object.fromEntries((shape.readOnly ?? []).flatMap((key) => (key in before ? [[key, before[key]]] : [])));
  if (!shape.type.startsWith('Microsoft.Network/') || hasNoGuid(shape.type)) return kept;
  return { ...kept, resourceGuid: before.resourceGuid ?? guid() };
}

/** The kind of a type whose contract needs no more than its shape. */
export function plainKind(shape: PlainShape): ResourceKind {
  const { type, writable = true, children = [], check, computed, checkDelete, topLevel } = shape;
  const readOnly = ['provisioningState', 'resourceGuid', ...(shape.readOnly ?? [])];

  return {
    type,
    writable,
    children,
    ...(topLevel ? { topLevel } : {}),
    ...(checkDelete ? { checkDelete } : {}),
    prepare(body, write) {
      if (!writable) throw notModelled(`writes to ${type}`);
      const given = objectAt(body, 'properties');
      const properties = {
        provisioningState: 'Succeeded',
        ...shape.defaults,
        ...without(given, readOnly),
        ...carriedOver(shape, objectAt(write.before?.body, 'properties'), write.guid),
        ...completeCollections(shape, given, write.id),
      };
      checkNames(shape, properties, write.id);
      check?.(properties, write);
      return properties;
    },
    load(body, write) {
      const given = objectAt(body, 'properties');
      return {
        provisioningState: 'Succeeded',
        ...shape.defaults,
        ...given,
        ...carriedOver(shape, given, write.guid),
        ...completeCollections(shape, given, write.id),
      };
    },
    view(stored, estate) {
      const properties = objectAt(stored.body, 'properties');
      return computed ? { ...properties, ...computed(stored, estate) } : properties;
    },
  };
}
