/** Endpoints: every place where a virtual machine's admin port is, or could come to be. */
import {
  type Address,
  type AddressSet,
  EVERY_IPV4,
  EVERY_IPV6,
  firstAddress,
  hasAddress,
  isEmpty,
  isWithin,
  ofFamily,
  setOfAddress,
  unionOf,
} from './address';
import type { Layer } from './decision';
import {
  type Interface,
  type IpConfiguration,
  keyOf,
  nameOf,
  type Network,
  type PublicIp,
  type ResourceKey,
  type SecurityGroup,
  type Subnet,
  type VirtualNetwork,
} from './network';
import { UNKNOWN_NETWORK } from './service-tag';

/** A layer of filtering; without a group it lets everything through. */
export interface LayerGroup {
  readonly layer: Layer;
  readonly group?: SecurityGroup;
}

export interface Endpoint {
  readonly kind: 'interface' | 'subnet' | 'security-group';
  /** Resource id of the IP configuration, the subnet, or the unattached group; casing as read. */
  readonly id: string;
  /** The virtual machine's name where there is one. */
  readonly name: string;
  /** Ids (keys) this endpoint answers to when a policy names a target: machine, interface, subnet, network. */
  readonly keys: readonly ResourceKey[];
  /** The addresses it has, or may have. */
  readonly addresses: AddressSet;
  readonly address?: Address;
  /** Application security groups it belongs to. */
  readonly groups: readonly ResourceKey[];
  /** In the order a packet meets them. */
  readonly layers: readonly LayerGroup[];
  readonly subnet?: Subnet;
  readonly virtualNetwork?: VirtualNetwork;
  readonly publicIp?: PublicIp;
  /** Back-end pools, NAT rules and NAT pools it belongs to. */
  readonly pools: readonly ResourceKey[];
  /** Set for what belongs to a platform service: judged when a repair is proven, but never a finding. */
  readonly platformManaged?: string;
}

/**
 * With `behind`, those that one of these groups (keys) stands before: a repair is judged without building the rest.
 * Without: every IP configuration, every subnet (for the machines that will come), and every security group that is attached to
 * nothing, which is judged as if it stood on a subnet of its own. Each kind in the order of ids. An endpoint with an unreadable layer is left out: the
 * reader has reported the gap.
 */
export function endpointsOf(network: Network, behind?: ReadonlySet<ResourceKey>): readonly Endpoint[] {
  const isMeant = (key: ResourceKey | undefined): boolean => !behind || (key !== undefined && behind.has(key));
  const ruled = behind && networksRuledBy(network, behind);
  const subnets = inOrder(
    network.subnets,
    ({ securityGroup, virtualNetwork }) => isMeant(securityGroup) || ruled?.has(virtualNetwork) === true,
  );
  const inside = behind && new Set(subnets.map(({ id }) => keyOf(id)));
  const isOf = ({ securityGroup }: Interface, { subnet }: IpConfiguration): boolean =>
    isMeant(securityGroup) || (subnet !== undefined && inside?.has(subnet) === true);
  const interfaces = inOrder(network.interfaces, (nic) => nic.ipConfigurations.some((ip) => isOf(nic, ip)));
  const attached = attachedGroups(network, isMeant);
  const unattached = inOrder(network.securityGroups, (_, key) => isMeant(key) && !attached.has(key));
  return [
    ...subnets.flatMap((subnet) => subnetEndpoint(network, subnet)),
    ...interfaces.flatMap((nic) =>
      configurationsOf(nic).flatMap((ip) => (isOf(nic, ip) ? interfaceEndpoint(network, nic, ip) : [])),
    ),
    ...unattached.map(unattachedEndpoint),
  ];
}

/** The networks in which one of these groups holds security admin rules. */
function networksRuledBy(network: Network, groups: ReadonlySet<ResourceKey>): ReadonlySet<ResourceKey> {
  return new Set(
    [...network.adminRules].flatMap(([key, ruling]) => (ruling.some(({ id }) => groups.has(keyOf(id))) ? key : [])),
  );
}

function attachedGroups(
  network: Network,
  isMeant: (key: ResourceKey | undefined) => boolean,
): ReadonlySet<ResourceKey> {
  const attached = new Set<ResourceKey>();
  for (const users of [network.subnets, network.interfaces]) {
    for (const { securityGroup } of users.values()) {
      if (securityGroup !== undefined && isMeant(securityGroup)) attached.add(securityGroup);
    }
  }
  return attached;
}

function configurationsOf({ ipConfigurations }: Interface): readonly IpConfiguration[] {
  if (ipConfigurations.length < 2) return ipConfigurations;
  return ipConfigurations.toSorted((a, b) => (keyOf(a.id) < keyOf(b.id) ? -1 : 1));
}

/** By id, so that the order of the input shows nowhere. */
function inOrder<V>(map: ReadonlyMap<ResourceKey, V>, isMeant: (value: V, key: ResourceKey) => boolean): V[] {
  const entries: [ResourceKey, V][] = [];
  for (const entry of map) if (isMeant(entry[1], entry[0])) entries.push(entry);
  return entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}

