/** The far ends of peerings that lead out of what was read: just the networks, to see whether both halves stand. */
import { listOf, objectOf, propertiesOf, referenceOf, textOf } from '../network/json';
import { keyOf, type ResourceKey } from '../network/network';
import type { ArmClients } from './client';
import { azureErrorFrom } from './error';
import { joined, notReadBeside, type Observation } from './observation';
import { readResource } from './read-resource';

const PERMISSION = 'Microsoft.Network/virtualNetworks/read';

/** Reads the networks at the far ends of `resources`' peerings that are not among them; one that is gone is left out. */
export async function readFarEnds(clients: ArmClients, resources: readonly unknown[]): Promise<Observation> {
  const known = new Set(resources.map(keyOfResource));
  const remotes = new Map<ResourceKey, string>();
  for (const remote of resources
    .filter(isNetwork)
    .flatMap(peeringsOf)
    .flatMap((each) => remoteOf(each) ?? [])) {
    if (!known.has(keyOf(remote))) remotes.set(keyOf(remote), remote);
  }
  return joined(await Promise.all([...remotes.values()].map((id) => readFarEnd(clients, id, known))));
}

async function readFarEnd(clients: ArmClients, id: string, known: ReadonlySet<ResourceKey>): Promise<Observation> {
  try {
    const network = await readResource(clients, id);
    return { resources: network === undefined ? [] : [asFarEnd(network, known)], gaps: [] };
  } catch (thrown) {
    const error = azureErrorFrom(thrown, 'read', id);
    return { resources: [], gaps: [notReadBeside(id, 'far-end-not-read', error, PERMISSION)] };
  }
}

/**
 * Without its subnets, whose groups were not read, and with nothing but the peerings to the networks that are `known`:
 * the others are for whoever guards that subscription.
 */
export function asFarEnd(network: unknown, known: ReadonlySet<ResourceKey>): unknown {
  const virtualNetworkPeerings = peeringsOf(network).filter((each) => known.has(keyOf(remoteOf(each) ?? '')));
  return { ...objectOf(network), properties: { ...propertiesOf(network), subnets: [], virtualNetworkPeerings } };
}

function peeringsOf(network: unknown): readonly unknown[] {
  return listOf(propertiesOf(network).virtualNetworkPeerings);
}

function remoteOf(peering: unknown): string | undefined {
  return referenceOf(propertiesOf(peering).remoteVirtualNetwork);
}

function isNetwork(resource: unknown): boolean {
  return /\/providers\/microsoft\.network\/virtualnetworks\/[^/]+$/.test(keyOfResource(resource));
}

function keyOfResource(resource: unknown): ResourceKey {
  return keyOf(textOf(objectOf(resource).id) ?? '');
}
