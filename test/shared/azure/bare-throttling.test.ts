import { afterEach, describe, expect, test } from '@jest/globals';
import { type ArmServer, armError, startArm } from './arm-server';
import { SCOPE, securityGroup, tenantAt } from './fixture';

let arm: ArmServer;
afterEach(() => arm.close());

describe('shared/azure/bare-throttling', () => {
  test('a list that is throttled without a Retry-After is read again and leaves no gap', async () => {
    let refusals = 2;
    arm = await startArm(({ path }) => {
      if (!path.endsWith('/networkSecurityGroups')) return { body: { value: [] } };
      refusals -= 1;
      return refusals >= 0 ? armError(429, 'TooManyRequests') : { body: { value: [securityGroup()] } };
    });
    const { gaps, resources } = await tenantAt(arm.origin).observe(SCOPE, []);
    expect(gaps).toEqual([]);
    expect(resources).toHaveLength(1);
  });
});
