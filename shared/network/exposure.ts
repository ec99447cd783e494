/** Who gets through the rules to an endpoint: exact source sets, each with the rule that lets it in. */
import { addressDifference, addressIntersection, isEmpty, ofFamily, sameAddresses } from './address';
import { type Admission, decide, type Slice, sourcePortClasses } from './decide';
import type { Endpoint, LayerGroup } from './endpoint';
import type { Direction, Network, Protocol, VirtualNetwork } from './network';
import { type Passage, type Passages, passagesOf, wayTo } from './passage';
import { type Reading, type RuleBook, ruleBook } from './rule-book';
import { type Destination, matchesDestination, type ResolvedRule } from './security-group';
import {
  applicationGroupMembers,
  type Members,
  UNKNOWN_VIRTUAL_NETWORK_TAG,
  type VirtualNetworkTag,
  virtualNetworkTag,
} from './service-tag';

export interface Analysis {
  /**
   * Everything the rules admit to the endpoint, for sources of its own address family. Without `sourcePort` a source
   * counts if any port it may choose gets through; with it, only packets from that port are judged. Where Azure leaves
   * open what VirtualNetwork holds, a source counts if either reading of the tag, the same in every rule, lets it in;
   * with `reading`, only that one is asked.
   */
  admissions(
    endpoint: Endpoint,
    protocol: Protocol,
    port: number,
    sourcePort?: number,
    reading?: Reading,
  ): readonly Admission[];
  /** The readings of VirtualNetwork that differ at this endpoint. */
  readingsAt(endpoint: Endpoint): readonly Reading[];
  /** A layer's rules of one direction as the endpoint's network reads them; the documented reading unless asked. */
  rulesFor(endpoint: Endpoint, layer: LayerGroup, direction: Direction, reading?: Reading): readonly ResolvedRule[];
  /** `VirtualNetwork` as the endpoint's groups read it. */
  virtualNetworkTag(endpoint: Endpoint): VirtualNetworkTag;
}

const CERTAIN: readonly Reading[] = ['certain'];
const BOTH: readonly Reading[] = ['certain', 'widest'];

/** One virtual network, or the unknown one of groups that are attached to nothing. */
interface Scene extends Readonly<Record<Reading, Stage>> {
  readonly tag: VirtualNetworkTag;
}

interface Stage {
  readonly book: RuleBook;
  readonly passageTo: Passages;
}

function openStage(book: RuleBook): Stage {
  return { book, passageTo: passagesOf(book) };
}

const analyses = new WeakMap<Network, Analysis>();

/** Prepares the network for questions. A network never changes, so it has one analysis, which remembers its answers. */
export function analyse(network: Network): Analysis {
  const known = analyses.get(network) ?? analysisOf(network);
  analyses.set(network, known);
  return known;
}

function analysisOf(network: Network): Analysis {
  const scenes = new Map<VirtualNetwork | undefined, Scene>();
  const decided = new Map<string, Map<Passage, readonly Admission[]>>();
  let members: ReadonlyMap<string, Members> | undefined;

  const sceneAt = ({ virtualNetwork }: Endpoint): Scene => {
    const known = scenes.get(virtualNetwork);
    if (known) return known;
    const tag = virtualNetwork ? virtualNetworkTag(network, virtualNetwork) : UNKNOWN_VIRTUAL_NETWORK_TAG;
    const context = {
      virtualNetwork: tag,
      // Most networks have no application security group, and to look for their members is to look at every interface.
      get members() {
        members ??= applicationGroupMembers(network);
        return members;
      },
    };
    const certain = openStage(ruleBook(context, 'certain'));
    const widest = tag.certain === tag.possible ? certain : openStage(ruleBook(context, 'widest'));
    const scene = { tag, certain, widest };
    scenes.set(virtualNetwork, scene);
    return scene;
  };

  const readingsAt: Analysis['readingsAt'] = (endpoint) => {
    const { certain, possible } = sceneAt(endpoint).tag;
    return certain === possible ? CERTAIN : BOTH;
  };

  const admitted = (
    endpoint: Endpoint,
    protocol: Protocol,
    port: number,
    sourcePort: number | undefined,
    reading: Reading,
  ): readonly Admission[] => {
    const passage = sceneAt(endpoint)[reading].passageTo(endpoint.layers, protocol, port);
    return destinationClasses(passage, endpoint).flatMap((destination) => {
      const { key, slices } = wayTo(destination, passage);
      const question = `${sourcePort ?? ''} ${destination.addresses.ipv4.length > 0 ? 4 : 6} ${key}`;
      const answers = decided.get(question) ?? new Map<Passage, readonly Admission[]>();
      decided.set(question, answers);
      const known =
        answers.get(passage) ??
        decide(slices, destination.addresses, sourcePort === undefined ? portsFor(slices) : [sourcePort]);
      answers.set(passage, known);
      return known.map((admission) => ({ ...admission, destinations: destination.addresses }));
    });
  };

  const admissions: Analysis['admissions'] = (endpoint, protocol, port, sourcePort, one) => {
    if (one) return admitted(endpoint, protocol, port, sourcePort, one);
    const [first, ...others] = readingsAt(endpoint).map((reading) =>
      admitted(endpoint, protocol, port, sourcePort, reading),
    );
    return others.reduce((found, more) => [...found, ...beyond(found, more)], first ?? []);
  };

  return {
    admissions,
    readingsAt,
    rulesFor: (endpoint, { group }, direction, reading = 'certain') =>
      group ? sceneAt(endpoint)[reading].book.all(group, direction) : [],
    virtualNetworkTag: (endpoint) => sceneAt(endpoint).tag,
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

function portsFor(slices: readonly Slice[]): readonly number[] {
  return sourcePortClasses(slices.flatMap(({ rules }) => rules));
}

/** Splits the endpoint's addresses by family, and where a rule speaks of only some of them. */
function destinationClasses({ selective }: Passage, endpoint: Endpoint): Destination[] {
  // A packet stays within its family, so the two families of one endpoint are two destinations.
  let classes = [ofFamily(endpoint.addresses, 'ipv4'), ofFamily(endpoint.addresses, 'ipv6')].filter(
    (part) => !isEmpty(part),
  );
  const { groups } = endpoint;
  for (const rule of selective) {
    classes = classes.flatMap((addresses) => {
      if (matchesDestination(rule, { addresses, groups }) !== 'part') return [addresses];
      return [addressIntersection(addresses, rule.destinations), addressDifference(addresses, rule.destinations)];
    });
  }
  return classes.map((addresses) => ({ addresses, groups }));
}
