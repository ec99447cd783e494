/** The proof that a remedy does what it should and nothing else, made on the model before anything is written. */
import { evaluate } from '../controls';
import type { Accepted } from '../controls/accepted';
import type { Exposure, Finding, Remedy } from '../finding';
import { networkAfter, targetOf } from '../network/action';
import {
  type AddressSet,
  addressDifference,
  addressesOf,
  addressIntersection,
  addressUnion,
  EVERY_ADDRESS,
  isEmpty,
  isWithin,
  NO_ADDRESS,
  toCidrs,
} from '../network/address';
import { type Endpoint, endpointsOf } from '../network/endpoint';
import { analyse } from '../network/exposure';
import { probedPortFinder } from '../network/forwarding-to';
import type { Network, ResourceKey } from '../network/network';
import { PLATFORM_ADDRESSES } from '../network/service-tag';
import { bastionSources } from '../policy/allowed';
import type { AccessPolicy } from '../policy/policy';
import type { ProofFact } from './plan';
import { changedRules, type Difference, differencesAt, touchedTraffic } from './traffic';

export interface Proof {
  readonly facts: readonly ProofFact[];
  readonly holds: boolean;
  /** The network once the remedy has been applied. */
  readonly after: Network;
}

/**
 * Proves one remedy for one finding: the finding ends, nothing becomes reachable, what is lost was named by the
 * finding, Bastion keeps every way it had, and nothing outbound changes. Compared are exact sets over every protocol
 * and port the changed rules speak of, at every endpoint behind the group, the platform's own included. With `accepted`,
 * the finding is what came on top of the accepted state, and only that has to end.
 */
export function prove(
  network: Network,
  policy: AccessPolicy,
  finding: Finding,
  remedy: Remedy,
  accepted?: Accepted,
): Proof {
  const after = remedy.actions.reduce(networkAfter, network);
  const groups = new Set(remedy.actions.map(targetOf));
  const endpoints = endpointsOf(network, groups);
  const differences = compare(network, after, groups, endpoints);
  const facts = [
    findingEnds(after, policy, finding, groups, accepted),
    nothingGained(differences),
    onlyNamedLost(differences, finding, network, endpoints),
    bastionKept(differences, bastionSources(network, policy).addresses),
    outboundUntouched(network, after, groups),
  ];
  return { facts, holds: facts.every((fact) => fact.holds), after };
}

function compare(
  before: Network,
  after: Network,
  groups: ReadonlySet<ResourceKey>,
  endpoints: readonly Endpoint[],
): Difference[] {
  const analysisBefore = analyse(before);
  const analysisAfter = analyse(after);
  const afterById = new Map(endpointsOf(after, groups).map((endpoint) => [endpoint.id, endpoint]));
  const classes = [...groups].flatMap((key) => {
    const old = before.securityGroups.get(key);
    const now = after.securityGroups.get(key);
    return old && now ? touchedTraffic(old, now) : [];
  });
  return endpoints.flatMap((endpoint) =>
    differencesAt(endpoint, afterById.get(endpoint.id) ?? endpoint, analysisBefore, analysisAfter, classes),
  );
}

function findingEnds(
  after: Network,
  policy: AccessPolicy,
  finding: Finding,
  groups: ReadonlySet<ResourceKey>,
  accepted: Accepted | undefined,
): ProofFact {
  const remains = evaluate(after, policy, groups, accepted).findings.some(
    (other) => other.fingerprint === finding.fingerprint,
  );
  return {
    claim: 'the finding ends',
    holds: !remains,
    detail: remains ? 'the same finding would still be there' : 'the same evaluation no longer finds it',
  };
}

function nothingGained(differences: readonly Difference[]): ProofFact {
  const gained = differences.filter((difference) => !isEmpty(difference.gained));
  return {
    claim: 'nothing becomes reachable',
    holds: gained.length === 0,
    detail:
      gained.length === 0 ? 'no source gets through that did not before' : describe(gained, (each) => each.gained),
  };
}

