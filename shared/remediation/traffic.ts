/** What two states of a network admit, compared exactly: over the protocols and ports that a change can touch. */
import {
  type AddressSet,
  addressDifference,
  addressIntersection,
  addressUnion,
  isEmpty,
  NO_ADDRESS,
} from '../network/address';
import type { Endpoint } from '../network/endpoint';
import { type Admission, sourcePortClasses } from '../network/decide';
import type { Analysis } from '../network/exposure';
import { intersection, type Intervals } from '../network/interval';
import { isEveryPort } from '../network/port';
import type { Reading } from '../network/rule-book';
import { hasPorts } from '../network/security-group';
import type { Protocol, SecurityGroup, SecurityRule } from '../network/network';

const PROTOCOLS: readonly Protocol[] = ['tcp', 'udp', 'icmp', 'esp', 'ah'];

/** A kind of traffic, and how the sources that get through with it differ. */
export interface Difference {
  readonly endpoint: Endpoint;
  readonly protocol: Protocol;
  readonly port: number;
  readonly destinations: AddressSet;
  readonly gained: AddressSet;
  readonly lost: AddressSet;
}

/** One protocol with one port of each range over which no rule changes its mind. */
export interface TrafficClass {
  readonly protocol: Protocol;
  readonly port: number;
}

/**
 * The classes of traffic of which a changed rule speaks, before or after: all others are decided as they were. `further`
 * are rules that what differs is measured against as well: none changes its mind within a class either.
 */
export function touchedTraffic(
  before: SecurityGroup,
  after: SecurityGroup,
  further: readonly SecurityRule[] = [],
): TrafficClass[] {
  const changed = changedRules(before, after);
  const boundaries = [...before.rules, ...after.rules, ...further].flatMap((rule) => rule.destinationPorts);
  return PROTOCOLS.flatMap((protocol) => {
    const ports = changed
      .filter((rule) => rule.protocol === '*' || rule.protocol === protocol)
      .map((rule) => rule.destinationPorts);
    if (!hasPorts(protocol)) return ports.some(isEveryPort) ? [{ protocol, port: 0 }] : [];
    return representatives(ports, boundaries).map((port) => ({ protocol, port }));
  });
}

/** Rules that are not the same in both groups. */
export function changedRules(before: SecurityGroup, after: SecurityGroup): SecurityRule[] {
  const kept = new Set(before.rules.filter((rule) => after.rules.includes(rule)));
  return [...before.rules, ...after.rules].filter((rule) => !kept.has(rule));
}

function representatives(ranges: readonly Intervals<number>[], boundaries: Intervals<number>): number[] {
  const starts = new Set<number>();
  for (const range of ranges) {
    for (const [low, high] of range) {
      starts.add(low);
      for (const boundary of boundaries) {
        const [cut] = intersection([[low, high]], [[boundary[0], boundary[0]]]);
        if (cut) starts.add(cut[0]);
        if (boundary[1] + 1 >= low && boundary[1] + 1 <= high) starts.add(boundary[1] + 1);
      }
    }
  }
  return [...starts];
}

/** The readings of VirtualNetwork under which the two networks are compared: a proof holds under each of them. */
export function readingsOf(
  endpointBefore: Endpoint,
  endpointAfter: Endpoint,
  before: Analysis,
  after: Analysis,
): readonly Reading[] {
  return [...new Set([...before.readingsAt(endpointBefore), ...after.readingsAt(endpointAfter)])];
}

/**
 * Every difference between what the two networks admit to this endpoint, given what was changed. Where Azure leaves open
 * what VirtualNetwork holds, each reading is compared with itself: what is lost under one of them may be lost.
 */
export function differencesAt(
  endpointBefore: Endpoint,
  endpointAfter: Endpoint,
  before: Analysis,
  after: Analysis,
  classes: readonly TrafficClass[],
): Difference[] {
  const sourcePorts = sourcePortClasses(
    endpointBefore.layers
      .flatMap((layer) => before.rulesFor(endpointBefore, layer, 'inbound'))
      .concat(endpointAfter.layers.flatMap((layer) => after.rulesFor(endpointAfter, layer, 'inbound'))),
  );
  const readings = readingsOf(endpointBefore, endpointAfter, before, after);
  const questions = sourcePorts.flatMap((sourcePort) => readings.map((reading) => ({ sourcePort, reading })));
  return classes.flatMap(({ protocol, port }) =>
    questions.flatMap(({ sourcePort, reading }) => {
      const admitted = before.admissions(endpointBefore, protocol, port, sourcePort, reading);
      const admittedAfter = after.admissions(endpointAfter, protocol, port, sourcePort, reading);
      return commonCells(endpointBefore.addresses, [...admitted, ...admittedAfter]).flatMap((destinations) => {
        const had = sourcesTo(destinations, admitted);
        const has = sourcesTo(destinations, admittedAfter);
        const gained = addressDifference(has, had);
        const lost = addressDifference(had, has);
        if (isEmpty(gained) && isEmpty(lost)) return [];
        return [{ endpoint: endpointBefore, protocol, port, destinations, gained, lost }];
      });
    }),
  );
}

/** The endpoint's addresses, cut so that each piece lies wholly inside or outside every admission. */
function commonCells(addresses: AddressSet, admissions: readonly Admission[]): AddressSet[] {
  let cells: AddressSet[] = [addresses];
  for (const { destinations } of admissions) {
    cells = cells
      .flatMap((cell) => [addressIntersection(cell, destinations), addressDifference(cell, destinations)])
      .filter((cell) => !isEmpty(cell));
  }
  return cells;
}

/** Everything admitted to a cell. */
export function sourcesTo(cell: AddressSet, admissions: readonly Admission[]): AddressSet {
  return admissions
    .filter(({ destinations }) => !isEmpty(addressIntersection(cell, destinations)))
    .reduce((sources, admission) => addressUnion(sources, admission.sources), NO_ADDRESS);
}
