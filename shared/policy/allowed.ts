/** Which sources the policy allows at an endpoint's admin port. */
import { type AddressSet, addressUnion, isEmpty, NO_ADDRESS, parsePrefix, unionOf } from '../network/address';
import type { Endpoint } from '../network/endpoint';
import { keyOf, type Network, type ResourceKey } from '../network/network';
import type { AccessPolicy } from './policy';

/** A Bastion host the policy relies on and that was not found complete, with the reason. */
export interface MissingBastion {
  readonly id: string;
  readonly why: string;
}

export interface BastionSources {
  /** The live prefixes of the AzureBastionSubnets of the hosts that count. */
  readonly addresses: AddressSet;
  /** True if the policy pins no host and the hosts found in the network were taken. */
  readonly discovered: boolean;
  /** Pinned hosts that could not be relied on. */
  readonly missing: readonly MissingBastion[];
}

/** Where Bastion sessions come from, read from the live subnets and never from a literal in a rule. */
export function bastionSources(network: Network, policy: AccessPolicy): BastionSources {
  const discovered = policy.bastionHosts.length === 0;
  const keys = discovered ? [...network.bastionHosts.keys()] : policy.bastionHosts;
  const missing: MissingBastion[] = [];
  const found: AddressSet[] = [];
  for (const key of keys) {
    const { addresses, trouble } = sourcesOfHost(network, key);
    found.push(addresses);
    if (trouble !== undefined) missing.push({ id: key, why: trouble });
  }
  return { addresses: unionOf(found), discovered, missing };
}

/** A host in trouble still lends its addresses to the evaluation: its sessions are not strangers, but nothing is written. */
function sourcesOfHost(network: Network, key: ResourceKey): { addresses: AddressSet; trouble?: string } {
  const host = network.bastionHosts.get(key);
  if (!host) return { addresses: NO_ADDRESS, trouble: 'the host was not found or could not be read' };
  const addresses = unionOf(host.subnets.map((subnet) => network.subnets.get(subnet)?.prefixes ?? NO_ADDRESS));
  if (isEmpty(addresses))
    return { addresses, trouble: 'its AzureBastionSubnet was not found or has no address prefix' };
  const isReady = host.provisioningState.toLowerCase() === 'succeeded';
  return isReady ? { addresses } : { addresses, trouble: `the host is ${host.provisioningState}` };
}

/** The sources that may reach `port` of the endpoint: Bastion, the virtual network if the policy says so, and approved others. */
export function allowedSources(
  policy: AccessPolicy,
  bastion: AddressSet,
  endpoint: Endpoint,
  port: number,
  virtualNetworkTag: AddressSet,
): AddressSet {
  const base = policy.allowedSources === 'virtual-network' ? addressUnion(bastion, virtualNetworkTag) : bastion;
  const extra = policy.additionalSources
    .filter(
      (source) => (source.ports?.includes(port) ?? true) && source.targets.some((target) => isTarget(target, endpoint)),
    )
    .flatMap((source) => source.sources.map((text) => parsePrefix(text) ?? NO_ADDRESS));
  return extra.length === 0 ? base : unionOf([base, ...extra]);
}

/** A target is `*` or the id of a machine, interface, subnet, network or anything above them. */
function isTarget(target: string, endpoint: Endpoint): boolean {
  if (target === '*') return true;
  const key = keyOf(target);
  return endpoint.keys.some((candidate) => candidate === key || candidate.startsWith(`${key}/`));
}
