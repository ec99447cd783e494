/** What a service tag stands for, seen from one virtual network. */
import { type AddressSet, addressDifference, addressesOf, addressUnion, EVERY_ADDRESS, unionOf } from './address';
import { keyOf, type Network, type Peering, type VirtualNetwork } from './network';

/** The host's virtual address: health probes, DHCP, DNS (https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16). */
export const LOAD_BALANCER_PROBE = addressesOf('168.63.129.16');
/** The platform's own addresses; never a finding and never denied by us. */
export const PLATFORM_ADDRESSES = addressesOf('168.63.129.16', '169.254.169.254');
/**
 * What stands for the address space of a network nobody showed us: the private ranges of RFC 1918 and RFC 4193.
 * Used for a security group that is judged on its own.
 */
export const UNKNOWN_NETWORK = addressesOf('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7');

/** A peering carries traffic once both sides know of it; templates carry no state and are read as connected. */
export function isConnected(peering: Peering): boolean {
  return peering.state === undefined || peering.state.toLowerCase() === 'connected';
}

/** The far side's addresses: live if its network was read, otherwise as this side last saw them. */
export function remoteAddresses(network: Network, peering: Peering): AddressSet {
  return network.virtualNetworks.get(peering.remote)?.addresses ?? peering.remoteAddresses;
}

/**
 * `VirtualNetwork` as an NSG in this network reads it: its own space, the space of connected peers unless the peering
 * narrows the tag (`allowVirtualNetworkAccess: false`), and the host's virtual address
 * (https://learn.microsoft.com/azure/virtual-network/service-tags-overview).
 */
export function virtualNetworkTag(network: Network, virtualNetwork: VirtualNetwork): AddressSet {
  const peers = virtualNetwork.peerings.filter((peering) => isConnected(peering) && peering.allowVirtualNetworkAccess);
  return unionOf([
    virtualNetwork.addresses,
    LOAD_BALANCER_PROBE,
    ...peers.map((peering) => remoteAddresses(network, peering)),
  ]);
}

/** What a tag means somewhere; undefined for a tag whose addresses we do not know. */
export function resolveTag(tag: string, virtualNetworkAddresses: AddressSet): AddressSet | undefined {
  switch (tag.toLowerCase()) {
    case 'virtualnetwork':
      return virtualNetworkAddresses;
    case 'internet':
      return addressDifference(EVERY_ADDRESS, virtualNetworkAddresses);
    case 'azureloadbalancer':
      return LOAD_BALANCER_PROBE;
    default:
      return undefined;
  }
}

/** The tag for a group without a network of its own. */
export const UNKNOWN_VIRTUAL_NETWORK_TAG = addressUnion(UNKNOWN_NETWORK, LOAD_BALANCER_PROBE);

/** Every address of the interfaces in an application security group: its live membership. */
export function applicationGroupMembers(network: Network): ReadonlyMap<string, AddressSet> {
  const members = new Map<string, AddressSet>();
  for (const nic of network.interfaces.values()) {
    for (const { address, applicationGroups } of nic.ipConfigurations) {
      if (!address) continue;
      const own: AddressSet =
        address.family === 'ipv4'
          ? { ipv4: [[address.value, address.value]], ipv6: [] }
          : { ipv4: [], ipv6: [[address.value, address.value]] };
      for (const group of applicationGroups) {
        const key = keyOf(group);
        const known = members.get(key);
        members.set(key, known ? addressUnion(known, own) : own);
      }
    }
  }
  return members;
}
