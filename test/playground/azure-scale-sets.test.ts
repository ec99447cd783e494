// Scale sets at the wire: capacity, the network profile, and instances that follow it.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { at, listAt, textAt } from '../../playground/azure/json';
import type { Answered, Running } from './azure/local-azure';
import { SUBSCRIPTION, code, group, start } from './azure/local-azure';

let running: Running;
const location = 'westeurope';
const subnet = { id: `${group('rg-app', 'virtualNetworks', 'vnet-app')}/subnets/snet-app` };
const nsg = group('rg-app', 'networkSecurityGroups', 'nsg-app');

function compute(type: string, name: string): string {
  return `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app/providers/Microsoft.Compute/${type}/${name}`;
}

const set = compute('virtualMachineScaleSets', 'vmss');

beforeAll(async () => {
  running = await start();
});
beforeEach(() => running.azure.reset());
afterAll(async () => await running.stop());

async function properties(id: string): Promise<unknown> {
  return at((await running.send('GET', id)).body, 'properties');
}

async function operations(): Promise<(string | undefined)[]> {
  const { body } = await running.control('GET', 'state');
  return listAt(body, 'events', 'raised').map((event) => textAt(event, 'data', 'operationName'));
}

const instances = `${set}/virtualMachines`;

function model(more: Record<string, unknown> = {}, ip: Record<string, unknown> = {}): unknown {
  return {
    networkProfile: {
      networkInterfaceConfigurations: [
        {
          name: 'nic',
          properties: { primary: true, ipConfigurations: [{ name: 'ip', properties: { subnet, ...ip } }], ...more },
        },
      ],
    },
  };
}

async function make(mode: string, capacity = 2): Promise<Answered> {
  return await running.send('PUT', set, {
    location,
    sku: { name: 'Standard_B2s', capacity },
    properties: { upgradePolicy: { mode }, virtualMachineProfile: model() },
  });
}

async function interfaces(): Promise<unknown[]> {
  return listAt((await running.send('GET', `${set}/networkInterfaces`)).body, 'value');
}

/** Which of the instances' interfaces have a security group. */
async function grouped(): Promise<boolean[]> {
  return (await interfaces()).map((nic) => at(nic, 'properties', 'networkSecurityGroup') !== undefined);
}

describe('virtualMachineScaleSets', () => {
  test('has as many instances as its capacity says, each with an address in the subnet', async () => {
    expect((await make('Automatic')).status).toBe(201);
    const addresses = (await interfaces()).map((nic) =>
      textAt(listAt(nic, 'properties', 'ipConfigurations')[0], 'properties', 'privateIPAddress'),
    );
    expect(addresses).toEqual(['10.1.0.6', '10.1.0.7']);
    await running.send('PATCH', set, { sku: { capacity: 1 } });
    expect(listAt((await running.send('GET', instances)).body, 'value').map(({ name }) => name)).toEqual(['vmss_0']);
    await running.send('PATCH', set, { sku: { capacity: 3 } });
    expect(await interfaces()).toHaveLength(3);
  });

  test('a changed network profile reaches the instances at once, public IPs included', async () => {
    await make('Automatic');
    const exposed = { publicIPAddressConfiguration: { name: 'pip', sku: { name: 'Standard' } } };
    const patch = { properties: { virtualMachineProfile: model({ networkSecurityGroup: { id: nsg } }, exposed) } };
    expect((await running.send('PATCH', set, patch)).status).toBe(200);
    const [nic] = await interfaces();
    const id = textAt(nic, 'id');
    expect(textAt(nic, 'properties', 'networkSecurityGroup', 'id')).toBe(nsg);
    const address = textAt(listAt(nic, 'properties', 'ipConfigurations')[0], 'properties', 'publicIPAddress', 'id');
    expect(address).toBe(`${id}/ipConfigurations/ip/publicIPAddresses/pip`);
    expect(textAt(await properties(address ?? ''), 'ipAddress')).toMatch(/^203\.0\.113\.\d+$/);
    expect(listAt((await running.send('GET', `${set}/publicIPAddresses`)).body, 'value')).toHaveLength(2);
    expect(listAt(await properties(nsg), 'networkInterfaces').map((each) => each.id)).toContain(id);
    await running.send('PATCH', set, { properties: { virtualMachineProfile: model() } });
    expect(listAt((await running.send('GET', `${set}/publicIPAddresses`)).body, 'value')).toEqual([]);
  });

  test('with manual upgrades the instances follow when they are told to', async () => {
    await make('Manual');
    const patch = { properties: { virtualMachineProfile: model({ networkSecurityGroup: { id: nsg } }) } };
    await running.send('PATCH', set, patch);
    expect(await grouped()).toEqual([false, false]);
    expect(at(await properties(`${instances}/1`), 'latestModelApplied')).toBe(false);
    expect((await running.send('POST', `${set}/manualupgrade`, { instanceIds: ['1'] })).status).toBe(202);
    expect(await grouped()).toEqual([false, true]);
    expect(code(await running.send('POST', `${set}/manualupgrade`, { instanceIds: ['9'] }))).toBe('InvalidParameter');
    expect(await operations()).toContain('Microsoft.Compute/virtualMachineScaleSets/manualUpgrade/action');
  });

  test('a deleted set takes its instances along', async () => {
    await make('Automatic');
    await running.send('DELETE', set);
    const standing = listAt(await properties(subnet.id), 'ipConfigurations').map((each) => String(each.id));
    expect(standing.filter((id) => id.includes('/vmss/'))).toEqual([]);
  });
});
