// Resource ids: taking them apart and comparing them the way Azure does, without regard to case.

const TOP_LEVEL =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/([^/]+)\/([^/]+)\/([^/]+)((?:\/[^/]+\/[^/]+)*)$/i;

/** A resource id in parts; `child` is the first level below the top-level resource, if any. */
export interface ResourceId {
  readonly topLevel: string;
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly type: string;
  readonly name: string;
  readonly child?: { readonly collection: string; readonly name: string };
}

/** Takes an id apart; undefined when it is not the id of a resource in a resource group. */
export function parseResourceId(id: string): ResourceId | undefined {
  const match = TOP_LEVEL.exec(id.replace(/\/+$/, ''));
  if (!match) return undefined;
  const [, subscription = '', resourceGroup = '', namespace = '', type = '', name = '', rest = ''] = match;
  const [, collection, childName] = rest.split('/');
  return {
    topLevel: id.slice(0, id.replace(/\/+$/, '').length - rest.length),
    subscription,
    resourceGroup,
    type: `${namespace}/${type}`,
    name,
    ...(collection && childName ? { child: { collection, name: childName } } : {}),
  };
}

/** The top-level resource's id, in lower case, that `id` is or lies below. */
export function topLevelKey(id: string): string {
  return (parseResourceId(id)?.topLevel ?? id).toLowerCase();
}

/** True when both spell the same id. */
export function sameId(left: string | undefined, right: string | undefined): boolean {
  return left !== undefined && right !== undefined && left.toLowerCase() === right.toLowerCase();
}
