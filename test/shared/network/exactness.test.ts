/** The exact analysis against two oracles that share no code with it: a packet-by-packet evaluator, and a solver over all sources. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { endpointsOf } from '../../../shared/network/endpoint';
import { explain } from '../../../shared/network/explain';
import { readNetwork } from '../../../shared/network/read';
import { comparePackets, comparePacketsBehind, compareSlice, compareSliceBehind } from '../../oracle/agreement';
import {
  arbitraryEstate,
  arbitraryNsg,
  arbitraryPacket,
  arbitraryPacketFor,
  arbitrarySlice,
  arbitrarySliceFor,
  coverage,
  extraCoverage,
} from '../../oracle/generate';
import { openDoors } from '../../oracle/door';
import { judgePacket } from '../../oracle/naive';
import { rules } from '../../oracle/rule-text';
import { smallEstate, webServer } from '../../oracle/small-estate';
import { arrives, type Prover, type Slice, startProver } from '../../oracle/z3';

const seed = 20261123;
const ESTATES = Number(process.env.ORACLE_ESTATES ?? 640);
const PACKETS = 32;
const GROUPS = Number(process.env.ORACLE_GROUPS ?? 250);
const SLICES = Number(process.env.ORACLE_SLICES ?? 40);
/** Far more than the solver takes on an idle machine, for a busy one. In milliseconds. */
const PATIENCE = 120_000;
/** A counterexample is made small unless somebody only wants to know that there is one. */
const endOnFailure = process.env.ORACLE_SHRINK === 'no';

describe('the exact analysis', () => {
  test(`agrees with the packet-by-packet evaluator on ${ESTATES * PACKETS} packets of generated estates`, () => {
    const seen: Record<string, number> = {};
    const property = fc.property(
      arbitraryEstate('full').chain((resources) =>
        fc.tuple(
          fc.constant(resources),
          fc.array(arbitraryPacket(resources), { minLength: PACKETS, maxLength: PACKETS }),
        ),
      ),
      ([resources, packets]) => {
        for (const [feature, count] of Object.entries({ ...coverage(resources), ...extraCoverage(resources) })) {
          seen[feature] = (seen[feature] ?? 0) + Number(count > 0);
        }
        expect(comparePackets(resources, packets).disagreements).toEqual([]);
      },
    );
    fc.assert(property, { numRuns: ESTATES, seed, endOnFailure });
    expect(Object.entries(seen).filter(([, count]) => count === 0)).toEqual([]);
  });

  test('agrees with it on groups that are attached to nothing', () => {
    const property = fc.property(
      arbitraryNsg().chain((group) =>
        fc.tuple(fc.constant(group), fc.array(arbitraryPacketFor(group), { minLength: 16, maxLength: 16 })),
      ),
      ([group, packets]) => expect(comparePacketsBehind(group, packets).disagreements).toEqual([]),
    );
    fc.assert(property, { numRuns: GROUPS, seed, endOnFailure });
  });

  test('explains single packets as the evaluator decides them', () => {
    const property = fc.property(
      arbitraryEstate('full').chain((resources) => fc.tuple(fc.constant(resources), arbitraryPacket(resources))),
      ([resources, packet]) => {
        const { protocol } = packet;
        if (protocol === 'esp' || protocol === 'ah') return;
        const { network } = readNetwork(resources);
        const answer = explain(network, {
          from: packet.source,
          to: packet.endpoint,
          port: packet.destinationPort,
          protocol,
          sourcePort: packet.sourcePort,
        });
        const endpoint = endpointsOf(network).find((each) => each.id.toLowerCase() === packet.endpoint.toLowerCase());
        if (!endpoint?.address) return;
        expect(answer).toMatchObject({ ok: true, verdict: judgePacket(resources, packet).allowed ? 'allow' : 'deny' });
      },
    );
    fc.assert(property, { numRuns: GROUPS, seed, endOnFailure });
  });
});

/** Inside one network or another, or out on the Internet; nothing that is neither. */
const doorSources = [
  '8.8.8.8',
  '203.0.113.7',
  '10.0.1.9',
  '10.1.1.9',
  '10.2.1.9',
  '172.16.0.9',
  '10.200.3.4',
  '192.0.1.7',
];

describe('the doors', () => {
  test('are open or closed as the evaluator finds them, one by one', () => {
    const seen = new Set<string>();
    const drawn = arbitraryEstate('core').chain((resources) =>
      fc.tuple(fc.constant(resources), arbitraryPacket(resources), fc.constantFrom(...doorSources)),
    );
    const property = fc.property(drawn, ([resources, { endpoint, source: drawnSource }, source]) => {
      const { network } = readNetwork(resources);
      const known = endpointsOf(network).find(({ id }) => id.toLowerCase() === endpoint.toLowerCase());
      // Over IPv6 there is no door but the network's own and its peerings', which IPv4 shows as well.
      if (!known || drawnSource.includes(':')) return;
      const answer = explain(network, { from: source, to: endpoint, port: 22, protocol: 'tcp' });
      if (!answer.ok) throw new Error(JSON.stringify(answer));
      const doors = answer.doors.map(({ kind, id }) => `${kind} ${id.toLowerCase()}`);
      for (const { kind } of answer.doors) seen.add(kind);
      const expected = openDoors(resources, endpoint, source).map(({ kind, id }) => `${kind} ${id}`);
      expect({ source, doors: doors.toSorted() }).toEqual({ source, doors: expected.toSorted() });
    });
    fc.assert(property, { numRuns: GROUPS * 2, seed, endOnFailure });
    expect([...seen].toSorted()).toEqual(['peering', 'public-ip', 'virtual-network']);
  });
});

describe('the set of sources', () => {
  let prover: Prover;
  beforeAll(async () => {
    prover = await startProver();
  }, PATIENCE);
  afterAll(() => prover.stop(), PATIENCE);

  test(
    `is exactly what the solver says on ${SLICES} slices of generated estates`,
    async () => {
      const drawn = arbitraryEstate('full').chain((resources) =>
        fc.tuple(fc.constant(resources), arbitrarySlice(resources)),
      );
      const property = fc.asyncProperty(drawn, async ([resources, slice]) =>
        expect(await compareSlice(prover, resources, slice)).toBeUndefined(),
      );
      await fc.assert(property, { numRuns: SLICES, seed, endOnFailure });
    },
    PATIENCE,
  );

  test(
    'holds a source that gets through from one source port only',
    async () => {
      const resources = smallEstate({
        subnetRules: rules(
          'allow 100 from 203.0.113.7 port 22 source-port 7777; deny 110 from Internet,VirtualNetwork',
        ),
      });
      const slice: Slice = { endpoint: webServer, protocol: 'tcp', destinationPort: 22, family: 4 };
      expect(await compareSlice(prover, resources, slice)).toBeUndefined();
      expect(await prover.disagreement(arrives(resources, slice), [], 4)).toMatchObject({ source: '203.0.113.7' });
    },
    PATIENCE,
  );

  test(
    'is exactly what the solver says behind groups that are attached to nothing',
    async () => {
      const drawn = arbitraryNsg().chain((group) => fc.tuple(fc.constant(group), arbitrarySliceFor(group)));
      const property = fc.asyncProperty(drawn, async ([group, slice]) =>
        expect(await compareSliceBehind(prover, group, slice)).toBeUndefined(),
      );
      await fc.assert(property, { numRuns: Math.ceil(SLICES / 4), seed, endOnFailure });
    },
    PATIENCE,
  );
});
