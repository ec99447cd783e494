// Who reaches admin ports in an estate, found by trying: every endpoint, every address at an edge of anything written, one packet each.
import type { Address, AddressRange } from './address';
import type { ArmResource, SubnetResource } from './arm';
import type { ArrivingPacket } from './naive';
import { formatAddress, parseAddress, parseRange, rangeContains } from './address';
import { platformAddresses, strangers } from './estate/address-plan';
import { isSecurityGroup } from './arm';
import { edgeAddresses, ipConfigurationsOf, subnetsOf } from './edges';
import { bastionSubnetName } from './estate/front-door';
import { listed } from './match';
import { judgePacket } from './naive';

/** A place where a session would arrive. */
interface Arrival {
  readonly endpoint: string;
  readonly address: Address;
}

const adminPorts = [22, 3389];

/** "endpoint port" for every arrival (TCP 22 and 3389) that the first and the last host of the Bastion subnet both get to, sorted. */
export function bastionReach(resources: readonly ArmResource[]): string[] {
  const hosts = bastionRanges(resources).flatMap(({ family, first, last }): Address[] => [
    { family, value: first + 4n },
    { family, value: last - 1n },
  ]);
  return arrivals(resources)
    .flatMap((arrival) => adminPorts.map((port) => ({ arrival, port })))
    .filter(
      ({ arrival, port }) => hosts.length > 0 && hosts.every((host) => getsThrough(resources, host, arrival, port)),
    )
    .map(({ arrival, port }) => `${arrival.endpoint} ${port}`)
    .toSorted();
}

/**
 * Packets to TCP 22 and 3389 that get through though they come neither from the Bastion subnet nor from the platform. One packet is
 * proof of an exposure; none is as good as the edges tried: one source port, and one free address for each subnet.
 */
export function strangersReach(resources: readonly ArmResource[]): ArrivingPacket[] {
  const welcome = [...bastionRanges(resources), ...platformAddresses.flatMap((text) => parseRange(text) ?? [])];
  const edges = edgeAddresses(resources, resources.filter(isSecurityGroup));
  const outside = [...edges, ...strangers.flatMap((text) => parseAddress(text) ?? [])].filter(
    (address) => !welcome.some((range) => rangeContains(range, address)),
  );
  return arrivals(resources).flatMap((arrival) =>
    outside
      .filter((source) => source.family === arrival.address.family)
      .flatMap((source) => adminPorts.map((port) => packetFrom(source, arrival, port)))
      .filter((packet) => judgePacket(resources, packet).allowed),
  );
}

function getsThrough(resources: readonly ArmResource[], source: Address, arrival: Arrival, port: number): boolean {
  if (source.family !== arrival.address.family) return false;
  return judgePacket(resources, packetFrom(source, arrival, port)).allowed;
}

function packetFrom(source: Address, { endpoint, address }: Arrival, destinationPort: number): ArrivingPacket {
  return {
    endpoint,
    protocol: 'tcp',
    source: formatAddress(source),
    sourcePort: 50000,
    destination: formatAddress(address),
    destinationPort,
  };
}

function arrivals(resources: readonly ArmResource[]): Arrival[] {
  const machines = ipConfigurationsOf(resources).flatMap(({ id, properties }) => {
    const address = parseAddress(properties.privateIPAddress ?? '');
    return address ? [{ endpoint: id, address }] : [];
  });
  const toCome = subnetsOf(resources)
    .filter((subnet) => subnet.name !== bastionSubnetName)
    .flatMap((subnet) =>
      prefixesOf(subnet).map(({ family, last }) => ({ endpoint: subnet.id, address: { family, value: last - 1n } })),
    );
  return [...machines, ...toCome];
}

function bastionRanges(resources: readonly ArmResource[]): AddressRange[] {
  return subnetsOf(resources)
    .filter((subnet) => subnet.name === bastionSubnetName)
    .flatMap(prefixesOf);
}

function prefixesOf({ properties }: SubnetResource): AddressRange[] {
  return listed(properties.addressPrefix, properties.addressPrefixes).flatMap((text) => parseRange(text) ?? []);
}
