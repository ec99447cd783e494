// Every route that the local Azure answers, read off the tables by which it dispatches.
import { operationOf } from './action';
import { allActions } from './actions';
import { LISTED_ABOVE } from './kept-apart';
import { allKinds, isPatched, standsApart } from './kinds';
import type { ResourceKind } from './kinds/kind';

export type Method = 'GET' | 'PUT' | 'PATCH' | 'DELETE' | 'POST';

/** What a route leads to: `list…` are lists, `child` lives in its parent's body, `action` is a POST. */
export type RouteKind = 'resource' | 'child' | 'listInSubscription' | 'listInGroup' | 'listInParent' | 'action';

export interface Route {
  readonly method: Method;
  /** Such as `Microsoft.Network/virtualNetworks/subnets`; of an action the type that it acts on. */
  readonly type: string;
  readonly kind: RouteKind;
  /** The path, with `{…}` for each part that varies. */
  readonly path: string;
  /** Of an action: its operation, such as `Microsoft.Network/networkManagers/commit`. */
  readonly operation?: string;
}

const SUBSCRIPTION = '/subscriptions/{subscription}';
const GROUP = `${SUBSCRIPTION}/resourceGroups/{resourceGroup}`;
const GROUPS = 'Microsoft.Resources/subscriptions/resourceGroups';
const LOCKS = 'Microsoft.Authorization/locks';

/** The path of a resource of the type, its own name included. */
function pathOf(type: string): string {
  if (type === GROUPS) return GROUP;
  const [namespace = '', ...words] = type.split('/');
  return `${GROUP}/providers/${namespace}/${words.map((word) => `${word}/{${word}Name}`).join('/')}`;
}

function parentPath(path: string): string {
  return path.replace(/\/[^/]+$/, '');
}

function verbs(type: string, kind: RouteKind, path: string, methods: readonly Method[]): Route[] {
  return methods.map((method) => ({ method, type, kind, path }));
}

function listsOf(kind: ResourceKind): Route[] {
  const { type } = kind;
  const inGroup = parentPath(pathOf(type));
  if (standsApart(kind)) return verbs(type, 'listInParent', inGroup, ['GET']);
  return [
    ...verbs(type, 'listInSubscription', inGroup.replace(GROUP, SUBSCRIPTION), ['GET']),
    ...verbs(type, 'listInGroup', inGroup, ['GET']),
  ];
}

function routesOfKind(kind: ResourceKind): Route[] {
  const { type, writable } = kind;
  const own: Method[] = ['GET', ...(writable ? (['PUT', 'DELETE'] as const) : [])];
  const patch: Method[] = isPatched(kind) ? ['PATCH'] : [];
  const children = kind.children.flatMap(({ name, readOnly }) => {
    const path = pathOf(`${type}/${name}`);
    const isWritten = writable && !readOnly;
    return [
      ...verbs(`${type}/${name}`, 'listInParent', parentPath(path), ['GET']),
      ...verbs(`${type}/${name}`, 'child', path, ['GET', ...(isWritten ? (['PUT', 'DELETE'] as const) : [])]),
    ];
  });
  return [...listsOf(kind), ...verbs(type, 'resource', pathOf(type), [...own, ...patch]), ...children];
}

/** What all instances of a scale set have, listed at the set. */
function listsAbove(): Route[] {
  return LISTED_ABOVE.flatMap(({ parent, collection, type }) =>
    verbs(type, 'listInParent', `${pathOf(parent)}/${collection}`, ['GET']),
  );
}

function management(): Route[] {
  const lock = '/{scope}/providers/Microsoft.Authorization/locks';
  const operations = `${SUBSCRIPTION}/providers/{namespace}/locations/{location}`;
  return [
    ...verbs('Microsoft.Resources/subscriptions', 'listInParent', '/subscriptions', ['GET']),
    ...verbs('Microsoft.Resources/subscriptions', 'resource', SUBSCRIPTION, ['GET']),
    ...verbs(GROUPS, 'listInSubscription', `${SUBSCRIPTION}/resourceGroups`, ['GET']),
    ...verbs(GROUPS, 'resource', GROUP, ['GET', 'PUT']),
    ...verbs(LOCKS, 'listInParent', lock, ['GET']),
    ...verbs(LOCKS, 'resource', `${lock}/{lock}`, ['GET', 'PUT', 'DELETE']),
    ...verbs('Microsoft.Network/locations/operations', 'resource', `${operations}/operations/{operation}`, ['GET']),
    ...verbs('Microsoft.Network/locations/operationResults', 'resource', `${operations}/operationResults/{operation}`, [
      'GET',
    ]),
  ];
}

function actionRoutes(): Route[] {
  return allActions().map((action) => ({
    method: 'POST',
    type: action.type,
    kind: 'action',
    path: `${pathOf(action.type)}/${action.name}`,
    operation: operationOf(action),
  }));
}

/** Every route of Azure Resource Manager that is answered here; whatever is not among them answers 501. */
export function routesOf(): readonly Route[] {
  return [...management(), ...allKinds().flatMap(routesOfKind), ...listsAbove(), ...actionRoutes()];
}

function patternOf(path: string): RegExp {
  const escaped = path.replaceAll('.', '\\.').replace('/{scope}/', '/subscriptions/.+/');
  return new RegExp(`^${escaped.replaceAll(/\{[^}]+\}/g, '[^/]+')}/?$`, 'i');
}

/**
 * The route that a request takes, of those given; `path` may carry a query. Undefined when it takes none of them. A lock
 * is at home at every scope, so its routes come first in the list.
 */
export function routeTaken(
  routes: readonly Route[],
  request: { readonly method: string; readonly path: string },
): Route | undefined {
  const path = decodeURIComponent(request.path.split('?')[0] ?? '');
  return routes.find((route) => route.method === request.method && patternOf(route.path).test(path));
}
