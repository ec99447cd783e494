// Children that are kept beside their parent: firewall rule groups, network manager rules, scale set instances.
import { sameText } from './json';
import { kindOf } from './kinds';
import type { ResourcePath } from './target';

const INSTANCES = 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines';

/** Lists of what all instances of a scale set have, found at the set itself. */
export const LISTED_ABOVE = [
  {
    parent: 'Microsoft.Compute/virtualMachineScaleSets',
    collection: 'networkInterfaces',
    type: `${INSTANCES}/networkInterfaces`,
  },
  {
    parent: 'Microsoft.Compute/virtualMachineScaleSets',
    collection: 'publicIPAddresses',
    type: `${INSTANCES}/networkInterfaces/ipConfigurations/publicIPAddresses`,
  },
] as const;

function listedAbove(type: string, collection: string): string {
  const list = LISTED_ABOVE.find((each) => sameText(each.parent, type) && sameText(each.collection, collection));
  return list?.type ?? '';
}

/**
 * The path of such a child (or, without `child`, of its list) as a resource of its own; undefined for children that live
 * inside their parent's body.
 */
export function keptApart(
  target: ResourcePath & { readonly collection: string; readonly child?: string },
): ResourcePath | undefined {
  const { subscription, resourceGroup, type, names, collection, child } = target;
  const kind =
    kindOf(`${type}/${collection}`) ?? (child === undefined ? kindOf(listedAbove(type, collection)) : undefined);
  if (!kind) return undefined;
  return { subscription, resourceGroup, type: kind.type, names: child === undefined ? names : [...names, child] };
}
