import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { actionsOverlap, matchesAction } from '../../../shared/identity/action-pattern';

const text = fc.array(fc.constantFrom('a', 'B', '/'), { maxLength: 6 }).map((parts) => parts.join(''));
const pattern = fc.array(fc.constantFrom('a', 'b', '/', '*'), { maxLength: 6 }).map((parts) => parts.join(''));

function naively(by: string): RegExp {
  return new RegExp(`^${by.split('*').join('.*')}$`, 'i');
}

describe('patterns of actions', () => {
  test.each([
    ['*', 'Microsoft.Network/bastionHosts/read', true],
    ['*/read', 'Microsoft.Network/bastionHosts/read', true],
    ['*/read', 'Microsoft.Network/bastionHosts/write', false],
    ['microsoft.network/BASTIONHOSTS/*', 'Microsoft.Network/bastionHosts/createShareableLinks/action', true],
    ['Microsoft.Network/*/read', 'Microsoft.Network/virtualNetworks/subnets/read', true],
    ['Microsoft.Network/bastionHosts', 'Microsoft.Network/bastionHosts/read', false],
    ['Microsoft.*/bastionHosts/read*', 'Microsoft.Network/bastionHosts/read', true],
  ])('%s on %s is %s', (by, action, expected) => {
    expect(matchesAction(by, action)).toBe(expected);
  });

  test('match as a regular expression would', () => {
    fc.assert(fc.property(pattern, text, (by, action) => matchesAction(by, action) === naively(by).test(action)));
  });

  test('overlap wherever some action matches both', () => {
    fc.assert(
      fc.property(pattern, pattern, text, (one, other, action) => {
        if (matchesAction(one, action) && matchesAction(other, action)) expect(actionsOverlap(one, other)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('overlap only where some action matches both', () => {
    const actions = [
      '',
      'a',
      'b',
      'aa',
      'ab',
      'ba',
      'bb',
      'aab',
      'aba',
      'abb',
      'baa',
      'bab',
      'bba',
      'aaa',
      'bbb',
      'abab',
    ];
    const short = fc.array(fc.constantFrom('a', 'b', '*'), { maxLength: 3 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(short, short, (one, other) => {
        const isShared = actions.some((action) => matchesAction(one, action) && matchesAction(other, action));
        // Two patterns of three meet, if at all, in a text of no more than six: the list holds the short ones.
        if (!isShared && one.length + other.length <= 4) expect(actionsOverlap(one, other)).toBe(false);
      }),
    );
  });

  test('take no time to speak of, however many wildcards somebody writes', () => {
    const long = `${'a'.repeat(400)}c`;
    const started = performance.now();
    expect(matchesAction(`${'*a'.repeat(100)}b`, long)).toBe(false);
    expect(performance.now() - started).toBeLessThan(200);
  });
});
