/** Whether a machine has a way out that does not depend on what is about to be taken away. */
import type { IpConfiguration, Network } from '../network/network';

/**
 * A NAT gateway, a load balancer that translates for its pool, or a default route to an appliance. Azure's default
 * outbound access does not count: it may go at any time and is being withdrawn
 * (https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access).
 */
export function hasOtherWayOut(network: Network, ip: IpConfiguration): boolean {
  const balanced = network.outboundPools ?? [];
  return hasWayOutOfSubnet(network, ip) || ip.pools.some((pool) => balanced.includes(pool));
}

/** The same by what its subnet offers to everybody in it. */
export function hasWayOutOfSubnet(network: Network, { subnet: key }: IpConfiguration): boolean {
  const subnet = key === undefined ? undefined : network.subnets.get(key);
  if (!subnet) return false;
  if (subnet.natGateway !== undefined) return true;
  const table = subnet.routeTable === undefined ? undefined : network.routeTables.get(subnet.routeTable);
  return table?.routes.some((route) => route.length === 0 && route.appliance !== undefined) ?? false;
}