function subnetEndpoint(network: Network, subnet: Subnet): Endpoint[] {
  const layer = layerOf(network, 'subnet', subnet.securityGroup);
  const virtualNetwork = network.virtualNetworks.get(subnet.virtualNetwork);
  if (!layer || !virtualNetwork || isEmpty(subnet.prefixes)) return [];
  return [
    {
      kind: 'subnet',
      id: subnet.id,
      name: `${virtualNetwork.name}/${subnet.name}`,
      keys: [keyOf(subnet.id), keyOf(virtualNetwork.id)],
      addresses: subnet.prefixes,
      groups: [],
      pools: [],
      layers: [...adminLayers(network, virtualNetwork), layer],
      subnet,
      virtualNetwork,
      ...(subnet.platformManaged !== undefined && { platformManaged: subnet.platformManaged }),
    },
  ];
}

function interfaceEndpoint(network: Network, nic: Interface, ip: IpConfiguration): Endpoint[] {
  const { subnet: subnetKey } = ip;
  const subnet = subnetKey === undefined ? undefined : network.subnets.get(subnetKey);
  const virtualNetwork = subnet && network.virtualNetworks.get(subnet.virtualNetwork);
  if (subnetKey === undefined || !subnet || !virtualNetwork) return [];
  const key = keyOf(nic.id);
  const outer = layerOf(network, 'subnet', subnet.securityGroup);
  const inner = layerOf(network, 'interface', nic.securityGroup);
  const possible = ip.family ? ofFamily(subnet.prefixes, ip.family) : subnet.prefixes;
  const addresses = ip.address ? setOfAddress(ip.address) : possible;
  const platformManaged = subnet.platformManaged ?? nic.platformManaged;
  if (!outer || !inner || isEmpty(addresses)) return [];
  return [
    {
      kind: 'interface',
      id: ip.id,
      name: nic.virtualMachine === undefined ? nic.name : nameOf(nic.virtualMachine),
      keys: [nic.virtualMachine === undefined ? key : keyOf(nic.virtualMachine), key, subnetKey, subnet.virtualNetwork],
      addresses,
      ...(ip.address && { address: ip.address }),
      groups: ip.applicationGroups,
      pools: ip.pools,
      layers: [...adminLayers(network, virtualNetwork), outer, inner],
      subnet,
      virtualNetwork,
      ...(ip.publicIp !== undefined && { publicIp: publicIpOf(network, ip.publicIp) }),
      ...(platformManaged !== undefined && { platformManaged }),
    },
  ];
}

function unattachedEndpoint(group: SecurityGroup): Endpoint {
  const layers: LayerGroup[] = [{ layer: 'subnet', group }];
  const keys = [keyOf(group.id)];
  return {
    kind: 'security-group',
    id: group.id,
    name: group.name,
    keys,
    addresses: imaginedAddresses(group),
    groups: [],
    pools: [],
    layers,
    ...(group.platformManaged !== undefined && { platformManaged: group.platformManaged }),
  };
}

/** Where machines behind an unattached group may stand: the private ranges, and whatever its own rules speak of. */
function imaginedAddresses(group: SecurityGroup): AddressSet {
  const named = group.rules
    .filter((rule) => rule.direction === 'inbound')
    .flatMap((rule) => rule.destinations.flatMap((match) => (match.kind === 'prefix' ? [match.addresses] : [])))
    .filter((addresses) => !isWithin(EVERY_IPV4, addresses) && !isWithin(EVERY_IPV6, addresses));
  return unionOf([UNKNOWN_NETWORK, ...named]);
}

/** A public IP that was not read is taken as the kind that is open by default. */
function publicIpOf(network: Network, key: ResourceKey): PublicIp {
  return network.publicIps.get(key) ?? { id: key, name: nameOf(key), sku: 'basic' };
}

/** Security admin rules are asked before any group (https://learn.microsoft.com/azure/virtual-network-manager/concept-security-admins). */
function adminLayers(network: Network, virtualNetwork: VirtualNetwork): LayerGroup[] {
  const groups = network.adminRules.size === 0 ? undefined : network.adminRules.get(keyOf(virtualNetwork.id));
  return groups?.map((group) => ({ layer: 'admin', group })) ?? [];
}

/** Undefined if a group is there but could not be read: nothing can be concluded about such a layer. */
function layerOf(network: Network, layer: Layer, key: ResourceKey | undefined): LayerGroup | undefined {
  if (key === undefined) return { layer };
  const group = network.securityGroups.get(key);
  return group && { layer, group };
}

/** Azure keeps the first four addresses of a subnet for itself: no machine will ever have them. */
const RESERVED = 4;

/** An address that a machine could have there; undefined for no addresses at all. */
export function usableAddress(addresses: AddressSet): Address | undefined {
  const first = firstAddress(addresses);
  if (!first) return undefined;
  const usable: Address =
    first.family === 'ipv4'
      ? { family: 'ipv4', value: first.value + RESERVED }
      : { family: 'ipv6', value: first.value + BigInt(RESERVED) };
  return hasAddress(addresses, usable) ? usable : first;
}
