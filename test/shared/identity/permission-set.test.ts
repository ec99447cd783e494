import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { matchesAction } from '../../../shared/identity/action-pattern';
import { allows } from '../../../shared/identity/permission-set';
import { permission } from './people';

const READ = 'Microsoft.Network/bastionHosts/read';
const LOGIN = 'Microsoft.Compute/virtualMachines/login/action';

describe('permissions', () => {
  test('an exception takes away from its own permission and from no other', () => {
    const exception = permission(['*'], { notActions: ['Microsoft.Network/*'] });
    expect(allows([exception], READ, 'actions')).toBe(false);
    expect(allows([exception, permission(['*/read'])], READ, 'actions')).toBe(true);
  });

  test('an action never gives a data action, nor the other way round', () => {
    expect(allows([permission(['*'])], LOGIN, 'dataActions')).toBe(false);
    expect(allows([permission([], { dataActions: ['*'] })], LOGIN, 'actions')).toBe(false);
  });

  test('a wildcard is allowed only where all that it stands for is', () => {
    expect(allows([permission(['*/read'])], 'Microsoft.Network/*/read', 'actions')).toBe(true);
    expect(allows([permission(['*/read'])], 'Microsoft.Network/*', 'actions')).toBe(false);
    const exception = permission(['*'], { notActions: ['Microsoft.Network/bastionHosts/read'] });
    expect(allows([exception], 'Microsoft.Network/*', 'actions')).toBe(false);
  });

  test('agree with going through every permission one by one', () => {
    const part = fc
      .array(fc.constantFrom('a', '/', '*'), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join(''));
    const some = fc
      .record({ actions: fc.array(part, { maxLength: 3 }), notActions: fc.array(part, { maxLength: 2 }) })
      .map(({ actions, notActions }) => permission(actions, { notActions }));
    const action = fc.array(fc.constantFrom('a', '/'), { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(some, { maxLength: 3 }), action, (permissions, wanted) => {
        let expected = false;
        for (const { actions, notActions } of permissions) {
          let given = actions.filter((by) => matchesAction(by, wanted)).length > 0;
          for (const by of notActions) if (matchesAction(by, wanted)) given = false;
          expected = expected || given;
        }
        expect(allows(permissions, wanted, 'actions')).toBe(expected);
      }),
    );
  });
});
