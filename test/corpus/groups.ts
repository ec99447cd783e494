// Every security group of the corpus: has it a verdict, are its gaps those that it has, and does the evaluator agree on packets at all edges?
import * as fc from 'fast-check';
import { readNetwork } from '../../shared/network/read';
import type { Disagreement } from '../oracle/agreement';
import { comparePacketsBehind, readEstate } from '../oracle/agreement';
import type { SecurityGroupResource } from '../oracle/arm';
import { arbitraryPacketFor } from '../oracle/generate';
import type { Packet } from '../oracle/naive';
import { edgeAddresses, edgePorts } from '../oracle/edges';
import { formatAddress, parseAddress } from '../oracle/address';
import { strangers } from '../oracle/estate/address-plan';
import type { CorpusGroup } from './estate';
import { resourceOf } from './estate';

export interface GroupReport {
  readonly id: string;
  readonly hasVerdict: boolean;
  /** The names of the gaps in what was read. */
  readonly gaps: readonly string[];
  /** Tags that rules for an admin port name and whose addresses nobody here knows. */
  readonly unknownTags: readonly string[];
  readonly packets: number;
  readonly disagreements: readonly Disagreement[];
}

/** How thoroughly to try: so many random packets, or one for each source edge, port edge and protocol. */
export type Effort = number | 'every edge';

/** Packets are tried on groups without issues only: of a rule that Azure would refuse nobody knows what it means. */
export function examineGroup(group: CorpusGroup, effort: Effort): GroupReport {
  const resource = resourceOf(group);
  const { gaps } = readNetwork([resource]);
  const packets = effort === 'every edge' ? packetsAtEdges(resource) : randomPackets(resource, effort);
  const { compared, disagreements } =
    group.issues.length === 0 ? comparePacketsBehind(resource, packets) : { compared: 0, disagreements: [] };
  const { analysis, endpoints } = readEstate([resource]);
  const endpoint = endpoints.get(resource.id.toLowerCase());
  const admissions = endpoint ? [22, 3389].flatMap((port) => analysis.admissions(endpoint, 'tcp', port)) : [];
  return {
    id: group.id,
    hasVerdict: endpoint !== undefined,
    gaps: gaps.map(({ what }) => what),
    unknownTags: [...new Set(admissions.flatMap((admission) => admission.unknownTags))],
    packets: compared,
    disagreements,
  };
}

function randomPackets(group: SecurityGroupResource, count: number): Packet[] {
  return fc.sample(arbitraryPacketFor(group), { numRuns: count, seed: 20261123 });
}

const always = [...strangers, '10.0.0.4', '172.31.255.255', '192.168.0.0', '168.63.129.16', 'fd00::4'];
const adminPorts = [22, 3389, 443];
const protocols = ['tcp', 'udp', 'icmp'] as const;

/** Destinations and source ports take turns, so that each of theirs occurs without multiplying the number. */
function packetsAtEdges(group: SecurityGroupResource): Packet[] {
  const edges = edgeAddresses([], [group]);
  const sources = [...edges, ...always.flatMap((text) => parseAddress(text) ?? [])];
  const ports = edgePorts([group]);
  const destinationPorts = [...new Set([...adminPorts, ...ports.destination])];
  const sourcePorts = [49152, ...ports.source];
  const packets: Packet[] = [];
  for (const source of sources) {
    const destinations = sources.filter(({ family }) => family === source.family);
    for (const destinationPort of destinationPorts) {
      for (const protocol of protocols) {
        const turn = packets.length;
        const destination = destinations[turn % destinations.length] ?? source;
        packets.push({
          protocol,
          source: formatAddress(source),
          sourcePort: sourcePorts[turn % sourcePorts.length] ?? 49152,
          destination: formatAddress(destination),
          destinationPort,
        });
      }
    }
  }
  return packets;
}
