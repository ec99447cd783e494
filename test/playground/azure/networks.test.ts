// Virtual networks, subnets, peerings, interfaces, public IPs and Bastion hosts through the real network client.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { at, listAt, objectAt, textAt } from '../../../playground/azure/json';
import type { Running } from './local-azure';
import { SUBSCRIPTION, code, group, start } from './local-azure';

let running: Running;
const hub = group('rg-hub', 'virtualNetworks', 'vnet-hub');
const app = group('rg-app', 'virtualNetworks', 'vnet-app');
const nic = group('rg-app', 'networkInterfaces', 'nic-vm-app-1');
const spare = group('rg-app', 'publicIPAddresses', 'pip-spare');

beforeAll(async () => {
  running = await start();
});
beforeEach(() => running.azure.reset());
afterAll(async () => await running.stop());

async function states(): Promise<(string | undefined)[]> {
  const far = await running.client.virtualNetworkPeerings.get('rg-hub', 'vnet-hub', 'hub-to-app');
  const near = await running.send('GET', `${app}/virtualNetworkPeerings/app-to-hub`);
  return [far.peeringState, textAt(near.body, 'properties', 'peeringState')];
}

describe('virtualNetworkPeerings', () => {
  test('a deleted side leaves the other Disconnected, which must go before both can be made again', async () => {
    const { client } = running;
    expect(await states()).toEqual(['Connected', 'Connected']);
    await client.virtualNetworkPeerings.delete('rg-app', 'vnet-app', 'app-to-hub');
    expect(await states()).toEqual(['Disconnected', undefined]);
    const again = { properties: { remoteVirtualNetwork: { id: hub }, allowVirtualNetworkAccess: true } };
    const refused = await running.send('PUT', `${app}/virtualNetworkPeerings/app-to-hub`, again);
    expect(code(refused)).toBe('RemotePeeringIsDisconnected');
    await client.virtualNetworkPeerings.delete('rg-hub', 'vnet-hub', 'hub-to-app');
    await running.send('PUT', `${app}/virtualNetworkPeerings/app-to-hub`, again);
    expect(
      at((await running.send('GET', `${app}/virtualNetworkPeerings/app-to-hub`)).body, 'properties', 'peeringState'),
    ).toBe('Initiated');
    await client.virtualNetworkPeerings.createOrUpdate('rg-hub', 'vnet-hub', 'hub-to-app', {
      remoteVirtualNetwork: { id: app },
    });
    expect(await states()).toEqual(['Connected', 'Connected']);
  });

  test('refuses overlapping address spaces and networks that do not exist', async () => {
    await running.client.virtualNetworks.createOrUpdate('rg-data', 'vnet-twin', {
      location: 'westeurope',
      addressSpace: { addressPrefixes: ['10.1.0.0/17'] },
    });
    const twin = { properties: { remoteVirtualNetwork: { id: group('rg-data', 'virtualNetworks', 'vnet-twin') } } };
    expect(code(await running.send('PUT', `${app}/virtualNetworkPeerings/twin`, twin))).toBe(
      'VnetAddressSpacesOverlap',
    );
    const nowhere = { properties: { remoteVirtualNetwork: { id: group('rg-app', 'virtualNetworks', 'vnet-no') } } };
    expect(code(await running.send('PUT', `${app}/virtualNetworkPeerings/no`, nowhere))).toBe(
      'InvalidResourceReference',
    );
  });

  test('deleting a network disconnects the far side', async () => {
    const { client } = running;
    const lone = { location: 'westeurope', addressSpace: { addressPrefixes: ['10.9.0.0/16'] } };
    await client.virtualNetworks.createOrUpdate('rg-app', 'vnet-lone', lone);
    const id = group('rg-app', 'virtualNetworks', 'vnet-lone');
    await client.virtualNetworkPeerings.createOrUpdate('rg-hub', 'vnet-hub', 'hub-to-lone', {
      remoteVirtualNetwork: { id },
    });
    await client.virtualNetworkPeerings.createOrUpdate('rg-app', 'vnet-lone', 'lone-to-hub', {
      remoteVirtualNetwork: { id: hub },
    });
    await client.virtualNetworks.delete('rg-app', 'vnet-lone');
    const far = await client.virtualNetworkPeerings.get('rg-hub', 'vnet-hub', 'hub-to-lone');
    expect(far.peeringState).toBe('Disconnected');
  });
});

describe('virtualNetworks and subnets', () => {
  test('a network written without its lists keeps subnets and peerings', async () => {
    const body = {
      location: 'westeurope',
      properties: { addressSpace: { addressPrefixes: ['10.1.0.0/16'] } },
      tags: { a: 'b' },
    };
    expect((await running.send('PUT', app, body)).status).toBe(200);
    const after = (await running.send('GET', app)).body;
    expect(listAt(after, 'properties', 'subnets')).toHaveLength(1);
    expect(listAt(after, 'properties', 'virtualNetworkPeerings')).toHaveLength(1);
  });

  test('a security group detached from its subnet no longer lists it', async () => {
    const { client } = running;
    const subnet = await client.subnets.get('rg-app', 'vnet-app', 'snet-app');
    expect(subnet.ipConfigurations).toHaveLength(2);
    await client.subnets.createOrUpdate('rg-app', 'vnet-app', 'snet-app', { addressPrefix: '10.1.0.0/24' });
    const nsg = await client.networkSecurityGroups.get('rg-app', 'nsg-app');
    expect(nsg.subnets ?? []).toHaveLength(0);
    await client.networkSecurityGroups.delete('rg-app', 'nsg-app');
  });

  test.each([
    ['outside the network', { addressPrefix: '10.7.0.0/24' }, 'NetcfgInvalidSubnet'],
    ['over a neighbour', { addressPrefix: '10.1.0.128/25' }, 'NetcfgSubnetRangesOverlap'],
    ['misspelt', { addressPrefix: '10.1.1/24' }, 'InvalidAddressPrefixFormat'],
    [
      'with a missing group',
      { addressPrefix: '10.1.1.0/24', networkSecurityGroup: { id: group('rg-app', 'networkSecurityGroups', 'no') } },
      'InvalidResourceReference',
    ],
  ])('refuses a subnet %s', async (_title, properties, expected) => {
    const answer = await running.send('PUT', `${app}/subnets/snet-new`, { properties });
    expect([answer.status, code(answer)]).toEqual([400, expected]);
  });

  test('a subnet in use stays', async () => {
    expect(code(await running.send('DELETE', `${app}/subnets/snet-app`))).toBe('InUseSubnetCannotBeDeleted');
    expect(code(await running.send('DELETE', app))).toBe('InUseSubnetCannotBeDeleted');
  });
});

