import { describe, expect, test } from '@jest/globals';
import { adminPortsOnlyFromBastion } from '../../../shared/controls/admin-ports-only-from-bastion';
import { endpointsOf } from '../../../shared/network/endpoint';
import { probedPortFinder } from '../../../shared/network/forwarding-to';
import { hubAndSpoke, networkOf, policyWith, type Resource, rule, SUBSCRIPTION, withRule } from '../../estate';
import { added, check, havingIpConfiguration, idOf, VNET_APP } from './addition';

const subnet = (properties: Resource, name = 'snet-service'): Resource => ({
  id: `${VNET_APP}/subnets/${name}`,
  type: 'Microsoft.Network/virtualNetworks/subnets',
  name,
  properties: { addressPrefix: '10.1.9.0/24', ...properties },
});

function skippedIn(estate: readonly Resource[]): string[] {
  const { skipped } = adminPortsOnlyFromBastion.check(networkOf(estate), policyWith());
  return skipped.filter(({ name }) => name.startsWith('vnet-app/')).map(({ why }) => why);
}

describe('what belongs to the platform', () => {
  test.each<[string, Resource[], string]>([
    ['a gateway’s subnet', [subnet({}, 'GatewaySubnet')], 'virtual network gateway'],
    ['a firewall’s subnet', [subnet({}, 'AzureFirewallManagementSubnet')], 'Azure Firewall management'],
    ['a route server’s subnet', [subnet({}, 'RouteServerSubnet')], 'Azure Route Server'],
    [
      'a delegated subnet',
      [subnet({ delegations: [{ properties: { serviceName: 'Microsoft.Web/serverFarms' } }] })],
      'delegated to Microsoft.Web/serverFarms',
    ],
    [
      'a subnet with a service association link',
      [subnet({ serviceAssociationLinks: [{ properties: { linkedResourceType: 'Microsoft.App/environments' } }] })],
      'in use by Microsoft.App/environments',
    ],
    [
      'a subnet of private endpoints, as live subnets say it',
      [subnet({ privateEndpoints: [{ id: idOf('rg-app', 'privateEndpoints/pe') }] })],
      'private endpoints only',
    ],
    [
      'a subnet of private endpoints, as the endpoints say it',
      [subnet({}), added('privateEndpoints/pe', { subnet: { id: `${VNET_APP}/subnets/snet-service` } })],
      'private endpoints only',
    ],
  ])('%s is skipped, and said so', (_, extra, reason) => {
    const estate = [...hubAndSpoke(), ...extra];
    expect(check(estate)).toEqual([]);
    expect(skippedIn(estate)).toEqual([`platform-managed: ${reason}`]);
  });

  test('an ordinary subnet without a group is found and not skipped', () => {
    const estate = [...hubAndSpoke(), subnet({})];
    expect(check(estate).length).toBeGreaterThan(0);
    expect(skippedIn(estate)).toEqual([]);
  });

  test('a group in a service’s own resource group is never a finding', () => {
    const open = withRule(hubAndSpoke(), 'nsg-app', rule('wide', 150, { destinationPortRange: '22' }));
    const group = {
      id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/RG-app`,
      type: 'Microsoft.Resources/resourceGroups',
      name: 'rg-app',
    };
    expect(check([...open, group]).length).toBeGreaterThan(0);
    expect(check([...open, { ...group, managedBy: '/subscriptions/s/aks' }])).toEqual([]);
  });
});

describe('health probes', () => {
  const lb = idOf('rg-hub', 'loadBalancers/lb');
  const pool = { id: `${lb}/backendAddressPools/bp` };

  test('are known for the machines behind their load balancer only', () => {
    const estate = [
      ...havingIpConfiguration(hubAndSpoke(), { loadBalancerBackendAddressPools: [pool] }),
      added('loadBalancers/lb', {
        backendAddressPools: [{ name: 'bp', ...pool, properties: {} }],
        probes: [{ name: 'ssh', properties: { port: 22 } }],
      }),
    ];
    const network = networkOf(estate);
    const portsOf = probedPortFinder(network);
    const probed = endpointsOf(network).filter((endpoint) => portsOf(endpoint).has(22));
    expect(probed.map(({ name }) => name)).toEqual(['vm-app-1']);
  });
});
