/** The shapes in which people export Azure resources → the resources themselves, each with the place it stood. */
import { isObject, isUnresolved, type JsonObject, objectOf, textOf } from '../../shared/network/json';
import { SOME_RESOURCE_GROUP, withLiteralIds } from './template';

export interface Found {
  readonly json: JsonObject;
  /** File and place in it, as in `network.json [3]` or `groups.jsonl line 7`. */
  readonly place: string;
  readonly file: string;
  readonly line?: number;
}

export interface Stray {
  readonly place: string;
  readonly why: string;
}

export interface Collected {
  readonly resources: Found[];
  /** What was there and is no ARM resource. */
  readonly strays: Stray[];
  /** The last list that was read and says that more entries follow elsewhere; a later list clears it. */
  unfinished: string | undefined;
}

/** Where a value stands. `path` is empty at the top of a file. */
export interface Spot {
  readonly file: string;
  readonly line?: number;
  readonly path: string;
  /** Where a nested deployment goes, if its template says so. */
  readonly resourceGroup?: string;
}

/** Nothing collected yet. */
export function nothingCollected(): Collected {
  return { resources: [], strays: [], unfinished: undefined };
}

/**
 * Adds every resource in `value` to `into`: arrays as `az … list` prints them, pages (`value`), Resource Graph answers
 * (`data`), templates and anything else with `resources` (array, or the object map of languageVersion 2.0), templates of
 * nested deployments, single resources and bare groups. The caller has limited how deep `value` is nested.
 */
export function collect(value: unknown, spot: Spot, into: Collected): void {
  if (Array.isArray(value)) {
    for (const [index, entry] of value.entries()) collect(entry, below(spot, `[${index}]`), into);
    return;
  }
  if (!isObject(value)) {
    into.strays.push({ place: placeOf(spot), why: `an object expected, found ${shapeOf(value)}` });
    return;
  }
  if (isResource(value)) {
    addResource(value, spot, into);
    return;
  }
  const list = LISTS.find((name) => Array.isArray(value[name]));
  if (list) {
    into.unfinished = MORE.some((name) => textOf(value[name])) ? placeOf(spot) : undefined;
    collect(value[list], below(spot, list), into);
  } else if (Array.isArray(value.resources) || isObject(value.resources)) {
    collectResources(value.resources, below(spot, 'resources'), into);
  } else if (isObject(value.template)) {
    collect(value.template, below(spot, 'template'), into);
  } else if (isObject(value.properties) && isObject(value.properties.template)) {
    collect(value.properties.template, below(spot, 'properties.template'), into);
  } else {
    into.strays.push({ place: placeOf(spot), why: 'an object without id, type or securityRules' });
  }
}

/** Where a list of entries may be: ARM's pages, Resource Graph's answers. */
const LISTS = ['value', 'data'] as const;
/** How lists say that they go on. */
const MORE = ['nextLink', '$skipToken', 'skipToken', 'skip_token'] as const;

/** Whether it is a resource by its type or id, or a group by its rules. */
function isResource(json: JsonObject): boolean {
  const type = textOf(json.type);
  if (type?.includes('/') && (textOf(json.name) ?? textOf(json.id))) return true;
  if (/^\/subscriptions\/|\/providers\//i.test(textOf(json.id) ?? '')) return true;
  return Array.isArray(json.securityRules) || Array.isArray(objectOf(json.properties).securityRules);
}

function addResource(json: JsonObject, spot: Spot, into: Collected): void {
  // A template may name what it only refers to, or leave out what it has a switch for: neither is deployed by it.
  if (json.existing === true || json.condition === false) return;
  const { file, line, resourceGroup = SOME_RESOURCE_GROUP } = spot;
  const place = placeOf(spot);
  // Children of a template resource come as a map too, in languageVersion 2.0.
  const children = isObject(json.resources) ? { resources: Object.values(json.resources) } : {};
  const name = textOf(json.name) || textOf(json.id) ? {} : { name: place };
  const literal = withLiteralIds({ ...json, ...children, ...name }, resourceGroup);
  into.resources.push({ json: literal, place, file, ...(line !== undefined && { line }) });
  const template = objectOf(objectOf(json.properties).template);
  if (/^microsoft\.resources\/deployments$/i.test(textOf(json.type) ?? '') && template.resources !== undefined) {
    const inner = { ...spot, ...(isLiteral(json.resourceGroup) && { resourceGroup: json.resourceGroup }) };
    collectResources(template.resources, below(inner, 'properties.template.resources'), into);
  }
}

function isLiteral(value: unknown): value is string {
  return textOf(value) !== undefined && !isUnresolved(value);
}

function collectResources(resources: unknown, spot: Spot, into: Collected): void {
  if (!isObject(resources)) {
    collect(resources, spot, into);
    return;
  }
  for (const [name, resource] of Object.entries(resources)) collect(resource, below(spot, name), into);
}

function below(spot: Spot, step: string): Spot {
  const path = step.startsWith('[') || spot.path === '' ? `${spot.path}${step}` : `${spot.path}.${step}`;
  return { ...spot, path };
}

function placeOf({ file, line, path }: Spot): string {
  return [file, line === undefined ? '' : `line ${line}`, path].filter((part) => part !== '').join(' ');
}

function shapeOf(value: unknown): string {
  return value === null ? 'null' : `a ${typeof value}`;
}
