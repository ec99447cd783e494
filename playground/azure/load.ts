// Turns what an estate file holds into stored resources: pages opened, children put into their parents.
import { isAuthorization } from '../authorization/load';
import type { Estate, Stored } from './estate';
import type { Governance } from './governance';
import { isGovernance, readGovernance } from './governance';
import type { JsonObject } from './json';
import { isObject, listAt, objectAt, sameText, textAt } from './json';
import { kindOf } from './kinds';
import { parseResourceId } from './resource-id';

export const DEFAULT_SUBSCRIPTION = '5ea1ab1e-0000-4000-8000-000000000001';

const TOP_LEVEL_KEYS =
  'id name type location tags etag sku kind zones identity plan managedBy extendedLocation systemData apiVersion dependsOn properties scale subscriptionId tenantId'.split(
    ' ',
  );

/** The problem with an estate, in one sentence for whoever supplied it. */
export class EstateError extends Error {}

/** `az … list` prints properties beside the name; ARM keeps them apart. Lists of children are brought along. */
function armShape(value: JsonObject): JsonObject {
  if (isObject(value.properties)) return value;
  const entries = Object.entries(value).filter(([key]) => key !== 'resourceGroup');
  const inside = entries.filter(([key]) => !TOP_LEVEL_KEYS.includes(key));
  const properties = Object.fromEntries(
    inside.map(([key, part]) => [key, Array.isArray(part) ? part.map((entry: unknown) => nestedShape(entry)) : part]),
  );
  return { ...Object.fromEntries(entries.filter(([key]) => TOP_LEVEL_KEYS.includes(key))), properties };
}

/** Only named children have properties of their own; references and plain values stay as they are. */
function nestedShape(entry: unknown): unknown {
  return isObject(entry) && typeof entry.name === 'string' ? armShape(entry) : entry;
}

function flatten(input: readonly unknown[]): JsonObject[] {
  return input.flatMap((entry, index) => {
    if (Array.isArray(entry)) return flatten(entry);
    if (!isObject(entry))
      throw new EstateError(`estate entry ${index} is not a resource but ${JSON.stringify(entry) ?? 'nothing'}`);
    if (Array.isArray(entry.value) && entry.id === undefined) return flatten(entry.value);
    return [entry];
  });
}

function identified(entry: JsonObject): JsonObject {
  if (textAt(entry, 'id')) return entry;
  const name = textAt(entry, 'name');
  const type =
    textAt(entry, 'type') ??
    (Array.isArray(entry.securityRules) ? 'Microsoft.Network/networkSecurityGroups' : undefined);
  if (!name || !type)
    throw new EstateError(`a resource needs an id, or a name and a type: ${JSON.stringify(entry).slice(0, 120)}`);
  const [namespace = '', ...types] = type.split('/');
  const names = name.split('/');
  const path = types.map((part, index) => `${part}/${names[index] ?? ''}`).join('/');
  const id = `/subscriptions/${DEFAULT_SUBSCRIPTION}/resourceGroups/rg-estate/providers/${namespace}/${path}`;
  return { ...entry, id, type, name: names.at(-1) };
}

function withChild(parent: JsonObject, collection: string, child: JsonObject): JsonObject {
  const others = listAt(parent, 'properties', collection).filter(
    (entry) => !sameText(textAt(entry, 'name'), textAt(child, 'name')),
  );
  return { ...parent, properties: { ...objectAt(parent, 'properties'), [collection]: [...others, child] } };
}

export interface LoadedEstate {
  readonly subscriptions: readonly string[];
  /** Entries of types that the local Azure does not model: kept out of the answers, and said so. */
  readonly notModelled: readonly string[];
  readonly governance: Governance;
  /** Roles, assignments, schedules and role settings, as they are written. */
  readonly authorization: readonly JsonObject[];
}

