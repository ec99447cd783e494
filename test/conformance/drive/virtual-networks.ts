// Virtual networks, subnets and peerings.
import { drain, live, liveBelow } from './life';
import type { Stage } from './stage';
import { GROUP, LOCATION, idOf } from './stage';

export async function driveVirtualNetworks(stage: Stage): Promise<void> {
  const { virtualNetworks, subnets, virtualNetworkPeerings } = stage.client;
  await live(stage, virtualNetworks, [GROUP, 'vnet-near'], {
    location: LOCATION,
    tags: { owner: 'conformance' },
    addressSpace: { addressPrefixes: ['10.60.0.0/16', 'fd00:60::/48'] },
    dhcpOptions: { dnsServers: ['10.60.0.4'] },
    enableDdosProtection: false,
    subnets: [
      {
        name: 'snet-first',
        addressPrefix: '10.60.0.0/24',
        networkSecurityGroup: { id: idOf('networkSecurityGroups', 'nsg-con') },
      },
      { name: 'AzureBastionSubnet', addressPrefix: '10.60.1.0/26' },
      { name: 'GatewaySubnet', addressPrefix: '10.60.2.0/27' },
      { name: 'AzureFirewallSubnet', addressPrefix: '10.60.3.0/26' },
    ],
  });
  await live(stage, virtualNetworks, [GROUP, 'vnet-far'], {
    location: LOCATION,
    addressSpace: { addressPrefixes: ['10.61.0.0/16'] },
  });
  await virtualNetworks.updateTags(GROUP, 'vnet-far', { tags: { owner: 'conformance' } });
  await drain(virtualNetworks.list(GROUP), virtualNetworks.listAll());

  await liveBelow(stage, subnets, [GROUP, 'vnet-near', 'snet-second'], {
    addressPrefixes: ['10.60.4.0/24'],
    routeTable: { id: idOf('routeTables', 'rt-con') },
    serviceEndpoints: [{ service: 'Microsoft.Storage', locations: ['westeurope'] }],
    delegations: [],
    privateEndpointNetworkPolicies: 'Disabled',
    privateLinkServiceNetworkPolicies: 'Disabled',
    defaultOutboundAccess: false,
  });
  await drain(subnets.list(GROUP, 'vnet-near'));

  const peering = {
    allowVirtualNetworkAccess: true,
    allowForwardedTraffic: true,
    allowGatewayTransit: false,
    useRemoteGateways: false,
  };
  const near = { ...peering, remoteVirtualNetwork: { id: idOf('virtualNetworks', 'vnet-far') } };
  const far = { ...peering, remoteVirtualNetwork: { id: idOf('virtualNetworks', 'vnet-near') } };
  await liveBelow(stage, virtualNetworkPeerings, [GROUP, 'vnet-near', 'near-to-far'], near);
  await liveBelow(stage, virtualNetworkPeerings, [GROUP, 'vnet-far', 'far-to-near'], far);
  await drain(virtualNetworkPeerings.list(GROUP, 'vnet-near'));
}
