/** The way of a Bastion session to a machine: out of the AzureBastionSubnet, through a joined network, in at the machine. */
import {
  type Address,
  type AddressSet,
  addressDifference,
  addressIntersection,
  addressUnion,
  hasAddress,
  isEmpty,
  isWithin,
  NO_ADDRESS,
  setOfAddress,
} from '../network/address';
import type { Layer } from '../network/decision';
import { type Endpoint, type LayerGroup, usableAddress } from '../network/endpoint';
import type { Analysis } from '../network/exposure';
import { includes } from '../network/interval';
import { isReachableFrom } from '../network/neighbourhood';
import type { Direction, Network, ResourceKey, SecurityGroup, SecurityRule, Subnet } from '../network/network';
import { type Destination, matchesDestination, matchesPort, type ResolvedRule } from '../network/security-group';
import { remembered } from './remembered';

/** The rule that ends a session's way, and where it stands. */
export interface Obstacle {
  readonly direction: Direction;
  readonly layer: Layer;
  readonly group: SecurityGroup;
  readonly rule: SecurityRule;
}

export type Passing =
  | { readonly kind: 'reached' }
  /** No connected peering or the like leads from any Bastion host's network to the machine's. */
  | { readonly kind: 'not-joined' }
  /** All that would stop it one after the other, at the machine or on the way out of Bastion's subnet. */
  | { readonly kind: 'stopped'; readonly by: readonly [Obstacle, ...Obstacle[]] }
  /** Nobody can say: no address is known on one side. */
  | { readonly kind: 'unknown' };

/** The first ephemeral port (RFC 6335): what Bastion connects from. */
const SOURCE_PORT = 49152;

/** Prepares the question whether sessions from these subnets reach an endpoint on any of the ports. */
export function bastionPaths(
  network: Network,
  analysis: Analysis,
  bastionSubnets: readonly Subnet[],
  ports: readonly number[],
): (endpoint: Endpoint) => Passing {
  const starts = bastionSubnets.map((subnet) => startAt(network, analysis, subnet));
  const joinedTo = remembered((virtualNetwork: NonNullable<Endpoint['virtualNetwork']>) =>
    starts.filter(({ subnet }) => isJoined(network, subnet.virtualNetwork, virtualNetwork)),
  );
  return (endpoint) => {
    const joined = endpoint.virtualNetwork ? joinedTo(endpoint.virtualNetwork) : [];
    const [start] = joined;
    const [port] = ports;
    if (!start || port === undefined) return { kind: 'not-joined' };
    const isReached = joined.some(({ leaving }) =>
      ports.some((each) => isLetIn(analysis, endpoint, each, leaving(endpoint, each))),
    );
    return isReached ? { kind: 'reached' } : stopped(analysis, start, endpoint, port);
  };
}

/** Both halves count where both were read: a peering that one end knows nothing of carries nothing. */
function isJoined(network: Network, hub: ResourceKey, spoke: NonNullable<Endpoint['virtualNetwork']>): boolean {
  const home = network.virtualNetworks.get(hub);
  const far = spoke.id.toLowerCase();
  return isReachableFrom(network, hub, spoke) && (!home || isReachableFrom(network, far, home));
}

interface Start {
  readonly subnet: Subnet;
  readonly asEndpoint: Endpoint;
  /** The subnet's addresses from which a session may go out to the endpoint's port. */
  readonly leaving: (endpoint: Endpoint, port: number) => AddressSet;
}

function startAt(network: Network, analysis: Analysis, subnet: Subnet): Start {
  const asEndpoint = bastionEndpoint(network, subnet);
  const toNetwork = new Map<string, AddressSet | undefined>();
  return {
    subnet,
    asEndpoint,
    leaving(endpoint, port) {
      const { virtualNetwork } = endpoint;
      // Rules that speak of a whole network say the same of each machine in it.
      const key = `${virtualNetwork?.id ?? ''} ${port}`;
      if (virtualNetwork && !toNetwork.has(key)) {
        toNetwork.set(key, leavingTo(analysis, asEndpoint, { addresses: virtualNetwork.addresses, groups: [] }, port));
      }
      return toNetwork.get(key) ?? leavingTo(analysis, asEndpoint, endpoint, port, true) ?? NO_ADDRESS;
    },
  };
}