/** Locks, roles and policies govern resources; they are no resources of a group. */
function governanceFrom(entries: readonly JsonObject[]): Governance {
  try {
    return readGovernance(entries);
  } catch (error) {
    throw new EstateError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * Fills an empty estate from ARM resources (nested or flat children, `az` or ARM shape, list pages). Nothing is
 * validated as a write would be: an estate may hold what ARM would refuse today. Throws EstateError with one sentence.
 */
export function loadEstate(input: readonly unknown[], estate: Estate, guid: () => string): LoadedEstate {
  const bodies = new Map<string, JsonObject>();
  const children: JsonObject[] = [];
  const notModelled: string[] = [];
  const subscriptions = new Set<string>();

  const entries = flatten(input).map(identified);
  const governance = governanceFrom(entries.filter(isGovernance));
  const authorization = entries.filter(isAuthorization);

  for (const entry of entries.filter((each) => !isGovernance(each) && !isAuthorization(each))) {
    const id = textAt(entry, 'id') ?? '';
    const parsed = parseResourceId(id);
    const group = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)$/i.exec(id);
    const [, subscription = parsed?.subscription, groupName = parsed?.resourceGroup] = group ?? [];
    if (!subscription || !groupName) throw new EstateError(`not the id of a resource: ${id}`);
    subscriptions.add(subscription);
    if (group || !estate.group(subscription, groupName)) {
      const location = textAt(entry, 'location') ?? 'westeurope';
      estate.putGroup({
        subscription,
        name: groupName,
        location,
        ...(group && entry.tags ? { tags: entry.tags } : {}),
      });
    }
    if (!parsed) continue;
    const shaped = armShape(entry);
    const isApart = parsed.child !== undefined && kindOf(parsed.fullType) !== undefined;
    if (!kindOf(parsed.type)) notModelled.push(id);
    else if (parsed.child && !isApart) children.push(shaped);
    else if (!bodies.has(id.toLowerCase())) bodies.set(id.toLowerCase(), shaped);
    else if (JSON.stringify(bodies.get(id.toLowerCase())) !== JSON.stringify(shaped)) {
      throw new EstateError(`two resources with the same id and different content: ${id}`);
    }
  }

  for (const child of children) {
    const id = textAt(child, 'id') ?? '';
    const parsed = parseResourceId(id);
    const key = parsed?.topLevel.toLowerCase() ?? '';
    const parent = bodies.get(key);
    if (!parsed?.child || !parent) throw new EstateError(`the parent of ${id} is not in the estate`);
    const kind = kindOf(parsed.type);
    const collection = kind?.children.find((candidate) => sameText(candidate.name, parsed.child?.collection));
    if (!collection) notModelled.push(id);
    else if (!collection.readOnly)
      bodies.set(key, withChild(parent, collection.name, { ...child, name: parsed.child.name }));
  }

  const stored = [...bodies.values()].map((body) => storedFrom(body, guid));
  for (const resource of stored) estate.put(resource);
  // Only once everything stands can a reference be told from one that leads out of the file.
  for (const resource of stored) {
    const kind = kindOf(resource.type);
    const state = textAt(resource.body, 'properties', 'provisioningState');
    const loaded = kind?.load(resource.body, { estate, id: resource.id, before: undefined, guid }) ?? {};
    const properties = state ? { ...loaded, provisioningState: state } : loaded;
    estate.put({ ...resource, body: { ...resource.body, properties } });
  }
  return {
    subscriptions: subscriptions.size > 0 ? [...subscriptions] : [DEFAULT_SUBSCRIPTION],
    notModelled,
    governance,
    authorization,
  };
}

function storedFrom(body: JsonObject, guid: () => string): Stored {
  const id = textAt(body, 'id') ?? '';
  const parsed = parseResourceId(id);
  if (!parsed) throw new EstateError(`not the id of a resource: ${id}`);
  const type = kindOf(parsed.fullType)?.type ?? parsed.fullType;
  const name = parsed.names.at(-1) ?? parsed.name;
  return {
    id,
    type,
    name,
    subscription: parsed.subscription,
    resourceGroup: parsed.resourceGroup,
    etag: `W/"${guid()}"`,
    body: { ...body, name, type },
  };
}
