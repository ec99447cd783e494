// Bastion hosts at the wire: features by SKU, shareable links, sessions, and what its subnet may carry.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { at, listAt, objectAt, textAt } from '../../playground/azure/json';
import type { Answered, Running } from './azure/local-azure';
import { SUBSCRIPTION, code, group, start } from './azure/local-azure';

let running: Running;
const host = group('rg-hub', 'bastionHosts', 'bas-hub');
const hub = group('rg-hub', 'virtualNetworks', 'vnet-hub');

function machine(name: string, resourceGroup = 'rg-app'): string {
  return `/subscriptions/${SUBSCRIPTION}/resourceGroups/${resourceGroup}/providers/Microsoft.Compute/virtualMachines/${name}`;
}

beforeAll(async () => {
  running = await start();
});
beforeEach(() => running.azure.reset());
afterAll(async () => await running.stop());

/** Writes the host back with some properties changed. */
async function rewrite(properties: Record<string, unknown>, sku?: string): Promise<Answered> {
  const { body } = await running.send('GET', host);
  const whole = objectAt({ body }, 'body');
  return await running.send('PUT', host, {
    ...whole,
    ...(sku ? { sku: { name: sku } } : {}),
    properties: { ...objectAt(whole, 'properties'), ...properties },
  });
}

/** Follows the location of an accepted action to its end. */
async function ending(accepted: Answered): Promise<Answered> {
  const location = new URL(accepted.headers.get('location') ?? '');
  return await running.send('GET', location.pathname + location.search);
}

async function raised(): Promise<unknown[]> {
  const { body } = await running.control('GET', 'state');
  return listAt(body, 'events', 'raised').map((event) => [
    event.eventType,
    textAt(event, 'data', 'operationName'),
    event.subject,
  ]);
}

async function links(request: unknown = {}): Promise<(string | undefined)[]> {
  const { body } = await running.send('POST', `${host}/getShareableLinks`, request);
  return listAt(body, 'value').map((link) => textAt(link, 'vm', 'id'));
}

describe('features and SKU', () => {
  test.each([
    [
      'session recording on Standard',
      { enableSessionRecording: true },
      undefined,
      'FeatureNotSupportedForStandardBastionSku',
    ],
    ['a SKU that does not exist', {}, 'Gold', 'BastionHostSkuInvalid'],
    ['a downgrade', {}, 'Basic', 'BastionHostSkuDowngradeNotSupported'],
    ['more than 50 scale units', { scaleUnits: 51 }, undefined, 'BastionHostScaleUnitsInvalid'],
    [
      'private-only on a host that stands',
      { enablePrivateOnlyBastion: true },
      'Premium',
      'BastionHostPrivateOnlyCannotBeChanged',
    ],
    [
      'recording beside the native client',
      { enableSessionRecording: true, enableTunneling: true },
      'Premium',
      'BastionHostSessionRecordingNotSupportedWithTunneling',
    ],
    ['a feature that is neither on nor off', { enableIpConnect: 'yes' }, undefined, 'InvalidRequestFormat'],
  ])('refuses %s', async (_title, properties, sku, expected) => {
    const answer = await rewrite(properties, sku);
    expect([answer.status, code(answer)]).toEqual([400, expected]);
  });

  test('an upgrade to Premium takes recording once the native client is off', async () => {
    const answer = await rewrite({ enableSessionRecording: true, enableTunneling: false }, 'Premium');
    expect(answer.status).toBe(200);
    expect((await running.client.bastionHosts.get('rg-hub', 'bas-hub')).enableSessionRecording).toBe(true);
  });

  test('a new Basic host takes none of the Standard features', async () => {
    await running.client.bastionHosts.delete('rg-hub', 'bas-hub');
    const ipConfigurations = [
      {
        name: 'IpConf',
        properties: {
          subnet: { id: `${hub}/subnets/AzureBastionSubnet` },
          publicIPAddress: { id: group('rg-hub', 'publicIPAddresses', 'pip-bas-hub') },
        },
      },
    ];
    const body = { location: 'westeurope', sku: { name: 'Basic' }, properties: { ipConfigurations } };
    const tunnel = { ...body, properties: { ipConfigurations, enableTunneling: true } };
    expect(code(await running.send('PUT', host, tunnel))).toBe('FeatureNotSupportedForBasicBastionSku');
    const [bare] = ipConfigurations.map(({ name, properties: { subnet } }) => ({ name, properties: { subnet } }));
    const closed = { ...body, properties: { ipConfigurations: [bare] } };
    expect(code(await running.send('PUT', host, closed))).toBe('BastionHostMissingPublicIp');
    expect((await running.send('PUT', host, body)).status).toBe(201);
  });

  test('no route table is attached to its subnet', async () => {
    const table = group('rg-hub', 'routeTables', 'rt');
    await running.send('PUT', table, { location: 'westeurope' });
    const { body } = await running.send('GET', `${hub}/subnets/AzureBastionSubnet`);
    const properties = { ...objectAt(body, 'properties'), routeTable: { id: table } };
    const answer = await running.send('PUT', `${hub}/subnets/AzureBastionSubnet`, { properties });
    expect(code(answer)).toBe('RouteTableCannotBeAttachedForAzureBastionSubnet');
  });
});