describe('networkInterfaces and publicIPAddresses', () => {
  test('a public IP attached to an interface points back, and cannot be deleted or attached twice', async () => {
    const { client } = running;
    const standing = await client.networkInterfaces.get('rg-app', 'nic-vm-app-1');
    const [first] = standing.ipConfigurations ?? [];
    await client.networkInterfaces.createOrUpdate('rg-app', 'nic-vm-app-1', {
      ...standing,
      ipConfigurations: [{ ...first, publicIPAddress: { id: spare } }],
    });
    const attached = await client.publicIPAddresses.get('rg-app', 'pip-spare');
    expect(attached.ipConfiguration?.id).toBe(`${nic}/ipConfigurations/ipconfig1`);
    expect(code(await running.send('DELETE', spare))).toBe('PublicIPAddressCannotBeDeleted');
    const { body } = await running.send('GET', group('rg-app', 'networkInterfaces', 'nic-vm-app-2'));
    const properties = objectAt(body, 'properties');
    const [other] = listAt(properties, 'ipConfigurations');
    const second = { ...other, properties: { ...objectAt(other, 'properties'), publicIPAddress: { id: spare } } };
    const refused = await running.send('PUT', textAt(body, 'id') ?? '', {
      ...objectAt({ body }, 'body'),
      properties: { ...properties, ipConfigurations: [second] },
    });
    expect(code(refused)).toBe('PublicIPAddressInUse');
  });

  test('a new interface takes the next free address and names its machine only when it has one', async () => {
    const { client } = running;
    const created = await client.networkInterfaces.createOrUpdate('rg-app', 'nic-new', {
      location: 'westeurope',
      ipConfigurations: [{ name: 'ipconfig1', subnet: { id: `${app}/subnets/snet-app` } }],
      networkSecurityGroup: { id: group('rg-app', 'networkSecurityGroups', 'nsg-app') },
    });
    expect(created.ipConfigurations?.[0]?.privateIPAddress).toBe('10.1.0.6');
    expect(created.virtualMachine).toBeUndefined();
    expect((await client.networkInterfaces.get('rg-app', 'nic-vm-app-1')).virtualMachine?.id).toContain(
      '/virtualMachines/vm-app-1',
    );
    expect((await client.networkSecurityGroups.get('rg-app', 'nsg-app')).networkInterfaces).toHaveLength(1);
    expect(code(await running.send('DELETE', nic))).toBe('NicInUse');
    await client.networkInterfaces.delete('rg-app', 'nic-new');
  });

  test('a new public IP is Standard, static and has an address', async () => {
    const created = await running.client.publicIPAddresses.createOrUpdate('rg-app', 'pip-new', {
      location: 'westeurope',
    });
    expect(created).toMatchObject({ sku: { name: 'Standard' }, publicIPAllocationMethod: 'Static' });
    expect(created.ipAddress).toMatch(/^198\.51\.100\.\d+$/);
    expect(created.ipConfiguration).toBeUndefined();
  });
});

describe('bastionHosts and virtualMachines', () => {
  test('the Bastion host keeps its features and its public IP points to it', async () => {
    const { client } = running;
    const host = await client.bastionHosts.get('rg-hub', 'bas-hub');
    expect(host).toMatchObject({ sku: { name: 'Standard' }, enableTunneling: false, enableShareableLink: false });
    const address = await client.publicIPAddresses.get('rg-hub', 'pip-bas-hub');
    expect(address.ipConfiguration?.id).toContain('/bastionHosts/bas-hub/bastionHostIpConfigurations/IpConf');
    const updated = await client.bastionHosts.createOrUpdate('rg-hub', 'bas-hub', {
      ...host,
      enableShareableLink: true,
    });
    expect(updated.enableShareableLink).toBe(true);
    const elsewhere = {
      location: 'westeurope',
      properties: { ipConfigurations: [{ name: 'c', properties: { subnet: { id: `${app}/subnets/snet-app` } } }] },
    };
    expect((await running.send('PUT', group('rg-app', 'bastionHosts', 'bas-2'), elsewhere)).status).toBe(400);
    await client.bastionHosts.delete('rg-hub', 'bas-hub');
    expect((await client.subnets.get('rg-hub', 'vnet-hub', 'AzureBastionSubnet')).ipConfigurations).toBeUndefined();
  });

  test('virtual machines are found by ids in any casing', async () => {
    const machines = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute/virtualMachines`;
    expect(listAt((await running.send('GET', machines)).body, 'value')).toHaveLength(3);
    const one = `/subscriptions/${SUBSCRIPTION}/resourceGroups/RG-APP/providers/microsoft.compute/VirtualMachines/VM-APP-1`;
    expect((await running.send('GET', one)).body).toMatchObject({ name: 'vm-app-1' });
  });
});
