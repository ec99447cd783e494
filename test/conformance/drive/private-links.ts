// A Private Link service behind the load balancer, and a private endpoint that leads to it.
import { drain, live } from './life';
import type { Stage } from './stage';
import { GROUP, LOCATION, idOf } from './stage';

export async function drivePrivateLinks(stage: Stage): Promise<void> {
  const { privateLinkServices, privateEndpoints } = stage.client;
  const subnet = { id: idOf('virtualNetworks', 'vnet-near/subnets/snet-second') };
  await live(stage, privateLinkServices, [GROUP, 'pls-con'], {
    location: LOCATION,
    visibility: { subscriptions: ['*'] },
    enableProxyProtocol: false,
    loadBalancerFrontendIpConfigurations: [{ id: idOf('loadBalancers', 'lb-con/frontendIPConfigurations/front') }],
    ipConfigurations: [
      { name: 'nat', primary: true, privateIPAddressVersion: 'IPv4', privateIPAllocationMethod: 'Dynamic', subnet },
    ],
  });
  await drain(privateLinkServices.list(GROUP), privateLinkServices.listBySubscription());

  await live(stage, privateEndpoints, [GROUP, 'pe-con'], {
    location: LOCATION,
    subnet,
    privateLinkServiceConnections: [
      { name: 'to-service', privateLinkServiceId: idOf('privateLinkServices', 'pls-con') },
    ],
  });
  await drain(privateEndpoints.list(GROUP), privateEndpoints.listBySubscription());
  await stage.client.subnets.get(GROUP, 'vnet-near', 'snet-second');
}
