/** The proof of a change that is more than rules: over every door, every endpoint it concerns, egress and routes. */
import type { Finding, Remedy } from '../finding';
import {
  addressDifference,
  addressIntersection,
  type AddressSet,
  isEmpty,
  NO_ADDRESS,
  unionOf,
} from '../network/address';
import { type DoorFinder, doorFinder } from '../network/door';
import { type Endpoint, endpointsOf } from '../network/endpoint';
import { type Analysis, analyse } from '../network/exposure';
import { isConnected, remoteAddresses } from '../network/neighbourhood';
import { keyOf, type Network } from '../network/network';
import { readNetwork } from '../network/read';
import type { Reading } from '../network/rule-book';
import type { World } from '../network/world';
import { bastionSources } from '../policy/allowed';
import { egressFact } from './egress';
import { findingsEnd } from './findings-end';
import type { ProofFact } from './plan';
import { probesFact } from './probes-kept';
import { referencesFact } from './references-kept';
import { bastionKept, nothingGained, onlyNamedLost } from './proof-facts';
import type { Measure } from './prove';
import { routesFact } from './routes-kept';
import { type Difference, readingsOf, sourcesTo, type TrafficClass } from './traffic';
import { classesAt, rulesAlike } from './traffic-at';

/** One network, prepared for questions. */
interface Side {
  readonly network: Network;
  readonly analysis: Analysis;
  readonly doorsTo: DoorFinder;
  readonly endpoints: ReadonlyMap<string, Endpoint>;
}

/** The facts about a remedy that changes `before` into `after`. */
export function worldFacts(
  before: Network,
  after: Network,
  finding: Finding,
  remedy: Remedy,
  { policy, accepted, acceptedNetwork }: Measure,
): readonly ProofFact[] {
  const [old, now] = [sideOf(before), sideOf(after)];
  const bastion = bastionSources(before, policy).addresses;
  const restored = bastionSources(after, policy).addresses;
  const named = new Set((finding.evidence.namedDoors ?? []).map(keyOf));
  const then = remedy.kind === 'revert' ? acceptedNetwork?.() : undefined;
  const side = then && sideOf(then);
  // Whoever comes by another door only because of a named peering is named with it.
  const closed = { doorsTo: named.size === 0 ? old.doorsTo : doorsWithout(before, named), named };
  const differences = [...old.endpoints.values()].flatMap((endpoint) =>
    differencesFor(endpoint, old, now, closed, side),
  );
  const gains = differences.filter(({ gained }) => !isEmpty(gained));
  const own = remedy.restoresBastion || remedy.kind === 'revert' ? restored : NO_ADDRESS;
  const losses =
    remedy.putsBack && side ? differences.map((each) => ({ ...each, lost: stood(each, side) })) : differences;
  const isBack = remedy.restoresBastion === true || remedy.kind === 'revert';
  return [
    ...findingsEnd(before, after, finding, policy, accepted),
    nothingGained(gains.map((each) => ({ ...each, gained: beyond(each, own, side) }))),
    onlyNamedLost(losses, finding, before, [...old.endpoints.values()]),
    bastionKept(losses, bastion),
    probesFact(before, after),
    placesKept(old, now),
    egressFact(before, after),
    routesFact(before, after, finding, isBack),
    referencesFact(before, after),
  ];
}

function sideOf(network: Network): Side {
  const endpoints = new Map(endpointsOf(network).map((endpoint) => [endpoint.id, endpoint]));
  return { network, analysis: analyse(network), doorsTo: doorFinder(network), endpoints };
}

/** The doors there are without these peerings. */
function doorsWithout(network: Network, named: ReadonlySet<string>): DoorFinder {
  const virtualNetworks = new Map(
    [...network.virtualNetworks].map(([key, each]) => {
      const peerings = each.peerings.filter(({ id }) => !named.has(keyOf(id)));
      return [key, peerings.length === each.peerings.length ? each : { ...each, peerings }];
    }),
  );
  const doorsTo = doorFinder({ ...network, virtualNetworks });
  return (endpoint, protocol, port) => {
    const home = endpoint.virtualNetwork && virtualNetworks.get(keyOf(endpoint.virtualNetwork.id));
    return doorsTo(home ? { ...endpoint, virtualNetwork: home } : endpoint, protocol, port);
  };
}

/** What is gained beyond Bastion's own way back and what was reachable when the state was accepted. */
function beyond({ endpoint, protocol, port, gained }: Difference, own: AddressSet, then: Side | undefined): AddressSet {
  const strangers = addressDifference(gained, own);
  if (!then || isEmpty(strangers)) return strangers;
  const place = then.endpoints.get(endpoint.id);
  // What came since stands at the roads that were accepted: it gains nothing by one of them being there again.
  if (!place) return addressDifference(strangers, roadsTo(endpoint, then));
  return addressDifference(strangers, reach(place, then, { protocol, port }, NOBODY));
}

