/** The way out of an AzureBastionSubnet: which of its addresses may open a session to a machine. */
import {
  type AddressSet,
  addressDifference,
  addressIntersection,
  addressUnion,
  isWithin,
  NO_ADDRESS,
} from '../network/address';
import type { Endpoint, LayerGroup } from '../network/endpoint';
import type { Analysis } from '../network/exposure';
import { includes } from '../network/interval';
import type { Direction, Network, Subnet } from '../network/network';
import { type Destination, matchesDestination, matchesPort, type ResolvedRule } from '../network/security-group';

/** The first ephemeral port (RFC 6335): what Bastion connects from. */
const SOURCE_PORT = 49152;

/** A subnet from which sessions start. */
export interface Start {
  readonly subnet: Subnet;
  readonly asEndpoint: Endpoint;
  /** The subnet's addresses from which a session may go out to the endpoint's port. */
  readonly leaving: (endpoint: Endpoint, port: number) => AddressSet;
}

/** Prepares one AzureBastionSubnet; answers are remembered, so it serves one unchanging network. */
export function startAt(network: Network, analysis: Analysis, subnet: Subnet): Start {
  const asEndpoint = bastionEndpoint(network, subnet);
  const toNetwork = new Map<string, AddressSet | undefined>();
  return {
    subnet,
    asEndpoint,
    leaving(endpoint, port) {
      const { virtualNetwork } = endpoint;
      // Rules that speak of a whole network say the same of each machine in it.
      const key = `${virtualNetwork?.id ?? ''} ${port}`;
      if (virtualNetwork && !toNetwork.has(key)) {
        toNetwork.set(key, leavingTo(analysis, asEndpoint, { addresses: virtualNetwork.addresses, groups: [] }, port));
      }
      return toNetwork.get(key) ?? leavingTo(analysis, asEndpoint, endpoint, port, true) ?? NO_ADDRESS;
    },
  };
}

/** A subnet whose group was not read is taken as having none: the reader has reported that gap. */
function bastionEndpoint(network: Network, subnet: Subnet): Endpoint {
  const virtualNetwork = network.virtualNetworks.get(subnet.virtualNetwork);
  const group = subnet.securityGroup === undefined ? undefined : network.securityGroups.get(subnet.securityGroup);
  const admin = network.adminRules.get(subnet.virtualNetwork) ?? [];
  return {
    kind: 'subnet',
    id: subnet.id,
    name: subnet.name,
    keys: [],
    addresses: subnet.prefixes,
    groups: [],
    layers: [
      ...admin.map((each): LayerGroup => ({ layer: 'admin', group: each })),
      { layer: 'subnet', ...(group && { group }) },
    ],
    pools: [],
    subnet,
    ...(virtualNetwork && { virtualNetwork }),
  };
}

/** Undefined if some rule speaks of a part of the destination only, or of groups, and `isOne` is not set. */
function leavingTo(
  analysis: Analysis,
  start: Endpoint,
  destination: Destination,
  port: number,
  isOne = false,
): AddressSet | undefined {
  const { possible } = analysis.virtualNetworkTag(start);
  let asking = start.addresses;
  let free = NO_ADDRESS;
  for (const layer of start.layers) {
    if (!layer.group) continue;
    let open = asking;
    let allowed = NO_ADDRESS;
    for (const each of speaking(analysis, start, layer, 'outbound', port)) {
      const extent = extentOf(each, destination, possible);
      if (!isOne && (extent === 'part' || each.destinationGroups.length > 0)) return undefined;
      // Of an unknown address: whatever may be allowed is, and only what surely is denied is.
      if (extent === 'none' || (extent === 'part' && each.rule.access === 'deny')) continue;
      const here = addressIntersection(open, each.sources);
      open = addressDifference(open, each.sources);
      if (each.rule.bypassesGroups) free = addressUnion(free, here);
      else if (each.rule.access === 'allow') allowed = addressUnion(allowed, here);
    }
    asking = layer.layer === 'admin' ? addressUnion(allowed, open) : allowed;
  }
  return addressUnion(free, asking);
}

/** Where it is open whether VirtualNetwork holds the machine, as with a virtual WAN, nobody is said to be locked out. */
function extentOf(each: ResolvedRule, destination: Destination, possible: AddressSet): 'none' | 'part' | 'whole' {
  const { access, destinations } = each.rule;
  const isTagged = access === 'allow' && destinations.some(({ text }) => text.toLowerCase() === 'virtualnetwork');
  return isTagged && isWithin(destination.addresses, possible) ? 'whole' : matchesDestination(each, destination);
}

/** A layer's rules that speak of a session to the port, in the order they are asked. */
export function speaking(
  analysis: Analysis,
  endpoint: Endpoint,
  layer: LayerGroup,
  direction: Direction,
  port: number,
): readonly ResolvedRule[] {
  return analysis
    .rulesFor(endpoint, layer, direction)
    .filter(({ rule }) => matchesPort(rule, 'tcp', port) && includes(rule.sourcePorts, SOURCE_PORT));
}
