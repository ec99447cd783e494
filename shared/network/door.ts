/** Doors: what carries a packet to an endpoint before any rule is asked. */
import {
  type AddressSet,
  addressDifference,
  addressesOf,
  addressIntersection,
  addressUnion,
  EVERY_IPV4,
  isEmpty,
  ofFamily,
  unionOf,
} from './address';
import type { Endpoint } from './endpoint';
import { type Forwarding, frontendPortFor } from './forwarding';
import { forwardingFinder } from './forwarding-to';
import type { Network, VirtualNetwork } from './network';
import {
  addressesJoinedBy,
  gatewaysOf,
  groupsWith,
  isConnected,
  isReachableFrom,
  remoteAddresses,
} from './neighbourhood';
import { type RoutedWay, routedWaysTo } from './routed';

/** Shortest way first. */
const KINDS = [
  'public-ip',
  'inbound-nat',
  'load-balancer',
  'firewall-dnat',
  'application-gateway',
  'private-link',
  'virtual-network',
  'peering',
  'connected-group',
  'virtual-wan',
  'gateway',
  'routed',
] as const;

/** A way in that is open; `id` names the resource that opens it, casing as read. */
export interface Door {
  readonly kind: (typeof KINDS)[number];
  readonly id: string;
  readonly name: string;
  /** What the sender addresses, where it is not the machine itself: address, or the front end's name. */
  readonly frontend?: string;
  /** The port at the front end that leads to the machine's port. */
  readonly frontendPort?: number;
}

/** A door with the sources that can come through it, as security groups see them. */
export interface OpenDoor extends Door {
  readonly sources: AddressSet;
  /** Whether somebody on the Internet can come through it, whatever source the groups see. */
  readonly fromInternet: boolean;
}

/** Every open door to an endpoint's port; none leads to a security group that is attached to nothing. */
export type DoorFinder = (endpoint: Endpoint, protocol: string, port: number) => readonly OpenDoor[];

/** The door without what came with it for the analysis. */
export function doorAlone({ kind, id, name, frontend, frontendPort }: OpenDoor): Door {
  return {
    kind,
    id,
    name,
    ...(frontend !== undefined && { frontend }),
    ...(frontendPort !== undefined && { frontendPort }),
  };
}

/** What the Internet routes: not the blocks that RFC 6890 keeps for private, local, multicast and reserved use. */
const ROUTED_IPV4 = addressDifference(
  EVERY_IPV4,
  addressesOf(
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '224.0.0.0/3',
  ),
);
/** Global unicast (RFC 4291 section 2.4). */
const ROUTED_IPV6 = addressesOf('2000::/3');
const ROUTED = addressUnion(ROUTED_IPV4, ROUTED_IPV6);

/** What one network's endpoints have in common. */
interface Surroundings {
  /** In order; the one list of every endpoint that has no door of its own. */
  readonly doors: readonly OpenDoor[];
  /** Everything that comes by those doors. */
  readonly inside: AddressSet;
  /** The Internet as seen from there. */
  readonly outside: AddressSet;
  readonly routedWays: readonly RoutedWay[];
}

const finders = new WeakMap<Network, DoorFinder>();

/** Prepares a network for questions about doors. A network never changes, so it has one finder, which remembers. */
export function doorFinder(network: Network): DoorFinder {
  const known = finders.get(network) ?? finderOf(network);
  finders.set(network, known);
  return known;
}

function finderOf(network: Network): DoorFinder {
  const known = new Map<VirtualNetwork, Surroundings>();
  const forwardingsTo = forwardingFinder(network);
  return (endpoint, protocol, port) => {
    const { virtualNetwork } = endpoint;
    if (!virtualNetwork) return [];
    const around = known.get(virtualNetwork) ?? surroundingsOf(network, virtualNetwork);
    known.set(virtualNetwork, around);
    const own: OpenDoor[] = publicIpDoor(endpoint, around);
    for (const forwarding of forwardingsTo(endpoint)) {
      own.push(...forwardingDoor(network, endpoint, forwarding, protocol, port, around));
    }
    for (const way of around.routedWays) {
      if (isEmpty(addressIntersection(way.destinations, endpoint.addresses))) continue;
      own.push({ kind: 'routed', id: way.id, name: way.name, sources: way.sources, fromInternet: false });
    }
    return own.length === 0 ? around.doors : [...own, ...around.doors].toSorted(inOrder);
  };
}

