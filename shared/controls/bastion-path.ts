/** The way of a Bastion session to a machine: out of the AzureBastionSubnet, through a joined network, in at the machine. */
import {
  type Address,
  type AddressSet,
  addressIntersection,
  hasAddress,
  isEmpty,
  setOfAddress,
} from '../network/address';
import type { Layer } from '../network/decision';
import { type Endpoint, usableAddress } from '../network/endpoint';
import type { Analysis } from '../network/exposure';
import { isReachableFrom } from '../network/neighbourhood';
import {
  type Direction,
  keyOf,
  type Network,
  type ResourceKey,
  type SecurityGroup,
  type SecurityRule,
  type Subnet,
  type VirtualNetwork,
} from '../network/network';
import { type Destination, matchesDestination } from '../network/security-group';
import { type Start, speaking, startAt } from './bastion-way-out';
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

/** Prepares the question whether sessions from these subnets reach an endpoint on any of the ports. */
export function bastionPaths(
  network: Network,
  analysis: Analysis,
  bastionSubnets: readonly Subnet[],
  ports: readonly number[],
): (endpoint: Endpoint) => Passing {
  const starts = bastionSubnets.map((subnet) => startAt(network, analysis, subnet));
  const joinedTo = remembered((virtualNetwork: VirtualNetwork) =>
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
function isJoined(network: Network, hub: ResourceKey, spoke: VirtualNetwork): boolean {
  const home = network.virtualNetworks.get(hub);
  return isReachableFrom(network, hub, spoke) && (!home || isReachableFrom(network, keyOf(spoke.id), home));
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
