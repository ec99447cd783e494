// Virtual machines and their extensions at the wire, and the interfaces that follow them.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { at, listAt, textAt } from '../../playground/azure/json';
import type { Running } from './azure/local-azure';
import { SUBSCRIPTION, code, group, start } from './azure/local-azure';

let running: Running;
const location = 'westeurope';
const subnet = { id: `${group('rg-app', 'virtualNetworks', 'vnet-app')}/subnets/snet-app` };
const spare = group('rg-app', 'networkInterfaces', 'nic-spare');
const first = group('rg-app', 'networkInterfaces', 'nic-vm-app-1');

function compute(type: string, name: string): string {
  return `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app/providers/Microsoft.Compute/${type}/${name}`;
}

const vm = compute('virtualMachines', 'vm-new');

beforeAll(async () => {
  running = await start();
});
beforeEach(async () => {
  running.azure.reset();
  await running.send('PUT', spare, {
    location,
    properties: { ipConfigurations: [{ name: 'ip', properties: { subnet } }] },
  });
});
afterAll(async () => await running.stop());

function machineBody(networkInterfaces: readonly unknown[] = [{ id: spare }]): Record<string, unknown> {
  return {
    location,
    properties: {
      hardwareProfile: { vmSize: 'Standard_B2s' },
      osProfile: {
        computerName: 'vm-new',
        adminUsername: 'azure',
        adminPassword: 'not-a-real-one',
        customData: 'eA==',
      },
      networkProfile: { networkInterfaces },
    },
  };
}

async function properties(id: string): Promise<unknown> {
  return at((await running.send('GET', id)).body, 'properties');
}

async function operations(): Promise<(string | undefined)[]> {
  const { body } = await running.control('GET', 'state');
  return listAt(body, 'events', 'raised').map((event) => textAt(event, 'data', 'operationName'));
}

describe('virtualMachines', () => {
  test('a new machine owns its interface, and its secrets are not given back', async () => {
    const created = await running.send('PUT', vm, machineBody());
    expect(created.status).toBe(201);
    for (const shown of [created.body, (await running.send('GET', vm)).body]) {
      expect(at(shown, 'properties', 'osProfile')).toEqual({ computerName: 'vm-new', adminUsername: 'azure' });
    }
    expect(textAt(await properties(spare), 'virtualMachine', 'id')).toBe(vm);
    expect(code(await running.send('DELETE', spare))).toBe('NicInUse');
    expect(await operations()).toContain('Microsoft.Compute/virtualMachines/write');
  });

  test('a PATCH of the network profile attaches another interface, and lets the first one go', async () => {
    await running.send('PUT', vm, machineBody());
    const second = group('rg-app', 'networkInterfaces', 'nic-second');
    const body = { location, properties: { ipConfigurations: [{ name: 'ip', properties: { subnet } }] } };
    await running.send('PUT', second, body);
    const patch = { properties: { networkProfile: { networkInterfaces: [{ id: second }] } } };
    expect((await running.send('PATCH', vm, patch)).status).toBe(200);
    expect(textAt(await properties(second), 'virtualMachine', 'id')).toBe(vm);
    expect(at(await properties(spare), 'virtualMachine')).toBeUndefined();
    expect(textAt(await properties(vm), 'hardwareProfile', 'vmSize')).toBe('Standard_B2s');
  });

  test.each([
    ['an interface of another machine', [{ id: first }], 'NicInUse'],
    ['an interface that does not exist', [{ id: `${spare}-lost` }], 'InvalidResourceReference'],
    ['no interface at all', [], 'InvalidParameter'],
    ['two interfaces of which none is primary', [{ id: spare }, { id: `${spare}-2` }], 'InvalidParameter'],
  ])('refuses %s', async (_title, networkInterfaces, expected) => {
    const answer = await running.send('PUT', vm, machineBody(networkInterfaces));
    expect([answer.status, code(answer)]).toEqual([400, expected]);
  });

  test('the name of its administrator does not change', async () => {
    await running.send('PUT', vm, machineBody());
    const answer = await running.send('PATCH', vm, { properties: { osProfile: { adminUsername: 'root' } } });
    expect([answer.status, code(answer)]).toEqual([409, 'PropertyChangeNotAllowed']);
  });

  test('a deleted machine takes along the interfaces that were to go with it, and leaves the others', async () => {
    await running.send('PUT', vm, machineBody());
    expect((await running.send('DELETE', vm)).status).toBe(202);
    expect((await running.send('GET', spare)).status).toBe(200);
    await running.send('PUT', vm, machineBody([{ id: spare, properties: { deleteOption: 'Delete' } }]));
    await running.send('DELETE', vm);
    expect((await running.send('GET', spare)).status).toBe(404);
  });
});

describe('extensions', () => {
  const extension = `${vm}/extensions/AADSSHLoginForLinux`;
  const body = {
    location,
    properties: {
      publisher: 'Microsoft.Azure.ActiveDirectory',
      type: 'AADSSHLoginForLinux',
      typeHandlerVersion: '1.0',
      protectedSettings: { token: 'not-a-real-one' },
    },
  };

  test('are written, listed and deleted below their machine, without their protected settings', async () => {
    expect(code(await running.send('PUT', extension, body))).toBe('ParentResourceNotFound');
    await running.send('PUT', vm, machineBody());
    expect((await running.send('PUT', extension, body)).status).toBe(201);
    const listed = listAt((await running.send('GET', `${vm}/extensions`)).body, 'value');
    expect(listed.map((each) => [each.name, at(each, 'properties', 'protectedSettings')])).toEqual([
      ['AADSSHLoginForLinux', undefined],
    ]);
    const patch = { properties: { typeHandlerVersion: '1.1' } };
    expect((await running.send('PATCH', extension, patch)).status).toBe(200);
    expect((await running.send('DELETE', extension)).status).toBe(202);
    expect(await operations()).toEqual(
      expect.arrayContaining([
        'Microsoft.Compute/virtualMachines/extensions/write',
        'Microsoft.Compute/virtualMachines/extensions/delete',
      ]),
    );
  });

  test('need a publisher, and keep their type', async () => {
    await running.send('PUT', vm, machineBody());
    const bare = { location, properties: { type: 'AADLoginForWindows', typeHandlerVersion: '1.0' } };
    expect(code(await running.send('PUT', extension, bare))).toBe('InvalidParameter');
    await running.send('PUT', extension, body);
    const other = await running.send('PATCH', extension, { properties: { type: 'CustomScript' } });
    expect(code(other)).toBe('PropertyChangeNotAllowed');
  });
});