/** A subnet whose group was not read is taken as having none: the reader has reported that gap. */
function bastionEndpoint(network: Network, subnet: Subnet): Endpoint {
  const virtualNetwork = network.virtualNetworks.get(subnet.virtualNetwork);
  const group = subnet.securityGroup === undefined ? undefined : network.securityGroups.get(subnet.securityGroup);
  const admin = network.adminRules.get(subnet.virtualNetwork) ?? [];
  return {
    kind: 'subnet',
    id: subnet.id,
    name: subnet.name,
    keys: [],
    addresses: subnet.prefixes,
    groups: [],
    layers: [
      ...admin.map((each): LayerGroup => ({ layer: 'admin', group: each })),
      { layer: 'subnet', ...(group && { group }) },
    ],
    pools: [],
    subnet,
    ...(virtualNetwork && { virtualNetwork }),
  };
}

/** Undefined if some rule speaks of a part of the destination only, or of groups, and `isOne` is not set. */
function leavingTo(
  analysis: Analysis,
  start: Endpoint,
  destination: Destination,
  port: number,
  isOne = false,
): AddressSet | undefined {
  const { possible } = analysis.virtualNetworkTag(start);
  let asking = start.addresses;
  let free = NO_ADDRESS;
  for (const layer of start.layers) {
    if (!layer.group) continue;
    let open = asking;
    let allowed = NO_ADDRESS;
    for (const each of speaking(analysis, start, layer, 'outbound', port)) {
      const extent = extentOf(each, destination, possible);
      if (!isOne && (extent === 'part' || each.destinationGroups.length > 0)) return undefined;
      // Of an unknown address: whatever may be allowed is, and only what surely is denied is.
      if (extent === 'none' || (extent === 'part' && each.rule.access === 'deny')) continue;
      const here = addressIntersection(open, each.sources);
      open = addressDifference(open, each.sources);
      if (each.rule.bypassesGroups) free = addressUnion(free, here);
      else if (each.rule.access === 'allow') allowed = addressUnion(allowed, here);
    }
    asking = layer.layer === 'admin' ? addressUnion(allowed, open) : allowed;
  }
  return addressUnion(free, asking);
}

/** Where it is open whether VirtualNetwork holds the machine, as with a virtual WAN, nobody is said to be locked out. */
function extentOf(each: ResolvedRule, destination: Destination, possible: AddressSet): 'none' | 'part' | 'whole' {
  const { access, destinations } = each.rule;
  const isTagged = access === 'allow' && destinations.some(({ text }) => text.toLowerCase() === 'virtualnetwork');
  return isTagged && isWithin(destination.addresses, possible) ? 'whole' : matchesDestination(each, destination);
}

function speaking(
  analysis: Analysis,
  endpoint: Endpoint,
  layer: LayerGroup,
  direction: Direction,
  port: number,
): readonly ResolvedRule[] {
  return analysis
    .rulesFor(endpoint, layer, direction)
    .filter(({ rule }) => matchesPort(rule, 'tcp', port) && includes(rule.sourcePorts, SOURCE_PORT));
}

function isLetIn(analysis: Analysis, endpoint: Endpoint, port: number, sources: AddressSet): boolean {
  if (isEmpty(sources)) return false;
  return analysis
    .admissions(endpoint, 'tcp', port)
    .some((admission) => !isEmpty(addressIntersection(admission.sources, sources)));
}

function stopped(analysis: Analysis, start: Start, endpoint: Endpoint, port: number): Passing {
  const source = usableAddress(start.subnet.prefixes);
  const address = endpoint.address ?? usableAddress(endpoint.addresses);
  if (!source || !address) return { kind: 'unknown' };
  const destination = { addresses: setOfAddress(address), groups: endpoint.groups };
  const isLeaving = !isEmpty(start.leaving(endpoint, port));
  const [first, ...others] = [
    ...(isLeaving ? [] : obstacles(analysis, start.asEndpoint, 'outbound', source, destination, port)),
    ...obstacles(analysis, endpoint, 'inbound', source, destination, port),
  ];
  return first ? { kind: 'stopped', by: [first, ...others] } : { kind: 'unknown' };
}

/** The rule of each layer that denies the packet; none behind a security admin rule that allows always. */
function obstacles(
  analysis: Analysis,
  endpoint: Endpoint,
  direction: Direction,
  source: Address,
  destination: Destination,
  port: number,
): Obstacle[] {
  const found: Obstacle[] = [];
  for (const layer of endpoint.layers) {
    const rule = speaking(analysis, endpoint, layer, direction, port).find(
      (each) => matchesDestination(each, destination) === 'whole' && hasAddress(each.sources, source),
    )?.rule;
    if (rule?.bypassesGroups) return found;
    if (layer.group && rule?.access === 'deny') found.push({ direction, layer: layer.layer, group: layer.group, rule });
  }
  return found;
}
