import { describe, expect, test } from '@jest/globals';
import { publicIpOnlyWhereApproved } from '../../../shared/controls/public-ip-only-where-approved';
import type { Finding } from '../../../shared/finding';
import type { AccessPolicy } from '../../../shared/policy/policy';
import { hubAndSpoke, networkOf, policyWith, type Resource, rule, withPublicIp, withRule } from '../../estate';
import { added, having, havingIpConfiguration, havingSubnets, idOf, VNET_APP } from '../network/addition';
import { findingsOf, leftAfter } from './network-repair';

const NAT_GATEWAY = { natGateway: { id: idOf('rg-app', 'natGateways/nat') } };
const PIP = idOf('rg-app', 'publicIPAddresses/pip-spare');
const NIC = idOf('rg-app', 'networkInterfaces/nic-vm-app-1');
const MACHINE = idOf('rg-app', 'virtualMachines/vm-app-1').replace('Microsoft.Network', 'Microsoft.Compute');

/** A machine that has a public IP, and another way out. */
const exposed = havingSubnets(withPublicIp(hubAndSpoke(), 'nic-vm-app-1'), 'vnet-app', NAT_GATEWAY);
const find = (estate: readonly Resource[], policy?: AccessPolicy): readonly Finding[] =>
  findingsOf(publicIpOnlyWhereApproved, estate, policy);

function approving(id: string): AccessPolicy {
  return policyWith({ publicIps: { approved: [{ id, owner: 'web team', reviewBy: '2020-01-01' }] } });
}

function elsewhere(attachedTo: string): Resource[] {
  return [...hubAndSpoke(), added('publicIPAddresses/pip-x', { ipConfiguration: { id: idOf('rg-hub', attachedTo) } })];
}

