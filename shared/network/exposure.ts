/** Who gets through the rules to an endpoint: exact source sets, each with the rule that lets it in. */
import { addressDifference, addressIntersection, EVERY_ADDRESS, isEmpty, ofFamily, sameAddresses } from './address';
import { type Admission, decide, type Slice, sourcePortClasses } from './decide';
import type { Endpoint, LayerGroup } from './endpoint';
import type { Network, Protocol, SecurityGroup, VirtualNetwork } from './network';
import {
  type Destination,
  matchesDestination,
  matchesPort,
  type ResolvedRule,
  resolveRules,
  type TagContext,
  withWidestTag,
} from './security-group';
import {
  applicationGroupMembers,
  UNKNOWN_VIRTUAL_NETWORK_TAG,
  type VirtualNetworkTag,
  virtualNetworkTag,
} from './service-tag';

/** `certain`: VirtualNetwork is what is documented. `widest`: it is all it may be. */
export type Reading = 'certain' | 'widest';

export interface Analysis {
  /**
   * Everything the rules admit to the endpoint, for sources of its own address family. Without `sourcePort` a source
   * counts if any port it may choose gets through; with it, only packets from that port are judged. Where Azure leaves
   * open what VirtualNetwork holds, a source counts if either reading of the tag, the same in every rule, lets it in.
   */
  admissions(endpoint: Endpoint, protocol: Protocol, port: number, sourcePort?: number): readonly Admission[];
  /** The readings of VirtualNetwork that differ at this endpoint. */
  readingsAt(endpoint: Endpoint): readonly Reading[];
  /** A layer's rules of one direction as the endpoint's network reads them; the documented reading unless asked. */
  rulesFor(
    endpoint: Endpoint,
    layer: LayerGroup,
    direction: 'inbound' | 'outbound',
    reading?: Reading,
  ): readonly ResolvedRule[];
  /** `VirtualNetwork` as the endpoint's groups read it. */
  virtualNetworkTag(endpoint: Endpoint): VirtualNetworkTag;
}

const CERTAIN: readonly Reading[] = ['certain'];
const BOTH: readonly Reading[] = ['certain', 'widest'];

/** Prepares the network for questions; results are remembered, so one analysis serves one unchanging network. */
export function analyse(network: Network): Analysis {
  const members = applicationGroupMembers(network);
  const contexts = new Map<VirtualNetwork | undefined, TagContext>();
  const resolved = new Map<SecurityGroup, Map<string, readonly ResolvedRule[]>>();
  const spoken = new Map<readonly ResolvedRule[], Map<string, readonly ResolvedRule[]>>();
  const decided = new Map<string, readonly Admission[]>();
  const numbers = new Map<object, number>();
  const numberOf = (thing: object | undefined): number => {
    if (thing === undefined) return -1;
    const known = numbers.get(thing) ?? numbers.size;
    numbers.set(thing, known);
    return known;
  };

  const contextOf = (virtualNetwork: VirtualNetwork | undefined): TagContext => {
    const known = contexts.get(virtualNetwork);
    if (known) return known;
    const tag = virtualNetwork ? virtualNetworkTag(network, virtualNetwork) : UNKNOWN_VIRTUAL_NETWORK_TAG;
    const context = { virtualNetwork: tag, members };
    contexts.set(virtualNetwork, context);
    return context;
  };

  const readingsAt: Analysis['readingsAt'] = (endpoint) => {
    const { certain, possible } = contextOf(endpoint.virtualNetwork).virtualNetwork;
    return certain === possible ? CERTAIN : BOTH;
  };

  const rulesFor: Analysis['rulesFor'] = (endpoint, layer, direction, reading = 'certain') => {
    if (!layer.group) return [];
    const ofGroup = resolved.get(layer.group) ?? new Map<string, readonly ResolvedRule[]>();
    resolved.set(layer.group, ofGroup);
    const key = `${numberOf(endpoint.virtualNetwork)} ${direction} ${reading}`;
    const known = ofGroup.get(key);
    if (known) return known;
    const context = contextOf(endpoint.virtualNetwork);
    const rules =
      reading === 'certain'
        ? resolveRules(layer.group, direction, context)
        : withWidestTag(rulesFor(endpoint, layer, direction), context);
    ofGroup.set(key, rules);
    return rules;
  };

  const speakingOf = (rules: readonly ResolvedRule[], protocol: Protocol, port: number): readonly ResolvedRule[] => {
    const ofRules = spoken.get(rules) ?? new Map<string, readonly ResolvedRule[]>();
    spoken.set(rules, ofRules);
    const key = `${protocol} ${port}`;
    const known = ofRules.get(key) ?? rules.filter(({ rule }) => matchesPort(rule, protocol, port));
    ofRules.set(key, known);
    return known;
  };

  const admitted = (
    endpoint: Endpoint,
    protocol: Protocol,
    port: number,
    sourcePort: number | undefined,
    reading: Reading,
  ): readonly Admission[] => {
    const layers = endpoint.layers.map((layer): Slice => {
      const rules = speakingOf(rulesFor(endpoint, layer, 'inbound', reading), protocol, port);
      return layer.group ? { layer: layer.layer, group: layer.group, rules } : { layer: layer.layer, rules };
    });
    return destinationClasses(layers, endpoint).flatMap((destination) => {
      const slices = layers.map((slice) => {
        const rules = isEverywhere(slice.rules)
          ? slice.rules
          : slice.rules.filter((rule) => matchesDestination(rule, destination) === 'whole');
        return rules === slice.rules ? slice : { ...slice, rules };
      });
      const key = `${sourcePort ?? ''} ${keyOfSlices(slices, destination, numberOf)}`;
      const known =
        decided.get(key) ??
        decide(slices, destination.addresses, sourcePort === undefined ? portsFor(slices) : [sourcePort]);
      decided.set(key, known);
      return known.map((admission) => ({ ...admission, destinations: destination.addresses }));
    });
  };

  const admissions: Analysis['admissions'] = (endpoint, protocol, port, sourcePort) => {
    const [first, ...others] = readingsAt(endpoint).map((reading) =>
      admitted(endpoint, protocol, port, sourcePort, reading),
    );
    return others.reduce((found, more) => [...found, ...beyond(found, more)], first ?? []);
  };

  return {
    admissions,
    readingsAt,
    rulesFor,
    virtualNetworkTag: (endpoint) => contextOf(endpoint.virtualNetwork).virtualNetwork,
  };
}

