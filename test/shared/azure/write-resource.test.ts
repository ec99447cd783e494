import { afterEach, describe, expect, test } from '@jest/globals';
import type { NetworkAction } from '../../../shared/network/action';
import { isObject, type JsonObject, listOf, propertiesOf, referenceOf } from '../../../shared/network/json';
import { SHARED_LINKS } from '../../../shared/network/read-bastion-host';
import type { Snapshot } from '../../../shared/ports';
import { BASTION_HOST, change, hubAndSpoke, type Resource, SUBSCRIPTION, withPublicIp } from '../../estate';
import { FREE_TURN } from './fixture';
import { idOf, type Stage, stage, type Staging } from './writing';

const NIC = idOf('rg-app', 'networkInterfaces/nic-vm-app-1');
const NSG = idOf('rg-app', 'networkSecurityGroups/nsg-app');
const SUBNET = idOf('rg-app', 'virtualNetworks/vnet-app/subnets/snet-app');
const APP = idOf('rg-app', 'virtualNetworks/vnet-app');
const HUB = idOf('rg-hub', 'virtualNetworks/vnet-hub');
const LB = idOf('rg-app', 'loadBalancers/lb-app');
const VM = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app/providers/Microsoft.Compute/virtualMachines/vm-app-1`;
const IP_CONFIGURATION = ['properties', 'ipConfigurations', { named: 'ipconfig1' }, 'properties'];

let on: Stage;
afterEach(() => on.close());

async function staged(staging: Staging = {}): Promise<Stage> {
  on = await stage(staging);
  return on;
}

function edit(id: string, ...path: readonly (string | { readonly named: string })[]): NetworkAction {
  return { kind: 'edit-resource', resource: id.toLowerCase(), edits: [{ path }] };
}

const DETACH = edit(NIC, ...IP_CONFIGURATION, 'publicIPAddress');

function statuses(outcomes: readonly { readonly status: string }[]): string[] {
  return outcomes.map(({ status }) => status);
}

/** The halves of the peering between the hub and the first spoke, as they are in the snapshot: the spoke's, then the hub's. */
function halvesIn({ resources }: Snapshot): readonly [JsonObject, JsonObject] {
  const half = (network: string, remote: string): JsonObject => {
    const found = resources.filter(isObject).find(({ id }) => id === network);
    const peerings = listOf(propertiesOf(found).virtualNetworkPeerings).filter(isObject);
    const wanted = peerings.find((each) => referenceOf(propertiesOf(each).remoteVirtualNetwork) === remote);
    if (!wanted) throw new Error(`${network} is not peered with ${remote}`);
    return wanted;
  };
  return [half(APP, HUB), half(HUB, APP)];
}

function keyIn({ id }: JsonObject): string {
  return String(id).toLowerCase();
}

describe('a public IP is detached from its interface', () => {
  test('with one PUT under the etag; the address is kept, and so is everything else, known or not', async () => {
    await staged({ estate: withPublicIp(hubAndSpoke(), 'nic-vm-app-1') });
    await on.edit(NIC, () => ({ futureProperty: { kept: true } }));
    const before = await on.arm('GET', NIC);
    const snapshot = await on.observe();
    const [outcome] = await on.apply(snapshot, DETACH);
    expect(outcome).toMatchObject({
      resource: NIC.toLowerCase(),
      status: 'applied',
      requestIds: [
        expect.any(String),
        ...Array<unknown>((outcome?.requestIds.length ?? 1) - 1).fill(expect.any(String)),
      ],
      changes: [{ setting: 'publicIPAddress of ipconfig1', before: 'pip-spare', after: '(none)' }],
    });
    expect(await on.writes()).toEqual(['PUT networkInterfaces/nic-vm-app-1 → 200']);
    const after = await on.arm('GET', NIC);
    const [ip] = listOf(propertiesOf(before).ipConfigurations).filter(isObject);
    const { publicIPAddress: _, ...kept } = propertiesOf(ip);
    expect(propertiesOf(after)).toEqual({
      ...propertiesOf(before),
      ipConfigurations: [{ ...ip, etag: after.etag, properties: kept }],
    });
    expect(propertiesOf(await on.arm('GET', idOf('rg-app', 'publicIPAddresses/pip-spare')))).not.toHaveProperty(
      'ipConfiguration',
    );
    const again = await on.tenant.lookAgain(snapshot, [NIC.toLowerCase()]);
    expect(again.network.interfaces.get(NIC.toLowerCase())?.ipConfigurations[0]).not.toHaveProperty('publicIp');
    expect(again.gaps).toEqual([]);
    expect(statuses(await on.apply(again, DETACH))).toEqual(['already']);
  });

  test("a colleague's edit in between wins, and is kept by the next try", async () => {
    await staged({ estate: withPublicIp(hubAndSpoke(), 'nic-vm-app-1') });
    const snapshot = await on.observe();
    await on.edit(NIC, () => ({ enableIPForwarding: true }));
    expect(statuses(await on.apply(snapshot, DETACH))).toEqual(['superseded']);
    expect(await on.writes()).toEqual([]);
    expect(statuses(await on.apply(await on.observe(), DETACH))).toEqual(['applied']);
    expect(propertiesOf(await on.arm('GET', NIC))).toMatchObject({ enableIPForwarding: true });
  });

  test('an etag that moved with nothing changed is no edit of anybody', async () => {
    await staged({ estate: withPublicIp(hubAndSpoke(), 'nic-vm-app-1') });
    const snapshot = await on.observe();
    await on.edit(NIC, () => ({}));
    expect(statuses(await on.apply(snapshot, DETACH))).toEqual(['applied']);
  });

  test('an edit between our own read and our write is met by its etag', async () => {
    const mayWrite = async (): Promise<undefined> => {
      await on.edit(NIC, () => ({ enableIPForwarding: true }));
    };
    await staged({ estate: withPublicIp(hubAndSpoke(), 'nic-vm-app-1'), turn: { ...FREE_TURN, mayWrite } });
    expect(statuses(await on.apply(await on.observe(), DETACH))).toEqual(['superseded']);
    expect(await on.writes()).toEqual(['PUT networkInterfaces/nic-vm-app-1 → 412']);
  });

  test('an interface that is gone, or was never read, is not written', async () => {
    await staged();
    const snapshot = await on.observe();
    await on.control('set', { id: NIC, remove: true });
    expect(statuses(await on.apply(snapshot, DETACH))).toEqual(['superseded']);
    const other = edit(idOf('rg-app', 'networkInterfaces/nic-vm-app-2'), 'properties', 'dnsSettings');
    expect(await on.apply({ ...snapshot, resources: [] }, other)).toMatchObject([
      { status: 'failed', refusal: true, why: expect.stringContaining('not among the resources that were read') },
    ]);
    expect(await on.writes()).toEqual([]);
  });
});

describe('peerings', () => {
  test('are deleted at both ends, and the far side is looked at again', async () => {
    await staged();
    const snapshot = await on.observe();
    const keys = halvesIn(snapshot).map(keyIn);
    const actions = keys.map((resource): NetworkAction => ({ kind: 'delete-resource', resource }));
    expect(statuses(await on.apply(snapshot, ...actions))).toEqual(['applied', 'applied']);
    const again = await on.tenant.lookAgain(snapshot, keys);
    expect(again.network.virtualNetworks.get(APP.toLowerCase())?.peerings).toEqual([]);
    expect(again.network.virtualNetworks.get(HUB.toLowerCase())?.peerings).toHaveLength(1);
    expect(statuses(await on.apply(again, ...actions))).toEqual(['already', 'already']);
  });

  test('a half that was deleted is made again once the other is out of the way, and both are connected', async () => {
    await staged();
    const [near, far] = halvesIn(await on.observe());
    await on.arm('DELETE', String(near.id));
    const snapshot = await on.observe();
    const outcomes = await on.apply(
      snapshot,
      { kind: 'delete-resource', resource: keyIn(far) },
      { kind: 'create-resource', resource: keyIn(far), body: far },
      { kind: 'create-resource', resource: keyIn(near), body: near },
    );
    expect(statuses(outcomes)).toEqual(['applied', 'applied', 'applied']);
    const again = await on.tenant.lookAgain(snapshot, [keyIn(near), keyIn(far)]);
    for (const half of halvesIn(again)) expect(propertiesOf(half)).toMatchObject({ peeringState: 'Connected' });
    expect(again.gaps).toEqual([]);
  });

  test('a half that was deleted is made again by itself: the other is woken first', async () => {
    await staged();
    const [near, far] = halvesIn(await on.observe());
    await on.arm('DELETE', String(near.id));
    const snapshot = await on.observe();
    const create: NetworkAction = { kind: 'create-resource', resource: keyIn(near), body: near };
    expect(await on.apply(snapshot, create)).toMatchObject([
      {
        resource: keyIn(near),
        status: 'applied',
        changes: [{ before: 'Disconnected', after: 'Initiated' }, { after: 'as it was accepted' }],
      },
    ]);
    expect((await on.writes()).slice(-2)).toEqual([
      `PUT virtualNetworkPeerings/${String(far.name)} → 200`,
      `PUT virtualNetworkPeerings/${String(near.name)} → 201`,
    ]);
    for (const half of halvesIn(await on.tenant.lookAgain(snapshot, [keyIn(near)])))
      expect(propertiesOf(half)).toMatchObject({ peeringState: 'Connected' });
  });

  test('after a write at one end the other end, which was not written, shows its new state as well', async () => {
    await staged();
    const snapshot = await on.observe();
    const [near] = halvesIn(snapshot);
    await on.apply(snapshot, { kind: 'delete-resource', resource: keyIn(near) });
    const again = await on.tenant.lookAgain(snapshot, [keyIn(near)]);
    const states = again.network.virtualNetworks.get(HUB.toLowerCase())?.peerings.map(({ state }) => state);
    expect(states?.toSorted()).toEqual(['Connected', 'Disconnected']);
  });

  test('one that somebody else has made meanwhile is not made over', async () => {
    await staged();
    const snapshot = await on.observe();
    const [near] = halvesIn(snapshot);
    const create: NetworkAction = { kind: 'create-resource', resource: keyIn(near), body: near };
    expect(statuses(await on.apply(snapshot, create))).toEqual(['superseded']);
  });
});

describe('security groups', () => {
  test('one that was deleted is made again and then put back on its subnet, in this order', async () => {
    await staged();
    const accepted = await on.observe();
    const group = accepted.resources.filter(isObject).find(({ id }) => id === NSG) ?? {};
    await on.edit(SUBNET, () => ({ networkSecurityGroup: undefined }));
    await on.arm('DELETE', NSG);
    const snapshot = await on.observe();
    const outcomes = await on.apply(
      snapshot,
      { kind: 'create-resource', resource: NSG.toLowerCase(), body: group },
      {
        kind: 'edit-resource',
        resource: SUBNET.toLowerCase(),
        edits: [{ path: ['properties', 'networkSecurityGroup'], value: { id: NSG } }],
      },
    );
    expect(statuses(outcomes)).toEqual(['applied', 'applied']);
    expect(await on.writes()).toEqual(['PUT networkSecurityGroups/nsg-app → 201', 'PUT subnets/snet-app → 200']);
    const again = await on.tenant.lookAgain(
      snapshot,
      [NSG, SUBNET].map((id) => id.toLowerCase()),
    );
    expect(again.network.subnets.get(SUBNET.toLowerCase())?.securityGroup).toBe(NSG.toLowerCase());
    expect(again.network.securityGroups.get(NSG.toLowerCase())?.rules).toEqual(
      accepted.network.securityGroups.get(NSG.toLowerCase())?.rules,
    );
    expect(again.gaps).toEqual([]);
  });

  test('a group that was detached is put back without touching the subnet otherwise', async () => {
    await staged();
    await on.edit(SUBNET, () => ({
      networkSecurityGroup: undefined,
      serviceEndpoints: [{ service: 'Microsoft.Sql' }],
    }));
    const value = { id: NSG };
    const edits = [{ path: ['properties', 'networkSecurityGroup'], value }];
    const put: NetworkAction = { kind: 'edit-resource', resource: SUBNET.toLowerCase(), edits };
    expect(await on.apply(await on.observe(), put)).toMatchObject([
      { status: 'applied', changes: [{ setting: 'networkSecurityGroup', before: '(none)', after: 'nsg-app' }] },
    ]);
    expect(propertiesOf(await on.arm('GET', SUBNET))).toMatchObject({
      networkSecurityGroup: value,
      serviceEndpoints: [{ service: 'Microsoft.Sql' }],
      natGateway: expect.anything(),
    });
  });
});

/** A load balancer whose port 50001 leads to SSH of the first machine. */
async function withNatRule(): Promise<string> {
  const frontendIPConfiguration = { id: `${LB}/frontendIPConfigurations/front` };
  await on.arm('PUT', LB, {
    location: 'westeurope',
    properties: {
      frontendIPConfigurations: [
        { name: 'front', properties: { publicIPAddress: { id: idOf('rg-app', 'publicIPAddresses/pip-spare') } } },
      ],
      inboundNatRules: ['ssh', 'https'].map((name, index) => ({
        name,
        properties: {
          frontendIPConfiguration,
          protocol: 'Tcp',
          frontendPort: 50_001 + index,
          backendPort: name === 'ssh' ? 22 : 443,
        },
      })),
    },
  });
  const rules = ['ssh', 'https'].map((name) => ({ id: `${LB}/inboundNatRules/${name}` }));
  await on.edit(NIC, ({ ipConfigurations }) => {
    const [ip] = listOf(ipConfigurations).filter(isObject);
    return { ipConfigurations: [{ ...ip, properties: { ...propertiesOf(ip), loadBalancerInboundNatRules: rules } }] };
  });
  return `${LB}/inboundNatRules/ssh`;
}

describe('what leads in from elsewhere', () => {
  test('a NAT rule goes once the interface no longer refers to it, and the other rule stays', async () => {
    await staged();
    const rule = await withNatRule();
    const snapshot = await on.observe();
    const outcomes = await on.apply(
      snapshot,
      edit(NIC, ...IP_CONFIGURATION, 'loadBalancerInboundNatRules', { named: rule }),
      edit(LB, 'properties', 'inboundNatRules', { named: 'ssh' }),
    );
    expect(statuses(outcomes)).toEqual(['applied', 'applied']);
    expect(await on.writes()).toEqual(['PUT networkInterfaces/nic-vm-app-1 → 200', 'PUT loadBalancers/lb-app → 200']);
    const rules = listOf(propertiesOf(await on.arm('GET', LB)).inboundNatRules).filter(isObject);
    expect(rules.map(({ name, properties }) => [name, Object.keys(propertiesOf({ properties }))])).toEqual([
      ['https', expect.arrayContaining(['backendIPConfiguration'])],
    ]);
    const again = await on.tenant.lookAgain(
      snapshot,
      [NIC, LB].map((id) => id.toLowerCase()),
    );
    expect(again.network.forwardings.map(({ backendPort }) => backendPort)).toEqual([443]);
  });

  test("a colleague's edit of the second resource is still met, whatever our own first write did to it", async () => {
    await staged();
    const rule = await withNatRule();
    const snapshot = await on.observe();
    await on.edit(LB, () => ({ outboundRules: [], futureProperty: 1 }));
    const outcomes = await on.apply(
      snapshot,
      edit(NIC, ...IP_CONFIGURATION, 'loadBalancerInboundNatRules', { named: rule }),
      edit(LB, 'properties', 'inboundNatRules', { named: 'ssh' }),
    );
    expect(statuses(outcomes)).toEqual(['applied', 'superseded']);
  });

  test('a rule of a firewall policy goes by a PUT of its group', async () => {
    const group = idOf('rg-hub', 'firewallPolicies/afwp/ruleCollectionGroups/nat');
    const location = 'westeurope';
    const estate: Resource[] = [
      ...hubAndSpoke(),
      {
        id: idOf('rg-hub', 'azureFirewalls/afw'),
        name: 'afw',
        location,
        properties: { firewallPolicy: { id: idOf('rg-hub', 'firewallPolicies/afwp') } },
      },
      { id: idOf('rg-hub', 'firewallPolicies/afwp'), name: 'afwp', location, properties: {} },
      {
        id: group,
        name: 'nat',
        properties: {
          priority: 100,
          ruleCollections: [
            { name: 'in', rules: ['ssh', 'web'].map((name) => ({ ruleType: 'NatRule', name, ipProtocols: ['TCP'] })) },
          ],
        },
      },
    ];
    await staged({ estate });
    const snapshot = await on.observe();
    const path = ['properties', 'ruleCollections', { named: 'in' }, 'rules', { named: 'ssh' }] as const;
    expect(statuses(await on.apply(snapshot, edit(group, ...path)))).toEqual(['applied']);
    expect(propertiesOf(await on.arm('GET', group))).toMatchObject({
      priority: 100,
      ruleCollections: [{ name: 'in', rules: [{ name: 'web' }] }],
    });
    const again = await on.tenant.lookAgain(snapshot, [group.toLowerCase()]);
    expect(JSON.stringify(again.resources)).not.toContain('"ssh"');
  });
});

describe('Bastion', () => {
  test('a setting is put back by a PUT of the host, which goes on after we stopped waiting', async () => {
    await staged({
      estate: change(hubAndSpoke(), 'bas-hub', (properties, host) => ({
        ...host,
        properties: { ...properties, enableFileCopy: true },
      })),
      turn: { ...FREE_TURN, until: new Date(Date.now() + 1500) },
    });
    await on.control('faults', { rules: [{ match: { method: 'PUT' }, operation: { ms: 3_000 } }] });
    const edits = [{ path: ['properties', 'enableFileCopy'], value: false }];
    const snapshot = await on.observe();
    const outcomes = await on.apply(
      snapshot,
      { kind: 'edit-resource', resource: BASTION_HOST.toLowerCase(), edits },
      DETACH,
    );
    expect(outcomes).toMatchObject([
      { status: 'started', changes: [{ setting: 'enableFileCopy', before: 'true', after: 'false' }] },
      { status: 'stopped', why: expect.stringContaining('the write before it') },
    ]);
  });

  test('shareable links are deleted by their action, and none of them is ever kept', async () => {
    await staged({
      estate: change(hubAndSpoke(), 'bas-hub', (properties, host) => ({
        ...host,
        properties: { ...properties, enableShareableLink: true },
      })),
    });
    await on.arm('POST', `${BASTION_HOST}/createShareableLinks`, { vms: [{ vm: { id: VM } }] });
    const snapshot = await on.observe();
    expect(snapshot.network.bastionHosts.get(BASTION_HOST.toLowerCase())?.sharedLinks).toEqual([VM]);
    expect(JSON.stringify(snapshot.resources)).not.toMatch(/shareable-url|"bsl"/);
    const remove: NetworkAction = {
      kind: 'delete-shareable-links',
      resource: BASTION_HOST.toLowerCase(),
      machines: [VM],
    };
    expect(await on.apply(snapshot, remove)).toMatchObject([
      { status: 'applied', changes: [{ setting: 'shareable links', before: 'vm-app-1', after: 'deleted' }] },
    ]);
    const again = await on.tenant.lookAgain(snapshot, [BASTION_HOST.toLowerCase()]);
    expect(again.network.bastionHosts.get(BASTION_HOST.toLowerCase())?.sharedLinks).toEqual([]);
    const host = again.resources.filter(isObject).find(({ id }) => id === BASTION_HOST);
    expect(host).toHaveProperty(SHARED_LINKS, []);
    // Written as the host is in Azure, without what only we have put there.
    const edits = [{ path: ['properties', 'enableShareableLink'], value: false }];
    expect(
      statuses(await on.apply(again, { kind: 'edit-resource', resource: BASTION_HOST.toLowerCase(), edits })),
    ).toEqual(['applied']);
    expect(await on.arm('GET', BASTION_HOST)).not.toHaveProperty(SHARED_LINKS);
  });
});

describe('what stands against a write', () => {
  test('a lock is a refusal, so that another remedy may be tried; nothing is written after it', async () => {
    await staged({ estate: withPublicIp(hubAndSpoke(), 'nic-vm-app-1') });
    await on.control('faults', { locks: [{ scope: NIC, level: 'ReadOnly' }] });
    const other = edit(SUBNET, 'properties', 'serviceEndpoints');
    expect(await on.apply(await on.observe(), DETACH, other)).toMatchObject([
      { status: 'failed', refusal: true, retryable: false, why: expect.stringContaining('ScopeLocked') },
      { status: 'stopped' },
    ]);
    expect(await on.writes()).toEqual(['PUT networkInterfaces/nic-vm-app-1 → 409']);
  });

  test('a halt is asked for before each write, and ends what was begun', async () => {
    let asked = 0;
    const mayWrite = async () => (++asked > 1 ? 'writes are halted: by Dana' : undefined);
    await staged({ estate: withPublicIp(hubAndSpoke(), 'nic-vm-app-1'), turn: { ...FREE_TURN, mayWrite } });
    const edits = [{ path: ['properties', 'serviceEndpoints'], value: [{ service: 'Microsoft.Sql' }] }];
    const outcomes = await on.apply(await on.observe(), DETACH, {
      kind: 'edit-resource',
      resource: SUBNET.toLowerCase(),
      edits,
    });
    expect(outcomes).toMatchObject([{ status: 'applied' }, { status: 'stopped', why: 'writes are halted: by Dana' }]);
    expect(asked).toBe(2);
    expect(await on.writes()).toEqual(['PUT networkInterfaces/nic-vm-app-1 → 200']);
  });

  test('edits of one resource that follow each other are one write', async () => {
    await staged({ estate: withPublicIp(hubAndSpoke(), 'nic-vm-app-1') });
    const edits = [{ path: ['properties', 'enableIPForwarding'], value: true }];
    const outcomes = await on.apply(await on.observe(), DETACH, {
      kind: 'edit-resource',
      resource: NIC.toLowerCase(),
      edits,
    });
    expect(outcomes).toMatchObject([{ status: 'applied', changes: [{}, { setting: 'enableIPForwarding' }] }]);
    expect(await on.writes()).toHaveLength(1);
  });

  test('what the guardrail has no call for is left to a person', async () => {
    await staged();
    const snapshot = await on.observe();
    const actions: NetworkAction[] = [
      { kind: 'delete-resource', resource: NSG.toLowerCase() },
      edit(VM, 'properties', 'networkProfile'),
      edit(idOf('rg-app', 'natGateways/nat-app'), 'properties', 'idleTimeoutInMinutes'),
    ];
    for (const action of actions) {
      expect(await on.apply(snapshot, action)).toMatchObject([
        { status: 'failed', refusal: true, why: expect.stringContaining('a person has to') },
      ]);
    }
    expect(await on.writes()).toEqual([]);
  });
});