/** The platform's own addresses may go with the rule, except where a load balancer's probe asks the endpoint. */
function onlyNamedLost(
  differences: readonly Difference[],
  finding: Finding,
  network: Network,
  endpoints: readonly Endpoint[],
): ProofFact {
  const probedPorts = probedPortFinder(network);
  const places = new Map(endpoints.map((endpoint) => [endpoint.id, endpoint]));
  const unnamed = differences
    .map((difference) => {
      const isProbed = probedPorts(difference.endpoint).has(difference.port);
      const spared = isProbed ? NO_ADDRESS : PLATFORM_ADDRESSES;
      return {
        ...difference,
        lost: addressDifference(difference.lost, addressUnion(named(finding, difference, places), spared)),
      };
    })
    .filter((difference) => !isEmpty(difference.lost));
  const detail = 'every source that is shut out was named by the finding, for that endpoint and port';
  return {
    claim: 'only the named traffic is lost',
    holds: unnamed.length === 0,
    detail: unnamed.length === 0 ? detail : describe(unnamed, (each) => each.lost),
  };
}

/**
 * What the finding said gets through to these addresses on this port: of this endpoint, or of another one of the same
 * subnet that has just these addresses, as a machine has one of its subnet's.
 */
function named(
  finding: Finding,
  { endpoint, protocol, port, destinations }: Difference,
  places: ReadonlyMap<string, Endpoint>,
): AddressSet {
  const isAbout = (exposure: Exposure): boolean => {
    const addresses = concernedAddresses(exposure.address);
    if (exposure.endpoint === endpoint.id) return !isEmpty(addressIntersection(destinations, addresses));
    const subnet = places.get(exposure.endpoint)?.subnet;
    return subnet !== undefined && subnet === endpoint.subnet && isWithin(destinations, addresses);
  };
  return finding.evidence.exposures
    .filter((exposure) => exposure.protocol === protocol && exposure.port === port && isAbout(exposure))
    .reduce((sources, exposure) => addressUnion(sources, addressesOf(...exposure.sources)), NO_ADDRESS);
}

function concernedAddresses(text: string): AddressSet {
  return text === '' ? EVERY_ADDRESS : addressesOf(...text.split(', '));
}

function bastionKept(differences: readonly Difference[], bastion: AddressSet): ProofFact {
  const cut = differences.filter((difference) => !isEmpty(addressIntersection(difference.lost, bastion)));
  const detail = `${toCidrs(bastion).join(', ') || 'no Bastion address'} reaches everything it reached before`;
  return {
    claim: 'Bastion is not cut off',
    holds: cut.length === 0,
    detail: cut.length === 0 ? detail : describe(cut, (each) => addressIntersection(each.lost, bastion)),
  };
}

function outboundUntouched(before: Network, after: Network, groups: ReadonlySet<ResourceKey>): ProofFact {
  const changed = [...groups].flatMap((key) => {
    const old = before.securityGroups.get(key);
    const now = after.securityGroups.get(key);
    return old && now ? changedRules(old, now).filter((rule) => rule.direction === 'outbound') : [];
  });
  return {
    claim: 'nothing outbound changes',
    holds: changed.length === 0,
    detail:
      changed.length === 0
        ? 'no outbound rule is written'
        : `outbound rules ${changed.map((rule) => rule.name).join(', ')} would change`,
  };
}

const MOST_SHOWN = 3;

function describe(differences: readonly Difference[], part: (difference: Difference) => AddressSet): string {
  const shown = differences.slice(0, MOST_SHOWN).map((difference) => {
    const sources = toCidrs(part(difference));
    const more = sources.length > MOST_SHOWN ? ` and ${sources.length - MOST_SHOWN} more` : '';
    return `${sources.slice(0, MOST_SHOWN).join(', ')}${more} → ${difference.endpoint.name}:${difference.port}/${difference.protocol}`;
  });
  const rest = differences.length > MOST_SHOWN ? `; and ${differences.length - MOST_SHOWN} more` : '';
  return shown.join('; ') + rest;
}
