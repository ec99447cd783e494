// The types that lead into a network or between networks, through the real network client where it has one.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { listAt, objectAt, textAt } from '../../../playground/azure/json';
import type { Running } from './local-azure';
import { SUBSCRIPTION, code, estate, group, start } from './local-azure';

let running: Running;
const lb = group('rg-app', 'loadBalancers', 'lb-app');
const nic = group('rg-app', 'networkInterfaces', 'nic-vm-app-1');
const pip = group('rg-app', 'publicIPAddresses', 'pip-spare');
const app = group('rg-app', 'virtualNetworks', 'vnet-app');
const location = 'westeurope';

beforeAll(async () => {
  running = await start();
});
beforeEach(() => running.azure.reset());
afterAll(async () => await running.stop());

/** A public load balancer whose port 50001 leads to SSH. */
function balancer(): Record<string, unknown> {
  const frontendIPConfiguration = { id: `${lb}/frontendIPConfigurations/front` };
  return {
    location,
    properties: {
      frontendIPConfigurations: [{ name: 'front', properties: { publicIPAddress: { id: pip } } }],
      backendAddressPools: [{ name: 'pool' }],
      probes: [{ name: 'probe', properties: { protocol: 'Tcp', port: 80, intervalInSeconds: 5, numberOfProbes: 2 } }],
      loadBalancingRules: [
        {
          name: 'web',
          properties: {
            frontendIPConfiguration,
            backendAddressPool: { id: `${lb}/backendAddressPools/pool` },
            probe: { id: `${lb}/probes/probe` },
            protocol: 'Tcp',
            frontendPort: 80,
            backendPort: 80,
          },
        },
      ],
      inboundNatRules: [
        {
          name: 'ssh',
          properties: { frontendIPConfiguration, protocol: 'Tcp', frontendPort: 50001, backendPort: 22 },
        },
      ],
    },
  };
}

async function join(property: string, id: string, name = 'nic-vm-app-1'): Promise<number> {
  const path = group('rg-app', 'networkInterfaces', name);
  const { body } = await running.send('GET', path);
  const [first] = listAt(body, 'properties', 'ipConfigurations');
  const joined = { ...first, properties: { ...objectAt(first, 'properties'), [property]: [{ id }] } };
  const properties = { ...objectAt(body, 'properties'), ipConfigurations: [joined] };
  return (await running.send('PUT', path, { ...objectAt({ body }, 'body'), properties })).status;
}

