// What an ARM path names: a subscription, a group, a list, a resource, a child, an operation or a lock on any of them.

/** A resource at any depth: as many names as its type has words below the namespace. */
export interface ResourcePath {
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly type: string;
  readonly names: readonly string[];
}

export type ChildPath = ResourcePath & { readonly collection: string; readonly child: string };

export type Target =
  | { readonly kind: 'subscriptions' }
  | { readonly kind: 'subscription'; readonly subscription: string }
  | { readonly kind: 'groups'; readonly subscription: string }
  | { readonly kind: 'group'; readonly subscription: string; readonly resourceGroup: string }
  | {
      readonly kind: 'groupAction';
      readonly subscription: string;
      readonly resourceGroup: string;
      readonly action: string;
    }
  | { readonly kind: 'listInSubscription'; readonly subscription: string; readonly type: string }
  | {
      readonly kind: 'listInGroup';
      readonly subscription: string;
      readonly resourceGroup: string;
      readonly type: string;
    }
  | ({ readonly kind: 'resource' } & ResourcePath)
  | ({ readonly kind: 'children'; readonly collection: string } & ResourcePath)
  | ({ readonly kind: 'child' } & ChildPath)
  | { readonly kind: 'locks'; readonly subscription: string; readonly scope: string }
  | { readonly kind: 'lock'; readonly subscription: string; readonly scope: string; readonly name: string }
  | {
      readonly kind: 'operation';
      readonly subscription: string;
      readonly form: 'operations' | 'operationresults';
      readonly operation: string;
    }
  | { readonly kind: 'unknown'; readonly path: string };

const LOCK = /^(\/subscriptions\/([^/]+)(?:\/.*)?)\/providers\/Microsoft\.Authorization\/locks(?:\/([^/]+))?$/i;

/** Takes a path apart; keywords match in any casing, names are kept as written. */
export function targetOf(given: string): Target {
  const path = given.replace(/\/+$/, '');
  const unknown = { kind: 'unknown', path } as const;
  const [, scope = '', locked = '', lock] = LOCK.exec(path) ?? [];
  if (scope !== '' && lock) return { kind: 'lock', subscription: locked, scope, name: lock };
  if (scope !== '') return { kind: 'locks', subscription: locked, scope };
  const parts = path.split('/').filter((part) => part !== '');
  const word = (index: number): string | undefined => parts[index]?.toLowerCase();
  if (word(0) !== 'subscriptions') return unknown;
  const subscription = parts[1];
  if (!subscription) return { kind: 'subscriptions' };
  if (parts.length === 2) return { kind: 'subscription', subscription };
  if (word(2) === 'providers') return inSubscription(parts, subscription) ?? unknown;
  if (word(2) !== 'resourcegroups') return unknown;
  const resourceGroup = parts[3];
  if (!resourceGroup) return { kind: 'groups', subscription };
  if (parts.length === 4) return { kind: 'group', subscription, resourceGroup };
  if (parts.length === 5) return { kind: 'groupAction', subscription, resourceGroup, action: parts[4] ?? '' };
  const [namespace, ...rest] = parts.slice(5);
  if (word(4) !== 'providers' || !namespace || rest.includes('providers')) return unknown;
  return inGroup({ subscription, resourceGroup }, namespace, rest) ?? unknown;
}

function inGroup(
  group: { readonly subscription: string; readonly resourceGroup: string },
  namespace: string,
  rest: readonly string[],
): Target | undefined {
  const types = rest.filter((_, index) => index % 2 === 0);
  const names = rest.filter((_, index) => index % 2 === 1);
  const last = types.at(-1);
  const child = names.at(-1);
  if (last === undefined) return undefined;
  const parent = { ...group, type: [namespace, ...types.slice(0, -1)].join('/') };
  if (types.length > names.length) {
    if (types.length === 1) return { kind: 'listInGroup', ...group, type: `${namespace}/${last}` };
    return { kind: 'children', ...parent, names, collection: last };
  }
  if (types.length === 1) return { kind: 'resource', ...group, type: `${namespace}/${last}`, names };
  return { kind: 'child', ...parent, names: names.slice(0, -1), collection: last, child: child ?? '' };
}

function inSubscription(parts: readonly string[], subscription: string): Target | undefined {
  const [namespace, type, , form, operation] = parts.slice(3);
  if (!namespace || !type) return undefined;
  if (parts.length === 5) return { kind: 'listInSubscription', subscription, type: `${namespace}/${type}` };
  const shape = form?.toLowerCase();
  if (type.toLowerCase() !== 'locations' || parts.length !== 8 || !operation) return undefined;
  if (shape !== 'operations' && shape !== 'operationresults') return undefined;
  return { kind: 'operation', subscription, form: shape, operation };
}
