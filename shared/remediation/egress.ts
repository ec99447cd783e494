/** The fact of a proof about egress: whoever has a way out keeps one. */
import { type WayOut, waysOut } from '../controls/egress';
import { keyOf, type Network, type ResourceKey } from '../network/network';
import type { ProofFact } from './plan';

/** No machine that goes out by an address of its own, a NAT gateway, a load balancer or an appliance is left without. */
export function egressFact(before: Network, after: Network): ProofFact {
  const [had, has] = [waysOutOf(before), waysOutOf(after)];
  const cut = [...had].filter(([key, ways]) => ways.size > 0 && has.get(key)?.size === 0).map(([key]) => key);
  const claim = 'every machine keeps a way out';
  if (cut.length === 0) return { claim, holds: true, detail: 'no machine loses its last one' };
  const shown = cut.slice(0, 3).map((key) => key.split('/').slice(-3).join('/'));
  return { claim, holds: false, detail: `${shown.join(', ')} would have no way out to the Internet` };
}

function waysOutOf(network: Network): ReadonlyMap<ResourceKey, ReadonlySet<WayOut>> {
  const configurations = [...network.interfaces.values()].flatMap(({ ipConfigurations }) => ipConfigurations);
  return new Map(configurations.map((ip) => [keyOf(ip.id), waysOut(network, ip)]));
}
