/** Raw ARM JSON in any of the shapes people export → resources with an id and a type, found by type, parent and id. */
import { isObject, type JsonObject, listOf, objectOf, propertiesOf, textOf } from './json';
import { type Gap, keyOf, parentIdOf, type ResourceKey } from './network';

/** A resource with the id and type it was given, or that were worked out from its name. */
export interface ArmResource {
  readonly id: string;
  /** Lower case, as in `microsoft.network/networksecuritygroups/securityrules`. */
  readonly type: string;
  readonly json: JsonObject;
}

/** Gives every entry its id and type; entries that are no resource at all become gaps. */
export function identify(entries: readonly unknown[], gaps: Gap[]): ArmResource[] {
  const names = new Map<string, number>();
  return entries.flatMap((entry, index) => {
    const json = objectOf(entry);
    const id = textOf(json.id) ?? (isObject(entry) ? nameless(json, names) : undefined);
    const type = id === undefined ? undefined : typeOf(json, id);
    if (id !== undefined && type !== undefined) return [{ id, type, json }, ...nestedResources(id, type, json, gaps)];
    gaps.push({
      resource: textOf(json.name) ?? `entry ${index + 1}`,
      what: 'not-a-resource',
      why: 'it has no id, no type and no securityRules; give ARM JSON as az or Resource Graph prints it',
      touchesAdminPort: false,
    });
    return [];
  });
}

function typeOf(json: JsonObject, id: string): string | undefined {
  const type = textOf(json.type) ?? typeInId(id);
  if (type) return type.toLowerCase();
  const properties = propertiesOf(json);
  return Array.isArray(properties.securityRules) ? 'microsoft.network/networksecuritygroups' : undefined;
}

/** `…/providers/Microsoft.Network/virtualNetworks/v/subnets/s` → `Microsoft.Network/virtualNetworks/subnets`. */
function typeInId(id: string): string | undefined {
  const provider = /^.*\/providers\/([^/]+)\/(.+)$/i.exec(id);
  if (!provider) return undefined;
  const segments = (provider[2] ?? '').split('/').filter((_, index) => index % 2 === 0);
  return [provider[1], ...segments].join('/');
}

/** Templates and bare groups carry no id: one is made from type and name, and kept apart from namesakes. */
function nameless(json: JsonObject, names: Map<string, number>): string | undefined {
  const name = textOf(json.name);
  if (name === undefined) return undefined;
  const type = textOf(json.type)?.split('/');
  if (type && type.length > 1) {
    const [namespace, ...types] = type;
    const parts = name.split('/');
    const path = types.flatMap((segment, index) => [segment, parts[index] ?? '']);
    return `/subscriptions/-/resourceGroups/-/providers/${namespace}/${path.join('/')}`;
  }
  const key = name.toLowerCase();
  const seen = names.get(key) ?? 0;
  names.set(key, seen + 1);
  return seen === 0 ? name : `${name}~${seen + 1}`;
}

/** Templates may nest children under `resources`, their types and names relative to the parent's. */
function nestedResources(id: string, type: string, json: JsonObject, gaps: Gap[]): ArmResource[] {
  const children = listOf(json.resources).map((child) => {
    const own = objectOf(child);
    const segment = textOf(own.type)?.split('/').at(-1) ?? '';
    const name = textOf(own.name)?.split('/').at(-1) ?? '';
    return { ...own, id: `${id}/${segment}/${name}`, type: `${type}/${segment}` };
  });
  return children.length === 0 ? [] : identify(children, gaps);
}

/** The same resources, by what one looks for. */
export interface Resources {
  readonly of: (type: string) => readonly ArmResource[];
  /** Those of a child type that belong to the parent with this id. */
  readonly childrenOf: (type: string, parent: string) => readonly ArmResource[];
  readonly get: (id: string) => ArmResource | undefined;
}

/** Indexes resources once, so that every later look costs the same however many there are. */
export function indexed(resources: readonly ArmResource[]): Resources {
  const byType = groupedBy(resources, ({ type }) => type);
  const byId = new Map(resources.map((resource) => [keyOf(resource.id), resource]));
  const children = new Map<string, Map<ResourceKey, ArmResource[]>>();
  const of = (type: string): readonly ArmResource[] => byType.get(type) ?? [];
  return {
    of,
    get: (id) => byId.get(keyOf(id)),
    childrenOf(type, parent) {
      const known = children.get(type) ?? groupedBy(of(type), ({ id }) => keyOf(parentIdOf(id)));
      children.set(type, known);
      return known.get(keyOf(parent)) ?? [];
    },
  };
}

/** The JSON of resources that are children elsewhere, with id and short name as their parents would write them. */
export function asChildren(resources: readonly ArmResource[]): JsonObject[] {
  return resources.map(({ id, json }) => ({ ...json, id, name: id.slice(id.lastIndexOf('/') + 1) }));
}

/** The id of an embedded child: its own, or the one its parent and name make. */
export function childId(parent: string, collection: string, json: unknown): string {
  return textOf(objectOf(json).id) ?? `${parent}/${collection}/${textOf(objectOf(json).name) ?? ''}`;
}

function groupedBy(
  resources: readonly ArmResource[],
  keyFor: (resource: ArmResource) => string,
): Map<string, ArmResource[]> {
  const groups = new Map<string, ArmResource[]>();
  for (const resource of resources) {
    const key = keyFor(resource);
    const group = groups.get(key);
    if (group) group.push(resource);
    else groups.set(key, [resource]);
  }
  return groups;
}
