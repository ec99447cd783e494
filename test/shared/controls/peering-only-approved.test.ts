import { describe, expect, test } from '@jest/globals';
import { peeringOnlyApproved } from '../../../shared/controls/peering-only-approved';
import type { Finding } from '../../../shared/finding';
import type { AccessPolicy } from '../../../shared/policy/policy';
import { BASTION_HOST, hubAndSpoke, networkOf, policyWith, type Resource, SUBSCRIPTION } from '../../estate';
import { added, having, havingPeerings, havingSubnets, VNET_APP, VNET_DATA, VNET_HUB } from '../network/addition';
import { findingsAfter } from './network-repair';
import { type Half, withHalf, withoutHalf } from './peerings';

const FOREIGN = VNET_DATA.replace(SUBSCRIPTION, 'ffffffff-0000-4000-8000-000000000009').replace('vnet-data', 'vnet-x');

function check(estate: readonly Resource[], policy = policyWith()): readonly Finding[] {
  return peeringOnlyApproved.check(networkOf(estate), policy).findings;
}

function peered(...halves: readonly Half[]): Resource[] {
  return halves.reduce<Resource[]>(withHalf, hubAndSpoke());
}

function tagged(value: string): Resource[] {
  return hubAndSpoke().map((each) => ({ ...each, tags: { Role: value } }));
}

const SPOKES = peered(['vnet-app', VNET_DATA], ['vnet-data', VNET_APP]);

function approving(...networks: readonly string[]): AccessPolicy {
  const entry = { networks, owner: 'net@example.com', reviewBy: '2027-01-01' };
  return policyWith({ topology: { approvedPeerings: [entry] } });
}

const withSpokes = (...spokes: readonly unknown[]): AccessPolicy => policyWith({ topology: { spokes } });
const without = (estate: readonly Resource[], name: string): Resource[] => estate.filter((each) => each.name !== name);

