/** Reads of ARM: whole lists and single resources, as raw JSON. */
import type { NetworkManagementClient } from '@azure/arm-network';
import { type ArmId, parseArmId } from './arm-id';
import type { NetworkClients } from './client';
import { AzureError, azureErrorFrom } from './error';
import { inExchange, newExchange } from './exchange';

interface ReadableType {
  /** As ARM spells it. */
  readonly type: string;
  readonly list: (client: NetworkManagementClient) => AsyncIterable<unknown>;
  readonly get: (client: NetworkManagementClient, resourceGroup: string, name: string) => Promise<unknown>;
}

/** Everything that says who can reach an admin port; each is one list call of the read wave. */
export const READABLE_TYPES: readonly ReadableType[] = [
  {
    type: 'networkSecurityGroups',
    list: (client) => client.networkSecurityGroups.listAll(),
    get: (client, group, name) => client.networkSecurityGroups.get(group, name),
  },
  {
    type: 'virtualNetworks',
    list: (client) => client.virtualNetworks.listAll(),
    get: (client, group, name) => client.virtualNetworks.get(group, name),
  },
  {
    type: 'networkInterfaces',
    list: (client) => client.networkInterfaces.listAll(),
    get: (client, group, name) => client.networkInterfaces.get(group, name),
  },
  {
    type: 'publicIPAddresses',
    list: (client) => client.publicIPAddresses.listAll(),
    get: (client, group, name) => client.publicIPAddresses.get(group, name),
  },
  {
    type: 'bastionHosts',
    list: (client) => client.bastionHosts.list(),
    get: (client, group, name) => client.bastionHosts.get(group, name),
  },
];

export interface ListReading {
  /** The list's own address: `/subscriptions/…/providers/Microsoft.Network/virtualNetworks`. */
  readonly resource: string;
  readonly type: string;
  /** Every item of every page that could be read, exactly as it came. */
  readonly items: readonly unknown[];
  readonly error?: AzureError;
}

/** Reads all pages of one type in a subscription. Never throws: an error comes with what was read before it. */
export async function readList(
  clients: NetworkClients,
  subscriptionId: string,
  readable: ReadableType,
): Promise<ListReading> {
  const { type } = readable;
  const resource = `/subscriptions/${subscriptionId}/providers/Microsoft.Network/${type}`;
  const exchange = newExchange();
  try {
    const client = await clients(subscriptionId);
    await inExchange(exchange, () => drain(readable.list(client)));
    return { resource, type, items: exchange.resources };
  } catch (thrown) {
    return { resource, type, items: exchange.resources, error: azureErrorFrom(thrown, 'read', resource) };
  }
}

/** Reads one top-level resource; undefined when it does not exist. Throws AzureError on anything else. */
export async function readResource(clients: NetworkClients, id: string): Promise<unknown> {
  const { parts, readable } = readableOf(id);
  try {
    const client = await clients(parts.subscriptionId);
    const exchange = await inExchange(newExchange(), () => readable.get(client, parts.resourceGroup, parts.name));
    return exchange.resources.at(-1);
  } catch (thrown) {
    const error = azureErrorFrom(thrown, 'read', parts.topLevel);
    if (error.status === 404) return undefined;
    throw error;
  }
}

function readableOf(id: string): { parts: ArmId; readable: ReadableType } {
  const parts = parseArmId(id);
  const readable = READABLE_TYPES.find(({ type }) => type.toLowerCase() === parts?.type);
  if (parts && readable) return { parts, readable };
  const facts = { operation: 'read', resource: id, code: 'UnknownResourceType', retryable: false };
  throw new AzureError(facts, 'the guardrail reads only the network types in infra/roles/network.json');
}

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  // The exchange keeps the items; iterating is what fetches the pages.
  for await (const _ of items);
}
