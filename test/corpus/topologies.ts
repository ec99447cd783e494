// Every network of the corpus: which places get a verdict, and does the evaluator agree on packets to them?
import * as fc from 'fast-check';
import type { Disagreement } from '../oracle/agreement';
import { productAdmits, readEstate } from '../oracle/agreement';
import { arbitraryPacket } from '../oracle/generate';
import type { ArrivingPacket } from '../oracle/naive';
import { judgePacket } from '../oracle/naive';
import { placeOf } from '../oracle/place';
import { readNetwork } from '../../shared/network/read';
import type { Topology } from './estate';

export interface TopologyReport {
  readonly name: string;
  readonly endpoints: number;
  readonly packets: number;
  readonly disagreements: readonly Disagreement[];
  /** Packets to places that the file leaves unknown, for product and evaluator alike. */
  readonly unknown: number;
}

/**
 * Tries so many random packets, but none towards groups that the file leaves open: of a rule that is not known nobody knows what it
 * means. Unattached groups are judged with the other groups, not here.
 */
export function examineTopology({ name, resources, nested }: Topology, count: number): TopologyReport {
  const reading = readEstate(resources);
  const open = new Set(readNetwork(resources).gaps.map((gap) => gap.resource.toLowerCase()));
  const isKnown = ({ endpoint }: ArrivingPacket): boolean => {
    const place = placeOf(nested, endpoint);
    const holders = [place?.subnet, place?.networkInterface];
    return holders.every((holder) => !open.has(holder?.properties.networkSecurityGroup?.id.toLowerCase() ?? ''));
  };
  const packets = drawPackets(nested, count).filter(isKnown);
  const compared = packets.map((packet) => ({
    packet,
    product: reading.endpoints.has(packet.endpoint.toLowerCase()) ? productAdmits(reading, packet) : undefined,
    evaluator: judge(nested, packet),
  }));
  const known = compared.filter(({ product, evaluator }) => product !== undefined || evaluator !== undefined);
  return {
    name,
    endpoints: reading.endpoints.size,
    packets: known.length,
    disagreements: known
      .filter(({ product, evaluator }) => product !== evaluator)
      .map(({ packet, product = false, evaluator = false }) => ({ packet, product, evaluator })),
    unknown: compared.length - known.length,
  };
}

function drawPackets(nested: Topology['nested'], count: number): ArrivingPacket[] {
  try {
    return fc.sample(arbitraryPacket(nested), { numRuns: count, seed: 20261123 });
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('at least one')) throw error;
    // A network with nothing but a Bastion host has no place for a packet to go.
    return [];
  }
}

function judge(nested: Topology['nested'], packet: ArrivingPacket): boolean | undefined {
  try {
    return judgePacket(nested, packet).allowed;
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('no such')) return undefined;
    throw error;
  }
}
