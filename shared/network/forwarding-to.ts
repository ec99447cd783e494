/** Which forwardings and probes lead to an endpoint: by pool, by interface, or by address. */
import { type Address, addressIntersection, type AddressSet, formatAddress, hasAddress, isEmpty } from './address';
import type { Endpoint } from './endpoint';
import type { Forwarding, Targets } from './forwarding';
import { keyOf, type Network, type ResourceKey } from './network';

/** Prepares the network's forwardings for look-ups by endpoint. */
export function forwardingFinder(network: Network): (endpoint: Endpoint) => readonly Forwarding[] {
  return targetFinder(network, network.forwardings);
}

/** Prepares the network's health probes: the ports of each endpoint that the platform asks. */
export function probedPortFinder(network: Network): (endpoint: Endpoint) => ReadonlySet<number> {
  const anywhere = network.probes.filter((probe) => probe.targets === undefined).map((probe) => probe.port);
  const aimed = network.probes.flatMap(({ port, targets }) => (targets ? { port, targets } : []));
  const find = targetFinder(network, aimed);
  return (endpoint) => new Set([...anywhere, ...find(endpoint).map((probe) => probe.port)]);
}

function targetFinder<T extends { readonly targets: Targets }>(
  network: Network,
  items: readonly T[],
): (endpoint: Endpoint) => readonly T[] {
  if (items.length === 0) return () => [];
  const byKey = new Map<ResourceKey, T[]>();
  for (const item of items) {
    const { pools, ipConfigurations } = item.targets;
    for (const key of new Set([...pools, ...ipConfigurations.map(ofScaleSet)])) {
      const list = byKey.get(key);
      if (list) list.push(item);
      else byKey.set(key, [item]);
    }
  }
  const addressed = items.filter((item) => !isEmpty(item.targets.addresses));
  const taken = addressed.length === 0 ? new Set<string>() : takenAddresses(network);
  return (endpoint) => {
    const keys = [ofScaleSet(keyOf(endpoint.id)), ...endpoint.pools];
    const found = new Set(keys.flatMap((key) => byKey.get(key) ?? []));
    for (const item of addressed) if (isAddressed(item.targets.addresses, endpoint, taken)) found.add(item);
    return [...found];
  };
}

/** Pools name each instance's interface; the model knows the one interface that all instances of a scale set share. */
function ofScaleSet(key: ResourceKey): ResourceKey {
  if (!key.includes('/virtualmachinescalesets/')) return key;
  return key.replace(/\/virtualmachines\/[^/]+\/networkinterfaces\//, '/networkinterfaces/');
}

function takenAddresses(network: Network): ReadonlySet<string> {
  const taken = new Set<string>();
  for (const nic of network.interfaces.values()) {
    for (const { address } of nic.ipConfigurations) if (address) taken.add(formatAddress(address));
  }
  return taken;
}

/** An endpoint whose address is not fixed may turn out to have the address, unless a machine is known to have it. */
function isAddressed(addresses: AddressSet, endpoint: Endpoint, taken: ReadonlySet<string>): boolean {
  if (endpoint.address) return hasAddress(addresses, endpoint.address);
  const common = addressIntersection(addresses, endpoint.addresses);
  return singles(common).some((address) => !taken.has(formatAddress(address)));
}

function singles(addresses: AddressSet): Address[] {
  return [
    ...addresses.ipv4.map(([value]): Address => ({ family: 'ipv4', value })),
    ...addresses.ipv6.map(([value]): Address => ({ family: 'ipv6', value })),
  ];
}
