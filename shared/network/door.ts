/** Doors: what carries a packet to an endpoint before any rule is asked. */
import { type AddressSet, addressDifference, addressesOf, addressUnion, EVERY_IPV4, isEmpty } from './address';
import type { Endpoint } from './endpoint';
import type { Network } from './network';
import { isConnected, remoteAddresses } from './service-tag';

/** A way in that is open; `id` names the resource that opens it, casing as read. */
export interface Door {
  readonly kind: 'public-ip' | 'virtual-network' | 'peering';
  readonly id: string;
  readonly name: string;
}

/** A door with the sources that can come through it. */
export interface OpenDoor extends Door {
  readonly sources: AddressSet;
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

/** Every open door to the endpoint; none leads to a security group that is attached to nothing. */
export function doorsTo(network: Network, endpoint: Endpoint): readonly OpenDoor[] {
  const { virtualNetwork } = endpoint;
  if (!virtualNetwork) return [];
  const doors: OpenDoor[] = [
    { kind: 'virtual-network', id: virtualNetwork.id, name: virtualNetwork.name, sources: virtualNetwork.addresses },
  ];
  for (const peering of virtualNetwork.peerings) {
    if (!isConnected(peering)) continue;
    doors.push({ kind: 'peering', id: peering.id, name: peering.name, sources: remoteAddresses(network, peering) });
  }
  const inside = doors.reduce((sources, door) => addressUnion(sources, door.sources), virtualNetwork.addresses);
  const { publicIp } = endpoint;
  if (publicIp && !isClosedByDefault(endpoint)) {
    doors.unshift({
      kind: 'public-ip',
      id: publicIp.id,
      name: publicIp.name,
      sources: addressDifference(ROUTED, inside),
    });
  }
  return doors.filter((door) => !isEmpty(door.sources));
}

/**
 * A Standard public IP admits nothing until some group allows it
 * (https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses#sku).
 */
function isClosedByDefault(endpoint: Endpoint): boolean {
  return endpoint.publicIp?.sku === 'standard' && endpoint.layers.every((layer) => layer.group === undefined);
}
