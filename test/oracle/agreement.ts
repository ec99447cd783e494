// The product's exact analysis held against the oracles: packet by packet, and slice by slice over all sources.
import type { Address } from '../../shared/network/address';
import type { Analysis } from '../../shared/network/exposure';
import type { Endpoint } from '../../shared/network/endpoint';
import type { ArmResource, SecurityGroupResource } from './arm';
import type { ArrivingPacket, Packet } from './naive';
import type { Claim, Counterexample, Prover, Slice } from './z3';
import { hasAddress, parseAddress, toCidrs } from '../../shared/network/address';
import { endpointsOf } from '../../shared/network/endpoint';
import { analyse } from '../../shared/network/exposure';
import { readNetwork } from '../../shared/network/read';
import { judgePacket, judgeUnattached } from './naive';
import { arrives, arrivesBehind, isPrivate } from './z3';

/** One estate as the product reads it. */
export interface Reading {
  readonly analysis: Analysis;
  /** By lower-case id. */
  readonly endpoints: ReadonlyMap<string, Endpoint>;
}

/** A packet on which product and evaluator differ. */
export interface Disagreement {
  readonly packet: Packet;
  readonly product: boolean;
  readonly evaluator: boolean;
}

export function readEstate(resources: readonly ArmResource[]): Reading {
  const { network } = readNetwork(resources);
  const endpoints = endpointsOf(network).map((endpoint) => [endpoint.id.toLowerCase(), endpoint] as const);
  return { analysis: analyse(network), endpoints: new Map(endpoints) };
}

/** Whether the product lets the packet through. Throws when it has no such endpoint. */
export function productAdmits({ analysis, endpoints }: Reading, { endpoint, ...packet }: ArrivingPacket): boolean {
  const place = endpoints.get(endpoint.toLowerCase());
  if (!place) throw new Error(`${endpoint} was not judged`);
  const source = addressOf(packet.source);
  const destination = addressOf(packet.destination);
  return analysis
    .admissions(place, packet.protocol, packet.destinationPort, packet.sourcePort)
    .some((admission) => hasAddress(admission.sources, source) && hasAddress(admission.destinations, destination));
}

/** The packets of the estate on which product and evaluator differ, and how many the evaluator let through. */
export function comparePackets(
  resources: readonly ArmResource[],
  packets: readonly ArrivingPacket[],
): { readonly admitted: number; readonly disagreements: readonly Disagreement[] } {
  const reading = readEstate(resources);
  const compared = packets.map((packet) => ({
    packet,
    product: productAdmits(reading, packet),
    evaluator: judgePacket(resources, packet).allowed,
  }));
  return {
    admitted: compared.filter(({ evaluator }) => evaluator).length,
    disagreements: compared.filter(({ product, evaluator }) => product !== evaluator),
  };
}

/** The same for a group that is attached to nothing; packets to addresses the product does not imagine behind it are left out. */
export function comparePacketsBehind(
  group: SecurityGroupResource,
  packets: readonly Packet[],
): { readonly compared: number; readonly disagreements: readonly Disagreement[] } {
  const reading = readEstate([group]);
  const addresses = reading.endpoints.get(group.id.toLowerCase())?.addresses;
  if (!addresses) throw new Error(`${group.id} was not judged`);
  const compared = packets
    .filter(({ destination }) => hasAddress(addresses, addressOf(destination)))
    .filter(({ source, destination }) => addressOf(source).family === addressOf(destination).family)
    .map((packet) => ({
      packet,
      product: productAdmits(reading, { ...packet, endpoint: group.id }),
      evaluator: judgeUnattached(group, packet).allowed,
    }));
  return {
    compared: compared.length,
    disagreements: compared.filter(({ product, evaluator }) => product !== evaluator),
  };
}

/** A packet on which the product's set of sources and the solver differ; undefined: the set is exactly right. */
export async function compareSlice(
  prover: Prover,
  resources: readonly ArmResource[],
  slice: Slice,
): Promise<Counterexample | undefined> {
  return prover.disagreement(arrives(resources, slice), claimsOf(readEstate(resources), slice), slice.family);
}

/** The same for a group that is attached to nothing, for destinations in private space. */
export async function compareSliceBehind(
  prover: Prover,
  group: SecurityGroupResource,
  slice: Slice,
): Promise<Counterexample | undefined> {
  const claims = claimsOf(readEstate([group]), slice);
  return prover.disagreement(arrivesBehind(group, slice), claims, slice.family, isPrivate(slice.family));
}

function claimsOf({ analysis, endpoints }: Reading, { endpoint, protocol, destinationPort }: Slice): Claim[] {
  const place = endpoints.get(endpoint.toLowerCase());
  if (!place) throw new Error(`${endpoint} was not judged`);
  return analysis.admissions(place, protocol, destinationPort).map(({ sources, destinations }) => ({
    sources: toCidrs(sources),
    destinations: toCidrs(destinations),
  }));
}

function addressOf(text: string): Address {
  const address = parseAddress(text);
  if (!address) throw new RangeError(`${text} is not an address`);
  return address;
}
