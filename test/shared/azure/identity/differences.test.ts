import { describe, expect, test } from '@jest/globals';
import { differences } from '../../../../shared/azure/identity/differences';

describe('shared/azure/identity/differences', () => {
  test.each([
    ['what is not named', { state: 'enabled', other: 1 }, { state: 'enabled' }],
    ['order and casing in lists', { users: ['B', 'a'] }, { users: ['A', 'b'] }],
    ['missing and empty', {}, { users: [], platforms: null, devices: {} }],
    [
      'what else a strength has',
      { authenticationStrength: { id: '4', name: 'x' } },
      { authenticationStrength: { id: '4' } },
    ],
    ['objects in a list', { list: [{ b: 2, a: 1 }] }, { list: [{ a: 1, b: 2 }] }],
  ])('%s makes none', (_, now, wanted) => {
    expect(differences(now, wanted)).toEqual([]);
  });

  test.each([
    ['a value', { state: 'disabled' }, { state: 'enabled' }, 'state', 'disabled', 'enabled'],
    ['casing of a value', { state: 'Enabled' }, { state: 'enabled' }, 'state', 'Enabled', 'enabled'],
    ['one too many', { users: ['a', 'b'] }, { users: ['a'] }, 'users', '["a","b"]', '["a"]'],
    ['one where none is wanted', { users: ['a'] }, { users: [] }, 'users', '["a"]', '(none)'],
    [
      'a condition where none is wanted',
      { devices: { rule: 'x' } },
      { devices: null },
      'devices',
      '{"rule":"x"}',
      '(none)',
    ],
    ['false where it is missing', {}, { isEnabled: false }, 'isEnabled', '(none)', 'false'],
    ['deep down', { a: { b: { c: 1 } } }, { a: { b: { c: 2 } } }, 'c of b', '1', '2'],
    [
      'another strength',
      { authenticationStrength: { id: '2' } },
      { authenticationStrength: { id: '4' } },
      'authenticationStrength',
      '2',
      '4',
    ],
  ])('%s makes one', (_, now, wanted, setting, before, after) => {
    expect(differences(now, wanted)).toEqual([{ setting, before, after }]);
  });

  test('of something that is not there is all of it', () => {
    expect(differences(undefined, { a: 1, b: [] })).toHaveLength(1);
  });
});
