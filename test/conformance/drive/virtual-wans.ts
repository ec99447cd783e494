// Virtual WAN: a hub, its route tables, and the networks connected to it.
import { drain, live, liveBelow } from './life';
import type { Stage } from './stage';
import { GROUP, LOCATION, idOf } from './stage';

export async function driveVirtualWans(stage: Stage): Promise<void> {
  const { virtualWans, virtualHubs, hubRouteTables, hubVirtualNetworkConnections } = stage.client;
  await live(stage, virtualWans, [GROUP, 'wan-con'], { location: LOCATION, disableVpnEncryption: false });
  await virtualWans.updateTags(GROUP, 'wan-con', { tags: { owner: 'conformance' } });
  await drain(virtualWans.listByResourceGroup(GROUP), virtualWans.list());

  await live(stage, virtualHubs, [GROUP, 'hub-con'], {
    location: LOCATION,
    addressPrefix: '10.62.0.0/23',
    virtualWan: { id: idOf('virtualWans', 'wan-con') },
    sku: 'Standard',
  });
  await virtualHubs.updateTags(GROUP, 'hub-con', { tags: { owner: 'conformance' } });
  await drain(virtualHubs.listByResourceGroup(GROUP), virtualHubs.list());

  await liveBelow(stage, hubRouteTables, [GROUP, 'hub-con', 'extra'], { labels: ['extra'], routes: [] });
  await liveBelow(stage, hubVirtualNetworkConnections, [GROUP, 'hub-con', 'to-far'], {
    remoteVirtualNetwork: { id: idOf('virtualNetworks', 'vnet-far') },
    enableInternetSecurity: false,
  });
  await drain(hubRouteTables.list(GROUP, 'hub-con'), hubVirtualNetworkConnections.list(GROUP, 'hub-con'));
}
