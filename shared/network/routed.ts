/** Ways through an appliance: peerings do not carry on to each other, but routes and forwarded traffic make them. */
import { type AddressSet, addressDifference, addressIntersection, hasAddress, isEmpty, unionOf } from './address';
import type { RouteTable } from './connection';
import { keyOf, type Network, type VirtualNetwork } from './network';
import { isConnected } from './neighbourhood';

/** Subnets elsewhere whose routes send traffic for `destinations` to an appliance between them and the network. */
export interface RoutedWay {
  readonly id: string;
  readonly name: string;
  readonly sources: AddressSet;
  readonly destinations: AddressSet;
}

/**
 * Every such way into the network: the appliance stands in a peer whose forwarded traffic the network admits, and the
 * sender's network is peered with the appliance's. What the appliance filters is not known, so it is taken to pass all;
 * the way back is not asked for either, because the appliance may translate
 * (https://learn.microsoft.com/azure/virtual-network/virtual-network-peering-overview#service-chaining).
 */
export function routedWaysTo(network: Network, virtualNetwork: VirtualNetwork): RoutedWay[] {
  if (network.routeTables.size === 0) return [];
  const own = keyOf(virtualNetwork.id);
  const direct = new Set(virtualNetwork.peerings.filter(isConnected).map((peering) => peering.remote));
  const ways: RoutedWay[] = [];
  for (const peering of virtualNetwork.peerings) {
    const middle = network.virtualNetworks.get(peering.remote);
    if (!isConnected(peering) || !peering.allowForwardedTraffic || !middle) continue;
    for (const { remote } of middle.peerings.filter(isConnected)) {
      const far = network.virtualNetworks.get(remote);
      if (!far || remote === own || direct.has(remote)) continue;
      ways.push(...waysFrom(network, far, middle, virtualNetwork.addresses));
    }
  }
  return ways;
}

function waysFrom(network: Network, far: VirtualNetwork, middle: VirtualNetwork, target: AddressSet): RoutedWay[] {
  return far.subnets.flatMap((subnet) => {
    const table = subnet.routeTable === undefined ? undefined : network.routeTables.get(subnet.routeTable);
    const destinations = table && sentTo(table, middle, target);
    if (!table || !destinations || isEmpty(destinations)) return [];
    return [
      { id: table.id, name: `${table.name} of ${far.name}/${subnet.name}`, sources: subnet.prefixes, destinations },
    ];
  });
}

/** The part of the target for which the longest matching route leads to an appliance in `middle`. */
function sentTo(table: RouteTable, middle: VirtualNetwork, target: AddressSet): AddressSet {
  let open = target;
  const sent: AddressSet[] = [];
  for (const { prefix, appliance } of table.routes.toSorted((a, b) => b.length - a.length)) {
    if (appliance && hasAddress(middle.addresses, appliance)) sent.push(addressIntersection(open, prefix));
    open = addressDifference(open, prefix);
  }
  return unionOf(sent);
}
