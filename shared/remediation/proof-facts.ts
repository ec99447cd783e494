/** The facts of a proof that are told alike whatever was changed: from the differences in what gets through. */
import type { Exposure, Finding } from '../finding';
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
import type { Endpoint } from '../network/endpoint';
import { probedPortFinder } from '../network/forwarding-to';
import type { Network } from '../network/network';
import { PLATFORM_ADDRESSES } from '../network/service-tag';
import type { ProofFact } from './plan';
import type { Difference } from './traffic';

export function nothingGained(differences: readonly Difference[]): ProofFact {
  const gained = differences.filter((difference) => !isEmpty(difference.gained));
  return {
    claim: 'nothing becomes reachable',
    holds: gained.length === 0,
    detail:
      gained.length === 0 ? 'no source gets through that did not before' : describe(gained, (each) => each.gained),
  };
}

/** The platform's own addresses may go with the rule, except where a load balancer's probe asks the endpoint. */
export function onlyNamedLost(
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

export function bastionKept(differences: readonly Difference[], bastion: AddressSet): ProofFact {
  const cut = differences.filter((difference) => !isEmpty(addressIntersection(difference.lost, bastion)));
  const detail = `${toCidrs(bastion).join(', ') || 'no Bastion address'} reaches everything it reached before`;
  return {
    claim: 'Bastion is not cut off',
    holds: cut.length === 0,
    detail: cut.length === 0 ? detail : describe(cut, (each) => addressIntersection(each.lost, bastion)),
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
