// What an ARM path names: a subscription, a group, a list, a resource, a child or an operation.

export interface ResourcePath {
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly type: string;
}

export type Target =
  | { readonly kind: 'subscriptions' }
  | { readonly kind: 'subscription'; readonly subscription: string }
  | { readonly kind: 'groups'; readonly subscription: string }
  | { readonly kind: 'group'; readonly subscription: string; readonly resourceGroup: string }
  | { readonly kind: 'listInSubscription'; readonly subscription: string; readonly type: string }
  | ({ readonly kind: 'listInGroup' } & ResourcePath)
  | ({ readonly kind: 'resource'; readonly name: string } & ResourcePath)
  | ({ readonly kind: 'children'; readonly name: string; readonly collection: string } & ResourcePath)
  | ({
      readonly kind: 'child';
      readonly name: string;
      readonly collection: string;
      readonly child: string;
    } & ResourcePath)
  | {
      readonly kind: 'operation';
      readonly subscription: string;
      readonly form: 'operations' | 'operationresults';
      readonly operation: string;
    }
  | { readonly kind: 'unknown'; readonly path: string };

/** Takes a path apart; keywords match in any casing, names are kept as written. */
export function targetOf(path: string): Target {
  const unknown = { kind: 'unknown', path } as const;
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
  if (word(4) !== 'providers') return unknown;
  const [namespace, type, name, collection, child, ...deeper] = parts.slice(5);
  if (!namespace || !type || deeper.length > 0) return unknown;
  const where = { subscription, resourceGroup, type: `${namespace}/${type}` };
  if (!name) return { kind: 'listInGroup', ...where };
  if (!collection) return { kind: 'resource', name, ...where };
  if (!child) return { kind: 'children', name, collection, ...where };
  return { kind: 'child', name, collection, child, ...where };
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