describe('every modelled type', () => {
  const network = [
    'applicationGateways',
    'applicationSecurityGroups',
    'azureFirewalls',
    'bastionHosts',
    'firewallPolicies',
    'ipGroups',
    'loadBalancers',
    'natGateways',
    'networkInterfaces',
    'networkManagers',
    'networkSecurityGroups',
    'privateEndpoints',
    'privateLinkServices',
    'publicIPAddresses',
    'publicIPPrefixes',
    'routeTables',
    'virtualHubs',
    'virtualNetworks',
    'virtualWans',
  ].map((type) => `Microsoft.Network/${type}`);
  const types = [...network, 'Microsoft.Compute/virtualMachines', 'Microsoft.Compute/virtualMachineScaleSets'];

  test.each(types)('%s is listed by subscription and by group', async (type) => {
    for (const scope of ['', '/resourceGroups/rg-app']) {
      const answer = await running.send('GET', `/subscriptions/${SUBSCRIPTION}${scope}/providers/${type}`);
      expect([answer.status, Array.isArray(objectAt(answer, 'body').value)]).toEqual([200, true]);
    }
  });

  test.each(['connections', 'localNetworkGateways', 'virtualNetworkGateways'])(
    '%s are listed by group, which is the only list they have',
    async (type) => {
      const list = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app/providers/Microsoft.Network/${type}`;
      const answer = await running.send('GET', list);
      expect([answer.status, objectAt(answer, 'body').value]).toEqual([200, []]);
    },
  );

  test('writes of the new types raise events', async () => {
    await running.send('PUT', group('rg-app', 'applicationSecurityGroups', 'asg'), { location });
    await running.send('PUT', group('rg-app', 'routeTables', 'rt'), { location });
    const raised = listAt((await running.control('GET', 'state')).body, 'events', 'raised');
    expect(raised.map((event) => textAt(event, 'data', 'operationName'))).toEqual([
      'Microsoft.Network/applicationSecurityGroups/write',
      'Microsoft.Network/routeTables/write',
    ]);
  });
});

describe('loadBalancers', () => {
  test('parts refer to each other, and interfaces and public IPs point back', async () => {
    const { client } = running;
    expect((await running.send('PUT', lb, balancer())).status).toBe(201);
    expect(await join('loadBalancerBackendAddressPools', `${lb}/backendAddressPools/pool`)).toBe(200);
    expect(await join('loadBalancerInboundNatRules', `${lb}/inboundNatRules/ssh`)).toBe(200);
    const read = await client.loadBalancers.get('rg-app', 'lb-app');
    const rule = `${lb}/loadBalancingRules/web`;
    expect(read.frontendIPConfigurations?.[0]).toMatchObject({
      id: `${lb}/frontendIPConfigurations/front`,
      loadBalancingRules: [{ id: rule }],
      inboundNatRules: [{ id: `${lb}/inboundNatRules/ssh` }],
    });
    expect(read.probes?.[0]?.loadBalancingRules).toEqual([{ id: rule }]);
    expect(read.inboundNatRules?.[0]?.backendIPConfiguration?.id).toBe(`${nic}/ipConfigurations/ipconfig1`);
    expect((await client.publicIPAddresses.get('rg-app', 'pip-spare')).ipConfiguration?.id).toBe(
      `${lb}/frontendIPConfigurations/front`,
    );
    const listed = [];
    for await (const each of client.loadBalancers.listAll()) listed.push(each.name);
    expect(listed).toEqual(['lb-app']);
  });

  test('a pool names its members, and keeps its balancer from being deleted', async () => {
    await running.send('PUT', lb, balancer());
    await join('loadBalancerBackendAddressPools', `${lb}/backendAddressPools/pool`);
    const pool = await running.client.loadBalancerBackendAddressPools.get('rg-app', 'lb-app', 'pool');
    expect(pool.backendIPConfigurations?.map(({ id }) => id)).toEqual([`${nic}/ipConfigurations/ipconfig1`]);
    expect((await running.send('DELETE', lb)).status).toBe(400);
  });

  test('NAT rules are written as children', async () => {
    const { client } = running;
    await running.send('PUT', lb, balancer());
    await client.inboundNatRules.createOrUpdate('rg-app', 'lb-app', 'rdp', {
      frontendIPConfiguration: { id: `${lb}/frontendIPConfigurations/front` },
      protocol: 'Tcp',
      frontendPort: 50002,
      backendPort: 3389,
    });
    expect((await client.loadBalancers.get('rg-app', 'lb-app')).inboundNatRules).toHaveLength(2);
    await client.inboundNatRules.delete('rg-app', 'lb-app', 'rdp');
    expect((await client.loadBalancers.get('rg-app', 'lb-app')).inboundNatRules).toHaveLength(1);
    expect((await running.send('PUT', `${lb}/probes/probe`, { properties: {} })).status).toBe(405);
  });

  test('refuses references to nothing, a taken public IP and a taken port', async () => {
    const { properties, ...rest } = balancer();
    const lost = { ...objectAt({ properties }, 'properties'), probes: [] };
    expect(code(await running.send('PUT', lb, { ...rest, properties: lost }))).toBe('InvalidResourceReference');
    const [front] = listAt({ properties }, 'properties', 'frontendIPConfigurations');
    const taken = {
      name: 'front',
      properties: { publicIPAddress: { id: group('rg-hub', 'publicIPAddresses', 'pip-bas-hub') } },
    };
    const used = { ...objectAt({ properties }, 'properties'), frontendIPConfigurations: [front && taken] };
    expect(code(await running.send('PUT', lb, { ...rest, properties: used }))).toBe('PublicIPAddressInUse');
    const [ssh] = listAt({ properties }, 'properties', 'inboundNatRules');
    const twice = { ...objectAt({ properties }, 'properties'), inboundNatRules: [ssh, { ...ssh, name: 'again' }] };
    expect(code(await running.send('PUT', lb, { ...rest, properties: twice }))).toBe(
      'RulesUseSameFrontendPortProtocolAndIPConfig',
    );
  });

  test('a NAT rule leads to one interface only, and to none that does not exist', async () => {
    await running.send('PUT', lb, balancer());
    await join('loadBalancerInboundNatRules', `${lb}/inboundNatRules/ssh`);
    expect(await join('loadBalancerInboundNatRules', `${lb}/inboundNatRules/ssh`, 'nic-vm-app-2')).toBe(400);
    expect(await join('loadBalancerInboundNatRules', `${lb}/inboundNatRules/none`, 'nic-vm-app-2')).toBe(400);
    expect(await join('applicationSecurityGroups', group('rg-app', 'applicationSecurityGroups', 'no'))).toBe(400);
  });
});

describe('routeTables', () => {
  const rt = group('rg-app', 'routeTables', 'rt-app');

  test('routes are children, and subnets that follow the table are listed in it', async () => {
    const { client } = running;
    await client.routeTables.createOrUpdate('rg-app', 'rt-app', { location });
    await client.routes.createOrUpdate('rg-app', 'rt-app', 'out', {
      addressPrefix: '0.0.0.0/0',
      nextHopType: 'VirtualAppliance',
      nextHopIpAddress: '10.0.0.4',
    });
    const { body } = await running.send('GET', `${app}/subnets/snet-app`);
    const properties = { ...objectAt(body, 'properties'), routeTable: { id: rt } };
    expect((await running.send('PUT', `${app}/subnets/snet-app`, { properties })).status).toBe(200);
    const read = await client.routeTables.get('rg-app', 'rt-app');
    expect([read.routes?.[0]?.name, read.subnets?.[0]?.id]).toEqual(['out', `${app}/subnets/snet-app`]);
    expect(code(await running.send('DELETE', rt))).toBe('InUseRouteTableCannotBeDeleted');
    const lost = { ...properties, routeTable: { id: `${rt}-lost` } };
    expect(code(await running.send('PUT', `${app}/subnets/snet-app`, { properties: lost }))).toBe(
      'InvalidResourceReference',
    );
  });

  test.each([
    ['an unknown next hop', { addressPrefix: '10.9.0.0/16', nextHopType: 'Teleport' }],
    ['an appliance without address', { addressPrefix: '10.9.0.0/16', nextHopType: 'VirtualAppliance' }],
    ['a misspelt prefix', { addressPrefix: '10.9/16', nextHopType: 'Internet' }],
  ])('refuses %s', async (_title, properties) => {
    await running.send('PUT', rt, { location });
    expect((await running.send('PUT', `${rt}/routes/r`, { properties })).status).toBe(400);
  });
});

describe('what is kept beside its parent', () => {
  const policy = group('rg-hub', 'firewallPolicies', 'fwp');
  const manager = group('rg-hub', 'networkManagers', 'avnm');

  test('rule collection groups of a firewall policy have an etag of their own', async () => {
    const { client } = running;
    const path = `${policy}/ruleCollectionGroups/dnat`;
    expect(code(await running.send('PUT', path, { properties: {} }))).toBe('ParentResourceNotFound');
    await client.firewallPolicies.createOrUpdate('rg-hub', 'fwp', { location });
    const before = await client.firewallPolicies.get('rg-hub', 'fwp');
    await client.firewallPolicyRuleCollectionGroups.createOrUpdate('rg-hub', 'fwp', 'dnat', {
      priority: 100,
      ruleCollections: [],
    });
    const after = await client.firewallPolicies.get('rg-hub', 'fwp');
    expect([after.etag, after.ruleCollectionGroups]).toEqual([before.etag, [{ id: path }]]);
    const listed = [];
    for await (const each of client.firewallPolicyRuleCollectionGroups.list('rg-hub', 'fwp')) listed.push(each.name);
    expect(listed).toEqual(['dnat']);
    expect((await running.send('DELETE', policy)).status).toBe(202);
    await running.client.firewallPolicies.createOrUpdate('rg-hub', 'fwp', { location });
    expect((await running.send('GET', path)).status).toBe(404);
  });

  test('security admin rules reach the networks of the groups they apply to', async () => {
    const { client } = running;
    const networkGroup = `${manager}/networkGroups/spokes`;
    const collection = `${manager}/securityAdminConfigurations/c/ruleCollections/rc`;
    const put = async (path: string, properties: unknown, rest: object = {}): Promise<void> => {
      expect((await running.send('PUT', path, { ...rest, properties })).status).toBe(201);
    };
    await put(manager, { networkManagerScopes: { subscriptions: [`/subscriptions/${SUBSCRIPTION}`] } }, { location });
    await put(networkGroup, { description: 'Spokes' });
    await put(`${networkGroup}/staticMembers/app`, { resourceId: app });
    await put(`${manager}/securityAdminConfigurations/c`, { description: 'Baseline' });
    await put(collection, { appliesToGroups: [{ networkGroupId: networkGroup }] });
    const rule = { direction: 'Inbound', access: 'AlwaysAllow', priority: 1, protocol: 'Tcp' };
    await put(`${collection}/rules/always`, rule, { kind: 'Custom' });
    const reached = await client.listNetworkManagerEffectiveSecurityAdminRules('rg-app', 'vnet-app', {});
    expect(reached.value).toMatchObject([{ id: `${collection}/rules/always`, kind: 'Custom', access: 'AlwaysAllow' }]);
    const other = await client.listNetworkManagerEffectiveSecurityAdminRules('rg-data', 'vnet-data', {});
    expect(other.value).toEqual([]);
    const rules = [];
    for await (const each of client.adminRules.list('rg-hub', 'avnm', 'c', 'rc')) rules.push(each.name);
    expect(rules).toEqual(['always']);
  });

  test('scale sets and the interfaces of their instances come with the estate', async () => {
    const set = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app/providers/Microsoft.Compute/virtualMachineScaleSets/vmss`;
    const standing = `${set}/virtualMachines/0/networkInterfaces/nic`;
    const configuration = {
      name: 'ip',
      properties: { privateIPAddress: '10.1.0.40', subnet: { id: `${app}/subnets/snet-app` } },
    };
    const entries = [
      { id: set, location, sku: { name: 'Standard_B2s', capacity: 1 }, properties: { orchestrationMode: 'Uniform' } },
      { id: standing, properties: { ipConfigurations: [configuration] } },
    ];
    const reset = await running.control('POST', 'reset', { estate: [...estate('hub-and-spoke'), ...entries] });
    expect(reset.body).toMatchObject({ notModelled: [] });
    for (const path of [standing, set]) expect((await running.send('GET', path)).status).toBe(200);
    for (const path of [`${set}/networkInterfaces`, `${set}/virtualMachines/0/networkInterfaces`]) {
      expect(listAt((await running.send('GET', path)).body, 'value').map(({ id }) => id)).toEqual([standing]);
    }
    const subnet = (await running.send('GET', `${app}/subnets/snet-app`)).body;
    expect(listAt(subnet, 'properties', 'ipConfigurations').map(({ id }) => id)).toContain(
      `${standing}/ipConfigurations/ip`,
    );
  });
});

