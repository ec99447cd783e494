/** Tenant.observe: the scope's network and the pinned Bastion hosts, wherever they live, in one parallel wave of reads. */
import { listOf, objectOf, propertiesOf, referenceOf, textOf } from '../network/json';
import { type Gap, keyOf, parentIdOf, type ResourceKey } from '../network/network';
import type { Scope } from '../scope';
import { parseArmId } from './arm-id';
import type { NetworkClients } from './client';
import { azureErrorFrom, type AzureError } from './error';
import { type ListReading, READABLE_TYPES, readList, readResource } from './read-resource';

export interface Observation {
  readonly resources: readonly unknown[];
  /** What could not be read, and why. */
  readonly gaps: readonly Gap[];
}

/**
 * Reads everything. A list or a pinned host that cannot be read is a gap, with the permission that is missing or what to
 * do next. Throws AzureError only when no list could be read at all: then nothing is known.
 */
export async function observe(
  clients: NetworkClients,
  scope: Scope,
  pinnedBastionHosts: readonly ResourceKey[],
): Promise<Observation> {
  const elsewhere = pinnedBastionHosts.filter(
    (id) => parseArmId(id)?.subscriptionId.toLowerCase() !== scope.subscriptionId.toLowerCase(),
  );
  const [lists, pinned] = await Promise.all([
    Promise.all(READABLE_TYPES.map((readable) => readList(clients, scope.subscriptionId, readable))),
    Promise.all(elsewhere.map((id) => readPinnedHost(clients, id))),
  ]);
  const errors = lists.flatMap((list) => list.error ?? []);
  if (errors.length === lists.length) throw errors.find((error) => error.retryable) ?? errors[0];

  const gaps = lists.flatMap((list) => (list.error ? [gapOfList(list, list.error)] : []));
  return {
    resources: unique([...lists.flatMap((list) => list.items), ...pinned.flatMap((host) => host.resources)]),
    gaps: [...gaps, ...pinned.flatMap((host) => host.gaps)],
  };
}

/** A Bastion host of another subscription, with its virtual network and its subnet's security group. */
async function readPinnedHost(clients: NetworkClients, id: ResourceKey): Promise<Observation> {
  const resources: unknown[] = [];
  try {
    const host = await readResource(clients, id);
    if (host === undefined) return { resources, gaps: [absent(id)] };
    resources.push(host);
    const subnets = listOf(propertiesOf(host).ipConfigurations).flatMap(
      (item) => referenceOf(propertiesOf(item).subnet) ?? [],
    );
    for (const subnet of subnets) resources.push(...(await readNetworkOf(clients, subnet)));
    return { resources, gaps: [] };
  } catch (thrown) {
    return {
      resources,
      gaps: [notRead(id, azureErrorFrom(thrown, 'read', id), 'Microsoft.Network/bastionHosts/read')],
    };
  }
}

async function readNetworkOf(clients: NetworkClients, subnetId: string): Promise<readonly unknown[]> {
  const network = await readResource(clients, parentIdOf(subnetId));
  if (network === undefined) return [];
  const subnet = listOf(propertiesOf(network).subnets).find(
    (item) => keyOf(textOf(objectOf(item).id) ?? '') === keyOf(subnetId),
  );
  const groupId = referenceOf(propertiesOf(subnet).networkSecurityGroup);
  const group = groupId ? await readResource(clients, groupId) : undefined;
  return group === undefined ? [network] : [network, group];
}

function gapOfList(list: ListReading, error: AzureError): Gap {
  return notRead(list.resource, error, `Microsoft.Network/${list.type}/read`);
}

/** A gap for something that exists but could not be read; `permission` is what reading it takes. */
export function notRead(resource: string, error: AzureError, permission: string): Gap {
  const needed = error.status === 403 ? ` The permission that is missing: ${permission}.` : '';
  return { resource, what: 'not-read', why: `${error.message}${needed}`, touchesAdminPort: true };
}

function absent(id: string): Gap {
  const why = `The Bastion host pinned in the policy does not exist: correct bastionHosts in the policy, or restore the host.`;
  return { resource: id, what: 'dangling-reference', why, touchesAdminPort: true };
}

/** Two pinned hosts may share a network, and a page may repeat an item; items without an id are kept for the reader to name. */
function unique(resources: readonly unknown[]): unknown[] {
  const seen = new Set<string>();
  return resources.filter((resource) => {
    const id = textOf(objectOf(resource).id);
    if (id === undefined) return true;
    const fresh = !seen.has(keyOf(id));
    seen.add(keyOf(id));
    return fresh;
  });
}
