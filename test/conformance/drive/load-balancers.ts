// A load balancer with everything it can hold, and the parts that have addresses of their own.
import { drain, live, liveBelow } from './life';
import type { Stage } from './stage';
import { GROUP, LOCATION, idOf } from './stage';

function part(collection: string, name: string): { id: string } {
  return { id: idOf('loadBalancers', `lb-con/${collection}/${name}`) };
}

const front = part('frontendIPConfigurations', 'front');
const pool = part('backendAddressPools', 'pool');

export async function driveLoadBalancers(stage: Stage): Promise<void> {
  const { loadBalancers } = stage.client;
  await live(stage, loadBalancers, [GROUP, 'lb-con'], {
    location: LOCATION,
    sku: { name: 'Standard', tier: 'Regional' },
    frontendIPConfigurations: [{ name: 'front', publicIPAddress: { id: idOf('publicIPAddresses', 'pip-lb') } }],
    backendAddressPools: [{ name: 'pool' }],
    probes: [{ name: 'probe', protocol: 'Tcp', port: 443, intervalInSeconds: 5, numberOfProbes: 2 }],
    loadBalancingRules: [
      {
        name: 'https',
        protocol: 'Tcp',
        frontendPort: 443,
        backendPort: 443,
        frontendIPConfiguration: front,
        backendAddressPool: pool,
        probe: part('probes', 'probe'),
        disableOutboundSnat: true,
      },
    ],
    inboundNatRules: [
      { name: 'ssh', protocol: 'Tcp', frontendPort: 50_022, backendPort: 22, frontendIPConfiguration: front },
    ],
    outboundRules: [
      {
        name: 'out',
        protocol: 'All',
        frontendIPConfigurations: [front],
        backendAddressPool: pool,
        allocatedOutboundPorts: 1024,
      },
    ],
  });
  await loadBalancers.updateTags(GROUP, 'lb-con', { tags: { owner: 'conformance' } });
  await drain(loadBalancers.list(GROUP), loadBalancers.listAll());
  await driveParts(stage);
}

async function driveParts(stage: Stage): Promise<void> {
  const { client } = stage;
  await liveBelow(stage, client.loadBalancerBackendAddressPools, [GROUP, 'lb-con', 'pool-2'], {});
  await liveBelow(stage, client.inboundNatRules, [GROUP, 'lb-con', 'rdp'], {
    protocol: 'Tcp',
    frontendPort: 53_389,
    backendPort: 3389,
    frontendIPConfiguration: front,
  });
  await client.loadBalancerFrontendIPConfigurations.get(GROUP, 'lb-con', 'front');
  await client.loadBalancerProbes.get(GROUP, 'lb-con', 'probe');
  await client.loadBalancerOutboundRules.get(GROUP, 'lb-con', 'out');
  await client.loadBalancerLoadBalancingRules.get(GROUP, 'lb-con', 'https');
  await drain(
    client.loadBalancerBackendAddressPools.list(GROUP, 'lb-con'),
    client.inboundNatRules.list(GROUP, 'lb-con'),
    client.loadBalancerFrontendIPConfigurations.list(GROUP, 'lb-con'),
    client.loadBalancerProbes.list(GROUP, 'lb-con'),
    client.loadBalancerOutboundRules.list(GROUP, 'lb-con'),
    client.loadBalancerLoadBalancingRules.list(GROUP, 'lb-con'),
  );
}