describe('further doors', () => {
  test('NAT gateways, prefixes and private endpoints are pointed back to', async () => {
    const nat = group('rg-app', 'natGateways', 'nat');
    const prefix = group('rg-app', 'publicIPPrefixes', 'prefix');
    const endpoint = group('rg-app', 'privateEndpoints', 'pe');
    const subnet = { id: `${app}/subnets/snet-app` };
    await running.send('PUT', prefix, { location, properties: { prefixLength: 30 } });
    await running.send('PUT', nat, { location, properties: { publicIpAddresses: [{ id: pip }] } });
    await running.send('PUT', endpoint, { location, properties: { subnet } });
    const spare = objectAt((await running.send('GET', pip)).body, 'properties');
    await running.send('PUT', pip, {
      location,
      sku: { name: 'Standard' },
      properties: { ...spare, publicIPPrefix: { id: prefix } },
    });
    expect((await running.client.publicIPAddresses.get('rg-app', 'pip-spare')).natGateway?.id).toBe(nat);
    expect((await running.client.publicIPPrefixes.get('rg-app', 'prefix')).publicIPAddresses).toEqual([{ id: pip }]);
    const read = await running.client.subnets.get('rg-app', 'vnet-app', 'snet-app');
    expect(read.privateEndpoints?.map(({ id }) => id)).toEqual([endpoint]);
    expect(code(await running.send('DELETE', pip))).toBe('PublicIPAddressCannotBeDeleted');
  });

  test('firewalls and gateways hold the public IP they stand behind', async () => {
    const ipConfigurations = [{ name: 'ip', properties: { publicIPAddress: { id: pip } } }];
    await running.send('PUT', group('rg-app', 'azureFirewalls', 'fw'), { location, properties: { ipConfigurations } });
    const attached = await running.client.publicIPAddresses.get('rg-app', 'pip-spare');
    expect(attached.ipConfiguration?.id).toContain('/azureFirewalls/fw/azureFirewallIpConfigurations/ip');
    expect((await running.client.azureFirewalls.get('rg-app', 'fw')).ipConfigurations?.[0]?.id).toBe(
      attached.ipConfiguration?.id,
    );
  });
});
