// Resource ids: taking them apart and comparing them the way Azure does, without regard to case.

const IN_GROUP =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/([^/]+)\/([^/]+)\/([^/]+)((?:\/[^/]+\/[^/]+)*)$/i;

/** A resource id in parts; `child` is the first level below the top-level resource, if any. */
export interface ResourceId {
  readonly topLevel: string;
  readonly subscription: string;
  readonly resourceGroup: string;
  /** Of the top-level resource. */
  readonly type: string;
  readonly name: string;
  readonly child?: { readonly collection: string; readonly name: string };
  /** Of the resource itself, however deep it lies. */
  readonly fullType: string;
  readonly names: readonly string[];
}

/** Takes an id apart; undefined when it is not the id of a resource in a resource group. */
export function parseResourceId(id: string): ResourceId | undefined {
  const trimmed = id.replace(/\/+$/, '');
  const match = IN_GROUP.exec(trimmed);
  if (!match) return undefined;
  const [, subscription = '', resourceGroup = '', namespace = '', type = '', name = '', rest = ''] = match;
  const below = rest.split('/').slice(1);
  const [collection, childName] = below;
  return {
    topLevel: trimmed.slice(0, trimmed.length - rest.length),
    subscription,
    resourceGroup,
    type: `${namespace}/${type}`,
    name,
    ...(collection && childName ? { child: { collection, name: childName } } : {}),
    fullType: [namespace, type, ...below.filter((_, index) => index % 2 === 0)].join('/'),
    names: [name, ...below.filter((_, index) => index % 2 === 1)],
  };
}

/** The id of a resource from its group, its type and one name for each word of the type. */
export function resourceIdOf(
  group: { readonly subscription: string; readonly resourceGroup: string },
  type: string,
  names: readonly string[],
): string {
  const [namespace = '', ...words] = type.split('/');
  const path = words.map((word, index) => `${word}/${names[index] ?? ''}`).join('/');
  return `/subscriptions/${group.subscription}/resourceGroups/${group.resourceGroup}/providers/${namespace}/${path}`;
}

/** `Microsoft.Network/virtualNetworks/vnet/subnets/default`, as ARM names a resource in its errors. */
export function typeAndName(type: string, names: readonly string[]): string {
  return resourceIdOf({ subscription: '', resourceGroup: '' }, type, names).split('/providers/')[1] ?? type;
}

/** The top-level resource's id, in lower case, that `id` is or lies below. */
export function topLevelKey(id: string): string {
  return (parseResourceId(id)?.topLevel ?? id).toLowerCase();
}

/** True when both spell the same id. */
export function sameId(left: string | undefined, right: string | undefined): boolean {
  return left !== undefined && right !== undefined && left.toLowerCase() === right.toLowerCase();
}

/** True when `id` is `scope` or lies below it. */
export function isWithin(id: string, scope: string): boolean {
  const [inner, outer] = [id.toLowerCase(), scope.toLowerCase().replace(/\/+$/, '')];
  return inner === outer || inner.startsWith(`${outer}/`);
}
