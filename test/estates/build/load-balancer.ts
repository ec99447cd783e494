/** A load balancer of a generated estate: 443 to a pool, with a probe, and perhaps a NAT rule to another port. */
import { type Home, networkResource } from '../arm-id';
import { publicIp, type Resource } from './resource';

export function poolId(home: Home): string {
  return `${balancerId(home)}/backendAddressPools/pool`;
}

export function balancerId(home: Home): string {
  return networkResource(home, 'loadBalancers', `lb-${home.network}`);
}

export function buildBalancer(
  home: Home,
  { isPublic, subnetId, natTarget }: { isPublic: boolean; subnetId: string; natTarget?: string | undefined },
): Resource[] {
  const id = balancerId(home);
  const address = networkResource(home, 'publicIPAddresses', `pip-lb-${home.network}`);
  const frontend = { id: `${id}/frontendIPConfigurations/front` };
  const balancing = {
    name: 'https',
    properties: {
      frontendIPConfiguration: frontend,
      backendAddressPool: { id: poolId(home) },
      probe: { id: `${id}/probes/https` },
      protocol: 'Tcp',
      frontendPort: 443,
      backendPort: 443,
    },
  };
  const nat = {
    name: 'metrics',
    properties: {
      frontendIPConfiguration: frontend,
      protocol: 'Tcp',
      frontendPort: 50443,
      backendPort: 8081,
      ...(natTarget !== undefined && { backendIPConfiguration: { id: natTarget } }),
    },
  };
  const balancer = {
    id,
    name: `lb-${home.network}`,
    type: 'Microsoft.Network/loadBalancers',
    location: 'westeurope',
    sku: { name: 'Standard', tier: 'Regional' },
    properties: {
      frontendIPConfigurations: [
        {
          name: 'front',
          properties: isPublic
            ? { publicIPAddress: { id: address } }
            : { subnet: { id: subnetId }, privateIPAllocationMethod: 'Dynamic' },
        },
      ],
      backendAddressPools: [{ id: poolId(home), name: 'pool', properties: {} }],
      probes: [{ name: 'https', properties: { protocol: 'Tcp', port: 443, intervalInSeconds: 15 } }],
      loadBalancingRules: [balancing],
      inboundNatRules: natTarget === undefined ? [] : [nat],
    },
  };
  return [balancer, ...(isPublic ? [publicIp(address)] : [])];
}
