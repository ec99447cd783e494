/** What the accepted state already let through: the measure of drift, and what a repair of drift leaves alone. */
import type { Finding } from '../finding';
import { type AddressSet, addressDifference, addressesOf, addressUnion, NO_ADDRESS } from '../network/address';
import { keyOf } from '../network/network';

interface Reach {
  readonly sources: AddressSet;
  readonly reachable: AddressSet;
}

/** What was found when the state was accepted. */
export interface Accepted {
  /** Per endpoint and port, who got through and for whom a door was open. */
  readonly reach: ReadonlyMap<string, Reach>;
  readonly fingerprints: ReadonlySet<string>;
}

/** Reads it out of what evaluating the accepted state finds. */
export function acceptedBy(findings: readonly Finding[]): Accepted {
  const reach = new Map<string, Reach>();
  for (const { endpoint, protocol, port, sources, reachable } of findings.flatMap(
    ({ evidence }) => evidence.exposures,
  )) {
    const key = placeOf(endpoint, protocol, port);
    const known = reach.get(key) ?? { sources: NO_ADDRESS, reachable: NO_ADDRESS };
    reach.set(key, {
      sources: addressUnion(known.sources, addressesOf(...sources)),
      reachable: addressUnion(known.reachable, addressesOf(...reachable)),
    });
  }
  return { reach, fingerprints: new Set(findings.map(({ fingerprint }) => fingerprint)) };
}

/** Of what gets through now, those who did before, and have no way in today that they did not have then. */
export function toleratedAt(
  accepted: Accepted,
  place: { readonly endpoint: string; readonly protocol: string; readonly port: number },
  reachable: AddressSet,
): AddressSet {
  const before = accepted.reach.get(placeOf(place.endpoint, place.protocol, place.port));
  if (!before) return NO_ADDRESS;
  return addressDifference(before.sources, addressDifference(reachable, before.reachable));
}

function placeOf(endpoint: string, protocol: string, port: number): string {
  return `${keyOf(endpoint)} ${protocol}/${port}`;
}
