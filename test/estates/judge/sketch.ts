/** An estate as the judge sees it: read from ARM's JSON once, independently of the product's own reader. */
import { at, isObject, listAt, textAt } from '../../../playground/json';
import type { Resource } from '../build/resource';
import { numberOf, type Range, rangesOf } from './address';
import { type Group, readGroup } from './rules';

export interface Place {
  /** Id of the IP configuration, or of the subnet for a machine to come; lower case. */
  readonly id: string;
  readonly network: string;
  readonly subnet: string;
  readonly address: number;
  readonly isMachine: boolean;
  readonly groups: readonly Group[];
  readonly publicIp?: string;
}

export interface Net {
  readonly id: string;
  readonly own: readonly Range[];
  /** Own addresses and those of every network joined by a peering that is up and keeps nothing to itself. */
  readonly inside: readonly Range[];
  readonly peers: readonly { readonly id: string; readonly remote: string }[];
}

/** What leads from a public front end to a pool or to one IP configuration. */
export interface Forward {
  readonly id: string;
  readonly backendPort: number;
  readonly targets: ReadonlySet<string>;
}

export interface Sketch {
  readonly places: readonly Place[];
  readonly networks: ReadonlyMap<string, Net>;
  readonly forwards: readonly Forward[];
  /** AzureBastionSubnets: where they are, an address in them, and their group. */
  readonly bastions: readonly {
    readonly network: string;
    readonly address: number;
    readonly group: Group | undefined;
  }[];
}

const lower = (value: unknown, ...path: readonly (string | number)[]): string => textAt(value, ...path).toLowerCase();

function typed(resources: readonly Resource[], type: string): Resource[] {
  return resources.filter((resource) => lower(resource, 'type') === `microsoft.network/${type}`);
}

export function sketchOf(resources: readonly Resource[]): Sketch {
  const groups = new Map(typed(resources, 'networksecuritygroups').map((each) => [lower(each, 'id'), readGroup(each)]));
  const groupAt = (holder: unknown): Group | undefined =>
    groups.get(lower(holder, 'properties', 'networkSecurityGroup', 'id'));
  const networks = readNetworks(typed(resources, 'virtualnetworks'));
  const subnets = typed(resources, 'virtualnetworks').flatMap((network) =>
    listAt(network, 'properties', 'subnets').map((subnet) => ({ subnet, network: lower(network, 'id') })),
  );
  const placeIn = new Map(subnets.map((each) => [lower(each.subnet, 'id'), each]));
  const machines = typed(resources, 'networkinterfaces').flatMap((nic) =>
    listAt(nic, 'properties', 'ipConfigurations').flatMap((ip): Place[] => {
      const subnet = lower(ip, 'properties', 'subnet', 'id');
      const home = placeIn.get(subnet);
      if (!home) return [];
      const publicIp = lower(ip, 'properties', 'publicIPAddress', 'id');
      return [
        {
          id: lower(ip, 'id'),
          network: home.network,
          subnet,
          address: numberOf(textAt(ip, 'properties', 'privateIPAddress')),
          isMachine: at(nic, 'properties', 'virtualMachine') !== undefined,
          groups: [groupAt(home.subnet), groupAt(nic)].filter((group) => group !== undefined),
          ...(publicIp !== '' && { publicIp }),
        },
      ];
    }),
  );
  const toCome = subnets
    .filter(
      ({ subnet }) =>
        textAt(subnet, 'name').startsWith('snet-') && listAt(subnet, 'properties', 'delegations').length === 0,
    )
    .map(({ subnet, network }): Place => {
      const [[, high] = [0, 0]] = prefixesOf(subnet);
      const group = groupAt(subnet);
      const id = lower(subnet, 'id');
      return { id, network, subnet: id, address: high - 15, isMachine: false, groups: group ? [group] : [] };
    });
  return {
    places: [...machines, ...toCome],
    networks,
    forwards: typed(resources, 'loadbalancers').flatMap((each) => readForwards(each, resources)),
    bastions: subnets
      .filter(({ subnet }) => textAt(subnet, 'name') === 'AzureBastionSubnet')
      .map(({ subnet, network }) => ({
        network,
        address: (prefixesOf(subnet)[0]?.[0] ?? 0) + 5,
        group: groupAt(subnet),
      })),
  };
}

function prefixesOf(subnet: unknown): Range[] {
  return rangesOf([at(subnet, 'properties', 'addressPrefix'), ...listAt(subnet, 'properties', 'addressPrefixes')]);
}

function readNetworks(networks: readonly Resource[]): ReadonlyMap<string, Net> {
  const space = new Map(
    networks.map((each) => [
      lower(each, 'id'),
      rangesOf(listAt(each, 'properties', 'addressSpace', 'addressPrefixes')),
    ]),
  );
  return new Map(
    networks.map((network) => {
      const id = lower(network, 'id');
      const up = listAt(network, 'properties', 'virtualNetworkPeerings')
        .filter(isObject)
        .filter((peering) => lower(peering, 'properties', 'peeringState') === 'connected');
      const open = up.filter((peering) => at(peering, 'properties', 'allowVirtualNetworkAccess') !== false);
      const remoteOf = (peering: unknown): string => lower(peering, 'properties', 'remoteVirtualNetwork', 'id');
      const own = space.get(id) ?? [];
      const inside = [...own, ...open.flatMap((peering) => space.get(remoteOf(peering)) ?? [])];
      return [
        id,
        { id, own, inside, peers: up.map((peering) => ({ id: lower(peering, 'id'), remote: remoteOf(peering) })) },
      ];
    }),
  );
}

function readForwards(balancer: Resource, resources: readonly Resource[]): Forward[] {
  const frontends = new Map(
    listAt(balancer, 'properties', 'frontendIPConfigurations').map((front) => [lower(front, 'id'), front]),
  );
  const members = typed(resources, 'networkinterfaces').flatMap((nic) =>
    listAt(nic, 'properties', 'ipConfigurations').flatMap((ip) =>
      listAt(ip, 'properties', 'loadBalancerBackendAddressPools').map(
        (pool) => [lower(pool, 'id'), lower(ip, 'id')] as const,
      ),
    ),
  );
  const entries = ['loadBalancingRules', 'inboundNatRules'].flatMap((name) => listAt(balancer, 'properties', name));
  return entries.flatMap((entry): Forward[] => {
    const front = frontends.get(lower(entry, 'properties', 'frontendIPConfiguration', 'id'));
    if (at(front, 'properties', 'publicIPAddress') === undefined) return [];
    const pool = lower(entry, 'properties', 'backendAddressPool', 'id');
    const single = lower(entry, 'properties', 'backendIPConfiguration', 'id');
    return [
      {
        id: lower(entry, 'id'),
        backendPort: Number(at(entry, 'properties', 'backendPort')),
        targets: new Set([
          ...members.flatMap(([key, ip]) => (key === pool ? ip : [])),
          ...(single === '' ? [] : [single]),
        ]),
      },
    ];
  });
}
