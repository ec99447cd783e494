/** The far ends of peerings that lead out of what was read: just the networks, to see whether both halves stand. */
import { isObject, listOf, objectOf, propertiesOf, referenceOf, textOf } from '../network/json';
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
  for (const resource of resources) {
    for (const peering of listOf(propertiesOf(networkIn(resource)).virtualNetworkPeerings)) {
      const remote = referenceOf(propertiesOf(peering).remoteVirtualNetwork);
      if (remote !== undefined && !known.has(keyOf(remote))) remotes.set(keyOf(remote), remote);
    }
  }
  return joined(await Promise.all([...remotes.values()].map((id) => readFarEnd(clients, id))));
}

async function readFarEnd(clients: ArmClients, id: string): Promise<Observation> {
  try {
    const network = await readResource(clients, id);
    return { resources: isObject(network) ? [bareNetwork(network)] : [], gaps: [] };
  } catch (thrown) {
    const error = azureErrorFrom(thrown, 'read', id);
    return { resources: [], gaps: [notReadBeside(id, 'far-end-not-read', error, PERMISSION)] };
  }
}

/** Without its subnets: their groups were not read, and whoever guards that subscription looks at them. */
export function bareNetwork(network: Readonly<Record<string, unknown>>): unknown {
  return { ...network, properties: { ...objectOf(network.properties), subnets: [] } };
}

function networkIn(resource: unknown): unknown {
  return /\/providers\/microsoft\.network\/virtualnetworks\/[^/]+$/.test(keyOfResource(resource)) ? resource : undefined;
}

function keyOfResource(resource: unknown): ResourceKey {
  return keyOf(textOf(objectOf(resource).id) ?? '');
}