describe('public-ip-only-where-approved', () => {
  test.each<[string, Resource[], AccessPolicy]>([
    ['the seed’s hub and spoke, with one address on Bastion and one on nothing', hubAndSpoke(), policyWith()],
    ['an address that the policy names, its review overdue', exposed, approving(PIP.toUpperCase())],
    ['an address on an interface that the policy names', exposed, approving(NIC)],
    ['an address on a machine that the policy names', exposed, approving(MACHINE)],
    ['an address in a resource group that the policy names', exposed, approving(NIC.split('/').slice(0, 5).join('/'))],
    ['an address on a load balancer', elsewhere('loadBalancers/lb/frontendIPConfigurations/fe'), policyWith()],
    ['an address on a gateway', elsewhere('virtualNetworkGateways/gw/ipConfigurations/ip'), policyWith()],
    ['an address on a firewall', elsewhere('azureFirewalls/fw/azureFirewallIpConfigurations/ip'), policyWith()],
    [
      'an address on a NAT gateway',
      [...hubAndSpoke(), added('publicIPAddresses/pip-x', { natGateway: { id: idOf('rg-hub', 'natGateways/n') } })],
      policyWith(),
    ],
  ])('allows %s', (_, estate, policy) => {
    expect(find(estate, policy).map(({ title }) => title)).toEqual([]);
  });

  test('finds an address on a machine, and detaches it where nothing depends on it', () => {
    const [finding, ...others] = find(exposed);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      resource: NIC,
      severity: 'high',
      title: 'vm-app-1 (nic-vm-app-1) has public IP pip-spare 198.51.100.5, which nobody approved',
      evidence: { exposures: [], namedDoors: [PIP] },
    });
    const [remedy] = finding?.remedies ?? [];
    expect([remedy?.needsApproval, remedy?.needsPerson]).toEqual([undefined, undefined]);
    expect(leftAfter(publicIpOnlyWhereApproved, exposed, finding)).toEqual([]);
  });

  test('is critical where an admin port is open through it, and says which', () => {
    const estate = withRule(exposed, 'nsg-app', rule('ssh', 150, { destinationPortRange: '22' }));
    const [finding] = find(estate);
    expect(finding?.severity).toBe('critical');
    expect(finding?.evidence.exposures.map(({ port, doors }) => [port, doors.map(({ id }) => id)])).toEqual([
      [22, [PIP]],
    ]);
    expect(finding?.remedies[0]?.needsPerson).toBeUndefined();
  });

  test.each<[string, RegExp, Resource[]]>([
    [
      'other traffic comes in by it',
      /443\/tcp in by it/,
      withRule(exposed, 'nsg-app', rule('web', 150, { sourceAddressPrefix: 'Internet', destinationPortRange: '443' })),
    ],
    [
      'a range holds more than admin ports',
      /23\/tcp in by it/,
      withRule(exposed, 'nsg-app', rule('some', 150, { destinationPortRange: '22-25' })),
    ],
    [
      'the machine has no other way out',
      /no other known way out/,
      havingSubnets(exposed, 'vnet-app', { natGateway: undefined }),
    ],
  ])('leaves it to a person where %s', (_, reason, estate) => {
    const [finding] = find(estate);
    expect(finding?.remedies[0]?.needsPerson).toMatch(reason);
    expect(leftAfter(publicIpOnlyWhereApproved, estate, finding)).toEqual([]);
  });

  test('leaves it to a person where an approved source comes in by it', () => {
    const policy = policyWith({
      additionalSources: [{ sources: ['203.0.113.0/24'], owner: 'PAM', reviewBy: '2030-01-01' }],
    });
    const ssh = rule('pam', 150, { sourceAddressPrefix: '203.0.113.0/24', destinationPortRange: '22' });
    const [finding] = find(withRule(exposed, 'nsg-app', ssh), policy);
    expect([finding?.severity, finding?.evidence.exposures]).toEqual(['high', []]);
    expect(finding?.remedies[0]?.needsPerson).toMatch(/22\/tcp in by it/);
  });

  test('asks before an address is lost that is not static', () => {
    const estate = having(exposed, 'pip-spare', { publicIPAllocationMethod: 'Dynamic' });
    expect(find(estate)[0]?.remedies[0]?.needsApproval).toMatch(/not known to be static/);
  });

  test.each<[string, Resource[]]>([
    [
      'a default route to an appliance',
      [
        ...havingSubnets(withPublicIp(hubAndSpoke(), 'nic-vm-app-1'), 'vnet-app', {
          routeTable: { id: idOf('rg-hub', 'routeTables/rt') },
        }),
        added('routeTables/rt', {
          routes: [
            {
              name: 'out',
              properties: { addressPrefix: '0.0.0.0/0', nextHopType: 'VirtualAppliance', nextHopIpAddress: '10.0.2.4' },
            },
          ],
        }),
      ],
    ],
    [
      'a load balancer’s outbound rule',
      [
        ...havingIpConfiguration(withPublicIp(hubAndSpoke(), 'nic-vm-app-1'), {
          loadBalancerBackendAddressPools: [{ id: idOf('rg-hub', 'loadBalancers/lb/backendAddressPools/bp') }],
        }),
        added('loadBalancers/lb', {
          frontendIPConfigurations: [
            { name: 'fe', properties: { publicIPAddress: { id: idOf('rg-hub', 'publicIPAddresses/p') } } },
          ],
          backendAddressPools: [{ name: 'bp', properties: {} }],
          outboundRules: [
            {
              name: 'out',
              properties: {
                frontendIPConfigurations: [{ id: idOf('rg-hub', 'loadBalancers/lb/frontendIPConfigurations/fe') }],
                backendAddressPool: { id: idOf('rg-hub', 'loadBalancers/lb/backendAddressPools/bp') },
              },
            },
          ],
        }),
      ],
    ],
  ])('takes %s for another way out', (_, estate) => {
    expect(find(estate)[0]?.remedies[0]?.needsPerson ?? '').not.toMatch(/way out/);
  });

  test('finds it in the model of a scale set, and leaves the model to a person', () => {
    const scaleSet: Resource = {
      id: MACHINE.replace('virtualMachines/vm-app-1', 'virtualMachineScaleSets/web'),
      type: 'Microsoft.Compute/virtualMachineScaleSets',
      name: 'web',
      properties: {
        virtualMachineProfile: {
          networkProfile: {
            networkInterfaceConfigurations: [
              {
                name: 'nic',
                properties: {
                  ipConfigurations: [
                    {
                      name: 'ip',
                      properties: {
                        subnet: { id: `${VNET_APP}/subnets/snet-app` },
                        publicIPAddressConfiguration: { name: 'pub', properties: {} },
                      },
                    },
                  ],
                },
              },
            ],
          },
        },
      },
    };
    const estate = [...hubAndSpoke(), scaleSet];
    const findings = find(estate);
    expect(findings.map(({ resource }) => resource)).toEqual([scaleSet.id]);
    expect(findings[0]?.remedies[0]?.needsPerson).toMatch(/scale set/);
    expect(leftAfter(publicIpOnlyWhereApproved, estate, findings[0])).toEqual([]);
    expect(find(estate, approving(String(scaleSet.id)))).toEqual([]);
  });

  test('finds kinds that may not have one, and what nobody knows', () => {
    const policy = policyWith({ publicIps: { kinds: ['bastion', 'nat-gateway'] } });
    const [balancer] = find(elsewhere('loadBalancers/lb/frontendIPConfigurations/fe'), policy);
    expect(balancer?.title).toBe('public IP pip-x sits on a resource of kind load-balancer, which nobody approved');
    const [unknown] = find(elsewhere('p2sVpnGateways/x/ipConfigurations/ip'));
    expect(unknown?.evidence.discrepancies?.[0]?.found).toBe('a resource of kind p2sVpnGateways');
    const [unread] = find(elsewhere('networkInterfaces/nic-elsewhere/ipConfigurations/ip'));
    expect([unread?.severity, unread?.remedies]).toEqual(['high', []]);
  });

  test('keeps its hands off what a service manages', () => {
    const group = {
      id: NIC.split('/').slice(0, 5).join('/'),
      type: 'Microsoft.Resources/resourceGroups',
      managedBy: 'aks',
    };
    const { findings, skipped } = publicIpOnlyWhereApproved.check(networkOf([...exposed, group]), policyWith());
    expect(findings).toEqual([]);
    expect(skipped.map(({ name, why }) => [name, why])).toEqual([
      ['nic-vm-app-1', 'platform-managed: in a resource group managed by a service'],
    ]);
  });

  test('another address on the same interface is another finding', () => {
    const other = added('publicIPAddresses/pip-other', { publicIPAllocationMethod: 'Static' });
    const swapped = havingIpConfiguration([...exposed, other], { publicIPAddress: { id: other.id } });
    expect(find(swapped)[0]?.fingerprint).not.toBe(find(exposed)[0]?.fingerprint);
  });

  test('proposes nothing where no host is pinned: the address may be the only way its owner has', () => {
    expect(find(exposed, policyWith({ bastionHosts: [] }))[0]?.remedies).toEqual([]);
  });
});
