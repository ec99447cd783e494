/** What joins networks besides peerings: routes through appliances, gateways, connected groups and virtual hubs. */
import type { Address, AddressSet } from './address';
import type { ResourceKey } from './network';

export interface Route {
  readonly name: string;
  readonly prefix: AddressSet;
  /** Prefix length in bits; the longest match decides. */
  readonly length: number;
  /** Where a virtual appliance stands; undefined for every other next hop. */
  readonly appliance?: Address;
  /** Next hop `None`: what takes it is dropped. */
  readonly drops?: true;
}

export interface RouteTable {
  readonly id: string;
  readonly name: string;
  readonly routes: readonly Route[];
}

/** A VPN or ExpressRoute gateway of one network. */
export interface Gateway {
  readonly id: string;
  readonly name: string;
  readonly virtualNetwork: ResourceKey;
  /** The address spaces that its connections and its VPN clients are known to have. */
  readonly addresses: AddressSet;
}

/** Networks that reach each other directly, all with all: an AVNM connected group, or a virtual WAN. */
export interface ConnectedGroup {
  readonly kind: 'connected-group' | 'virtual-wan';
  readonly id: string;
  readonly name: string;
  readonly virtualNetworks: readonly ResourceKey[];
  /** Address spaces of the hubs themselves and of branches, where they are known. */
  readonly addresses: AddressSet;
}