/** Those the Internet comes by first, then by id: never in the order of the input. */
function inOrder(a: OpenDoor, b: OpenDoor): number {
  if (a.fromInternet !== b.fromInternet) return a.fromInternet ? -1 : 1;
  if (a.kind !== b.kind) return KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind);
  return compare(a.id, b.id) || compare(a.name, b.name);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function surroundingsOf(network: Network, virtualNetwork: VirtualNetwork): Surroundings {
  const { id, name, addresses } = virtualNetwork;
  const doors: Omit<OpenDoor, 'fromInternet'>[] = [{ kind: 'virtual-network', id, name, sources: addresses }];
  for (const peering of virtualNetwork.peerings.filter(isConnected)) {
    doors.push({ kind: 'peering', id: peering.id, name: peering.name, sources: remoteAddresses(network, peering) });
  }
  for (const gateway of gatewaysOf(network, virtualNetwork)) {
    doors.push({ kind: 'gateway', id: gateway.id, name: gateway.name, sources: gateway.addresses });
  }
  for (const group of groupsWith(network, virtualNetwork)) {
    const others = addressDifference(addressesJoinedBy(network, group), addresses);
    doors.push({ kind: group.kind, id: group.id, name: group.name, sources: others });
  }
  const open = doors
    .filter((door) => !isEmpty(door.sources))
    .map((door) => ({ ...door, fromInternet: false }))
    .toSorted(inOrder);
  const inside = unionOf(open.map((door) => door.sources));
  const outside = addressDifference(ROUTED, inside);
  return { doors: open, inside, outside, routedWays: routedWaysTo(network, virtualNetwork) };
}

function publicIpDoor(endpoint: Endpoint, around: Surroundings): OpenDoor[] {
  const { publicIp } = endpoint;
  if (!publicIp || (publicIp.sku === 'standard' && isWithoutGroup(endpoint))) return [];
  const sources = publicIp.family ? ofFamily(around.outside, publicIp.family) : around.outside;
  return [{ kind: 'public-ip', id: publicIp.id, name: publicIp.name, sources, fromInternet: true }];
}

/**
 * A Standard public IP or load balancer admits nothing from outside until some group allows it
 * (https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses#sku).
 */
function isWithoutGroup(endpoint: Endpoint): boolean {
  return endpoint.layers.every((layer) => layer.group === undefined);
}

function forwardingDoor(
  network: Network,
  endpoint: Endpoint,
  forwarding: Forwarding,
  protocol: string,
  port: number,
  around: Surroundings,
): OpenDoor[] {
  const frontendPort = frontendPortFor(forwarding, protocol, port);
  const { virtualNetwork } = endpoint;
  if (frontendPort === undefined || !virtualNetwork) return [];
  if (forwarding.isClosedByDefault && isWithoutGroup(endpoint)) return [];
  if (forwarding.home && !isReachableFrom(network, forwarding.home, virtualNetwork)) return [];
  const { kind, id, name, frontend, isPublic, origin, seenAs } = forwarding;
  const senders = isPublic ? addressUnion(around.outside, around.inside) : around.inside;
  const accepted = origin ? addressIntersection(senders, origin) : senders;
  const fromInternet = isPublic && !isEmpty(addressIntersection(accepted, around.outside));
  const seen = seenAs ?? (isPublic ? addressIntersection(accepted, around.outside) : accepted);
  const isOpen = kind === 'private-link' || !isEmpty(accepted);
  if (!isOpen || isEmpty(seen)) return [];
  return [{ kind, id, name, frontend, frontendPort, sources: seen, fromInternet }];
}
