/** The JSON of a resource in the snapshot that a plan was made from. */
import { isObject, type JsonObject, listOf, objectOf, propertiesOf, textOf } from '../network/json';
import { keyOf, parentIdOf, type ResourceKey } from '../network/network';

/** The resource's JSON, by itself or inside its parent; undefined for one that was not there. */
export function plannedOn(resources: readonly unknown[], key: ResourceKey): JsonObject | undefined {
  return withKey(resources, key) ?? withKey(childrenIn(withKey(resources, keyOf(parentIdOf(key)))), key);
}

function withKey(resources: readonly unknown[], key: ResourceKey): JsonObject | undefined {
  const found = resources.find((each) => keyOf(textOf(objectOf(each).id) ?? '') === key);
  return isObject(found) ? found : undefined;
}

function childrenIn(parent: JsonObject | undefined): readonly unknown[] {
  return Object.values(propertiesOf(parent)).flatMap((value) => (Array.isArray(value) ? listOf(value) : []));
}
