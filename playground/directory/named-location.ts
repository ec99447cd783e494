// /identity/conditionalAccess/namedLocations: address ranges and countries that policies refer to.
import { isIP } from 'node:net';
import type { JsonObject } from '../azure/json';
import { listAt, textAt, textsAt } from '../azure/json';
import { audited } from './audit';
import type { GraphAnswer, GraphCall } from './graph-call';
import { contextUrl, parameter } from './graph-call';
import { badRequest, notFound } from './graph-error';
import { entityAnswer, listAnswer } from './list';
import type { DirectoryState, Entity } from './state';
import { find, withEntity, withoutEntity } from './state';

const SHAPE = {
  place: 'identity/conditionalAccess/namedLocations',
  filterable: ['id', 'displayName', 'createdDateTime', 'modifiedDateTime'],
};
const IP = '#microsoft.graph.ipNamedLocation';
const COUNTRY = '#microsoft.graph.countryNamedLocation';

function standing(call: GraphCall): Entity {
  const id = parameter(call, 'id');
  const location = find(call.state, 'namedLocations', id);
  if (!location) throw notFound('named location', id);
  return location;
}

function check(location: JsonObject): void {
  if (textAt(location, 'displayName') === undefined) throw badRequest("Property 'displayName' is required.");
  const kind = textAt(location, '@odata.type');
  if (kind === COUNTRY) {
    if (textsAt(location, 'countriesAndRegions').length > 0) return;
    throw badRequest("Property 'countriesAndRegions' is required.");
  }
  if (kind !== IP) throw badRequest(`'@odata.type' must be '${IP}' or '${COUNTRY}'.`);
  const ranges = listAt(location, 'ipRanges').map((range) => textAt(range, 'cidrAddress') ?? '');
  const wrong = ranges.find((range) => isIP(range.split('/')[0] ?? '') === 0);
  if (ranges.length === 0 || wrong !== undefined) throw badRequest(`Invalid IP range '${wrong ?? ''}'.`);
}

function recorded(
  call: GraphCall,
  next: DirectoryState,
  operation: 'Add' | 'Update' | 'Delete',
  target: Entity,
  modified: { readonly before: Entity | undefined; readonly after: Entity | undefined },
): DirectoryState {
  return audited(call, next, {
    service: 'conditionalAccess',
    activity: `${operation} named location`,
    operation,
    target,
    targetType: 'Policy',
    modified: [{ name: 'NamedLocation', ...modified }],
  });
}

export function listLocations(call: GraphCall): GraphAnswer {
  return listAnswer(call, call.state.namedLocations, SHAPE);
}

export function readLocation(call: GraphCall): GraphAnswer {
  return entityAnswer(call, standing(call), SHAPE);
}

export function createLocation(call: GraphCall): GraphAnswer {
  check(call.body);
  const now = call.now.toISOString();
  const after: Entity = { ...call.body, id: call.guid(), createdDateTime: now, modifiedDateTime: now };
  const next = withEntity(call.state, 'namedLocations', after);
  const body = { '@odata.context': contextUrl(call, `${SHAPE.place}/$entity`), ...after };
  return { status: 201, body, next: recorded(call, next, 'Add', after, { before: undefined, after }) };
}

export function updateLocation(call: GraphCall): GraphAnswer {
  const before = standing(call);
  const after: Entity = { ...before, ...call.body, id: before.id, modifiedDateTime: call.now.toISOString() };
  check(after);
  const next = withEntity(call.state, 'namedLocations', after);
  return { status: 204, next: recorded(call, next, 'Update', after, { before, after }) };
}

/** DELETE: refused while a policy refers to the location. */
export function deleteLocation(call: GraphCall): GraphAnswer {
  const before = standing(call);
  const isUsed = call.state.conditionalAccessPolicies.some((policy) =>
    ['includeLocations', 'excludeLocations'].some((name) =>
      textsAt(policy, 'conditions', 'locations', name).includes(before.id),
    ),
  );
  if (isUsed) throw badRequest(`The named location '${before.id}' is used by a conditional access policy.`);
  const next = withoutEntity(call.state, 'namedLocations', before.id);
  return { status: 204, next: recorded(call, next, 'Delete', before, { before, after: undefined }) };
}
