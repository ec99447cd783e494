/** Who reaches whom in a sketch, found by trying packets: strangers at every place, and Bastion at every machine. */
import { isIn, numberOf, type Range } from './address';
import { lets } from './rules';
import type { Place, Sketch } from './sketch';

/** One packet that arrives, and by which doors: ids in lower case. */
export interface Arrival {
  readonly place: string;
  readonly subnet: string;
  readonly source: number;
  readonly port: number;
  readonly doors: readonly string[];
}

const PORTS = [22, 80, 443, 3389, 3500, 5985, 8080, 8443, 9100];
const OUTSIDE = ['203.0.113.7', '198.51.100.33', '8.8.8.8', '200.0.0.1'].map(numberOf);

/** Every packet that gets through, by a key that names it; `among` are the networks whose addresses are tried as senders. */
export function arrivals(sketch: Sketch): Map<string, Arrival> {
  const inner = [...sketch.networks.values()].flatMap(({ own }) => own.map(([low]) => low + 200 * 256 + 9));
  const found = new Map<string, Arrival>();
  for (const place of sketch.places) {
    const { inside, own, peers } = sketch.networks.get(place.network) ?? { inside: [], own: [], peers: [] };
    for (const source of [...OUTSIDE, ...inner.filter((each) => isIn(each, inside) || isJoined(sketch, place, each))]) {
      for (const port of PORTS) {
        const doors = doorsTo(sketch, place, source, port, { own, peers });
        if (doors.length === 0 || !isLetIn(place, source, port, inside)) continue;
        const key = `${place.id} ${source} ${port}`;
        found.set(key, { place: place.id, subnet: place.subnet, source, port, doors });
      }
    }
  }
  return found;
}

function isJoined(sketch: Sketch, place: Place, source: number): boolean {
  return (sketch.networks.get(place.network)?.peers ?? []).some(({ remote }) =>
    isIn(source, sketch.networks.get(remote)?.own ?? []),
  );
}

function doorsTo(
  sketch: Sketch,
  place: Place,
  source: number,
  port: number,
  {
    own,
    peers,
  }: { readonly own: readonly Range[]; readonly peers: readonly { readonly id: string; readonly remote: string }[] },
): string[] {
  const isOutside = OUTSIDE.includes(source);
  const joined = peers.filter(({ remote }) => isIn(source, sketch.networks.get(remote)?.own ?? []));
  // An internal front end brings nobody who does not come by a road anyway.
  const forwards = sketch.forwards.filter(
    ({ backendPort, targets }) => isOutside && backendPort === port && targets.has(place.id) && place.groups.length > 0,
  );
  return [
    ...(isIn(source, own) ? [place.network] : []),
    ...joined.map(({ id }) => id),
    ...(isOutside && place.publicIp !== undefined && place.groups.length > 0 ? [place.publicIp] : []),
    ...forwards.map(({ id }) => id),
  ];
}

function isLetIn(place: Place, source: number, port: number, inside: readonly Range[]): boolean {
  const packet = { source, destination: place.address, port, direction: 'inbound' } as const;
  return place.groups.every((group) => lets(group, packet, inside));
}

/** `PLACE PORT` for every machine and port, 22 and 3389, to which a session of some Bastion gets through. */
export function bastionReach(sketch: Sketch): Set<string> {
  const machines = sketch.places.filter(({ isMachine }) => isMachine);
  return new Set(
    machines.flatMap((place) =>
      [22, 3389].flatMap((port) =>
        sketch.bastions.some((bastion) => connects(sketch, bastion, place, port)) ? `${place.id} ${port}` : [],
      ),
    ),
  );
}

/** Out of Bastion's subnet, through its own network or a peering that is up at both ends, and in at the machine. */
function connects(sketch: Sketch, bastion: Sketch['bastions'][number], place: Place, port: number): boolean {
  const [home, there] = [sketch.networks.get(bastion.network), sketch.networks.get(place.network)];
  if (!home || !there) return false;
  const isJoinedBothWays =
    home === there ||
    (home.peers.some(({ remote }) => remote === there.id) && there.peers.some(({ remote }) => remote === home.id));
  if (!isJoinedBothWays) return false;
  const packet = { source: bastion.address, destination: place.address, port } as const;
  const leaves = !bastion.group || lets(bastion.group, { ...packet, direction: 'outbound' }, home.inside);
  return leaves && place.groups.every((group) => lets(group, { ...packet, direction: 'inbound' }, there.inside));
}
