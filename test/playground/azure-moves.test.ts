// Moves of resources between groups: new ids, references that follow, and what is refused.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { listAt, textAt } from '../../playground/azure/json';
import type { Running } from './azure/local-azure';
import { SUBSCRIPTION, code, group, start } from './azure/local-azure';

let running: Running;
const location = 'westeurope';
const hub = group('rg-hub', 'virtualNetworks', 'vnet-hub');
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

describe('moveResources', () => {
  const source = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app`;
  const target = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-data`;
  const nsg = group('rg-app', 'networkSecurityGroups', 'nsg-app');
  const moved = group('rg-data', 'networkSecurityGroups', 'nsg-app');

  test('gives new ids, and leads references to them', async () => {
    const accepted = await running.send('POST', `${source}/moveResources`, {
      resources: [nsg],
      targetResourceGroup: target,
    });
    expect(accepted.status).toBe(202);
    expect((await running.send('GET', nsg)).status).toBe(404);
    const { body } = await running.send('GET', moved);
    expect(listAt(body, 'properties', 'securityRules').every(({ id }) => String(id).startsWith(moved))).toBe(true);
    const subnet = await running.send('GET', `${app}/subnets/snet-app`);
    expect(textAt(subnet.body, 'properties', 'networkSecurityGroup', 'id')).toBe(moved);
    expect(listAt(body, 'properties', 'subnets').map(({ id }) => id)).toEqual([`${app}/subnets/snet-app`]);
    expect(await raised()).toEqual([['Microsoft.Resources/subscriptions/resourceGroups/moveResources/action', source]]);
  });

  test('is refused for what is not there, is a child, has a namesake or is locked', async () => {
    const send = async (resources: unknown, to = target): Promise<string | undefined> =>
      code(await running.send('POST', `${source}/moveResources`, { resources, targetResourceGroup: to }));
    expect(await send([`${nsg}-lost`])).toBe('ResourceNotFound');
    expect(await send([nsg], `${target}-lost`)).toBe('ResourceGroupNotFound');
    expect(await send([nsg], source)).toBe('ResourceMoveSameGroup');
    expect(await send([hub])).toBe('ResourceMoveFailed');
    expect(await send([])).toBe('InvalidRequestContent');
    await running.send('PUT', moved, { location });
    expect(await send([nsg])).toBe('ResourceMoveConflict');
    await running.send('PUT', `${nsg}/providers/Microsoft.Authorization/locks/l`, {
      properties: { level: 'CanNotDelete' },
    });
    expect(await send([nsg])).toBe('ScopeLocked');
  });

  test('can be validated without moving anything', async () => {
    const request = { resources: [nsg], targetResourceGroup: target };
    expect((await running.send('POST', `${source}/validateMoveResources`, request)).status).toBe(202);
    expect((await running.send('GET', nsg)).status).toBe(200);
  });
});
