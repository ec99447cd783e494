import { describe, expect, test } from '@jest/globals';
import type { Forwarding } from '../../../shared/network/forwarding';
import { isObject } from '../../../shared/network/json';
import type { BastionHost } from '../../../shared/network/network';
import { readNetwork } from '../../../shared/network/read';
import { edited, valueAt } from '../../../shared/network/resource-edit';
import { SHARED_LINKS } from '../../../shared/network/read-bastion-host';
import { hubAndSpoke, networkOf, type Resource } from '../../estate';
import {
  balancer,
  balancing,
  byPolicy,
  classic,
  dnat,
  gateway,
  LB,
  natting,
  PRIVATE_FRONTEND,
} from '../controls/forwarders';
import { added, having, idOf } from './addition';

function isStatic(more: Resource, properties: Resource = {}): boolean | undefined {
  const estate = [added('publicIPAddresses/p', properties, more)];
  return [...networkOf(estate).publicIps.values()][0]?.isStatic;
}

function makersIn(estate: readonly Resource[]): readonly Forwarding['madeBy'][] {
  return networkOf(estate).forwardings.map(({ madeBy }) => madeBy);
}

function host(properties: Resource, more: Resource = {}): Resource {
  return added('bastionHosts/b', properties, more);
}

function read(resource: Resource): { readonly host: BastionHost | undefined; readonly gaps: readonly string[] } {
  const { network, gaps } = readNetwork([resource]);
  return { host: [...network.bastionHosts.values()][0], gaps: gaps.map(({ what, why }) => `${what}: ${why}`) };
}

describe('public IPs', () => {
  test.each<[string, boolean, Resource, Resource]>([
    ['says so', true, { sku: { name: 'Basic' } }, { publicIPAllocationMethod: 'Static' }],
    ['says so in capitals', true, {}, { publicIPAllocationMethod: 'STATIC' }],
    ['is Standard, which cannot be anything else', true, { sku: { name: 'Standard' } }, {}],
  ])('are static where the address %s', (_, expected, more, properties) => {
    expect(isStatic(more, properties)).toBe(expected);
  });

  test('are not static where they are dynamic, or Basic without a word', () => {
    expect(isStatic({ sku: { name: 'Basic' } }, { publicIPAllocationMethod: 'Dynamic' })).toBe(false);
    expect(isStatic({})).toBe(false);
  });
});

describe('what makes a forwarding', () => {
  test.each<[string, Resource[]]>([
    ['a load balancing rule', [balancer(balancing(22, 22))]],
    ['a NAT rule', [balancer(natting(22))]],
    ['a DNAT rule of a classic firewall', classic([dnat('ssh', '22'), dnat('web', '443')])],
    ['the last DNAT rule of a collection', classic([dnat('ssh', '22')])],
    ['a DNAT rule of a firewall policy', byPolicy([dnat('ssh', '22'), dnat('web', '443')], 'fw')],
    ['a layer 4 rule of an Application Gateway', [gateway]],
  ])('is found where %s stands, and is gone without it', (_, resources) => {
    const estate = [...hubAndSpoke(), ...resources];
    const [maker] = makersIn(estate);
    const holder = estate.find(({ id }) => id === maker?.resource);
    if (!maker || !isObject(holder)) throw new Error('nothing is said to make it');
    expect(valueAt(holder, maker.path)).toBeDefined();
    const after = estate.map((each) => (each === holder ? edited(holder, [{ path: maker.path }]) : each));
    expect(makersIn(after)).not.toContainEqual(maker);
  });

  test('is not told for JSON that was printed without properties: nothing there could be written back', () => {
    const { properties, ...rest } = balancer(balancing(22, 22));
    expect(makersIn([{ ...rest, ...(properties as Resource) }])).toEqual([undefined]);
  });
});

describe('pools with a way out', () => {
  const outbound = { backendAddressPool: { id: `${LB}/backendAddressPools/bp` } };
  test.each<[string, number, Resource]>([
    ['a balancing rule that translates', 1, balancer(balancing(443, 443))],
    ['one that does not', 0, balancer(balancing(443, 443, { disableOutboundSnat: true }))],
    ['one of a private front end', 0, balancer(balancing(443, 443), PRIVATE_FRONTEND)],
    [
      'an outbound rule',
      1,
      balancer({
        outboundRules: [
          {
            name: 'o',
            properties: { ...outbound, frontendIPConfigurations: [{ id: `${LB}/frontendIPConfigurations/fe` }] },
          },
        ],
      }),
    ],
  ])('%s: %d', (_, count, resource) => {
    expect(networkOf([resource]).outboundPools).toHaveLength(count);
  });
});

describe('Bastion hosts', () => {
  test('are as Azure makes them where nothing is said', () => {
    expect(read(host({})).host?.settings).toEqual({
      sku: 'standard',
      tunneling: false,
      fileCopy: false,
      copyPaste: true,
      ipConnect: false,
      shareableLink: false,
      kerberos: false,
      sessionRecording: false,
      privateOnly: false,
    });
  });

  test('are read setting by setting', () => {
    const settings = read(
      host(
        {
          enableTunneling: true,
          enableFileCopy: true,
          disableCopyPaste: true,
          enableIpConnect: true,
          enableShareableLink: true,
          enableKerberos: true,
          enableSessionRecording: true,
          enablePrivateOnlyBastion: true,
        },
        { sku: { name: 'PREMIUM' } },
      ),
    ).host?.settings;
    expect(settings).toMatchObject({ sku: 'premium', copyPaste: false, privateOnly: true, shareableLink: true });
  });

  test('keep the links that were shared, and say nothing where nobody asked', () => {
    const machine = idOf('rg-app', 'virtualMachines/vm');
    expect(read(host({}, { [SHARED_LINKS]: [machine, 7] })).host?.sharedLinks).toEqual([machine]);
    expect(read(host({})).host?.sharedLinks).toBeUndefined();
  });

  test('know the public IPs they stand on', () => {
    const id = idOf('rg-hub', 'publicIPAddresses/P');
    const [known] = networkOf(
      having(hubAndSpoke(), 'bas-hub', { ipConfigurations: [{ properties: { publicIPAddress: { id } } }] }),
    ).bastionHosts.values();
    expect(known?.publicIps).toEqual([id.toLowerCase()]);
  });

  test('are a gap where a setting or the SKU is known only after deployment', () => {
    const flag = read(host({ enableIpConnect: "[parameters('ip')]" }));
    expect(flag.gaps).toEqual([expect.stringMatching(/^unresolved-value: its enableIpConnect/)]);
    const sku = read(host({}, { sku: { name: "[parameters('sku')]" } }));
    expect([sku.host?.settings, sku.gaps.length]).toEqual([undefined, 1]);
  });
});
