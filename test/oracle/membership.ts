// Application security groups by live membership: which groups an IP configuration belongs to, and an address, and who is in a group.
import type { AddressRange } from './address';
import type { ArmResource, IpConfigurationResource } from './arm';
import type { Reading } from './match';
import { parseAddress, rangeContains } from './address';
import { sameId } from './arm';
import { addressesOfPlace, interfacesOf, placeOf } from './place';

/** The ids of the groups the IP configuration is a member of; a machine to come is in none. */
export function groupsOf(ipConfiguration: IpConfigurationResource | undefined): string[] {
  return (ipConfiguration?.properties.applicationSecurityGroups ?? []).map((reference) => reference.id);
}

/** The ids of the groups that hold an interface with this address; read wide, also those with one that may have it. */
export function groupsOfAddress(resources: readonly ArmResource[], address: string): Record<Reading, string[]> {
  const parsed = parseAddress(address);
  const members = configurationsOf(resources);
  const holding = (reading: Reading): string[] =>
    members
      .filter((each) => parsed && whereIs(resources, each, reading).some((range) => rangeContains(range, parsed)))
      .flatMap(groupsOf);
  return { wide: holding('wide'), narrow: holding('narrow') };
}

/** The addresses of everything in the group; read wide, also every address that a member without a known one may have. */
export function membersOf(resources: readonly ArmResource[], group: string, reading: Reading): AddressRange[] {
  return configurationsOf(resources)
    .filter((ipConfiguration) => groupsOf(ipConfiguration).some((id) => sameId(id, group)))
    .flatMap((ipConfiguration) => whereIs(resources, ipConfiguration, reading));
}

function whereIs(
  resources: readonly ArmResource[],
  ipConfiguration: IpConfigurationResource,
  reading: Reading,
): AddressRange[] {
  const own = parseAddress(ipConfiguration.properties.privateIPAddress ?? '');
  if (own) return [{ family: own.family, first: own.value, last: own.value }];
  const place = reading === 'wide' ? placeOf(resources, ipConfiguration.id) : undefined;
  return place ? addressesOfPlace(place) : [];
}

function configurationsOf(resources: readonly ArmResource[]): IpConfigurationResource[] {
  return interfacesOf(resources)
    .flatMap((networkInterface) => networkInterface.properties.ipConfigurations)
    .filter((ipConfiguration) => groupsOf(ipConfiguration).length > 0);
}
