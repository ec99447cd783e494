// Roads with children: what stays while it is in use, and the events that every write raises.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { listAt, objectAt, textAt } from '../../playground/azure/json';
import type { Running } from './azure/local-azure';
import { SUBSCRIPTION, code, group, start } from './azure/local-azure';

let running: Running;
const location = 'westeurope';
const hub = group('rg-hub', 'virtualNetworks', 'vnet-hub');
const app = group('rg-app', 'virtualNetworks', 'vnet-app');
const spare = group('rg-app', 'publicIPAddresses', 'pip-spare');

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

describe('in use', () => {
  test('application security groups, NAT gateways and prefixes stay while somebody uses them', async () => {
    const asg = group('rg-app', 'applicationSecurityGroups', 'asg');
    const nat = group('rg-app', 'natGateways', 'nat');
    const prefix = group('rg-app', 'publicIPPrefixes', 'prefix');
    await running.send('PUT', asg, { location });
    await running.send('PUT', nat, { location, properties: { publicIpAddresses: [{ id: spare }] } });
    await running.send('PUT', prefix, { location });
    const rule = {
      properties: {
        protocol: 'Tcp',
        access: 'Allow',
        direction: 'Inbound',
        priority: 399,
        sourcePortRange: '*',
        destinationPortRange: '443',
        sourceAddressPrefix: '*',
        destinationApplicationSecurityGroups: [{ id: asg }],
      },
    };
    const subnet = objectAt((await running.send('GET', `${app}/subnets/snet-app`)).body, 'properties');
    const written = [
      await running.send('PUT', `${group('rg-app', 'networkSecurityGroups', 'nsg-app')}/securityRules/asg`, rule),
      await running.send('PUT', `${app}/subnets/snet-app`, { properties: { ...subnet, natGateway: { id: nat } } }),
      await running.send('PUT', group('rg-app', 'publicIPAddresses', 'pip-2'), {
        location,
        properties: { publicIPPrefix: { id: prefix } },
      }),
    ];
    expect(written.map(({ status }) => status)).toEqual([201, 200, 201]);
    const refusals = [];
    for (const id of [asg, nat, prefix, spare]) refusals.push(code(await running.send('DELETE', id)));
    expect(refusals).toEqual([
      'InUseApplicationSecurityGroupCannotBeDeleted',
      'InUseNatGatewayCannotBeDeleted',
      'InUsePublicIpPrefixCannotBeDeleted',
      'PublicIPAddressCannotBeDeleted',
    ]);
  });

  test('a NAT gateway takes no public IP that stands elsewhere or nowhere', async () => {
    const nat = group('rg-app', 'natGateways', 'nat');
    const taken = { id: group('rg-hub', 'publicIPAddresses', 'pip-bas-hub') };
    const answers = [taken, { id: `${spare}-lost` }].map(
      async (each) => await running.send('PUT', nat, { location, properties: { publicIpAddresses: [each] } }),
    );
    expect((await Promise.all(answers)).map(code)).toEqual(['PublicIPAddressInUse', 'InvalidResourceReference']);
  });
});

describe('prefixes', () => {
  test('a subnet keeps a prefix of which an address is taken, and may gain another', async () => {
    const { body } = await running.send('GET', `${app}/subnets/snet-app`);
    const { addressPrefix, ...properties } = objectAt(body, 'properties');
    const moved = { ...properties, addressPrefix: '10.1.7.0/24' };
    expect(code(await running.send('PUT', `${app}/subnets/snet-app`, { properties: moved }))).toBe(
      'InUsePrefixCannotBeDeleted',
    );
    const wider = { ...properties, addressPrefixes: [addressPrefix, '10.1.7.0/24'] };
    expect((await running.send('PUT', `${app}/subnets/snet-app`, { properties: wider })).status).toBe(200);
    const shrunk = { properties: { addressPrefix: '10.0.1.0/27' } };
    expect(code(await running.send('PUT', `${hub}/subnets/AzureBastionSubnet`, shrunk))).toBe(
      'InUsePrefixCannotBeDeleted',
    );
  });
});

