/** Sets of IPv4 and IPv6 addresses: reading CIDR text, set arithmetic, and the shortest list of CIDRs that says a set. */
import ipaddr from 'ipaddr.js';
import { difference, includes, type Interval, type Intervals, intersection, normalize, union } from './interval';

export type Family = 'ipv4' | 'ipv6';

/** An address as a number: IPv4 below 2^32, IPv6 as a bigint below 2^128. */
export type Address =
  | { readonly family: 'ipv4'; readonly value: number }
  | { readonly family: 'ipv6'; readonly value: bigint };

export interface AddressSet {
  readonly ipv4: Intervals<number>;
  readonly ipv6: Intervals<bigint>;
}

const LAST_IPV4 = 2 ** 32 - 1;
const LAST_IPV6 = (1n << 128n) - 1n;

export const NO_ADDRESS: AddressSet = { ipv4: [], ipv6: [] };
export const EVERY_ADDRESS: AddressSet = { ipv4: [[0, LAST_IPV4]], ipv6: [[0n, LAST_IPV6]] };
export const EVERY_IPV4: AddressSet = { ipv4: EVERY_ADDRESS.ipv4, ipv6: [] };
export const EVERY_IPV6: AddressSet = { ipv4: [], ipv6: EVERY_ADDRESS.ipv6 };

/** Reads one address in its usual text form (RFC 4291 section 2.2 for IPv6); undefined if it is none. */
export function parseAddress(text: string): Address | undefined {
  const ipv4 = parseIpv4(text);
  if (ipv4 !== undefined) return { family: 'ipv4', value: ipv4 };
  const ipv6 = parseIpv6(text);
  return ipv6 === undefined ? undefined : { family: 'ipv6', value: ipv6 };
}

function parseIpv4(text: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1);
  if (!parts) return undefined;
  let value = 0;
  for (const part of parts) {
    const byte = Number(part);
    if (byte > 255) return undefined;
    value = value * 256 + byte;
  }
  return value;
}

function parseIpv6(text: string): bigint | undefined {
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined;
  return BigInt(`0x${Buffer.from(ipaddr.IPv6.parse(text).toByteArray()).toString('hex')}`);
}

/**
 * Reads what Azure accepts as an address prefix: an address, a CIDR (host bits are masked away, as Azure does when it
 * stores the rule), or a range `first-last`. Undefined for anything else, so that tags fall through.
 */
export function parsePrefix(text: string): AddressSet | undefined {
  const trimmed = text.trim();
  const dash = trimmed.indexOf('-');
  if (dash > 0) return parseRange(trimmed.slice(0, dash).trim(), trimmed.slice(dash + 1).trim());
  const slash = trimmed.indexOf('/');
  const address = parseAddress(slash < 0 ? trimmed : trimmed.slice(0, slash));
  if (!address) return undefined;
  const width = address.family === 'ipv4' ? 32 : 128;
  const suffix = slash < 0 ? String(width) : trimmed.slice(slash + 1);
  if (!/^\d{1,3}$/.test(suffix) || Number(suffix) > width) return undefined;
  return blockOf(address, Number(suffix));
}

function blockOf(address: Address, length: number): AddressSet {
  if (address.family === 'ipv4') {
    const size = 2 ** (32 - length);
    const low = Math.floor(address.value / size) * size;
    return { ipv4: [[low, low + size - 1]], ipv6: NO_ADDRESS.ipv6 };
  }
  const size = 1n << BigInt(128 - length);
  const low = address.value - (address.value % size);
  return { ipv4: NO_ADDRESS.ipv4, ipv6: [[low, low + size - 1n]] };
}

function parseRange(first: string, last: string): AddressSet | undefined {
  const low = parseAddress(first);
  const high = parseAddress(last);
  if (low?.family === 'ipv4' && high?.family === 'ipv4' && low.value <= high.value) {
    return { ipv4: [[low.value, high.value]], ipv6: [] };
  }
  if (low?.family === 'ipv6' && high?.family === 'ipv6' && low.value <= high.value) {
    return { ipv4: [], ipv6: [[low.value, high.value]] };
  }
  return undefined;
}

/** The set that holds exactly one address. */
export function setOfAddress(address: Address): AddressSet {
  return address.family === 'ipv4'
    ? { ipv4: [[address.value, address.value]], ipv6: NO_ADDRESS.ipv6 }
    : { ipv4: NO_ADDRESS.ipv4, ipv6: [[address.value, address.value]] };
}

/** The set of several prefixes known to be well formed (literals of this code base); throws on anything else. */
export function addressesOf(...prefixes: readonly string[]): AddressSet {
  return unionOf(
    prefixes.map((prefix) => {
      const set = parsePrefix(prefix);
      if (!set) throw new RangeError(`'${prefix}' is not an address prefix`);
      return set;
    }),
  );
}

