// Address arithmetic for the oracle: text to one inclusive range of big integers, and back, written to be read rather than to be fast.
import { isIPv4, isIPv6 } from 'node:net';

export type Family = 4 | 6;

export interface Address {
  readonly family: Family;
  readonly value: bigint;
}

/** Both ends belong to the range. */
export interface AddressRange {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
}

/** One IPv4 or IPv6 address; undefined when the text is anything else. */
export function parseAddress(text: string): Address | undefined {
  if (isIPv4(text)) return { family: 4, value: BigInt(joinGroups(text.split('.').map(Number))) };
  if (isIPv6(text) && !text.includes('%'))
    return { family: 6, value: BigInt(`0x${ipv6Groups(text).map(fourDigits).join('')}`) };
  return undefined;
}

/** An address, a CIDR (bits below the prefix length are ignored) or "first-last"; undefined when the text is anything else. */
export function parseRange(text: string): AddressRange | undefined {
  if (text.includes('-')) return parseFirstToLast(text);
  if (text.includes('/')) return parseCidr(text);
  const address = parseAddress(text);
  return address && { family: address.family, first: address.value, last: address.value };
}

export function rangeContains(range: AddressRange, address: Address): boolean {
  return range.family === address.family && range.first <= address.value && address.value <= range.last;
}

/** IPv6 is written with all eight groups, which every parser must read. */
export function formatAddress({ family, value }: Address): string {
  const groups = family === 4 ? splitGroups(value, 4, 8n) : splitGroups(value, 8, 16n);
  return family === 4 ? groups.join('.') : groups.map((group) => group.toString(16)).join(':');
}

function parseFirstToLast(text: string): AddressRange | undefined {
  const [first, last, ...rest] = text.split('-').map((end) => parseAddress(end.trim()));
  if (!first || !last || rest.length > 0 || first.family !== last.family || first.value > last.value) return undefined;
  return { family: first.family, first: first.value, last: last.value };
}

function parseCidr(text: string): AddressRange | undefined {
  const [addressText = '', lengthText = '', ...rest] = text.split('/');
  const address = parseAddress(addressText);
  if (!address || rest.length > 0 || !/^\d{1,3}$/.test(lengthText)) return undefined;
  const width = address.family === 4 ? 32 : 128;
  const hostBits = width - Number(lengthText);
  if (hostBits < 0) return undefined;
  const size = 1n << BigInt(hostBits);
  const first = address.value - (address.value % size);
  return { family: address.family, first, last: first + size - 1n };
}

function ipv6Groups(text: string): number[] {
  const [left = '', right] = text.split('::');
  const before = hexGroups(left);
  if (right === undefined) return before;
  const after = hexGroups(right);
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

function hexGroups(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}

function joinGroups(bytes: readonly number[]): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

function fourDigits(group: number): string {
  return group.toString(16).padStart(4, '0');
}

function splitGroups(value: bigint, count: number, bits: bigint): number[] {
  const groups: number[] = [];
  for (let index = count - 1; index >= 0; index -= 1) {
    groups.push(Number((value >> (BigInt(index) * bits)) % (1n << bits)));
  }
  return groups;
}
