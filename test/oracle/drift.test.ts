// Clean estates are clean, and drifts are what they say: one write, accepted by ARM, some harmful and some not.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { isSecurityGroup } from './arm';
import { arbitraryCleanEstate, arbitraryDriftedEstate, bastionReach, strangersReach } from './drift';
import { ipConfigurationsOf } from './edges';

const seed = 20260923;

describe('a clean estate', () => {
  test('lets Bastion to every machine, and nobody else', () => {
    fc.assert(
      fc.property(arbitraryCleanEstate(), (estate) => {
        const machines = ipConfigurationsOf(estate).filter(
          ({ properties }) => !properties.privateIPAddress?.includes(':'),
        );
        const reached = bastionReach(estate);
        for (const { id } of machines) expect(reached).toEqual(expect.arrayContaining([`${id} 22`, `${id} 3389`]));
        expect(strangersReach(estate)).toEqual([]);
      }),
      { seed, numRuns: 30 },
    );
  });
});

describe('a drift', () => {
  const drifts = fc.sample(arbitraryDriftedEstate(), { seed, numRuns: 300 });

  test('touches one security group and keeps to the rules that ARM enforces', () => {
    for (const { before, after, write } of drifts) {
      const touched = after.filter((resource, at) => resource !== before[at]);
      expect(touched).toHaveLength(1);
      const [group] = touched.filter(isSecurityGroup);
      expect(write.id.startsWith(group?.id ?? 'nothing')).toBe(true);
      const rules = group?.properties.securityRules ?? [];
      const slots = rules.map(({ properties }) => `${properties.direction.toLowerCase()} ${properties.priority}`);
      expect(new Set(slots).size).toBe(rules.length);
      for (const { properties } of rules) {
        expect(properties.priority).toBeGreaterThanOrEqual(100);
        expect(properties.priority).toBeLessThanOrEqual(4096);
      }
    }
  });

  test('comes by each road', () => {
    const roads = drifts.map(
      ({ write }) => `${write.method} ${write.id.includes('/securityRules/') ? 'rule' : 'group'}`,
    );
    expect(new Set(roads)).toEqual(new Set(['PUT rule', 'DELETE rule', 'PUT group']));
  });

  test('exposes, cuts Bastion off, or does no harm, each often enough', () => {
    const kinds = { exposes: 0, cutsBastion: 0, harmless: 0 };
    for (const { before, after } of drifts.slice(0, 60)) {
      const exposes = strangersReach(after).length > 0;
      const reached = new Set(bastionReach(after));
      const cutsBastion = bastionReach(before).some((arrival) => !reached.has(arrival));
      if (exposes) kinds.exposes += 1;
      if (cutsBastion) kinds.cutsBastion += 1;
      if (!exposes && !cutsBastion) kinds.harmless += 1;
    }
    expect(kinds.exposes).toBeGreaterThan(12);
    expect(kinds.cutsBastion).toBeGreaterThan(2);
    expect(kinds.harmless).toBeGreaterThan(12);
  });
});
