/** User routes that drop what a machine answers to Bastion: the session never comes about, whatever the rules say. */
import type { Finding } from '../finding';
import { fingerprintOf } from '../fingerprint';
import { type AddressSet, isEmpty, isWithin, parsePrefix, toCidrs } from '../network/address';
import type { Route, RouteTable } from '../network/connection';
import type { Endpoint } from '../network/endpoint';
import { keyOf, type Network, type Subnet } from '../network/network';

interface Drop {
  readonly table: RouteTable;
  readonly route: Route;
}

/**
 * One finding for each route by which machines of a subnet lose their answers to all of Bastion's subnets. The longest
 * prefix decides, and a user route before the system's of the same length
 * (https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#how-azure-selects-a-route).
 */
export function droppedAnswers(
  id: string,
  network: Network,
  endpoints: readonly Endpoint[],
  bastionSubnets: readonly Subnet[],
): readonly Finding[] {
  const found = new Map<string, Drop & { readonly names: string[] }>();
  for (const { subnet, name } of endpoints) {
    const drop = subnet && dropAt(network, subnet, bastionSubnets);
    if (!drop) continue;
    const key = `${keyOf(drop.table.id)} ${drop.route.name.toLowerCase()}`;
    const known = found.get(key) ?? { ...drop, names: [] };
    if (!known.names.includes(name)) known.names.push(name);
    found.set(key, known);
  }
  return [...found.values()].map((drop) => findingOf(id, drop));
}

function dropAt(network: Network, subnet: Subnet, bastionSubnets: readonly Subnet[]): Drop | undefined {
  const table = subnet.routeTable === undefined ? undefined : network.routeTables.get(subnet.routeTable);
  if (!table) return undefined;
  const deciding = bastionSubnets.map((bastion) => decidingRoute(table, bastion, network));
  const [route] = deciding;
  return route && deciding.every((each) => each?.drops) ? { table, route } : undefined;
}

/** The user route that the answers take; undefined where the system's own is more exact. */
function decidingRoute(
  { routes }: RouteTable,
  { prefixes, virtualNetwork }: Subnet,
  network: Network,
): Route | undefined {
  if (isEmpty(prefixes)) return undefined;
  const home = network.virtualNetworks.get(virtualNetwork)?.addresses;
  const own = home ? lengthAround(home, prefixes) : 0;
  return routes
    .filter(({ prefix, length }) => length >= own && isWithin(prefixes, prefix))
    .toSorted((a, b) => b.length - a.length)[0];
}

/** The length in bits of the network's prefix that holds these addresses: the system's route has it. */
function lengthAround(network: AddressSet, addresses: AddressSet): number {
  const lengths = toCidrs(network)
    .filter((cidr) => isWithin(addresses, parsePrefix(cidr) ?? addresses))
    .map((cidr) => Number(cidr.split('/')[1]));
  return Math.max(0, ...lengths);
}

function findingOf(id: string, { table, route, names }: Drop & { readonly names: readonly string[] }): Finding {
  const [first = ''] = names;
  const more = names.length > 1 ? ` and ${names.length - 1} more` : '';
  return {
    control: id,
    resource: table.id,
    severity: 'medium',
    title: `Bastion cannot reach ${first}${more}: route ${route.name} of ${table.name} drops the answers`,
    fingerprint: fingerprintOf(id, keyOf(table.id), 'drops', route.name.toLowerCase()),
    evidence: {
      exposures: [],
      discrepancies: [
        { setting: `route ${route.name}`, wanted: 'answers reach the AzureBastionSubnet', found: 'next hop None' },
      ],
    },
    remedies: [],
    restsOn: [],
  };
}
