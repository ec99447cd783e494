/** What one virtual network is joined to: peers, gateways, groups and route tables. */
import { type AddressSet, NO_ADDRESS, unionOf } from './address';
import type { ConnectedGroup, Gateway, RouteTable } from './connection';
import { keyOf, type Network, type Peering, type ResourceKey, type VirtualNetwork } from './network';

/** A peering carries traffic once both sides know of it; templates carry no state and are read as connected. */
export function isConnected(peering: Peering): boolean {
  return peering.state === undefined || peering.state.toLowerCase() === 'connected';
}

/** The far side's addresses: live if its network was read, otherwise as this side last saw them. */
export function remoteAddresses(network: Network, peering: Peering): AddressSet {
  return network.virtualNetworks.get(peering.remote)?.addresses ?? peering.remoteAddresses;
}

/** The network's own gateways and those it uses at a peer that lets it; a peer that was not read is taken to let it. */
export function gatewaysOf(network: Network, virtualNetwork: VirtualNetwork): Gateway[] {
  if (network.gateways.length === 0) return [];
  const key = keyOf(virtualNetwork.id);
  const lenders = virtualNetwork.peerings
    .filter((peering) => isConnected(peering) && peering.useRemoteGateways)
    .filter(({ remote }) => {
      const back = network.virtualNetworks.get(remote)?.peerings.find((peering) => peering.remote === key);
      return back?.allowGatewayTransit ?? true;
    })
    .map(({ remote }) => remote);
  return network.gateways.filter(
    (gateway) => gateway.virtualNetwork === key || lenders.includes(gateway.virtualNetwork),
  );
}

/** The groups of directly connected networks that the network is in. */
export function groupsWith(network: Network, virtualNetwork: VirtualNetwork): ConnectedGroup[] {
  const key = keyOf(virtualNetwork.id);
  return network.connectedGroups.filter((group) => group.virtualNetworks.includes(key));
}

/** All addresses that a group joins. */
export function addressesJoinedBy(network: Network, group: ConnectedGroup): AddressSet {
  const networks = group.virtualNetworks.map((key) => network.virtualNetworks.get(key)?.addresses ?? NO_ADDRESS);
  return unionOf([group.addresses, ...networks]);
}

/** The route tables on the network's subnets, each once. */
export function routeTablesOf(network: Network, virtualNetwork: VirtualNetwork): RouteTable[] {
  if (network.routeTables.size === 0) return [];
  const keys = new Set(virtualNetwork.subnets.flatMap((subnet) => subnet.routeTable ?? []));
  return [...keys].flatMap((key) => network.routeTables.get(key) ?? []);
}

/** Whether something that stands in `home` (a network or a virtual hub) can send to machines of the network. */
export function isReachableFrom(network: Network, home: ResourceKey, virtualNetwork: VirtualNetwork): boolean {
  if (home === keyOf(virtualNetwork.id)) return true;
  if (virtualNetwork.peerings.some((peering) => isConnected(peering) && peering.remote === home)) return true;
  return groupsWith(network, virtualNetwork).some((group) => group.virtualNetworks.includes(home));
}
