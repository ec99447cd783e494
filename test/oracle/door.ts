// Doors: by which ways does a packet come to an endpoint at all, before any rule is asked? Found one by one, from the resources alone.
import type { Address } from './address';
import type { ArmResource, InterfaceResource, IpConfigurationResource, VirtualNetworkResource } from './arm';
import type { Place } from './place';
import { parseAddress, parseRange, rangeContains } from './address';
import { isVirtualNetwork, sameId } from './arm';
import { isScaleSet } from './arm-scale-set';
import { findPlace } from './place';

/** RFC 1918: no public IP is ever sent anything from there. */
const privateSpace = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

/** `id` in lower case: the public IP, the network, or the peering. */
export interface OracleDoor {
  readonly kind: 'public-ip' | 'virtual-network' | 'peering';
  readonly id: string;
}

/**
 * The open doors of these three kinds for a source: its own network (same address space), a connected peering to a network that holds it,
 * and a public IP on the endpoint for a source that is in neither. A Standard public IP is closed while no security group stands on
 * the way. `source` must be an address that the Internet routes, or a private one.
 * Sources: "Public IP addresses" (SKU) and "Virtual network peering", Azure documentation.
 */
export function openDoors(resources: readonly ArmResource[], endpoint: string, source: string): OracleDoor[] {
  const place = findPlace(resources, endpoint);
  const address = parseAddress(source);
  if (!address) throw new Error(`not an IP address: ${source}`);
  const doors: OracleDoor[] = [];
  if (holds(place.network, address)) doors.push({ kind: 'virtual-network', id: place.network.id.toLowerCase() });
  for (const { id, properties } of place.network.properties.virtualNetworkPeerings ?? []) {
    if (!sameId(properties.peeringState ?? 'Connected', 'Connected')) continue;
    const far = resources.find((resource) => sameId(resource.id, properties.remoteVirtualNetwork.id));
    const space =
      far && isVirtualNetwork(far) ? far.properties.addressSpace : properties.remoteVirtualNetworkAddressSpace;
    if (isIn(space?.addressPrefixes ?? [], address)) doors.push({ kind: 'peering', id: id.toLowerCase() });
  }
  if (doors.length > 0) return doors;
  const front = publicIpOf(resources, place);
  if (!front || address.family !== 4 || isIn(privateSpace, address)) return [];
  const isGuarded = [place.subnet, place.networkInterface].some((one) => one?.properties.networkSecurityGroup);
  return isGuarded || !sameId(front.sku, 'Standard') ? [{ kind: 'public-ip', id: front.id.toLowerCase() }] : [];
}

interface Front {
  readonly id: string;
  readonly sku: string;
}

function publicIpOf(resources: readonly ArmResource[], place: Place): Front | undefined {
  const { networkInterface, ipConfiguration } = place;
  if (!networkInterface || !ipConfiguration) return undefined;
  const id = ipConfiguration.properties.publicIPAddress?.id;
  if (id === undefined) return instanceFront(resources, networkInterface, ipConfiguration);
  const found = resources.find((resource) => sameId(resource.id, id));
  return { id, sku: found?.sku?.name ?? 'Basic' };
}

/** A scale set's instances get public IPs that are no resources. */
function instanceFront(
  resources: readonly ArmResource[],
  networkInterface: InterfaceResource,
  ipConfiguration: IpConfigurationResource,
): Front | undefined {
  const given = resources
    .filter(isScaleSet)
    .filter(({ id }) => networkInterface.id.toLowerCase().startsWith(`${id.toLowerCase()}/`))
    .flatMap(({ properties }) => properties.virtualMachineProfile.networkProfile.networkInterfaceConfigurations)
    .find(({ name }) => sameId(name, networkInterface.name))
    ?.properties.ipConfigurations.find(({ name }) => sameId(name, ipConfiguration.name))
    ?.properties.publicIPAddressConfiguration;
  return given && { id: `${ipConfiguration.id}/publicIPAddresses/${given.name}`, sku: given.sku?.name ?? 'Basic' };
}

function holds(network: VirtualNetworkResource, address: Address): boolean {
  return isIn(network.properties.addressSpace.addressPrefixes, address);
}

function isIn(prefixes: readonly string[], address: Address): boolean {
  return prefixes.some((prefix) => {
    const range = parseRange(prefix);
    return range !== undefined && rangeContains(range, address);
  });
}
