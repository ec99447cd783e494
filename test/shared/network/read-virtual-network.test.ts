import { describe, expect, test } from '@jest/globals';
import { keyOf, type Peering, type Subnet, type VirtualNetwork } from '../../../shared/network/network';
import { change, hubAndSpoke, networkOf, type Resource } from '../../estate';
import { withHalf } from '../controls/peerings';
import { havingSubnets, idOf, VNET_APP, VNET_HUB } from './addition';

function network(estate: readonly Resource[], id = VNET_APP): VirtualNetwork | undefined {
  return networkOf(estate).virtualNetworks.get(keyOf(id));
}

function subnetWith(properties: Resource): Subnet | undefined {
  return networkOf(havingSubnets(hubAndSpoke(), 'vnet-app', properties)).subnets.get(
    keyOf(`${VNET_APP}/subnets/snet-app`),
  );
}

function peeringCalled(name: string): Peering | undefined {
  return network(withHalf(hubAndSpoke(), ['vnet-app', VNET_HUB, {}, name]))?.peerings.at(-1);
}

describe('a virtual network', () => {
  test('is read with those of its tags that are texts', () => {
    const estate = change(hubAndSpoke(), 'vnet-app', (_, resource) => ({
      ...resource,
      tags: { role: 'spoke', odd: 1 },
    }));
    expect(network(estate)?.tags).toEqual({ role: 'spoke' });
    expect(network(hubAndSpoke())?.tags).toBeUndefined();
  });

  test('is read with the NAT gateways of its subnets, and who stands in them', () => {
    const natGateway = { id: idOf('rg-app', 'natGateways/NAT') };
    const gatewayConfiguration = { id: idOf('rg-app', 'applicationGateways/waf/gatewayIPConfigurations/gw') };
    const subnet = subnetWith({ natGateway, applicationGatewayIPConfigurations: [gatewayConfiguration] });
    expect(subnet?.natGateway).toBe(keyOf(natGateway.id));
    expect(subnet?.occupants?.map((id) => id.split('/').at(-3))).toEqual(['nic-vm-app-1', 'nic-vm-app-2', 'waf']);
    expect(subnetWith({ ipConfigurations: undefined })?.occupants).toBeUndefined();
  });

  test.each<[string, Resource, string | undefined]>([
    [
      'a delegation',
      { delegations: [{ properties: { serviceName: 'Microsoft.Web/serverFarms' } }] },
      'delegated to Microsoft.Web/serverFarms',
    ],
    [
      'a service association link',
      { serviceAssociationLinks: [{ properties: { linkedResourceType: 'Microsoft.App/environments' } }] },
      'in use by Microsoft.App/environments',
    ],
    [
      'a resource navigation link',
      { resourceNavigationLinks: [{ properties: { linkedResourceType: 'Microsoft.Cache/redis' } }] },
      'in use by Microsoft.Cache/redis',
    ],
    ['neither', { delegations: [], serviceAssociationLinks: [] }, undefined],
  ])('knows by %s whether a service owns a subnet', (_, properties, owner) => {
    expect(subnetWith(properties)?.platformManaged).toBe(owner);
  });

  test.each([
    ['ANM_0a1b2c', 'network-manager'],
    ['RemoteVnetToHubPeering_5ea1ab1e', 'virtual-wan'],
    ['anmeldung', undefined],
    ['app-to-hub-2', undefined],
  ])('knows by the name %s who made a peering', (name, maker) => {
    expect(peeringCalled(name)?.managedBy).toBe(maker);
  });
});
