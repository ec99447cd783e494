// Where a packet arrives: the interface, the subnet and the network of an endpoint, and the security groups they name.
import type {
  ArmResource,
  InterfaceResource,
  IpConfigurationResource,
  SecurityGroupResource,
  SubnetResource,
  VirtualNetworkResource,
} from './arm';
import type { AddressRange } from './address';
import { parseAddress, parseRange } from './address';
import { isInterface, isSecurityGroup, isVirtualNetwork, sameId } from './arm';
import { listed } from './match';
import { instanceInterfaces, isScaleSet } from './arm-scale-set';

export interface Place {
  readonly network: VirtualNetworkResource;
  readonly subnet: SubnetResource;
  readonly networkInterface?: InterfaceResource;
  readonly ipConfiguration?: IpConfigurationResource;
}

/** The group with this id; undefined for no id. Throws when the id leads to none, for then there is no right answer. */
export function findGroup(
  resources: readonly ArmResource[],
  id: string | undefined,
): SecurityGroupResource | undefined {
  if (id === undefined) return undefined;
  const found = resources.find((resource) => sameId(resource.id, id));
  if (!found || !isSecurityGroup(found)) throw new Error(`no such network security group: ${id}`);
  return found;
}

/** The interfaces of machines, and those that each instance of a scale set gets. */
export function interfacesOf(resources: readonly ArmResource[]): InterfaceResource[] {
  return [...resources.filter(isInterface), ...resources.filter(isScaleSet).flatMap(instanceInterfaces)];
}

/** Every address the endpoint has or may have: its own, or any of its subnet that its IP version allows. */
export function addressesOfPlace({ ipConfiguration, subnet }: Place): AddressRange[] {
  const own = parseAddress(ipConfiguration?.properties.privateIPAddress ?? '');
  if (own) return [{ family: own.family, first: own.value, last: own.value }];
  const { addressPrefix, addressPrefixes } = subnet.properties;
  const ranges = listed(addressPrefix, addressPrefixes).flatMap((prefix) => parseRange(prefix) ?? []);
  if (!ipConfiguration) return ranges;
  const family = sameId(ipConfiguration.properties.privateIPAddressVersion, 'IPv6') ? 6 : 4;
  return ranges.filter((range) => range.family === family);
}

/** Where the endpoint is: an IP configuration's interface and subnet, or the subnet itself. Throws when it is nowhere. */
export function findPlace(resources: readonly ArmResource[], endpoint: string): Place {
  const place = placeOf(resources, endpoint);
  if (!place) throw new Error(`no such subnet or IP configuration: ${endpoint}`);
  return place;
}

/** The same; undefined when it is nowhere. */
export function placeOf(resources: readonly ArmResource[], endpoint: string): Place | undefined {
  for (const networkInterface of interfacesOf(resources)) {
    const ipConfiguration = networkInterface.properties.ipConfigurations.find(({ id }) => sameId(id, endpoint));
    if (!ipConfiguration) continue;
    const where = findSubnet(resources, ipConfiguration.properties.subnet?.id);
    return where && { ...where, networkInterface, ipConfiguration };
  }
  return findSubnet(resources, endpoint);
}

function findSubnet(resources: readonly ArmResource[], id: string | undefined): Place | undefined {
  for (const network of resources.filter(isVirtualNetwork)) {
    const subnet = network.properties.subnets?.find((candidate) => sameId(candidate.id, id));
    if (subnet) return { network, subnet };
  }
  return undefined;
}
