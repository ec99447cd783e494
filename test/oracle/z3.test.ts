// The solver against answers that can be seen by eye, and against the packet-by-packet evaluator.
import type { Prover, Slice } from './z3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { arbitraryEstate, arbitraryPacket } from './generate';
import { judgePacket } from './naive';
import { rules } from './rule-text';
import { smallEstate, webServer } from './small-estate';
import { arrives, startProver } from './z3';

const seed = 20260923;
const ssh: Slice = { endpoint: webServer, protocol: 'tcp', destinationPort: 22, family: 4 };
const machine = ['10.1.0.4'];

let prover: Prover;
beforeAll(async () => {
  prover = await startProver();
});
afterAll(() => prover.stop());

describe('the solver', () => {
  const estate = smallEstate({
    subnetRules: rules('deny 100 from 203.0.113.7; allow 110 from 203.0.113.0/29 port 22; deny 120'),
  });
  const through = arrives(estate, ssh);

  test('confirms a set that is exactly right', async () => {
    const claims = [
      { sources: ['203.0.113.0/30', '203.0.113.4/31'], destinations: machine },
      { sources: ['203.0.113.6'], destinations: machine },
    ];
    expect(await prover.disagreement(through, claims, 4)).toBeUndefined();
  });

  test('finds the one address too many', async () => {
    const claims = [{ sources: ['203.0.113.0/29'], destinations: machine }];
    expect(await prover.disagreement(through, claims, 4)).toMatchObject({
      is: 'claimed but not let through',
      source: '203.0.113.7',
    });
  });

  test('finds the one address too few', async () => {
    const claims = [{ sources: ['203.0.113.1-203.0.113.6'], destinations: machine }];
    expect(await prover.disagreement(through, claims, 4)).toMatchObject({
      is: 'let through but not claimed',
      source: '203.0.113.0',
      destination: '10.1.0.4',
    });
  });

  test('counts a source that gets through from one source port only', async () => {
    const narrow = smallEstate({ subnetRules: rules('allow 100 from 203.0.113.7 port 22 source-port 7777; deny 120') });
    const claims = [{ sources: ['203.0.113.7'], destinations: machine }];
    expect(await prover.disagreement(arrives(narrow, ssh), claims, 4)).toBeUndefined();
    expect(await prover.disagreement(arrives(narrow, ssh), [], 4)).toMatchObject({ sourcePort: 7777 });
  });

  test('agrees with the packet-by-packet evaluator on the packet it finds', async () => {
    const drawn = arbitraryEstate().chain((each) => fc.tuple(fc.constant(each), arbitraryPacket(each)));
    let found = 0;
    for (const [resources, packet] of fc.sample(drawn, { seed, numRuns: 20 })) {
      const family = packet.source.includes(':') ? 6 : 4;
      const slice: Slice = { ...packet, family };
      const example = await prover.disagreement(arrives(resources, slice), [], family);
      if (!example) continue;
      found += 1;
      const { source, destination, sourcePort = 0 } = example;
      expect(judgePacket(resources, { ...packet, source, destination, sourcePort }).allowed).toBe(true);
    }
    expect(found).toBeGreaterThan(5);
  });
});
