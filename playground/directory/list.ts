// Lists and single objects as OData asks for them: $filter, $orderby, $select, $top, $count and pages.
import type { JsonObject } from '../azure/json';
import { at } from '../azure/json';
import { parseFilter } from './filter';
import type { GraphAnswer, GraphCall } from './graph-call';
import { contextUrl } from './graph-call';
import { badRequest, notModelled } from './graph-error';

/** Graph's page when nobody asks for another; a smaller one set by the faults bounds what `$top` may ask for. */
const USUAL_PAGE = 100;
const LARGEST_PAGE = 999;
const OPTIONS = ['$filter', '$orderby', '$select', '$top', '$count', '$skiptoken', '$expand'];

export interface ListShape {
  /** Place in the metadata, for `@odata.context`. */
  readonly place: string;
  readonly filterable?: readonly string[];
  /** Properties an object has though it may not show them. */
  readonly properties?: readonly string[];
  /** What an object shows without `$select`; everything unless said. */
  readonly shown?: (entity: JsonObject) => readonly string[] | undefined;
  /** Objects of several types: a property that one does not have is left out, not null. */
  readonly mixed?: boolean;
  readonly orderable?: readonly string[];
  readonly expandable?: readonly string[];
  readonly largestPage?: number;
}

function checkOptions(call: GraphCall, shape: ListShape): void {
  for (const option of call.url.searchParams.keys()) {
    if (option.startsWith('$') && !OPTIONS.includes(option)) throw notModelled(`the query option ${option}`);
  }
  const expand = call.url.searchParams.get('$expand');
  if (expand !== null && !shape.expandable?.includes(expand)) throw notModelled(`$expand=${expand}`);
}

/** The object with the properties that `$select` asks for; throws GraphError 400 for one that there is not. */
export function selected(call: GraphCall, entity: JsonObject, shape: ListShape): JsonObject {
  const asked = call.url.searchParams
    .get('$select')
    ?.split(',')
    .map((name) => name.trim());
  const names = asked ?? shape.shown?.(entity);
  if (!names) return entity;
  const isKnown = (name: string): boolean => Object.hasOwn(entity, name) || shape.properties?.includes(name) === true;
  for (const name of asked ?? []) {
    if (shape.mixed || isKnown(name)) continue;
    throw badRequest(`Parsing OData Select and Expand failed: Could not find a property named '${name}'.`);
  }
  const annotations = Object.keys(entity).filter((key) => key.startsWith('@odata.'));
  const kept = shape.mixed ? names.filter((name) => Object.hasOwn(entity, name)) : names;
  return Object.fromEntries([...annotations, ...kept].map((name) => [name, entity[name] ?? null]));
}

function ordered(call: GraphCall, entities: readonly JsonObject[], shape: ListShape): readonly JsonObject[] {
  const asked = call.url.searchParams.get('$orderby');
  if (asked === null) return entities;
  const [name = '', direction = 'asc'] = asked.trim().split(/\s+/);
  if (!shape.orderable?.includes(name) || !['asc', 'desc'].includes(direction)) {
    throw badRequest(`Sorting not supported for '${asked}'.`);
  }
  const sign = direction === 'desc' ? -1 : 1;
  return entities.toSorted((left, right) => sign * String(at(left, name)).localeCompare(String(at(right, name))));
}

function pageLength(call: GraphCall, shape: ListShape): number {
  const top = call.url.searchParams.get('$top');
  if (top === null) return call.pageSize;
  const largest = shape.largestPage ?? LARGEST_PAGE;
  if (!/^[1-9]\d*$/.test(top) || Number(top) > largest) {
    throw badRequest(`Invalid page size specified: '${top}'. Must be between 1 and ${largest} inclusive.`);
  }
  return call.pageSize < USUAL_PAGE ? Math.min(Number(top), call.pageSize) : Number(top);
}

function startOf(call: GraphCall): number {
  const token = call.url.searchParams.get('$skiptoken');
  if (token === null) return 0;
  const position = /^from:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (position === undefined) throw badRequest('Invalid skip token.');
  return Number(position);
}

/** One page of a list; throws GraphError for query options that it does not take. */
export function listAnswer(call: GraphCall, entities: readonly JsonObject[], shape: ListShape): GraphAnswer {
  checkOptions(call, shape);
  const filter = call.url.searchParams.get('$filter');
  const found = ordered(
    call,
    filter === null ? entities : entities.filter(parseFilter(filter, shape.filterable ?? [])),
    shape,
  );
  const start = startOf(call);
  const next = start + pageLength(call, shape);
  const body: JsonObject = { '@odata.context': contextUrl(call, shape.place) };
  if (call.url.searchParams.get('$count') === 'true') body['@odata.count'] = found.length;
  if (next < found.length) {
    const link = new URL(`${call.origin}${call.url.pathname}${call.url.search}`);
    link.searchParams.set('$skiptoken', Buffer.from(`from:${next}`).toString('base64url'));
    body['@odata.nextLink'] = link.href;
  }
  body.value = found.slice(start, next).map((entity) => selected(call, entity, shape));
  return { status: 200, body };
}

/** One object. */
export function entityAnswer(call: GraphCall, entity: JsonObject, shape: ListShape): GraphAnswer {
  checkOptions(call, shape);
  const context = contextUrl(call, `${shape.place}/$entity`);
  return { status: 200, body: { '@odata.context': context, ...selected(call, entity, shape) } };
}