describe('shareable links', () => {
  const wanted = { vms: [{ vm: { id: machine('vm-app-1') } }, { vm: { id: machine('vm-app-2') } }] };

  test('are refused while the feature is off, and of machines that do not exist', async () => {
    expect(code(await running.send('POST', `${host}/createShareableLinks`, wanted))).toBe(
      'BastionHostShareableLinkNotEnabled',
    );
    await rewrite({ enableShareableLink: true });
    const lost = { vms: [{ vm: { id: machine('vm-none') } }] };
    expect(code(await running.send('POST', `${host}/createShareableLinks`, lost))).toBe('InvalidResourceReference');
    expect(code(await running.send('POST', `${host}-lost/createShareableLinks`, wanted))).toBe('ResourceNotFound');
  });

  test('are made once per machine, listed, and removed by machine and by token', async () => {
    await rewrite({ enableShareableLink: true });
    const accepted = await running.send('POST', `${host}/createShareableLinks`, wanted);
    expect(accepted.status).toBe(202);
    const made = listAt((await ending(accepted)).body, 'value');
    expect(made.map((link) => textAt(link, 'vm', 'id'))).toEqual([machine('vm-app-1'), machine('vm-app-2')]);
    expect(textAt(made[0], 'bsl')).toMatch(/\/api\/shareable-url\/[0-9a-f-]{36}$/);
    await running.send('POST', `${host}/createShareableLinks`, wanted);
    expect(await links()).toHaveLength(2);
    expect(await links({ vms: [{ vm: { id: machine('vm-app-2').toUpperCase() } }] })).toEqual([machine('vm-app-2')]);
    const removed = await running.send('POST', `${host}/deleteShareableLinks`, { vms: wanted.vms.slice(0, 1) });
    expect([removed.status, (await ending(removed)).status]).toEqual([202, 200]);
    expect(await links()).toEqual([machine('vm-app-2')]);
    const token = textAt(made[1], 'bsl')?.split('/').at(-1);
    await running.send('POST', `${host}/deleteShareableLinksByToken`, { tokens: [token] });
    expect(await links()).toEqual([]);
  });

  test('go when the feature goes, and do not come back with it', async () => {
    await rewrite({ enableShareableLink: true });
    await running.send('POST', `${host}/createShareableLinks`, wanted);
    await rewrite({ enableShareableLink: false });
    await rewrite({ enableShareableLink: true });
    expect(await links()).toEqual([]);
  });

  test('are made through the network client, and raise the event of the action on the host', async () => {
    await running.client.bastionHosts.createOrUpdate('rg-hub', 'bas-hub', {
      ...(await running.client.bastionHosts.get('rg-hub', 'bas-hub')),
      enableShareableLink: true,
    });
    const made = [];
    for await (const link of running.client.putBastionShareableLink('rg-hub', 'bas-hub', wanted)) made.push(link.bsl);
    expect(made).toHaveLength(2);
    const listed = [];
    for await (const link of running.client.getBastionShareableLink('rg-hub', 'bas-hub', wanted)) listed.push(link.bsl);
    expect(listed).toEqual(made);
    await running.client.deleteBastionShareableLink('rg-hub', 'bas-hub', wanted);
    expect(await links()).toEqual([]);
    expect(await raised()).toContainEqual([
      'Microsoft.Resources.ResourceActionSuccess',
      'Microsoft.Network/bastionHosts/createShareableLinks/action',
      host,
    ]);
  });

  test('a slow action is polled for, and a failed one changes nothing and raises a failure', async () => {
    await rewrite({ enableShareableLink: true });
    await running.control('POST', 'faults', {
      rules: [
        { match: { method: 'POST' }, times: 1, operation: { ms: 5000 } },
        {
          match: { method: 'POST' },
          times: 1,
          operation: { fail: { code: 'Broken', message: 'It broke.' }, takesEffect: false },
        },
      ],
    });
    const slow = await running.send('POST', `${host}/createShareableLinks`, { vms: wanted.vms.slice(0, 1) });
    expect(slow.headers.get('retry-after')).toBe('5');
    expect((await ending(slow)).status).toBe(202);
    await running.control('POST', 'clock', { advanceMs: 5000 });
    await running.azure.deliveriesIdle();
    expect((await ending(slow)).status).toBe(200);
    const failed = await running.send('POST', `${host}/createShareableLinks`, { vms: wanted.vms.slice(1) });
    expect(code(await ending(failed))).toBe('Broken');
    expect(await links()).toEqual([machine('vm-app-1')]);
    expect((await raised()).map((event) => at({ event }, 'event')).flat()).toContain(
      'Microsoft.Resources.ResourceActionFailure',
    );
  });

  test('a ReadOnly lock on the host forbids the actions', async () => {
    await rewrite({ enableShareableLink: true });
    await running.send('PUT', `${host}/providers/Microsoft.Authorization/locks/l`, {
      properties: { level: 'ReadOnly' },
    });
    expect(code(await running.send('POST', `${host}/createShareableLinks`, wanted))).toBe('ScopeLocked');
  });
});

describe('sessions', () => {
  test('are listed with their target and ended by their id', async () => {
    const opened = await running.control('POST', 'session', {
      host,
      machine: machine('vm-app-1'),
      user: 'alex@contoso.example',
      protocol: 'SSH',
    });
    const sessionId = textAt(opened.body, 'session', 'sessionId') ?? '';
    const listed = [];
    for await (const each of running.client.getActiveSessions('rg-hub', 'bas-hub')) listed.push(each);
    expect(listed).toMatchObject([{ sessionId, targetIpAddress: '10.1.0.4', userName: 'alex@contoso.example' }]);
    const ended = [];
    const request = { sessionIds: [sessionId, 'none'] };
    for await (const each of running.client.disconnectActiveSessions('rg-hub', 'bas-hub', request))
      ended.push(each.state);
    expect(ended).toEqual(['Disconnected', 'NotFound']);
  });
});
