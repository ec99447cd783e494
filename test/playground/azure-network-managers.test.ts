// Commits of a network manager: which security admin rules they put in force, and where.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { at, listAt, textAt } from '../../playground/azure/json';
import type { Running } from './azure/local-azure';
import { code, group, start } from './azure/local-azure';

let running: Running;
const location = 'westeurope';
const app = group('rg-app', 'virtualNetworks', 'vnet-app');

beforeAll(async () => {
  running = await start();
});
beforeEach(() => running.azure.reset());
afterAll(async () => await running.stop());

async function raised(): Promise<(readonly [string | undefined, string | undefined])[]> {
  const { body } = await running.control('GET', 'state');
  return listAt(body, 'events', 'raised').map(
    (event) => [textAt(event, 'data', 'operationName'), textAt(event, 'subject')] as const,
  );
}

async function inForce(): Promise<number> {
  const path = `${app}/listNetworkManagerEffectiveSecurityAdminRules`;
  return listAt((await running.send('POST', path, {})).body, 'value').length;
}

describe('networkManagers', () => {
  const manager = group('rg-hub', 'networkManagers', 'avnm');
  const configuration = `${manager}/securityAdminConfigurations/c`;

  async function prepare(): Promise<void> {
    const { send } = running;
    const spokes = `${manager}/networkGroups/spokes`;
    await send('PUT', manager, { location, properties: { networkManagerScopes: {} } });
    await send('PUT', spokes, { properties: {} });
    await send('PUT', `${spokes}/staticMembers/app`, { properties: { resourceId: app } });
    await send('PUT', configuration, { properties: {} });
    const collection = `${configuration}/ruleCollections/rc`;
    await send('PUT', collection, { properties: { appliesToGroups: [{ networkGroupId: spokes }] } });
    const properties = { direction: 'Inbound', access: 'Deny', priority: 1, protocol: 'Tcp' };
    await send('PUT', `${collection}/rules/deny`, { kind: 'Custom', properties });
  }

  test('a commit says what is in force in a region, and an empty one takes it away', async () => {
    await prepare();
    expect(await inForce()).toBe(1);
    await running.client.networkManagerCommits.post('rg-hub', 'avnm', {
      targetLocations: ['West Europe'],
      configurationIds: [],
      commitType: 'SecurityAdmin',
    });
    expect(await inForce()).toBe(0);
    const again = { targetLocations: [location], configurationIds: [configuration], commitType: 'SecurityAdmin' };
    const answer = await running.send('POST', `${manager}/commit`, again);
    expect(answer.status).toBe(202);
    expect(await inForce()).toBe(1);
    const status = await running.send('POST', `${manager}/listDeploymentStatus`, { regions: [location] });
    expect(listAt(status.body, 'value')).toMatchObject([
      {
        region: location,
        deploymentType: 'SecurityAdmin',
        deploymentStatus: 'Deployed',
        configurationIds: [configuration],
      },
    ]);
    expect(await raised()).toContainEqual(['Microsoft.Network/networkManagers/commit/action', manager]);
  });

  test('a commit of nothing, nowhere or of no type is refused', async () => {
    await prepare();
    const good = { targetLocations: [location], configurationIds: [configuration], commitType: 'SecurityAdmin' };
    const codes = [];
    for (const wrong of [
      { targetLocations: [] },
      { commitType: 'Magic' },
      { configurationIds: [`${configuration}-lost`] },
    ])
      codes.push(code(await running.send('POST', `${manager}/commit`, { ...good, ...wrong })));
    expect(codes).toEqual([
      'NetworkManagerCommitMissingLocation',
      'NetworkManagerCommitTypeInvalid',
      'InvalidResourceReference',
    ]);
    expect(at((await running.send('GET', manager)).body, 'properties', 'provisioningState')).toBe('Succeeded');
  });
});
