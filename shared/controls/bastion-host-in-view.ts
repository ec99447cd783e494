/** Which Bastion hosts a control judges, and whether it may propose to change them. */
import { type BastionHost, keyOf, type Network, type ResourceKey, type Subnet } from '../network/network';
import type { AccessPolicy } from '../policy/policy';

export interface HostInView {
  readonly host: BastionHost;
  /** Whether the policy names it. Without any pin every host that was found is judged, and none is touched. */
  readonly isPinned: boolean;
}

/** The pinned hosts that were read; without a pin all hosts, in the order of their ids. */
export function hostsInView(network: Network, policy: AccessPolicy): readonly HostInView[] {
  const isPinned = policy.bastionHosts.length > 0;
  const keys: readonly ResourceKey[] = isPinned ? policy.bastionHosts : [...network.bastionHosts.keys()].toSorted();
  return keys.flatMap((key) => {
    const host = network.bastionHosts.get(keyOf(key));
    return host ? { host, isPinned } : [];
  });
}

/** The host's subnets that were read. */
export function subnetsOf(network: Network, host: BastionHost): readonly Subnet[] {
  return host.subnets.flatMap((key) => network.subnets.get(key) ?? []);
}
