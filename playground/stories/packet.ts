/** A second opinion on one packet: walks the rules of a security group as ARM returns them, first match wins. */
import { IPv4 } from 'ipaddr.js';
import { at, isObject, type JsonObject, listAt, textAt } from '../json';

export interface Packet {
  readonly source: string;
  readonly destination: string;
  readonly port: number;
  /** TCP unless told. */
  readonly protocol?: 'tcp' | 'udp';
}

/** The verdict on an inbound packet, and the name of the rule that gave it. */
export interface Verdict {
  readonly allowed: boolean;
  readonly rule: string;
}

/**
 * Decides `packet` by the custom and default rules of `group` (ARM JSON). `virtualNetwork` are the prefixes that tag
 * stands for. IPv4, any source port; knows only what the stories use and throws on a prefix it does not know.
 */
export function decide(group: unknown, packet: Packet, virtualNetwork: readonly string[]): Verdict {
  const rules = ['securityRules', 'defaultSecurityRules']
    .flatMap((key) => listAt(group, 'properties', key))
    .filter(isObject)
    .filter((rule) => /^inbound$/i.test(textAt(rule, 'properties', 'direction')))
    .toSorted((one, other) => priorityOf(one) - priorityOf(other));
  for (const rule of rules) {
    if (!matches(rule, packet, virtualNetwork)) continue;
    return { allowed: /^allow$/i.test(textAt(rule, 'properties', 'access')), rule: textAt(rule, 'name') };
  }
  return { allowed: false, rule: 'no rule' };
}

function priorityOf(rule: JsonObject): number {
  return Number(at(rule, 'properties', 'priority'));
}

function matches(rule: JsonObject, packet: Packet, virtualNetwork: readonly string[]): boolean {
  return (
    ['*', packet.protocol ?? 'tcp'].includes(textAt(rule, 'properties', 'protocol').toLowerCase()) &&
    both(rule, 'sourceAddressPrefix').some((prefix) => covers(prefix, packet.source, virtualNetwork)) &&
    both(rule, 'destinationAddressPrefix').some((prefix) => covers(prefix, packet.destination, virtualNetwork)) &&
    both(rule, 'destinationPortRange').some((range) => inRange(range, packet.port))
  );
}

/** The values of a field that Azure writes in the singular or, with "es" or "s", in the plural. */
function both(rule: JsonObject, name: string): string[] {
  const plural = name.endsWith('x') ? `${name}es` : `${name}s`;
  const values = [at(rule, 'properties', name), ...listAt(rule, 'properties', plural)];
  return values.filter((value): value is string => typeof value === 'string' && value !== '');
}

function covers(prefix: string, address: string, virtualNetwork: readonly string[]): boolean {
  const inside = (cidr: string): boolean => isIn(address, cidr);
  switch (prefix.toLowerCase()) {
    case '*':
    case 'any':
      return true;
    case 'virtualnetwork':
      return virtualNetwork.some(inside);
    case 'internet':
      return !virtualNetwork.some(inside);
    case 'azureloadbalancer':
      return address === '168.63.129.16';
    default:
      return inside(prefix.includes('/') ? prefix : `${prefix}/32`);
  }
}

function isIn(address: string, cidr: string): boolean {
  return !cidr.includes(':') && IPv4.parse(address).match(IPv4.parseCIDR(cidr));
}

function inRange(range: string, port: number): boolean {
  if (range === '*') return true;
  const [from = '', to = from] = range.split('-');
  return port >= Number(from) && port <= Number(to);
}
