// Children that are kept beside their parent: firewall rule groups, network manager rules, scale set instances.
import { kindOf } from './kinds';
import type { ResourcePath } from './target';

/**
 * The path of such a child (or, without `child`, of its list) as a resource of its own; undefined for children that live
 * inside their parent's body.
 */
export function keptApart(
  target: ResourcePath & { readonly collection: string; readonly child?: string },
): ResourcePath | undefined {
  const { subscription, resourceGroup, type, names, collection, child } = target;
  const kind =
    kindOf(`${type}/${collection}`) ??
    // The interfaces of all instances can be listed at the scale set itself.
    (child === undefined ? kindOf(`${type}/virtualMachines/${collection}`) : undefined);
  if (!kind) return undefined;
  return { subscription, resourceGroup, type: kind.type, names: child === undefined ? names : [...names, child] };
}
