/** Who comes in by a certain door: for controls that judge a way in, and not the rules behind it. */
import type { Exposure } from '../finding';
import {
  type AddressSet,
  addressDifference,
  addressIntersection,
  addressUnion,
  formatAddress,
  isEmpty,
  toCidrs,
  unionOf,
} from '../network/address';
import { type Door, doorAlone, doorFinder, type OpenDoor } from '../network/door';
import type { Endpoint } from '../network/endpoint';
import { analyse } from '../network/exposure';
import type { Network } from '../network/network';
import { PLATFORM_ADDRESSES } from '../network/service-tag';
import { allowedSources, bastionSources } from '../policy/allowed';
import type { AccessPolicy } from '../policy/policy';

type IsMeant = (door: Door) => boolean;

export interface Entrances {
  /** What strangers reach of the endpoint's admin ports by the doors that are meant. */
  readonly exposures: (endpoint: Endpoint, isMeant: IsMeant) => readonly Exposure[];
  /** Whether the Internet comes in by them to an admin port. */
  readonly isOpenToInternet: (endpoint: Endpoint, isMeant: IsMeant) => boolean;
  /** The first other traffic that comes in by them, as in `443/tcp`; undefined if there is none. */
  readonly otherTraffic: (endpoint: Endpoint, isMeant: IsMeant) => string | undefined;
  /** Whom the policy lets in to the port besides. */
  readonly allowed: (endpoint: Endpoint, port: number) => AddressSet;
}

/** Prepares a network for questions about its doors; it serves one unchanging network. */
export function entrancesOf(network: Network, policy: AccessPolicy): Entrances {
  const analysis = analyse(network);
  const doorsTo = doorFinder(network);
  const bastion = bastionSources(network, policy).addresses;

  const allowed: Entrances['allowed'] = (endpoint, port) =>
    allowedSources(policy, bastion, endpoint, port, analysis.virtualNetworkTag(endpoint).certain);

  const openDoors = (endpoint: Endpoint, protocol: string, port: number, isMeant: IsMeant): readonly OpenDoor[] =>
    doorsTo(endpoint, protocol, port).filter(isMeant);

  const exposures: Entrances['exposures'] = (endpoint, isMeant) =>
    policy.adminPorts.flatMap(({ port, protocol, mode }) => {
      const doors = openDoors(endpoint, protocol, port, isMeant);
      if (doors.length === 0) return [];
      const entering = unionOf(doors.map((door) => door.sources));
      const harmless = addressUnion(allowed(endpoint, port), PLATFORM_ADDRESSES);
      return analysis.admissions(endpoint, protocol, port).flatMap((admission): Exposure[] => {
        const reachable = addressIntersection(addressDifference(admission.sources, harmless), entering);
        if (isEmpty(reachable)) return [];
        return [
          {
            endpoint: endpoint.id,
            endpointName: endpoint.name,
            address: endpoint.address ? formatAddress(endpoint.address) : toCidrs(admission.destinations).join(', '),
            protocol,
            port,
            reportOnly: mode === 'report',
            sources: toCidrs(reachable),
            reachable: toCidrs(reachable),
            decidedBy: admission.decisions,
            doors: doors.filter((door) => !isEmpty(addressIntersection(door.sources, reachable))).map(doorAlone),
          },
        ];
      });
    });

  return {
    allowed,
    exposures,
    isOpenToInternet: (endpoint, isMeant) =>
      policy.adminPorts.some(({ port, protocol }) => {
        const doors = openDoors(endpoint, protocol, port, isMeant).filter((door) => door.fromInternet);
        const strangers = addressUnion(allowed(endpoint, port), PLATFORM_ADDRESSES);
        const entering = addressDifference(unionOf(doors.map((door) => door.sources)), strangers);
        if (isEmpty(entering)) return false;
        const admissions = analysis.admissions(endpoint, protocol, port);
        return admissions.some(({ sources }) => !isEmpty(addressIntersection(sources, entering)));
      }),
    otherTraffic(endpoint, isMeant) {
      for (const protocol of ['tcp', 'udp'] as const) {
        for (const port of distinctPorts(endpoint, policy)) {
          const doors = openDoors(endpoint, protocol, port, isMeant);
          const entering = addressDifference(unionOf(doors.map((door) => door.sources)), PLATFORM_ADDRESSES);
          if (isEmpty(entering)) continue;
          const isAdmin = policy.adminPorts.some((admin) => admin.port === port && admin.protocol === protocol);
          const wanted = isAdmin ? addressIntersection(entering, allowed(endpoint, port)) : entering;
          const admissions = analysis.admissions(endpoint, protocol, port);
          if (admissions.some(({ sources }) => !isEmpty(addressIntersection(sources, wanted)))) {
            return `${port}/${protocol}`;
          }
        }
      }
      return undefined;
    },
  };
}

/** One port of each range over which neither a rule nor the policy changes its mind; between two of them nothing differs. */
function distinctPorts(endpoint: Endpoint, policy: AccessPolicy): readonly number[] {
  const ranges = endpoint.layers.flatMap(({ group }) => group?.rules.flatMap((rule) => rule.destinationPorts) ?? []);
  const cuts = [...ranges, ...policy.adminPorts.map(({ port }) => [port, port] as const)];
  const starts = new Set([0, ...cuts.flatMap(([low, high]) => [low, high + 1])]);
  return [...starts].filter((port) => port <= 65535).toSorted((a, b) => a - b);
}