/** The union of any number of sets. */
export function unionOf(sets: readonly AddressSet[]): AddressSet {
  if (sets.length < 2) return sets[0] ?? NO_ADDRESS;
  const ipv4: Interval<number>[] = [];
  const ipv6: Interval<bigint>[] = [];
  for (const set of sets) {
    for (const interval of set.ipv4) ipv4.push(interval);
    for (const interval of set.ipv6) ipv6.push(interval);
  }
  return { ipv4: normalize(ipv4), ipv6: normalize(ipv6) };
}

/** Addresses in either set. */
export function addressUnion(a: AddressSet, b: AddressSet): AddressSet {
  return { ipv4: union(a.ipv4, b.ipv4), ipv6: union(a.ipv6, b.ipv6) };
}

/** Addresses in both sets. */
export function addressIntersection(a: AddressSet, b: AddressSet): AddressSet {
  return { ipv4: intersection(a.ipv4, b.ipv4), ipv6: intersection(a.ipv6, b.ipv6) };
}

/** Addresses of `a` that are not in `b`. */
export function addressDifference(a: AddressSet, b: AddressSet): AddressSet {
  return { ipv4: difference(a.ipv4, b.ipv4), ipv6: difference(a.ipv6, b.ipv6) };
}

/** Whether the set holds no address. */
export function isEmpty(set: AddressSet): boolean {
  return set.ipv4.length === 0 && set.ipv6.length === 0;
}

/** Whether every address of `inner` is in `outer`. */
export function isWithin(inner: AddressSet, outer: AddressSet): boolean {
  return isEmpty(addressDifference(inner, outer));
}

/** Whether both sets hold exactly the same addresses. */
export function sameAddresses(a: AddressSet, b: AddressSet): boolean {
  return isWithin(a, b) && isWithin(b, a);
}

/** Whether the set holds the address. */
export function hasAddress(set: AddressSet, address: Address): boolean {
  return address.family === 'ipv4' ? includes(set.ipv4, address.value) : includes(set.ipv6, address.value);
}

/** The lowest address of the set, IPv4 before IPv6; undefined for the empty set. */
export function firstAddress(set: AddressSet): Address | undefined {
  const ipv4 = set.ipv4[0];
  if (ipv4) return { family: 'ipv4', value: ipv4[0] };
  const ipv6 = set.ipv6[0];
  return ipv6 ? { family: 'ipv6', value: ipv6[0] } : undefined;
}

/** The part of the set that belongs to one family. */
export function ofFamily(set: AddressSet, family: Family): AddressSet {
  if (set[family].length === 0) return NO_ADDRESS;
  if (family === 'ipv4') return set.ipv6.length === 0 ? set : { ipv4: set.ipv4, ipv6: NO_ADDRESS.ipv6 };
  return set.ipv4.length === 0 ? set : { ipv4: NO_ADDRESS.ipv4, ipv6: set.ipv6 };
}

/** The address as people write it; IPv6 as RFC 5952 recommends. */
export function formatAddress(address: Address): string {
  return address.family === 'ipv4' ? formatIpv4(address.value) : formatIpv6(address.value);
}

function formatIpv4(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

function formatIpv6(value: bigint): string {
  return new ipaddr.IPv6([...Buffer.from(value.toString(16).padStart(32, '0'), 'hex')]).toRFC5952String();
}

/** The shortest list of CIDRs that says exactly this set, sorted, IPv4 before IPv6. */
export function toCidrs(set: AddressSet): string[] {
  return [...set.ipv4.flatMap(ipv4Cidrs), ...set.ipv6.flatMap(ipv6Cidrs)];
}

function ipv4Cidrs([low, high]: Interval<number>): string[] {
  const cidrs: string[] = [];
  let start = low;
  while (start <= high) {
    const bits = Math.min(trailingZeros(start), wholeBits(high - start + 1));
    cidrs.push(`${formatIpv4(start)}/${32 - bits}`);
    start += 2 ** bits;
  }
  return cidrs;
}

/** How far a block that begins there may reach, as a power of two: 32 for the whole space. */
function trailingZeros(start: number): number {
  return start === 0 ? 32 : 31 - Math.clz32(start & -start);
}

/** The largest power of two that is not above the count of addresses. */
function wholeBits(count: number): number {
  return count === 2 ** 32 ? 32 : 31 - Math.clz32(count);
}

function ipv6Cidrs([low, high]: Interval<bigint>): string[] {
  const cidrs: string[] = [];
  let start = low;
  while (start <= high) {
    let bits = 0n;
    while (bits < 128n && start % (1n << (bits + 1n)) === 0n && start + (1n << (bits + 1n)) - 1n <= high) bits++;
    cidrs.push(`${formatIpv6(start)}/${128n - bits}`);
    start += 1n << bits;
  }
  return cidrs;
}
