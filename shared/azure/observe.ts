/**
 * Tenant.observe: the scope's network and the pinned Bastion hosts, wherever they live, in one parallel wave of reads, and
 * a second one for what belongs to things that most networks do not have, far ends of peerings included.
 */
import { listOf, objectOf, propertiesOf, referenceOf, textOf } from '../network/json';
import { type Gap, keyOf, parentIdOf, type ResourceKey } from '../network/network';
import type { NetworkScope } from '../scope';
import { parseArmId } from './arm-id';
import { readBelongings } from './belongings';
import type { ArmClients } from './client';
import { azureErrorFrom } from './error';
import type { EventReader } from './event-subscriptions';
import { readFarEnds } from './far-ends';
import { joined, notRead, type Observation, readerOf } from './observation';
import { readList, readResource } from './read-resource';
import { offersLinks, withSharedLinks } from './shareable-links';

/**
 * The wave: one list call each, beside one for the event subscriptions. Firewall policies, application gateways and route
 * tables are not among them because whatever uses them names them, and there are twelve calls at most.
 */
const LISTS = [
  'providers/Microsoft.Network/networkSecurityGroups',
  'providers/Microsoft.Network/virtualNetworks',
  'providers/Microsoft.Network/networkInterfaces',
  'providers/Microsoft.Network/publicIPAddresses',
  'providers/Microsoft.Network/bastionHosts',
  'providers/Microsoft.Network/loadBalancers',
  'providers/Microsoft.Network/azureFirewalls',
  'providers/Microsoft.Network/privateLinkServices',
  'providers/Microsoft.Network/virtualHubs',
  'providers/Microsoft.Network/networkManagers',
  // Says which groups a service manages (`managedBy`): there, hands off.
  'resourceGroups',
] as const;

/**
 * Reads everything. A list or a pinned host that cannot be read is a gap, with the permission that is missing or what to
 * do next. Throws AzureError only when no list could be read at all: then nothing is known.
 */
export async function observe(
  clients: ArmClients,
  scope: NetworkScope,
  pinnedBastionHosts: readonly ResourceKey[],
  readEvents: EventReader,
): Promise<Observation> {
  const elsewhere = pinnedBastionHosts.filter(
    (id) => parseArmId(id)?.subscriptionId.toLowerCase() !== scope.subscriptionId.toLowerCase(),
  );
  const [listed, pinned, events] = await Promise.all([
    readScope(clients, scope.subscriptionId, pinnedBastionHosts),
    Promise.all(elsewhere.map((id) => readPinnedHost(clients, id))),
    readEvents(scope.subscriptionId),
  ]);
  const read = joined([listed, ...pinned]);
  const { resources, gaps } = joined([read, await readFarEnds(clients, read.resources), events]);
  return { resources: unique(resources), gaps };
}

async function readScope(
  clients: ArmClients,
  subscriptionId: string,
  pinnedBastionHosts: readonly ResourceKey[],
): Promise<Observation> {
  const paths = LISTS.map((list) => `/subscriptions/${subscriptionId}/${list}`);
  const lists = await Promise.all(paths.map(async (path) => ({ path, ...(await readList(clients, path)) })));
  const errors = lists.flatMap((list) => list.error ?? []);
  if (errors.length === lists.length) throw errors.find((error) => error.retryable) ?? errors[0];
  const resources = lists.flatMap((list) => list.items);
  const gaps = lists.flatMap(({ path, error }) => (error ? [notRead(path, error)] : []));
  const pinned = new Set(pinnedBastionHosts.map(keyOf));
  const isPinned = (id: string): boolean => pinned.size === 0 || pinned.has(keyOf(id));
  const isAsked = (each: unknown): boolean => offersLinks(each) && isPinned(textOf(objectOf(each).id) ?? '');
  const [belongings, hosts] = await Promise.all([
    readBelongings(readerOf(clients), subscriptionId, resources),
    Promise.all(resources.filter(isAsked).map((host) => withSharedLinks(clients, host))),
  ]);
  const others = resources.filter((resource) => !isAsked(resource));
  return joined([{ resources: others, gaps }, ...hosts, belongings]);
}

/** A Bastion host of another subscription, with its virtual network and its subnet's security group. */
async function readPinnedHost(clients: ArmClients, id: ResourceKey): Promise<Observation> {
  const resources: unknown[] = [];
  try {
    const host = await readResource(clients, id);
    if (host === undefined) return { resources, gaps: [absent(id)] };
    const linked = await withSharedLinks(clients, host);
    resources.push(...linked.resources);
    const subnets = listOf(propertiesOf(host).ipConfigurations).flatMap(
      (item) => referenceOf(propertiesOf(item).subnet) ?? [],
    );
    for (const subnet of subnets) resources.push(...(await readNetworkOf(clients, subnet)));
    return { resources, gaps: linked.gaps };
  } catch (thrown) {
    return {
      resources,
      gaps: [notRead(id, azureErrorFrom(thrown, 'read', id))],
    };
  }
}

async function readNetworkOf(clients: ArmClients, subnetId: string): Promise<readonly unknown[]> {
  const network = await readResource(clients, parentIdOf(subnetId));
  if (network === undefined) return [];
  const subnet = listOf(propertiesOf(network).subnets).find(
    (item) => keyOf(textOf(objectOf(item).id) ?? '') === keyOf(subnetId),
  );
  const groupId = referenceOf(propertiesOf(subnet).networkSecurityGroup);
  const group = groupId ? await readResource(clients, groupId) : undefined;
  return group === undefined ? [network] : [network, group];
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
