/** Custom Allows that have no business in the security group of AzureBastionSubnet. */
import { addressUnion, isWithin } from '../network/address';
import { difference } from '../network/interval';
import type { AddressMatch, SecurityRule } from '../network/network';
import { portsOf } from '../network/port';
import { UNKNOWN_NETWORK } from '../network/service-tag';
import { farSideOf, type Site } from './bastion-nsg-judgement';
import type { Permitted } from './bastion-nsg-requirement';

/**
 * Whether the rule opens more than Bastion is known to need. One that serves a requirement may name a wider far side,
 * but never other ports, and never the data plane's to strangers.
 */
export function isForeign(
  rule: SecurityRule,
  permitted: readonly Permitted[],
  serving: ReadonlySet<SecurityRule>,
  site: Site,
): boolean {
  if (rule.isDefault || rule.access === 'deny') return false;
  if (rule.protocol !== 'tcp' && rule.protocol !== 'udp' && rule.protocol !== '*') return true;
  const ours = permitted.filter(({ direction }) => direction === rule.direction);
  const isInside = farSideOf(rule).every((match) => isInsideNetwork(match, site));
  const isLenient = isInside || (rule.direction === 'outbound' && serving.has(rule));
  const ports = ours.filter(({ insideOnly }) => !insideOnly || isLenient).flatMap((each) => each.ports);
  return difference(rule.destinationPorts, portsOf(ports)).length > 0;
}

/** The private ranges count as inside: what a gateway learns is in no resource. */
export function isInsideNetwork(match: AddressMatch, { virtualNetwork }: Site): boolean {
  switch (match.kind) {
    case 'any':
      return false;
    case 'prefix':
      return isWithin(match.addresses, addressUnion(virtualNetwork, UNKNOWN_NETWORK));
    case 'tag':
      return match.text.toLowerCase() === 'virtualnetwork';
    case 'application-group':
      return true;
  }
}
