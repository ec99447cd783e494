import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  addressDifference,
  addressesOf,
  addressIntersection,
  addressUnion,
  EVERY_ADDRESS,
  formatAddress,
  isWithin,
  parseAddress,
  parsePrefix,
  sameAddresses,
  toCidrs,
} from '../../../shared/network/address';

describe('reading an address prefix', () => {
  test.each([
    ['a single address', '10.0.0.4', ['10.0.0.4/32']],
    ['a CIDR', '10.0.0.0/8', ['10.0.0.0/8']],
    ['a CIDR with host bits, which Azure masks away', '10.0.1.77/26', ['10.0.1.64/26']],
    ['everything', '0.0.0.0/0', ['0.0.0.0/0']],
    ['any zero-length prefix', '198.51.100.9/0', ['0.0.0.0/0']],
    ['a range', '10.0.0.1-10.0.0.6', ['10.0.0.1/32', '10.0.0.2/31', '10.0.0.4/31', '10.0.0.6/32']],
    ['an IPv6 address', '2001:DB8::7', ['2001:db8::7/128']],
    ['an IPv6 prefix', '2001:db8:1::/48', ['2001:db8:1::/48']],
    ['the whole of IPv6', '::/0', ['::/0']],
    ['an IPv4-mapped IPv6 address', '::ffff:10.0.0.1', ['::ffff:a00:1/128']],
    ['an address with spaces around it', ' 10.0.0.4 ', ['10.0.0.4/32']],
  ])('takes %s', (_, text, cidrs) => {
    expect(toCidrs(parsePrefix(text) ?? EVERY_ADDRESS)).toEqual(cidrs);
  });

  test.each([
    '',
    '10.0.0',
    '10.0.0.256',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/8/9',
    'VirtualNetwork',
    '0x7f.0.0.1',
    '2001:db8::/129',
    '1::2::3',
    ':::',
    '10.0.0.9-10.0.0.1',
    '10.0.0.1-2001:db8::1',
    'fe80::1%eth0',
    '<nw>/0',
    "[parameters('x')]",
    '010.0.0.1/99',
  ])('refuses %p', (text) => {
    expect(parsePrefix(text)).toBeUndefined();
  });
});

const arbitrarySet = fc
  .array(
    fc.oneof(
      fc.tuple(fc.nat(0xffffffff), fc.integer({ min: 0, max: 32 })).map(([value, length]) => `${v4(value)}/${length}`),
      fc
        .tuple(fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), fc.integer({ min: 0, max: 128 }))
        .map(([value, length]) => `${v6(value)}/${length}`),
    ),
    { maxLength: 6 },
  )
  .map((texts) => addressesOf(...texts));

function v4(value: number): string {
  return formatAddress({ family: 'ipv4', value });
}

function v6(value: bigint): string {
  return formatAddress({ family: 'ipv6', value });
}

describe('address sets', () => {
  test('are the same after being written as CIDRs and read back', () => {
    fc.assert(fc.property(arbitrarySet, (set) => sameAddresses(addressesOf(...toCidrs(set)), set)));
  });

  test('are written without a CIDR that could be joined with its neighbour', () => {
    fc.assert(
      fc.property(arbitrarySet, (set) => {
        const cidrs = toCidrs(set);
        for (const [index, cidr] of cidrs.entries()) {
          const next = cidrs[index + 1];
          if (next === undefined || cidr.split('/')[1] !== next.split('/')[1]) continue;
          const [address = '', length = ''] = cidr.split('/');
          const parent = parsePrefix(`${address}/${Number(length) - 1}`);
          expect(parent !== undefined && isWithin(parent, addressesOf(cidr, next))).toBe(false);
        }
      }),
    );
  });

  test('obey the laws of set algebra', () => {
    fc.assert(
      fc.property(arbitrarySet, arbitrarySet, arbitrarySet, (a, b, c) => {
        expect(
          sameAddresses(addressDifference(a, addressUnion(b, c)), addressDifference(addressDifference(a, b), c)),
        ).toBe(true);
        expect(sameAddresses(addressIntersection(a, b), addressDifference(a, addressDifference(a, b)))).toBe(true);
        expect(sameAddresses(addressUnion(addressDifference(a, b), addressIntersection(a, b)), a)).toBe(true);
        expect(isWithin(a, addressUnion(a, b)) && isWithin(addressIntersection(a, b), a)).toBe(true);
      }),
    );
  });

  test('read and write single addresses of both families', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), (value) => expect(parseAddress(v4(value))).toEqual({ family: 'ipv4', value })),
    );
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), (value) =>
        expect(parseAddress(v6(value))).toEqual({ family: 'ipv6', value }),
      ),
    );
  });
});
