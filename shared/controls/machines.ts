/** Virtual machines with all their endpoints: one that answers at any of its addresses answers. */
import { type Endpoint, endpointsOf } from '../network/endpoint';
import { keyOf, type Network, type ResourceKey } from '../network/network';

/** All the endpoints of one machine. */
export type Machine = readonly [Endpoint, ...Endpoint[]];

/** Every machine with its endpoints; of one with several, all are asked, even if only one is in focus. */
export function machinesOf(network: Network, focus: ReadonlySet<ResourceKey> | undefined): Machine[] {
  const focused = grouped(network, endpointsOf(network, focus));
  if (!focus) return [...focused.values()];
  const expected = new Map<ResourceKey, number>();
  for (const { virtualMachine, ipConfigurations } of network.interfaces.values()) {
    const key = virtualMachine === undefined ? undefined : keyOf(virtualMachine);
    if (key !== undefined && focused.has(key)) expected.set(key, (expected.get(key) ?? 0) + ipConfigurations.length);
  }
  const isWhole = [...focused].every(([key, endpoints]) => expected.get(key) === endpoints.length);
  if (isWhole) return [...focused.values()];
  return [...grouped(network, endpointsOf(network))].flatMap(([key, machine]) => (focused.has(key) ? [machine] : []));
}

function grouped(network: Network, endpoints: readonly Endpoint[]): Map<ResourceKey, Machine> {
  const machines = new Map<ResourceKey, [Endpoint, ...Endpoint[]]>();
  for (const endpoint of endpoints) {
    const [machine, nic = ''] = endpoint.keys;
    const isMachine = endpoint.kind === 'interface' && network.interfaces.get(nic)?.virtualMachine !== undefined;
    if (!isMachine || machine === undefined) continue;
    const known = machines.get(machine);
    if (known) known.push(endpoint);
    else machines.set(machine, [endpoint]);
  }
  return machines;
}
