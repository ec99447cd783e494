/** The exact analysis against the packet-by-packet evaluator, which shares no code with it. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Address, hasAddress, parseAddress } from '../../../shared/network/address';
import { type Endpoint, endpointsOf } from '../../../shared/network/endpoint';
import { analyse, type Analysis } from '../../../shared/network/exposure';
import { explain } from '../../../shared/network/explain';
import { readNetwork } from '../../../shared/network/read';
import { arbitraryEstate, arbitraryNsg, arbitraryPacket, arbitraryPacketFor, coverage } from '../../oracle/generate';
import { judgePacket, judgeUnattached, type Packet } from '../../oracle/naive';

const ESTATES = Number(process.env.ORACLE_ESTATES ?? 500);
const PACKETS = 32;
const GROUPS = Number(process.env.ORACLE_GROUPS ?? 250);

function isAdmitted(analysis: Analysis, endpoint: Endpoint, packet: Packet): boolean {
  const source = addressOf(packet.source);
  const destination = addressOf(packet.destination);
  return analysis
    .admissions(endpoint, packet.protocol, packet.destinationPort, packet.sourcePort)
    .some((admission) => hasAddress(admission.sources, source) && hasAddress(admission.destinations, destination));
}

function addressOf(text: string): Address {
  const address = parseAddress(text);
  if (!address) throw new RangeError(`${text} is not an address`);
  return address;
}

describe('the exact analysis', () => {
  test(`agrees with the packet-by-packet evaluator on ${ESTATES * PACKETS} packets of generated estates`, () => {
    const seen: Record<string, number> = {};
    let admitted = 0;
    let judged = 0;
    const property = fc.property(
      arbitraryEstate().chain((resources) =>
        fc.tuple(
          fc.constant(resources),
          fc.array(arbitraryPacket(resources), { minLength: PACKETS, maxLength: PACKETS }),
        ),
      ),
      ([resources, packets]) => {
        const { network } = readNetwork(resources);
        const analysis = analyse(network);
        const endpoints = new Map(endpointsOf(network).map((endpoint) => [endpoint.id.toLowerCase(), endpoint]));
        for (const [feature, count] of Object.entries(coverage(resources)))
          seen[feature] = (seen[feature] ?? 0) + Number(count > 0);
        for (const packet of packets) {
          const endpoint = endpoints.get(packet.endpoint.toLowerCase());
          if (!endpoint) throw new Error(`${packet.endpoint} was not judged`);
          const expected = judgePacket(resources, packet).allowed;
          judged++;
          admitted += Number(expected);
          expect({ packet, allowed: isAdmitted(analysis, endpoint, packet) }).toEqual({ packet, allowed: expected });
        }
      },
    );
    fc.assert(property, { numRuns: ESTATES, seed: 20261123 });
    const missing = Object.entries(seen).filter(([, count]) => count === 0);
    expect(missing).toEqual([]);
    process.stderr.write(
      `judged ${judged} packets, ${admitted} admitted; estates with each feature: ${JSON.stringify(seen)}\n`,
    );
  });

  test('agrees with it on groups that are attached to nothing', () => {
    const property = fc.property(
      arbitraryNsg().chain((group) =>
        fc.tuple(fc.constant(group), fc.array(arbitraryPacketFor(group), { minLength: 16, maxLength: 16 })),
      ),
      ([group, packets]) => {
        const { network } = readNetwork([group]);
        const analysis = analyse(network);
        const [endpoint] = endpointsOf(network);
        if (!endpoint) throw new Error('the group was not judged');
        for (const packet of packets) {
          if (!hasAddress(endpoint.addresses, addressOf(packet.destination))) continue;
          if (addressOf(packet.destination).family !== addressOf(packet.source).family) continue;
          const expected = judgeUnattached(group, packet).allowed;
          expect({ packet, allowed: isAdmitted(analysis, endpoint, packet) }).toEqual({ packet, allowed: expected });
        }
      },
    );
    fc.assert(property, { numRuns: GROUPS, seed: 20261123 });
  });

  test('explains single packets as the evaluator decides them', () => {
    const property = fc.property(
      arbitraryEstate().chain((resources) => fc.tuple(fc.constant(resources), arbitraryPacket(resources))),
      ([resources, packet]) => {
        const { network } = readNetwork(resources);
        const answer = explain(network, {
          from: packet.source,
          to: packet.endpoint,
          port: packet.destinationPort,
          protocol: packet.protocol,
          sourcePort: packet.sourcePort,
        });
        const endpoint = endpointsOf(network).find((each) => each.id.toLowerCase() === packet.endpoint.toLowerCase());
        if (!endpoint?.address) return;
        expect(answer).toMatchObject({ ok: true, verdict: judgePacket(resources, packet).allowed ? 'allow' : 'deny' });
      },
    );
    fc.assert(property, { numRuns: GROUPS, seed: 20261123 });
  });
});
