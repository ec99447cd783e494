// The generators draw what ARM would accept, and between them every trap they promise.
import type { ArmResource, SecurityGroupResource } from './generate';
import type { Verdict } from './naive';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { isSecurityGroup, isVirtualNetwork } from './arm';
import {
  arbitraryEstate,
  arbitraryNsg,
  arbitraryPacket,
  arbitraryPacketFor,
  coverage,
  unattachedGroups,
} from './generate';
import { judgePacket, judgeUnattached } from './naive';

const seed = 20260923;

describe('a generated security group', () => {
  test('keeps to the rules that ARM enforces', () => {
    fc.assert(fc.property(arbitraryNsg(), expectAcceptable), { seed, numRuns: 300 });
  });

  test('can be judged for any packet aimed at it', () => {
    const drawn = arbitraryNsg().chain((group) => fc.tuple(fc.constant(group), arbitraryPacketFor(group)));
    const answers = new Set<boolean>();
    fc.assert(
      fc.property(drawn, ([group, packet]) => {
        answers.add(judgeUnattached(group, packet).allowed);
      }),
      { seed, numRuns: 300 },
    );
    expect(answers.size).toBe(2);
  });
});

describe('a generated estate', () => {
  const estates = fc.sample(arbitraryEstate(), { seed, numRuns: 400 });

  test('holds groups that ARM would accept', () => {
    for (const group of estates.slice(0, 100).flat().filter(isSecurityGroup)) expectAcceptable(group);
  });

  test('gives every resource an id of its own', () => {
    for (const estate of estates) {
      const ids = estate.flatMap(idsOf).map((id) => id.toLowerCase());
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  test('leaves a group unattached now and then, and says which', () => {
    const counts = estates.map((estate) => unattachedGroups(estate).length);
    expect(counts.some((count) => count > 0)).toBe(true);
    expect(counts.some((count) => count === 0)).toBe(true);
  });

  test('meets every trap often', () => {
    const counts: Record<string, number> = {};
    for (const estate of estates) {
      for (const [trap, count] of Object.entries(coverage(estate))) counts[trap] = (counts[trap] ?? 0) + count;
    }
    expect(Object.entries(counts).filter(([, count]) => count < 20)).toEqual([]);
  });

  test('lets through a fair share of the packets aimed at it, and not by the default rules alone', () => {
    const drawn = arbitraryEstate().chain((estate) => fc.tuple(fc.constant(estate), arbitraryPacket(estate)));
    const verdicts = fc.sample(drawn, { seed, numRuns: 1000 }).map(([estate, packet]) => judgePacket(estate, packet));
    const share = (holds: (verdict: Verdict) => boolean): number => verdicts.filter(holds).length / verdicts.length;
    expect(share((verdict) => verdict.allowed)).toBeGreaterThan(0.2);
    expect(share((verdict) => !verdict.allowed)).toBeGreaterThan(0.2);
    expect(share((verdict) => verdict.decisions.some(({ priority }) => priority < 65000))).toBeGreaterThan(0.3);
    expect(share((verdict) => verdict.decisions.length === 2)).toBeGreaterThan(0.1);
  });
});

function expectAcceptable(group: SecurityGroupResource): void {
  const rules = group.properties.securityRules ?? [];
  const slots = rules.map(({ properties }) => `${properties.direction.toLowerCase()} ${properties.priority}`);
  expect(new Set(slots).size).toBe(rules.length);
  expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
  for (const { properties } of rules) {
    expect(properties.priority).toBeGreaterThanOrEqual(100);
    expect(properties.priority).toBeLessThanOrEqual(4096);
    expect(properties.sourceAddressPrefix && properties.sourceAddressPrefixes?.length).toBeFalsy();
    expect(properties.destinationPortRange && properties.destinationPortRanges?.length).toBeFalsy();
  }
}

function idsOf(resource: ArmResource): string[] {
  const subnets = isVirtualNetwork(resource) ? (resource.properties.subnets ?? []) : [];
  return [resource.id, ...subnets.map(({ id }) => id)];
}