describe('children and tags', () => {
  test('every road raises the event of what was written, child or parent', async () => {
    const balancer = group('rg-app', 'loadBalancers', 'lb');
    const frontend = { name: 'front', properties: { publicIPAddress: { id: spare } } };
    const table = group('rg-app', 'routeTables', 'rt');
    await running.send('PUT', balancer, { location, properties: { frontendIPConfigurations: [frontend] } });
    await running.send('PUT', `${balancer}/inboundNatRules/ssh`, {
      properties: {
        frontendIPConfiguration: { id: `${balancer}/frontendIPConfigurations/front` },
        protocol: 'Tcp',
        frontendPort: 50001,
        backendPort: 22,
      },
    });
    await running.send('DELETE', `${balancer}/inboundNatRules/ssh`);
    await running.send('PUT', table, { location });
    await running.send('PUT', `${table}/routes/r`, {
      properties: { addressPrefix: '10.9.0.0/16', nextHopType: 'None' },
    });
    await running.send('PUT', `${app}/subnets/new`, { properties: { addressPrefix: '10.1.9.0/24' } });
    await running.send('DELETE', `${app}/subnets/new`);
    await running.send('DELETE', `${app}/virtualNetworkPeerings/app-to-hub`);
    await running.send('PATCH', hub, { tags: { owner: 'network' } });
    expect(await raised()).toEqual([
      ['Microsoft.Network/loadBalancers/write', balancer],
      ['Microsoft.Network/loadBalancers/inboundNatRules/write', `${balancer}/inboundNatRules/ssh`],
      ['Microsoft.Network/loadBalancers/inboundNatRules/delete', `${balancer}/inboundNatRules/ssh`],
      ['Microsoft.Network/routeTables/write', table],
      ['Microsoft.Network/routeTables/routes/write', `${table}/routes/r`],
      ['Microsoft.Network/virtualNetworks/subnets/write', `${app}/subnets/new`],
      ['Microsoft.Network/virtualNetworks/subnets/delete', `${app}/subnets/new`],
      ['Microsoft.Network/virtualNetworks/virtualNetworkPeerings/delete', `${app}/virtualNetworkPeerings/app-to-hub`],
      ['Microsoft.Network/virtualNetworks/write', hub],
    ]);
  });

  test('groups and locks raise events as well', async () => {
    const locked = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-new`;
    const lock = `${locked}/providers/Microsoft.Authorization/locks/keep`;
    await running.send('PUT', locked, { location });
    await running.send('PUT', lock, { properties: { level: 'CanNotDelete' } });
    await running.send('DELETE', lock);
    expect((await raised()).map(([operation]) => operation)).toEqual([
      'Microsoft.Resources/subscriptions/resourceGroups/write',
      'Microsoft.Authorization/locks/write',
      'Microsoft.Authorization/locks/delete',
    ]);
  });

  test('a security group keeps flushConnection, and loses it when it is left out', async () => {
    const { client } = running;
    const nsg = await client.networkSecurityGroups.get('rg-app', 'nsg-app');
    await client.networkSecurityGroups.createOrUpdate('rg-app', 'nsg-app', { ...nsg, flushConnection: true });
    expect((await client.networkSecurityGroups.get('rg-app', 'nsg-app')).flushConnection).toBe(true);
    await client.networkSecurityGroups.createOrUpdate('rg-app', 'nsg-app', { ...nsg, flushConnection: undefined });
    expect((await client.networkSecurityGroups.get('rg-app', 'nsg-app')).flushConnection).not.toBe(true);
    const odd = { location, properties: { flushConnection: 'yes' } };
    const id = group('rg-app', 'networkSecurityGroups', 'nsg-odd');
    expect(code(await running.send('PUT', id, odd))).toBe('InvalidRequestFormat');
  });
});
