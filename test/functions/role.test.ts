import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { createLocalAzure, type LocalAzure } from '../../playground/azure';
import { type Listening, listen } from '../../playground/azure/listen';
import { identityToken } from '../../playground/azure/token';
import { azureTenant } from '../../shared/azure/tenant';
import { readNetwork } from '../../shared/network/read';
import type { Tenant } from '../../shared/ports';
import { rule, SUBSCRIPTION, withRule } from '../estate';
import { FREE_TURN, SCOPE } from '../shared/azure/fixture';
import { wideEstate } from '../shared/azure/wide-estate';

const definition = z.object({
  permissions: z.array(z.looseObject({ actions: z.array(z.string()) })).length(1),
});
const ROLE = definition.parse(JSON.parse(readFileSync(join(__dirname, '../../infra/roles/network.json'), 'utf8')));
const ACTIONS = ROLE.permissions[0]?.actions ?? [];
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app/providers/Microsoft.Network/networkSecurityGroups/nsg-app`;

/** Needed in Azure, while the local one has no such type or shows it to everybody. */
const UNSEEN = [
  'Microsoft.Compute/virtualMachineScaleSets/networkInterfaces/read',
  'Microsoft.Network/expressRouteGateways/read',
  'Microsoft.Network/vpnSites/read',
  'Microsoft.Resources/subscriptions/resourceGroups/read',
];

let azure: LocalAzure;
let server: Listening;
afterEach(async () => {
  await server.close();
  await azure.close();
});

/** A tenant as the managed identity with just these actions. */
async function tenantWith(actions: readonly string[]): Promise<Tenant> {
  const ssh = rule('allow-ssh', 150, { destinationPortRange: '22' });
  const permissions = [{ actions, notActions: [] }];
  azure = createLocalAzure({
    estate: withRule(wideEstate(), 'nsg-app', ssh),
    identityRole: { permissions },
    rbac: true,
  });
  server = await listen(azure.fetch, { port: 0 });
  const token = identityToken('the-app', new Date(), 'https://management.azure.com/');
  return azureTenant({
    armEndpoint: server.url,
    credential: { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) },
    readNetwork,
    now: () => new Date(),
    retries: { maxRetries: 0, retryDelayInMs: 1, maxRetryDelayInMs: 1 },
  });
}

const scope = { ...SCOPE, subscriptionId: SUBSCRIPTION };

describe('infra/roles/network.json', () => {
  test('lets the guardrail read everything and repair', async () => {
    const tenant = await tenantWith(ACTIONS);
    const snapshot = await tenant.observe(scope, []);
    expect(snapshot.gaps).toEqual([]);
    const action = { kind: 'remove-rule', securityGroup: GROUP.toLowerCase(), rule: 'allow-ssh' } as const;
    expect(await tenant.apply(snapshot, [action], FREE_TURN)).toMatchObject([{ status: 'applied' }]);
    const again = await tenant.lookAgain(snapshot, [GROUP.toLowerCase()]);
    expect(again.gaps).toEqual([]);
    const rules = again.network.securityGroups.get(GROUP.toLowerCase())?.rules ?? [];
    expect(rules.map(({ name }) => name)).not.toContain('allow-ssh');
  });

  const reads = ACTIONS.filter(
    (action) => action.endsWith('/read') && !action.includes('/operations/') && !UNSEEN.includes(action),
  );

  test.each(reads)('has nothing to spare: without %s there is a gap that names it', async (missing) => {
    const tenant = await tenantWith(ACTIONS.filter((action) => action !== missing));
    const { gaps } = await tenant.observe(scope, []);
    expect(gaps.filter(({ what }) => what === 'not-read').map(({ why }) => why)).toContainEqual(
      expect.stringContaining(missing.replace('/virtualMachines/networkInterfaces/', '/networkInterfaces/')),
    );
  });

  test('writes security groups and nothing else', () => {
    const writes = ACTIONS.filter((action) => !action.endsWith('/read'));
    expect(writes.filter((action) => !/\/(networkSecurityGroups|applicationSecurityGroups)\//.test(action))).toEqual(
      [],
    );
    expect(ACTIONS.filter((action) => action.includes('*'))).toEqual([]);
  });
});
