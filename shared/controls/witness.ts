/** One packet that gets through, chosen so that a person recognises it. */
import type { Witness } from '../finding';
import {
  type Address,
  type AddressSet,
  addressDifference,
  addressIntersection,
  addressesOf,
  firstAddress,
  formatAddress,
  hasAddress,
  isEmpty,
  setOfAddress,
} from '../network/address';
import type { OpenDoor } from '../network/door';
import { usableAddress } from '../network/endpoint';
import type { Network } from '../network/network';
import type { Leak } from './rule-remedies';

/** From the blocks kept for documentation (RFC 5737, RFC 3849): recognisable, and nobody's. */
const STRANGERS = addressesOf('203.0.113.7', '2001:db8::7');

/** The packet and its way, from the door through each layer that let it pass; `machines` are asked for if need be. */
export function witnessOf(leak: Leak, machines: () => readonly Address[]): Witness {
  const { admission, doors, protocol, port, endpoint } = leak;
  const destination = endpoint.address ?? usableAddress(admission.destinations);
  const source = sourceOf(leak, machines, destination);
  const door = source && doorOf(doors, source);
  const steps = admission.decisions.flatMap(({ layer, securityGroup, rule, priority }) =>
    securityGroup === null
      ? [`no security group at the ${layer}`]
      : [`${securityGroup.slice(securityGroup.lastIndexOf('/') + 1)}/${rule} (priority ${priority})`],
  );
  return {
    source: source ? formatAddress(source) : '',
    sourcePort: admission.sourcePort,
    destination: destinationText(destination),
    port,
    protocol,
    path: [...(door ? throughDoor(door) : ['no open door yet']), ...steps],
  };
}

/** The door to show: one that the Internet comes by, if there is any. */
function doorOf(doors: readonly OpenDoor[], source: Address): OpenDoor | undefined {
  const open = doors.filter((door) => hasAddress(door.sources, source));
  return open.find((door) => door.fromInternet) ?? open[0];
}

function throughDoor({ name, frontend, frontendPort }: OpenDoor): string[] {
  return [`door ${name}`, ...(frontend === undefined ? [] : [`sent to ${frontend}:${frontendPort}`])];
}

/** A stranger from the Internet if one gets through, otherwise another machine, otherwise the first address there is. */
function sourceOf(
  { sources, reachable, doors, endpoint }: Leak,
  machines: () => readonly Address[],
  destination: Address | undefined,
): Address | undefined {
  const candidates = isEmpty(reachable) ? sources : reachable;
  for (const door of doors.filter((each) => each.fromInternet)) {
    const through = addressIntersection(candidates, door.sources);
    const found = firstAddress(addressIntersection(through, STRANGERS)) ?? firstAddress(through);
    if (found) return found;
  }
  const machine = isEmpty(reachable) ? undefined : machineAmong(candidates, machines(), endpoint.address);
  if (machine) return machine;
  const stranger = firstAddress(addressIntersection(candidates, STRANGERS));
  return stranger ?? usableAddress(withoutAddress(candidates, destination));
}

/** A machine that talks to itself proves nothing, unless there is nobody else. */
function withoutAddress(candidates: AddressSet, own: Address | undefined): AddressSet {
  const others = own ? addressDifference(candidates, setOfAddress(own)) : candidates;
  return isEmpty(others) ? candidates : others;
}

function destinationText(address: Address | undefined): string {
  return address ? formatAddress(address) : '';
}

/** The addresses of all machines, lowest first: witnesses are chosen among them. */
export function machineAddresses(network: Network): Address[] {
  return [...network.interfaces.values()]
    .flatMap((nic) => nic.ipConfigurations.flatMap(({ address }) => address ?? []))
    .toSorted(compareAddresses);
}

function machineAmong(candidates: AddressSet, machines: readonly Address[], own?: Address): Address | undefined {
  const starts: Address[] = [
    ...candidates.ipv4.map(([value]): Address => ({ family: 'ipv4', value })),
    ...candidates.ipv6.map(([value]): Address => ({ family: 'ipv6', value })),
  ];
  for (const start of starts) {
    for (let index = firstFrom(machines, start); index < machines.length; index++) {
      const machine = machines[index];
      if (!machine || !hasAddress(candidates, machine)) break;
      if (!own || compareAddresses(own, machine) !== 0) return machine;
    }
  }
  return undefined;
}

/** Where addresses at or above `start` begin. */
function firstFrom(machines: readonly Address[], start: Address): number {
  let low = 0;
  let high = machines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const machine = machines[middle];
    if (machine && compareAddresses(machine, start) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function compareAddresses(a: Address, b: Address): number {
  if (a.family !== b.family) return a.family === 'ipv4' ? -1 : 1;
  if (a.value === b.value) return 0;
  return a.value < b.value ? -1 : 1;
}