/** What the other reading admits beyond the first; destinations fall into the same classes under both. */
function beyond(found: readonly Admission[], more: readonly Admission[]): Admission[] {
  return more.flatMap((admission) => {
    const known = found.filter(({ destinations }) => sameAddresses(destinations, admission.destinations));
    const sources = known.reduce((rest, each) => addressDifference(rest, each.sources), admission.sources);
    return isEmpty(sources) ? [] : [{ ...admission, sources }];
  });
}

/** Lists of rules that are shared between endpoints are known by themselves, others by what is in them. */
function keyOfSlices(
  slices: readonly Slice[],
  destination: Destination,
  numberOf: (thing: object | undefined) => number,
): string {
  const families = `${destination.addresses.ipv4.length > 0}${destination.addresses.ipv6.length > 0}`;
  const parts = slices.map(({ group, rules }) =>
    isEverywhere(rules)
      ? `${numberOf(group)}=${numberOf(rules)}`
      : `${numberOf(group)}:${rules.map(numberOf).join(',')}`,
  );
  return `${families} ${parts.join(' ')}`;
}

function portsFor(slices: readonly Slice[]): readonly number[] {
  return sourcePortClasses(slices.flatMap(({ rules }) => rules));
}

/** Whether every rule speaks of every destination, as most do. */
function isEverywhere(rules: readonly ResolvedRule[]): boolean {
  return rules.every((rule) => rule.destinations === EVERY_ADDRESS);
}

/** Splits the endpoint's addresses by family, and where a rule speaks of only some of them. */
function destinationClasses(layers: readonly Slice[], endpoint: Endpoint): Destination[] {
  // A packet stays within its family, so the two families of one endpoint are two destinations.
  let classes = [ofFamily(endpoint.addresses, 'ipv4'), ofFamily(endpoint.addresses, 'ipv6')].filter(
    (part) => !isEmpty(part),
  );
  const { groups } = endpoint;
  const partial = layers.flatMap((layer) => (isEverywhere(layer.rules) ? [] : layer.rules));
  for (const rule of partial) {
    classes = classes.flatMap((addresses) => {
      if (matchesDestination(rule, { addresses, groups }) !== 'part') return [addresses];
      return [addressIntersection(addresses, rule.destinations), addressDifference(addresses, rule.destinations)];
    });
  }
  return classes.map((addresses) => ({ addresses, groups }));
}
