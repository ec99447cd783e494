/** The fact of a proof about egress: whoever has a way out keeps one. */
import { keyOf, type Network, type ResourceKey } from '../network/network';
import type { ProofFact } from './plan';

/** No machine that goes out by an address of its own, a NAT gateway, a load balancer or an appliance is left without. */
export function egressFact(before: Network, after: Network): ProofFact {
  const [had, has] = [waysOut(before), waysOut(after)];
  const cut = [...had].filter(([key, ways]) => ways.size > 0 && has.get(key)?.size === 0).map(([key]) => key);
  const claim = 'every machine keeps a way out';
  if (cut.length === 0) return { claim, holds: true, detail: 'no machine loses its last one' };
  const shown = cut.slice(0, 3).map((key) => key.split('/').slice(-3).join('/'));
  return { claim, holds: false, detail: `${shown.join(', ')} would have no way out to the Internet` };
}

function waysOut(network: Network): ReadonlyMap<ResourceKey, ReadonlySet<string>> {
  const outbound = new Set(network.outboundPools ?? []);
  const ways = new Map<ResourceKey, ReadonlySet<string>>();
  for (const { ipConfigurations } of network.interfaces.values()) {
    for (const { id, publicIp, subnet: key, pools } of ipConfigurations) {
      const subnet = key === undefined ? undefined : network.subnets.get(key);
      const table = subnet?.routeTable === undefined ? undefined : network.routeTables.get(subnet.routeTable);
      const isRouted = table?.routes.some(({ length, appliance }) => length === 0 && appliance) === true;
      ways.set(
        keyOf(id),
        new Set([
          ...(publicIp === undefined ? [] : ['public-ip']),
          ...(subnet?.natGateway === undefined ? [] : ['nat-gateway']),
          ...(pools.some((pool) => outbound.has(pool)) ? ['load-balancer'] : []),
          ...(isRouted ? ['appliance'] : []),
        ]),
      );
    }
  }
  return ways;
}
