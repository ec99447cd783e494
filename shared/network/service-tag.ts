/** What a service tag stands for, seen from one virtual network. */
import {
  type AddressSet,
  addressDifference,
  addressesOf,
  addressUnion,
  EVERY_ADDRESS,
  isWithin,
  NO_ADDRESS,
  ofFamily,
  setOfAddress,
  unionOf,
} from './address';
import { keyOf, type Network, type ResourceKey, type VirtualNetwork } from './network';
import {
  addressesJoinedBy,
  gatewaysOf,
  groupsWith,
  isConnected,
  remoteAddresses,
  routeTablesOf,
} from './neighbourhood';

/** The host's virtual address: health probes, DHCP, DNS (https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16). */
export const LOAD_BALANCER_PROBE = addressesOf('168.63.129.16');
/** The platform's own addresses; never a finding and never denied by us. */
export const PLATFORM_ADDRESSES = addressesOf('168.63.129.16', '169.254.169.254');
/**
 * What stands for the address space of a network nobody showed us: the private ranges of RFC 1918 and RFC 4193.
 * Used for a security group that is judged on its own.
 */
export const UNKNOWN_NETWORK = addressesOf('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7');

/** `VirtualNetwork` as groups in one network read it. */
export interface VirtualNetworkTag {
  /** What is documented to belong to it there. */
  readonly certain: AddressSet;
  /** That, and what may belong to it as well. */
  readonly possible: AddressSet;
}

/**
 * Certain: the network's own space, the space of connected peers unless the peering narrows the tag
 * (`allowVirtualNetworkAccess: false`), the far end of its gateways, and the host's virtual address. Possible: also the
 * prefixes of user routes on its subnets, a default route among them, and networks joined by a network manager or a
 * virtual WAN (https://learn.microsoft.com/azure/virtual-network/service-tags-overview; Azure leaves open when those are
 * taken in).
 */
export function virtualNetworkTag(network: Network, virtualNetwork: VirtualNetwork): VirtualNetworkTag {
  const peers = virtualNetwork.peerings.filter((peering) => isConnected(peering) && peering.allowVirtualNetworkAccess);
  const certain = unionOf([
    virtualNetwork.addresses,
    LOAD_BALANCER_PROBE,
    ...peers.map((peering) => remoteAddresses(network, peering)),
    ...gatewaysOf(network, virtualNetwork).map((gateway) => gateway.addresses),
  ]);
  const more = [
    ...groupsWith(network, virtualNetwork).map((group) => addressesJoinedBy(network, group)),
    ...routeTablesOf(network, virtualNetwork).flatMap((table) => table.routes.map((route) => route.prefix)),
  ];
  const possible = more.length === 0 ? certain : unionOf([certain, ...more]);
  return { certain, possible: isWithin(possible, certain) ? certain : possible };
}

/** What a tag means somewhere; undefined for a tag whose addresses we do not know. */
export function resolveTag(tag: string, virtualNetworkAddresses: AddressSet): AddressSet | undefined {
  switch (tag.toLowerCase()) {
    case 'virtualnetwork':
      return virtualNetworkAddresses;
    case 'internet':
      return outsideOf(virtualNetworkAddresses);
    case 'azureloadbalancer':
      return LOAD_BALANCER_PROBE;
    default:
      return undefined;
  }
}

/** Asked for by rule after rule with the same few sets, and long where a network has many peers. */
const OUTSIDE = new WeakMap<AddressSet, AddressSet>();

function outsideOf(virtualNetworkAddresses: AddressSet): AddressSet {
  const outside = OUTSIDE.get(virtualNetworkAddresses) ?? withoutNetwork(virtualNetworkAddresses);
  OUTSIDE.set(virtualNetworkAddresses, outside);
  return outside;
}

function withoutNetwork(virtualNetworkAddresses: AddressSet): AddressSet {
  return addressDifference(EVERY_ADDRESS, virtualNetworkAddresses);
}

/** The tag for a group without a network of its own. */
const UNKNOWN_TAG = addressUnion(UNKNOWN_NETWORK, LOAD_BALANCER_PROBE);
export const UNKNOWN_VIRTUAL_NETWORK_TAG: VirtualNetworkTag = { certain: UNKNOWN_TAG, possible: UNKNOWN_TAG };

/** Who is in an application security group: certainly, and at the most. */
export interface Members {
  readonly certain: AddressSet;
  readonly possible: AddressSet;
}

/**
 * The live membership of every application security group. A member whose address is not known (a scale set's, a
 * template's) is possibly anywhere in its subnet and certainly nowhere.
 */
export function applicationGroupMembers(network: Network): ReadonlyMap<ResourceKey, Members> {
  const members = new Map<ResourceKey, { certain: AddressSet[]; possible: AddressSet[] }>();
  for (const { address, family, subnet, applicationGroups } of [...network.interfaces.values()].flatMap(
    (nic) => nic.ipConfigurations,
  )) {
    if (applicationGroups.length === 0) continue;
    const prefixes = (subnet !== undefined && network.subnets.get(subnet)?.prefixes) || NO_ADDRESS;
    const anywhere = family ? ofFamily(prefixes, family) : prefixes;
    for (const key of applicationGroups.map(keyOf)) {
      const known = members.get(key) ?? { certain: [], possible: [] };
      members.set(key, known);
      if (address) known.certain.push(setOfAddress(address));
      known.possible.push(address ? setOfAddress(address) : anywhere);
    }
  }
  return new Map(
    [...members].map(([key, { certain, possible }]) => [
      key,
      { certain: unionOf(certain), possible: unionOf(possible) },
    ]),
  );
}
