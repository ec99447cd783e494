// Virtual network peerings: the state of one side depends on the other.
import { overlaps, parseRange } from '../address';
import { invalidReference, refuse, unreadable } from '../arm-error';
import type { EstateView, Stored } from '../estate';
import type { JsonObject } from '../json';
import { listAt, objectAt, sameText, textAt, textsAt } from '../json';
import { parseResourceId, sameId } from '../resource-id';
import { childOf } from './children';
import type { WriteContext } from './kind';
import { checkName, checkUniqueNames } from './name-rule';

const NETWORK_TYPE = 'Microsoft.Network/virtualNetworks';
const FLAGS = {
  allowVirtualNetworkAccess: true,
  allowForwardedTraffic: false,
  allowGatewayTransit: false,
  useRemoteGateways: false,
  doNotVerifyRemoteGateways: false,
  peerCompleteVnets: true,
};

function remoteId(peering: JsonObject): string | undefined {
  return textAt(peering, 'properties', 'remoteVirtualNetwork', 'id');
}

function peeringsOf(network: Stored | undefined): JsonObject[] {
  return listAt(network?.body, 'properties', 'virtualNetworkPeerings');
}

function farSide(remote: Stored | undefined, networkId: string): JsonObject | undefined {
  return peeringsOf(remote).find((peering) => sameId(remoteId(peering), networkId));
}

/** The remote network, or undefined when it lies in a subscription that this estate does not hold. */
function findRemote(id: string, peeringId: string, estate: EstateView): Stored | undefined {
  const remote = estate.find(id);
  if (remote) return remote;
  const subscription = parseResourceId(id)?.subscription;
  const known = estate.all().some((stored) => sameText(stored.subscription, subscription));
  if (known || subscription === undefined) throw invalidReference(peeringId, id);
  return undefined;
}

function checkAddressSpaces(own: JsonObject, remote: Stored | undefined, peeringId: string): void {
  const near = textsAt(own, 'properties', 'addressSpace', 'addressPrefixes').map(parseRange);
  const far = textsAt(remote?.body, 'properties', 'addressSpace', 'addressPrefixes').map(parseRange);
  if (!near.some((left) => far.some((right) => left && right && overlaps(left, right)))) return;
  throw refuse(
    'VnetAddressSpacesOverlap',
    `Cannot create or update peering ${peeringId}. Virtual networks cannot be peered because their address spaces overlap.`,
  );
}

function checkFarSide(far: JsonObject | undefined, peeringId: string): void {
  if (!sameText(textAt(far, 'properties', 'peeringState'), 'Disconnected')) return;
  throw refuse(
    'RemotePeeringIsDisconnected',
    `Cannot create or update peering ${peeringId} because remote peering ${textAt(far, 'id') ?? ''} is in Disconnected ` +
      'state. Update or re-create the remote peering to get it back to Initiated state.',
  );
}

function prepareOne(peering: JsonObject, network: JsonObject, write: WriteContext): JsonObject {
  const child = childOf(write.id, NETWORK_TYPE, 'virtualNetworkPeerings', peering);
  const id = textAt(child, 'id') ?? '';
  const target = remoteId(peering);
  if (!target) throw unreadable("Required property 'remoteVirtualNetwork' not found in JSON. Path 'properties'.");
  const remote = findRemote(target, id, write.estate);
  const far = farSide(remote, write.id);
  checkAddressSpaces(network, remote, id);
  checkFarSide(far, id);
  const remoteSpace = objectAt(remote?.body, 'properties', 'addressSpace');
  return {
    ...child,
    properties: {
      ...FLAGS,
      ...(remote ? { remoteAddressSpace: remoteSpace, remoteVirtualNetworkAddressSpace: remoteSpace } : {}),
      ...objectAt(child, 'properties'),
      peeringState: far ? 'Connected' : 'Initiated',
      peeringSyncLevel: far ? 'FullyInSync' : 'RemoteNotInSync',
    },
  };
}

/** The peerings to keep for a network body: changed ones checked and given their state, the others as they stand. */
export function preparePeerings(
  written: readonly JsonObject[],
  network: JsonObject,
  write: WriteContext,
): JsonObject[] {
  checkUniqueNames(
    written.map((peering) => textAt(peering, 'name') ?? ''),
    write.id,
  );
  return written.map((peering) => {
    checkName(textAt(peering, 'name'));
    const standing = peeringsOf(write.before).find((entry) => sameText(textAt(entry, 'name'), textAt(peering, 'name')));
    const { etag: _own, ...bare } = peering;
    if (standing && JSON.stringify(bare) === JSON.stringify(standing)) return standing;
    return prepareOne(peering, network, write);
  });
}

/**
 * The networks whose own peerings change because `id` became `after` (undefined: deleted): a new side connects the far
 * one, a removed side leaves the far one Disconnected. Source: recorded traffic of peering creation and removal.
 */
export function farSidesAfter(
  id: string,
  after: JsonObject | undefined,
  estate: EstateView,
): { network: Stored; body: JsonObject }[] {
  const near = listAt(after, 'properties', 'virtualNetworkPeerings');
  return estate.all(NETWORK_TYPE).flatMap((network) => {
    if (sameId(network.id, id)) return [];
    const peerings = peeringsOf(network).map((peering) => {
      if (!sameId(remoteId(peering), id)) return peering;
      const met = near.some((own) => sameId(remoteId(own), network.id));
      const state = textAt(peering, 'properties', 'peeringState');
      const next = met ? 'Connected' : state === 'Connected' ? 'Disconnected' : state;
      if (next === state) return peering;
      const level = met ? 'FullyInSync' : 'RemoteNotInSync';
      return {
        ...peering,
        properties: { ...objectAt(peering, 'properties'), peeringState: next, peeringSyncLevel: level },
      };
    });
    if (peerings.every((peering, index) => peering === peeringsOf(network)[index])) return [];
    const properties = { ...objectAt(network.body, 'properties'), virtualNetworkPeerings: peerings };
    return [{ network, body: { ...network.body, properties } }];
  });
}
