/** One packet that gets through, chosen so that a person recognises it. */
import type { Witness } from '../finding';
import {
  type Address,
  addressIntersection,
  addressesOf,
  firstAddress,
  formatAddress,
  hasAddress,
  isEmpty,
} from '../network/address';
import { usableAddress } from '../network/endpoint';
import type { Network } from '../network/network';
import type { Leak } from './rule-remedies';

/** From the blocks kept for documentation (RFC 5737, RFC 3849): recognisable, and nobody's. */
const STRANGERS = addressesOf('203.0.113.7', '2001:db8::7');

/** The packet and its way, from the door through each layer that let it pass. */
export function witnessOf(leak: Leak, network: Network): Witness {
  const { admission, doors, protocol, port, endpoint } = leak;
  const source = sourceOf(leak, network);
  const door = source && doors.find((candidate) => hasAddress(candidate.sources, source));
  const steps = admission.decisions.flatMap(({ layer, securityGroup, rule, priority }) =>
    securityGroup === null
      ? [`no security group at the ${layer}`]
      : [`${securityGroup.slice(securityGroup.lastIndexOf('/') + 1)}/${rule} (priority ${priority})`],
  );
  return {
    source: source ? formatAddress(source) : '',
    sourcePort: admission.sourcePort,
    destination: destinationText(endpoint.address ?? usableAddress(admission.destinations)),
    port,
    protocol,
    path: [...(door ? [`door ${door.name}`] : ['no open door yet']), ...steps],
  };
}

/** A stranger from the Internet if one gets through, otherwise another machine, otherwise the first address there is. */
function sourceOf({ sources, reachable, doors, endpoint }: Leak, network: Network): Address | undefined {
  const candidates = isEmpty(reachable) ? sources : reachable;
  const internet = doors.find((door) => door.kind === 'public-ip');
  const fromOutside = internet && addressIntersection(candidates, internet.sources);
  if (fromOutside && !isEmpty(fromOutside))
    return firstAddress(addressIntersection(fromOutside, STRANGERS)) ?? firstAddress(fromOutside);
  const own = endpoint.address && formatAddress(endpoint.address);
  for (const nic of isEmpty(reachable) ? [] : network.interfaces.values()) {
    for (const { address } of nic.ipConfigurations) {
      if (address && formatAddress(address) !== own && hasAddress(candidates, address)) return address;
    }
  }
  return firstAddress(addressIntersection(candidates, STRANGERS)) ?? firstAddress(candidates);
}

function destinationText(address: Address | undefined): string {
  return address ? formatAddress(address) : '';
}
