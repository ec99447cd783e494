// Packets for an estate, aimed at the edges of what is written in it, and at the addresses everybody forgets.
import type { Arbitrary } from 'fast-check';
import type { Address, Family } from '../address';
import type { ArmResource, SecurityGroupResource } from '../arm';
import type { ArrivingPacket, Packet } from '../naive';
import * as fc from 'fast-check';
import { formatAddress, parseAddress, parseRange, rangeContains } from '../address';
import { platformAddresses, strangers } from '../estate/address-plan';
import { isSecurityGroup } from '../arm';
import { edgeAddresses, edgePorts, ipConfigurationsOf, subnetsOf } from '../edges';
import { bastionSubnetName } from '../estate/front-door';
import { listed } from '../match';
import { addressesOfPlace, placeOf } from '../place';

interface Target {
  readonly endpoint: string;
  readonly family: Family;
  readonly destinations: readonly Address[];
}

const everydayPorts = [22, 3389, 443, 49152];
const families: readonly Family[] = [4, 6];
const platform = parseAll(platformAddresses);
const unknown = parseAll(strangers);
/** Ends of the private ranges, and a machine in each family, for a group that stands alone. */
const privateAddresses = parseAll('10.0.1.4 10.1.1.4 172.31.255.255 192.168.0.0 fd00:0:1:1::4 fdff::9'.split(' '));

/**
 * A packet towards any interface or VM subnet of the estate, half of the time on an admin port. Source and destination are of one
 * family. Throws when the estate holds no VM subnet. For many packets, call it once and draw often.
 */
export function arbitraryPacket(resources: readonly ArmResource[]): Arbitrary<ArrivingPacket> {
  const groups = resources.filter(isSecurityGroup);
  const edges = edgeAddresses(resources, groups);
  const ports = portsAndProtocol(groups);
  const members = machines(resources);
  const addresses = members.flatMap(({ destinations }) => destinations);
  const arrivals = [...members, ...instances(resources, edges), ...subnets(resources, edges)].map(
    ({ endpoint, family, destinations }) =>
      fc.record({
        endpoint: fc.constant(endpoint),
        source: fromAnywhere(edges, addresses, family),
        destination: oneOf(destinations, family),
        ...ports,
      }),
  );
  return fc.oneof(...arrivals);
}

/** A packet towards a machine behind the group, wherever that may be. */
export function arbitraryPacketFor(group: SecurityGroupResource): Arbitrary<Packet> {
  const edges = [...edgeAddresses([], [group]), ...privateAddresses];
  const ports = portsAndProtocol([group]);
  return fc.oneof(
    ...families.map((family) =>
      fc.record({ source: fromAnywhere(edges, [], family), destination: oneOf(edges, family), ...ports }),
    ),
  );
}

function fromAnywhere(edges: readonly Address[], machine: readonly Address[], family: Family): Arbitrary<string> {
  const kinds: [weight: number, addresses: readonly Address[]][] = [
    [5, edges],
    [2, machine],
    [3, unknown],
    [1, platform],
  ];
  return fc.oneof(
    ...kinds
      .filter(([, addresses]) => addresses.some((address) => address.family === family))
      .map(([weight, addresses]) => ({ weight, arbitrary: oneOf(addresses, family) })),
  );
}

function parseAll(texts: readonly string[]): Address[] {
  return texts.flatMap((text) => parseAddress(text) ?? []);
}

function oneOf(addresses: readonly Address[], family: Family): Arbitrary<string> {
  return fc.constantFrom(...addresses.filter((address) => address.family === family)).map(formatAddress);
}

function portsAndProtocol(groups: readonly SecurityGroupResource[]): {
  protocol: Arbitrary<Packet['protocol']>;
  sourcePort: Arbitrary<number>;
  destinationPort: Arbitrary<number>;
} {
  const edges = edgePorts(groups);
  return {
    protocol: fc.constantFrom('tcp', 'tcp', 'tcp', 'tcp', 'tcp', 'udp', 'udp', 'icmp'),
    sourcePort: fc.constantFrom(49152, ...edges.source, ...everydayPorts),
    destinationPort: fc.oneof(fc.constantFrom(22, 3389), fc.constantFrom(...everydayPorts, ...edges.destination)),
  };
}

function machines(resources: readonly ArmResource[]): Target[] {
  return ipConfigurationsOf(resources).flatMap(({ id, properties }): Target[] => {
    const address = parseAddress(properties.privateIPAddress ?? '');
    return address ? [{ endpoint: id, family: address.family, destinations: [address] }] : [];
  });
}

/** Instances of scale sets, at the edges that lie where they may be. */
function instances(resources: readonly ArmResource[], edges: readonly Address[]): Target[] {
  return ipConfigurationsOf(resources)
    .filter(({ properties }) => properties.privateIPAddress === undefined)
    .flatMap(({ id }) => {
      const place = placeOf(resources, id);
      return (place ? addressesOfPlace(place) : []).map((range) => {
        const destinations = edges.filter((address) => rangeContains(range, address));
        return { endpoint: id, family: range.family, destinations };
      });
    });
}

/** Machines to come, at the edges that lie inside the subnet. None come to the Bastion or the gateway subnet. */
function subnets(resources: readonly ArmResource[], edges: readonly Address[]): Target[] {
  const forMachines = subnetsOf(resources).filter(({ name }) => ![bastionSubnetName, 'GatewaySubnet'].includes(name));
  return forMachines.flatMap(({ id, properties }) =>
    listed(properties.addressPrefix, properties.addressPrefixes).flatMap((prefix) => {
      const range = parseRange(prefix);
      if (!range) return [];
      const destinations = edges.filter((address) => rangeContains(range, address));
      return [{ endpoint: id, family: range.family, destinations }];
    }),
  );
}
