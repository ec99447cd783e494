import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { PUTS } from '../../shared/azure/calls';
import { BASTION_HOST } from '../estate';
import { type Stage, stage } from '../shared/azure/writing';
import { roleEstate, WRITES } from './role-writes';

const definition = z.object({
  permissions: z.array(z.looseObject({ actions: z.array(z.string()) })).length(1),
});
const ROLE = definition.parse(JSON.parse(readFileSync(join(__dirname, '../../infra/roles/network.json'), 'utf8')));
const ACTIONS = ROLE.permissions[0]?.actions ?? [];

/** Needed in Azure, while the local one has no such type, asks in another place, or shows it to everybody. */
const UNSEEN = [
  'Microsoft.Compute/virtualMachineScaleSets/networkInterfaces/read',
  'Microsoft.Network/expressRouteGateways/read',
  'Microsoft.Network/locations/operations/read',
  'Microsoft.Network/locations/operationResults/read',
  'Microsoft.Network/virtualNetworks/subnets/read',
  'Microsoft.Network/virtualNetworks/virtualNetworkPeerings/read',
  'Microsoft.Network/vpnSites/read',
  'Microsoft.Resources/subscriptions/resourceGroups/read',
];

/** The same of what is joined or written with something else. */
const UNSEEN_WRITES = [
  'Microsoft.Network/applicationGateways/backendAddressPools/join/action',
  'Microsoft.Network/ddosProtectionPlans/join/action',
  'Microsoft.Network/networkSecurityGroups/securityRules/delete',
  'Microsoft.Network/networkSecurityGroups/securityRules/write',
  'Microsoft.Network/serviceEndpointPolicies/join/action',
  'Microsoft.Network/virtualNetworks/join/action',
];

let on: Stage;
afterEach(() => on.close());

/** The tenant as the managed identity with just these actions. */
async function stageWith(actions: readonly string[]): Promise<Stage> {
  const permissions = [{ actions, notActions: [] }];
  on = await stage({ estate: roleEstate(), pinned: [BASTION_HOST], identityRole: { permissions } });
  return on;
}

describe('infra/roles/network.json', () => {
  test('lets the guardrail read everything', async () => {
    await stageWith(ACTIONS);
    expect((await on.observe()).gaps).toEqual([]);
  });

  const reads = ACTIONS.filter(
    (action) => (action.endsWith('/read') || action.endsWith('/getShareableLinks/action')) && !UNSEEN.includes(action),
  );

  test.each(reads)('has nothing to spare: without %s there is a gap that names it', async (missing) => {
    await stageWith(ACTIONS.filter((action) => action !== missing));
    const { gaps } = await on.observe();
    expect(gaps.filter(({ what }) => what.endsWith('not-read')).map(({ why }) => why)).toContainEqual(
      expect.stringContaining(missing.replace('/virtualMachines/networkInterfaces/', '/networkInterfaces/')),
    );
  });

  test.each(WRITES)('lets it $what, and without any one line of it refuses', async ({ actions, needs }) => {
    await stageWith(ACTIONS);
    const outcomes = await on.apply(await on.observe(), ...actions);
    expect(outcomes.map(({ status, ...rest }) => (status === 'applied' ? status : rest))).toEqual(
      outcomes.map(() => 'applied'),
    );
    expect(ACTIONS).toEqual(expect.arrayContaining([...needs]));
    for (const missing of needs) {
      await on.close();
      await stageWith(ACTIONS.filter((action) => action !== missing));
      const refused = await on.apply(await on.observe(), ...actions);
      expect([missing, refused.find(({ status }) => status === 'failed')]).toEqual([
        missing,
        expect.objectContaining({ refusal: true, why: expect.stringMatching(/AuthorizationFailed/) }),
      ]);
    }
  });

  test('has no line that no write needs, no wildcard, and each type that is ever written', async () => {
    await stageWith(ACTIONS);
    const needed = new Set([...reads, ...UNSEEN, ...UNSEEN_WRITES, ...WRITES.flatMap(({ needs }) => needs)]);
    expect(ACTIONS.filter((action) => !needed.has(action))).toEqual([]);
    expect(ACTIONS.filter((action) => action.includes('*'))).toEqual([]);
    const written = ACTIONS.filter((action) => /^Microsoft\.Network\/.*\/write$/.test(action)).map((action) =>
      action.slice('Microsoft.Network/'.length, -'/write'.length).toLowerCase(),
    );
    expect(written.filter((type) => type !== 'networksecuritygroups/securityrules').toSorted()).toEqual(
      Object.keys(PUTS).toSorted(),
    );
  });
});
