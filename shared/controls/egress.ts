/** By what a machine gets out to the Internet, and whether that depends on what is about to be taken away. */
import type { IpConfiguration, Network } from '../network/network';

export type WayOut = 'public-ip' | 'nat-gateway' | 'load-balancer' | 'appliance';

/**
 * An address of its own, a NAT gateway, a load balancer that translates for its pool, or a default route to an appliance.
 * Azure's default outbound access does not count: it may go at any time and is being withdrawn
 * (https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access).
 */
export function waysOut(network: Network, ip: IpConfiguration): ReadonlySet<WayOut> {
  const balanced = network.outboundPools ?? [];
  const ways = waysOutOfSubnet(network, ip);
  if (ip.publicIp !== undefined) ways.add('public-ip');
  if (ip.pools.some((pool) => balanced.includes(pool))) ways.add('load-balancer');
  return ways;
}

/** Whether there is one besides the address of its own. */
export function hasOtherWayOut(network: Network, ip: IpConfiguration): boolean {
  return [...waysOut(network, ip)].some((way) => way !== 'public-ip');
}

/** Whether there is one by what its subnet offers to everybody in it. */
export function hasWayOutOfSubnet(network: Network, ip: IpConfiguration): boolean {
  return waysOutOfSubnet(network, ip).size > 0;
}

function waysOutOfSubnet(network: Network, { subnet: key }: IpConfiguration): Set<WayOut> {
  const ways = new Set<WayOut>();
  const subnet = key === undefined ? undefined : network.subnets.get(key);
  if (subnet?.natGateway !== undefined) ways.add('nat-gateway');
  const table = subnet?.routeTable === undefined ? undefined : network.routeTables.get(subnet.routeTable);
  if (table?.routes.some(({ length, appliance }) => length === 0 && appliance !== undefined)) ways.add('appliance');
  return ways;
}