describe('peering-only-approved', () => {
  test.each<[string, readonly Resource[], AccessPolicy]>([
    ['the seed’s hub and spokes', hubAndSpoke(), policyWith()],
    ['spokes named by id', hubAndSpoke(), withSpokes({ id: VNET_APP.toLowerCase() }, { id: VNET_DATA })],
    ['spokes named by a pattern in another casing', hubAndSpoke(), withSpokes({ name: 'VNET-*a*' })],
    ['spokes named by tag', tagged('spoke'), withSpokes({ tag: { name: 'role', value: 'spoke' } })],
    ['an approved peering of two spokes, the other way round', SPOKES, approving(VNET_DATA.toLowerCase(), VNET_APP)],
    [
      'a spoke that nobody read and that is named by id',
      peered(['vnet-hub', FOREIGN]),
      withSpokes({ name: 'vnet-*' }, { id: FOREIGN }),
    ],
    [
      'a hub that still has its AzureBastionSubnet and lost its Bastion host',
      without(hubAndSpoke(), 'bas-hub'),
      policyWith(),
    ],
    [
      'a template, which carries no states',
      havingPeerings(hubAndSpoke(), 'vnet-hub', { peeringState: undefined }),
      policyWith(),
    ],
    [
      'peerings that a network manager made between hub and spoke',
      withHalf(withHalf(hubAndSpoke(), ['vnet-hub', VNET_APP, {}, 'ANM_1']), ['vnet-app', VNET_HUB, {}, 'ANM_2']),
      policyWith(),
    ],
  ])('allows %s', (_, estate, policy) => {
    expect(check(estate, policy).map(({ title }) => title)).toEqual([]);
  });

  test.each<[string, readonly Resource[], AccessPolicy, Partial<Finding>]>([
    [
      'two spokes peered with each other',
      SPOKES,
      policyWith(),
      { severity: 'medium', title: 'spoke vnet-app is peered with spoke vnet-data, which the policy does not approve' },
    ],
    [
      'a network that nobody read',
      peered(['vnet-app', FOREIGN]),
      policyWith(),
      { severity: 'high', title: 'spoke vnet-app is peered with foreign vnet-x, which the policy does not approve' },
    ],
    [
      'a hub peered with a network that is called like a spoke and that nobody read',
      peered(['vnet-hub', FOREIGN]),
      withSpokes({ name: 'vnet-*' }),
      { severity: 'high' },
    ],
    [
      'a peering that nobody has answered yet',
      peered(['vnet-app', FOREIGN, { peeringState: 'Initiated' }]),
      policyWith(),
      { severity: 'low' },
    ],
    [
      'a spoke whose tag has another value',
      tagged('Spoke'),
      withSpokes({ tag: { name: 'role', value: 'spoke' } }),
      { severity: 'high' },
    ],
    ['a spoke that the pattern does not name', hubAndSpoke(), withSpokes({ name: 'vnet-d*' }), { severity: 'high' }],
    [
      'two hubs peered with each other',
      hubAndSpoke(),
      policyWith({ topology: { hubs: [VNET_DATA] } }),
      { severity: 'medium' },
    ],
    [
      'a hub and spoke of which one end is disconnected',
      havingPeerings(hubAndSpoke(), 'vnet-data', { peeringState: 'Disconnected' }),
      policyWith(),
      { severity: 'medium', title: 'the peering between vnet-data and vnet-hub is not connected', remedies: [] },
    ],
    [
      'a hub and spoke of which one end was deleted',
      withoutHalf(hubAndSpoke(), 'vnet-hub', 'hub-to-data'),
      policyWith(),
      { title: 'the peering between vnet-data and vnet-hub has only one end', remedies: [] },
    ],
  ])('finds %s', (_, estate, policy, expected) => {
    const findings = check(estate, policy);
    expect(findings[0]).toMatchObject(expected);
    expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(findings.length);
  });

  test('deletes both ends where both are known, and needs approval for it', () => {
    const [finding, ...others] = check(SPOKES);
    const [remedy] = finding?.remedies ?? [];
    expect(others).toEqual([]);
    expect(remedy).toMatchObject({
      title: 'delete the peering at both ends: vnet-app/to-vnet-data and vnet-data/to-vnet-app',
      actions: [{ kind: 'delete-resource' }, { kind: 'delete-resource' }],
      needsApproval: 'deleting a peering cuts off everything that uses it',
    });
    expect(remedy?.needsPerson).toBeUndefined();
    expect(remedy && findingsAfter(peeringOnlyApproved, SPOKES, policyWith(), remedy)).toEqual([]);
  });

  test.each<[string, readonly Resource[], RegExp | undefined]>([
    ['a far side in a subscription that is not read', peered(['vnet-app', FOREIGN]), /another tenant/],
    ['a far side that is gone', peered(['vnet-app', VNET_DATA.replace('vnet-data', 'vnet-gone')]), undefined],
    [
      'what a network manager made',
      peered(['vnet-app', VNET_DATA, {}, 'ANM_abc'], ['vnet-data', VNET_APP, {}, 'ANM_def']),
      /Virtual Network Manager/,
    ],
    ['what a virtual WAN made', peered(['vnet-app', FOREIGN, {}, 'RemoteVnetToHubPeering_1f']), /virtual WAN/],
  ])('says who may delete %s', (_, estate, person) => {
    const [remedy] = check(estate)[0]?.remedies ?? [];
    expect(remedy?.needsApproval).toBeDefined();
    if (person) expect(remedy?.needsPerson).toMatch(person);
    else expect(remedy?.needsPerson).toBeUndefined();
    expect(remedy && findingsAfter(peeringOnlyApproved, estate, policyWith(), remedy)).toEqual([]);
  });

  test('is the same finding when the peering comes back under another name', () => {
    const again = peered(['vnet-data', VNET_APP, {}, 'other'], ['vnet-app', VNET_DATA, {}, 'another']);
    expect(check(again).map(({ fingerprint }) => fingerprint)).toEqual(
      check(SPOKES).map(({ fingerprint }) => fingerprint),
    );
    expect(check(peered(['vnet-app', FOREIGN]))[0]?.fingerprint).not.toBe(check(SPOKES)[0]?.fingerprint);
  });

  test('names both ends and the gateway that is borrowed as what a proof may close', () => {
    const gateway = added('virtualNetworkGateways/gw', {
      ipConfigurations: [{ properties: { subnet: { id: `${VNET_DATA}/subnets/GatewaySubnet` } } }],
    });
    const estate = peered(
      ['vnet-app', VNET_DATA, { useRemoteGateways: true }],
      ['vnet-data', VNET_APP, { allowGatewayTransit: true }],
    );
    const named = check([...estate, gateway])[0]?.evidence.namedDoors?.map((id) => id.split('/').at(-1));
    expect(named).toEqual(['to-vnet-data', 'to-vnet-app', 'gw']);
  });

  test('offers nothing where the hub was only found and not pinned', () => {
    const [finding] = check(SPOKES, policyWith({ bastionHosts: [] }));
    expect(finding?.title).toMatch(/vnet-app is peered with spoke vnet-data/);
    expect(finding?.remedies).toEqual([]);
  });

  test('says nothing of networks apart from a hub that was only found', () => {
    const apart = ['vnet-x', 'vnet-y'].map((name) => ({
      id: VNET_APP.replace('vnet-app', name),
      type: 'Microsoft.Network/virtualNetworks',
      name,
      properties: { addressSpace: { addressPrefixes: ['10.8.0.0/16'] }, virtualNetworkPeerings: [] },
    }));
    const estate = withHalf([...hubAndSpoke(), ...apart], ['vnet-x', VNET_APP.replace('vnet-app', 'vnet-y')]);
    expect(check(estate, policyWith({ bastionHosts: [] }))).toEqual([]);
    expect(check(estate)).toMatchObject([{ severity: 'medium' }]);
  });

  test('judges nothing and says so where no network is known to be the hub', () => {
    const { findings, gaps } = peeringOnlyApproved.check(
      networkOf(without(hubAndSpoke(), 'bas-hub')),
      policyWith({ bastionHosts: [] }),
    );
    expect(findings).toEqual([]);
    expect(gaps).toMatchObject([{ what: 'unknown-hub', touchesAdminPort: false }]);
  });

  test('rests a finding on a pinned host of which nobody knows where it stands', () => {
    const elsewhere = BASTION_HOST.replace('rg-hub', 'rg-other');
    const [finding] = check(SPOKES, policyWith({ bastionHosts: [BASTION_HOST, elsewhere] }));
    expect(finding?.restsOn).toEqual([`Bastion host ${elsewhere.toLowerCase()}`]);
  });

  test('finds the same whatever the order of the input', () => {
    const estate = having(havingSubnets(SPOKES, 'vnet-app', {}), 'vnet-hub', {});
    expect(check(estate.toReversed())).toEqual(check(estate));
  });
});
