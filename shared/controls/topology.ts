/** Which networks are hubs and which are spokes under the policy, and what it says of the peerings between them. */
import { keyOf, type Network, nameOf, parentIdOf, type ResourceKey, type VirtualNetwork } from '../network/network';
import type { AccessPolicy } from '../policy/policy';

export type Role = 'hub' | 'spoke' | 'foreign';
export type ApprovedPeering = AccessPolicy['topology']['approvedPeerings'][number];

export interface Topology {
  /** Keys of the networks that are hubs, whether they were read or not. */
  readonly hubs: ReadonlySet<ResourceKey>;
  /** Whether the policy says what a hub is; otherwise the Bastion hosts that were found were taken, and nothing may be repaired by it. */
  readonly isStated: boolean;
  /** Pinned Bastion hosts of which nobody knows in which network they stand. */
  readonly unplaced: readonly ResourceKey[];
  readonly roleOf: (network: ResourceKey) => Role;
  /** The policy's entry for a peering that is neither hub to spoke nor the like. */
  readonly approvalOf: (a: ResourceKey, b: ResourceKey) => ApprovedPeering | undefined;
}

/** Works the roles out once for a network and a policy. */
export function topologyOf(network: Network, policy: AccessPolicy): Topology {
  const { topology, bastionHosts } = policy;
  const hosts = bastionHosts.length > 0 ? bastionHosts : [...network.bastionHosts.keys()];
  const placed = hosts.map((host) => ({ host, networks: networksOfHost(network, host) }));
  const hubs = new Set([...topology.hubs.map(keyOf), ...placed.flatMap(({ networks }) => networks)]);
  const approved = new Map(topology.approvedPeerings.map((entry) => [pairKey(...entry.networks), entry]));
  const isStated = bastionHosts.length > 0 || topology.hubs.length > 0;
  const isSpoke = topology.spokes ? spokeTest(network, topology.spokes) : unnamedSpokeTest(network, hubs, isStated);
  return {
    hubs,
    isStated,
    unplaced: placed.flatMap(({ host, networks }) => (networks.length === 0 ? host : [])),
    roleOf: (key) => (hubs.has(key) ? 'hub' : isSpoke(key) ? 'spoke' : 'foreign'),
    approvalOf: (a, b) => approved.get(pairKey(a, b)),
  };
}

/** Whether a peering joins a hub and a spoke, or is approved by itself. */
export function mayBePeered(topology: Topology, a: ResourceKey, b: ResourceKey): boolean {
  return isHubAndSpoke(topology, a, b) || topology.approvalOf(a, b) !== undefined;
}

/** Whether one is a hub and the other a spoke. */
export function isHubAndSpoke({ roleOf }: Topology, a: ResourceKey, b: ResourceKey): boolean {
  const roles = [roleOf(a), roleOf(b)];
  return roles.includes('hub') && roles.includes('spoke');
}

/** A network's name for people, read or not; as long as Azure lets a name be. */
export function networkName(network: Network, key: ResourceKey): string {
  return (network.virtualNetworks.get(key)?.name ?? nameOf(key)).slice(0, LONGEST_NAME);
}

const LONGEST_NAME = 80;

function pairKey(a: string, b: string): string {
  return [keyOf(a), keyOf(b)].toSorted((one, other) => (one < other ? -1 : 1)).join(' ');
}

/**
 * Where a host stands. One that was deleted or could not be read stood in a network of its own resource group with an
 * AzureBastionSubnet (https://learn.microsoft.com/azure/bastion/configuration-settings#subnet): a hub does not become a
 * spoke because its Bastion host is gone.
 */
function networksOfHost(network: Network, host: ResourceKey): ResourceKey[] {
  const subnets = network.bastionHosts.get(host)?.subnets ?? [];
  if (subnets.length > 0) return subnets.map(parentIdOf);
  const resourceGroup = `${host.split('/').slice(0, 5).join('/')}/`;
  return [...network.virtualNetworks].flatMap(([key, { subnets: own }]) =>
    key.startsWith(resourceGroup) && own.some(({ name }) => keyOf(name) === 'azurebastionsubnet') ? key : [],
  );
}

/** A network nobody read can only be meant by its id: its name and tags are what somebody else calls it. */
function spokeTest(
  { virtualNetworks }: Network,
  spokes: NonNullable<AccessPolicy['topology']['spokes']>,
): (key: ResourceKey) => boolean {
  const ids = new Set(spokes.flatMap((each) => ('id' in each ? keyOf(each.id) : [])));
  const tests = spokes.flatMap((each) => {
    if ('tag' in each) return (network: VirtualNetwork) => hasTag(network, each.tag);
    if ('name' in each) return nameTest(each.name);
    return [];
  });
  return (key) => {
    const network = virtualNetworks.get(key);
    return ids.has(key) || (network !== undefined && tests.some((isMeant) => isMeant(network)));
  };
}

/** Where nothing is stated at all, a network that has nothing to do with a hub is not called a spoke of it. */
function unnamedSpokeTest(
  { virtualNetworks }: Network,
  hubs: ReadonlySet<ResourceKey>,
  isStated: boolean,
): (key: ResourceKey) => boolean {
  if (isStated) return (key) => virtualNetworks.has(key);
  const joined = new Set(
    [...virtualNetworks.values()]
      .flatMap(({ peerings }) => peerings)
      .flatMap(({ virtualNetwork, remote }) => [
        ...(hubs.has(remote) ? [virtualNetwork] : []),
        ...(hubs.has(virtualNetwork) ? [remote] : []),
      ]),
  );
  return (key) => virtualNetworks.has(key) && joined.has(key);
}

/** Names of tags are case-insensitive, values are not (https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources). */
function hasTag({ tags = {} }: VirtualNetwork, wanted: { readonly name: string; readonly value: string }): boolean {
  return Object.entries(tags).some(([name, value]) => keyOf(name) === keyOf(wanted.name) && value === wanted.value);
}

function nameTest(pattern: string): (network: VirtualNetwork) => boolean {
  const parts = keyOf(pattern).split('*');
  return ({ name }) => isLike(keyOf(name), parts);
}

/** Whether the parts stand in the text in this order, the first at its start and the last at its end. */
function isLike(text: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
