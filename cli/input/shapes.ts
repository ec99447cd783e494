/** The shapes in which people export Azure resources → the resources themselves, each with the place it stood. */
import { isObject, isUnresolved, type JsonObject, objectOf, textOf } from '../../shared/network/json';
import { contextOf, isOfGraph, isWholePage, tellsOfSignIn, withContext } from './sign-in';
import { SOME_RESOURCE_GROUP, withLiteralIds } from './template';

export interface Found {
  readonly json: JsonObject;
  /** File and place in it, as in `network.json [3]` or `groups.jsonl line 7`. */
  readonly place: string;
  readonly file: string;
  readonly line?: number;
  /** An object or page of Microsoft Graph: no Azure resource. */
  readonly isOfGraph?: true;
  /** From a template: what would be deployed, and not what is there. */
  readonly isPlanned?: true;
}

export interface Stray {
  readonly place: string;
  readonly why: string;
}

export interface Collected {
  readonly resources: Found[];
  /** What was there and is no ARM resource. */
  readonly strays: Stray[];
  /** By the kind of list, the last one that was read if it says that more entries follow elsewhere; a later list clears it. */
  readonly unfinished: Map<string, string>;
}

/** Where a value stands. `path` is empty at the top of a file. */
export interface Spot {
  readonly file: string;
  readonly line?: number;
  readonly path: string;
  /** Where a nested deployment goes, if its template says so. */
  readonly resourceGroup?: string;
  /** The `@odata.context` of the page of Microsoft Graph that it stands in. */
  readonly context?: string;
}

/** Nothing collected yet. */
export function nothingCollected(): Collected {
  return { resources: [], strays: [], unfinished: new Map() };
}

/**
 * Adds every resource in `value` to `into`: arrays as `az … list` prints them, pages (`value`), Resource Graph answers
 * (`data`), templates and anything else with `resources` (array, or the object map of languageVersion 2.0), templates of
 * nested deployments, single resources and bare groups; pages and objects of Microsoft Graph as `az rest` prints them;
 * answers with their status.
 * The caller has limited how deep `value` is nested.
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
    collectList(value, list, spot, into);
  } else if (tellsOfSignIn(withContext(value, spot.context))) {
    addOfGraph(withContext(value, spot.context), spot, into);
  } else if (Array.isArray(value.resources) || isObject(value.resources)) {
    collectResources(value.resources, below(spot, 'resources'), into);
  } else if (isObject(value.responses) || Array.isArray(value.responses)) {
    collectAnswers(value.responses, below(spot, 'responses'), into);
  } else if (isObject(value.template)) {
    collect(value.template, below(spot, 'template'), into);
  } else if (isObject(value.properties) && isObject(value.properties.template)) {
    collect(value.properties.template, below(spot, 'properties.template'), into);
  } else {
    const isForeign = isOfGraph(withContext(value, spot.context));
    const why = isForeign ? 'an object of Graph that is of no account' : 'an object without id, type or securityRules';
    into.strays.push({ place: placeOf(spot), why });
  }
}

/** A page whose context says more than its items do stays whole; otherwise each item takes the context with it. */
function collectList(page: JsonObject, list: (typeof LISTS)[number], spot: Spot, into: Collected): void {
  const context = contextOf(page);
  if (MORE.some((name) => textOf(page[name]))) into.unfinished.set(context ?? '', placeOf(spot));
  else into.unfinished.delete(context ?? '');
  if (isWholePage(page)) addOfGraph(page, spot, into);
  else collect(page[list], { ...below(spot, list), ...(context !== undefined && { context }) }, into);
}

/** Answers with their status: of Graph's `$batch` a list, in the examples of the REST specifications a map. */
function collectAnswers(answers: unknown, spot: Spot, into: Collected): void {
  const list = Array.isArray(answers)
    ? answers.map((answer: unknown, index) => [`${index}`, answer] as const)
    : undefined;
  for (const [name, answer] of list ?? Object.entries(objectOf(answers))) {
    const { status, body } = objectOf(answer);
    const at = below(spot, name);
    if (Number(status ?? name) >= 400) {
      into.strays.push({ place: placeOf(at), why: 'the answer is an error: nothing was read there' });
    } else if (isObject(body) || Array.isArray(body)) collect(body, below(at, 'body'), into);
  }
}

function addOfGraph(json: JsonObject, spot: Spot, into: Collected): void {
  const { file, line } = spot;
  into.resources.push({ json, place: placeOf(spot), file, ...(line !== undefined && { line }), isOfGraph: true });
}

/** Where a list of entries may be: ARM's pages, Resource Graph's answers. */
const LISTS = ['value', 'data'] as const;
/** How lists say that they go on. */
const MORE = ['nextLink', '$skipToken', 'skipToken', 'skip_token', '@odata.nextLink'] as const;

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
  const isPlanned = textOf(json.id) === undefined;
  into.resources.push({
    json: literal,
    place,
    file,
    ...(line !== undefined && { line }),
    ...(isPlanned && { isPlanned }),
  });
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
