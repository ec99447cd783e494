/** Pairs of networks with the peerings between them: a peering is two resources, one at each end. */
import { keyOf, type Network, type Peering, type ResourceKey } from '../network/network';

export interface PeeredNetworks {
  /** In the order of their keys. */
  readonly networks: readonly [ResourceKey, ResourceKey];
  /** The peerings at either end, in the order of their keys; never none. */
  readonly halves: readonly [Peering, ...Peering[]];
}

/** Every two networks with a peering at one end at least, in the order of their keys. */
export function peeredNetworks({ virtualNetworks }: Network): PeeredNetworks[] {
  const pairs = new Map<string, Peering[]>();
  for (const half of [...virtualNetworks.values()].flatMap(({ peerings }) => peerings)) {
    const pair = endsOf(half).join(' ');
    const known = pairs.get(pair);
    if (known) known.push(half);
    else pairs.set(pair, [half]);
  }
  return [...pairs.values()]
    .flatMap((unsorted): PeeredNetworks[] => {
      const [first, ...others] = unsorted.toSorted(byId);
      return first ? [{ networks: endsOf(first), halves: [first, ...others] }] : [];
    })
    .toSorted((a, b) => compare(a.networks.join(' '), b.networks.join(' ')));
}

function endsOf({ virtualNetwork, remote }: Peering): readonly [ResourceKey, ResourceKey] {
  return virtualNetwork < remote ? [virtualNetwork, remote] : [remote, virtualNetwork];
}

function byId(a: Peering, b: Peering): number {
  return compare(keyOf(a.id), keyOf(b.id));
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
