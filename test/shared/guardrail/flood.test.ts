import { describe, expect, test } from '@jest/globals';
import { evaluate } from '../../../shared/controls';
import { networkOf, rule } from '../../estate';
import { stage } from './stage';

/** One rule for each of so many strangers, for every port: none can simply be removed, so each takes proofs. */
const FLOOD = Array.from({ length: 30 }, (_, at) =>
  rule(`flood-${at}`, 100 + at, {
    protocol: '*',
    destinationPortRange: '*',
    sourceAddressPrefix: `192.0.2.${at + 1}`,
  }),
);

describe('a flood of rules in one write', () => {
  test('is closed look by look, and the brake does not take going on for a fight', async () => {
    const { tenant, store, context, event, pass, rechecks, incidents } = await stage();
    tenant.edit('nsg-app', (rules) => [...rules, ...FLOOD]);
    await event();
    expect(incidents()[0]?.status).toBe('repaired');
    expect(store.mark).toBeDefined();
    for (let look = 1; look <= 12 && store.mark; look++) {
      pass(10);
      await rechecks();
    }
    expect(store.mark).toBeUndefined();
    const found = evaluate(networkOf(tenant.resources()), context.policy).findings;
    const open = found.filter(({ evidence }) => evidence.exposures.some(({ reportOnly }) => !reportOnly));
    expect(open).toEqual([]);
  });
});
