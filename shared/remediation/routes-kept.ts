/** The fact of a proof about routes: what networks can send to each other, but for what the finding is about. */
import type { Finding } from '../finding';
import { type AddressSet, addressDifference, isEmpty, NO_ADDRESS, unionOf } from '../network/address';
import { gatewaysOf, isConnected, remoteAddresses } from '../network/neighbourhood';
import { keyOf, type Network, type ResourceKey } from '../network/network';
import type { ProofFact } from './plan';

/** No network loses a road, except the peering that the finding is about; `isBack`: roads of old may come back. */
export function routesFact(before: Network, after: Network, finding: Finding, isBack: boolean): ProofFact {
  const about = new Set([finding.resource, ...(finding.evidence.namedDoors ?? [])].map(keyOf));
  const problems = [...before.virtualNetworks.entries()].flatMap(([key, network]) => {
    const had = roads(before, key, about);
    const has = roads(after, key, new Set());
    const lost = addressDifference(had, has);
    const all = roads(before, key, new Set());
    const gained = isBack ? NO_ADDRESS : addressDifference(has, all);
    if (isEmpty(lost) && isEmpty(gained)) return [];
    return [`${network.name} would ${isEmpty(lost) ? 'gain' : 'lose'} a road`];
  });
  const claim = 'roads between networks stay as they are';
  return problems.length === 0
    ? { claim, holds: true, detail: 'but for what the finding is about' }
    : { claim, holds: false, detail: problems.slice(0, 3).join('; ') };
}

/** Where a network can send to by its peerings and gateways; `without` are peerings left out, and their other ends. */
function roads(network: Network, key: ResourceKey, without: ReadonlySet<string>): AddressSet {
  const own = network.virtualNetworks.get(key);
  if (!own) return NO_ADDRESS;
  const isOut = (remote: ResourceKey, id: string): boolean =>
    without.has(keyOf(id)) ||
    network.virtualNetworks.get(remote)?.peerings.some((each) => each.remote === key && without.has(keyOf(each.id))) ===
      true;
  const peers = own.peerings.filter((peering) => isConnected(peering) && !isOut(peering.remote, peering.id));
  return unionOf([
    ...peers.map((peering) => remoteAddresses(network, peering)),
    ...gatewaysOf(network, { ...own, peerings: peers }).map(({ addresses }) => addresses),
  ]);
}