/** Whom the peerings of the endpoint's network brought there when the state was accepted. */
function roadsTo({ virtualNetwork }: Endpoint, { network }: Side): AddressSet {
  const home = virtualNetwork && network.virtualNetworks.get(keyOf(virtualNetwork.id));
  const peers = home?.peerings.filter(isConnected) ?? [];
  return unionOf(peers.map((peering) => remoteAddresses(network, peering)));
}

/** Of what is lost, what was reachable when the state was accepted: the rest got through only by what was taken away. */
function stood({ endpoint, protocol, port, lost }: Difference, then: Side): AddressSet {
  const place = then.endpoints.get(endpoint.id) ?? toCome(endpoint, then);
  return place ? addressIntersection(lost, reach(place, then, { protocol, port }, NOBODY)) : lost;
}

/** What came since is measured by its subnet, which stood for the machines to come. */
function toCome({ subnet, addresses }: Endpoint, then: Side): Endpoint | undefined {
  const place = subnet && then.endpoints.get(subnet.id);
  return place && { ...place, addresses };
}

const NOBODY: ReadonlySet<string> = new Set();

/** No repair takes away a machine's address or a subnet: whatever was reached there would be lost unseen. */
function placesKept(old: Side, now: Side): ProofFact {
  const claim = 'every address and subnet is still there';
  // A group that stood before nothing is an endpoint of its own until it is put before something.
  const places = [...old.endpoints.values()].filter(({ kind }) => kind !== 'security-group');
  const gone = places.filter(({ id }) => !now.endpoints.has(id));
  return gone.length === 0
    ? { claim, holds: true, detail: 'nothing is taken away but ways in' }
    : {
        claim,
        holds: false,
        detail: `${gone
          .slice(0, 3)
          .map(({ id }) => id)
          .join(', ')} would be gone`,
      };
}

/** How what reaches the endpoint differs, door by door; what comes only by a named door is not counted as lost. */
function differencesFor(
  endpoint: Endpoint,
  old: Side,
  now: Side,
  closed: { readonly doorsTo: DoorFinder; readonly named: ReadonlySet<string> },
  then: Side | undefined,
): readonly Difference[] {
  const later = now.endpoints.get(endpoint.id);
  if (!later) return [];
  const place = then?.endpoints.get(endpoint.id);
  const readings = readingsOf(endpoint, later, old.analysis, now.analysis);
  const alike = rulesAlike(endpoint, later, old.analysis, now.analysis);
  return classesAt(endpoint, later, old, now, then && place && { endpoint: place, side: then }).flatMap(
    (traffic): Difference[] => {
      const [doors, doorsAfter] = [
        old.doorsTo(endpoint, traffic.protocol, traffic.port),
        now.doorsTo(later, traffic.protocol, traffic.port),
      ];
      if (alike && doors.length === doorsAfter.length && doors.every((door, i) => isSameDoor(door, doorsAfter[i]))) {
        return [];
      }
      return readings.flatMap((reading) => {
        const has = reach(later, now, traffic, NOBODY, reading);
        const gained = addressDifference(has, reach(endpoint, old, traffic, NOBODY, reading));
        const { analysis } = old;
        const mattered = reach(endpoint, { analysis, doorsTo: closed.doorsTo }, traffic, closed.named, reading);
        const lost = addressDifference(mattered, has);
        if (isEmpty(gained) && isEmpty(lost)) return [];
        return [{ endpoint, ...traffic, destinations: endpoint.addresses, gained, lost }];
      });
    },
  );
}

function isSameDoor(
  door: { readonly id: string; readonly sources: AddressSet },
  other: { readonly id: string; readonly sources: AddressSet } | undefined,
): boolean {
  if (!other || keyOf(door.id) !== keyOf(other.id)) return false;
  return (
    isEmpty(addressDifference(door.sources, other.sources)) && isEmpty(addressDifference(other.sources, door.sources))
  );
}

/** Everybody whom the rules admit and for whom a door is open that is not among `closed`. */
function reach(
  endpoint: Endpoint,
  { analysis, doorsTo }: Pick<Side, 'analysis' | 'doorsTo'>,
  { protocol, port }: TrafficClass,
  closed: ReadonlySet<string>,
  reading?: Reading,
): AddressSet {
  const admitted = sourcesTo(endpoint.addresses, analysis.admissions(endpoint, protocol, port, undefined, reading));
  const open = doorsTo(endpoint, protocol, port).filter(({ id }) => !closed.has(keyOf(id)));
  return unionOf(open.map(({ sources }) => addressIntersection(admitted, sources)));
}

/** Nothing refers to what is not there, and nothing else becomes unreadable: what is not read is never a pass. */
export function readableFact(before: World, after: World): ProofFact {
  const claim = 'everything can still be read';
  if (after.gaps.length === 0) return { claim, holds: true, detail: 'no gap follows from it' };
  const known = new Set(readNetwork(before.resources).gaps.map(({ resource, what }) => `${what} ${keyOf(resource)}`));
  const made = after.gaps.find(({ resource, what }) => !known.has(`${what} ${keyOf(resource)}`));
  return made
    ? { claim, holds: false, detail: `${made.what} at ${made.resource}: ${made.why}` }
    : { claim, holds: true, detail: 'no new gap follows from it' };
}
