import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { includes, type Interval, normalize } from '../../../shared/network/interval';
import { paint } from '../../../shared/network/paint';

const arbitraryLayer = fc
  .array(fc.tuple(fc.nat(40), fc.nat(8)), { maxLength: 4 })
  .map((pairs) => normalize(pairs.map(([low, size]): Interval<number> => [low, low + size])));

describe('painting', () => {
  test('gives every value to the first layer that covers it, and to none that does not', () => {
    fc.assert(
      fc.property(fc.array(arbitraryLayer, { maxLength: 6 }), (layers) => {
        const painted = paint(layers);
        for (let value = -1; value <= 50; value++) {
          const expected = layers.findIndex((layer) => includes(layer, value));
          const owner = painted.find(({ low, high }) => low <= value && value <= high)?.owner ?? -1;
          expect({ value, owner }).toEqual({ value, owner: expected });
        }
      }),
    );
  });

  test('does the same with the big numbers of IPv6', () => {
    fc.assert(
      fc.property(fc.array(arbitraryLayer, { maxLength: 5 }), (layers) => {
        const big = layers.map((layer) => layer.map(([low, high]): Interval<bigint> => [BigInt(low), BigInt(high)]));
        const expected = paint(layers).map(({ low, high, owner }) => ({ low: BigInt(low), high: BigInt(high), owner }));
        expect(paint(big)).toEqual(expected);
      }),
    );
  });

  test('joins neighbouring cells of one owner and keeps the result sorted', () => {
    expect(
      paint<number>([
        [[10, 19]],
        [
          [0, 9],
          [20, 29],
        ],
        [[0, 100]],
      ]),
    ).toEqual([
      { low: 0, high: 9, owner: 1 },
      { low: 10, high: 19, owner: 0 },
      { low: 20, high: 29, owner: 1 },
      { low: 30, high: 100, owner: 2 },
    ]);
  });
});
