// What the identity that repairs identity settings is allowed.
import { describe, expect, test } from '@jest/globals';
import identityRole from '../../../infra/roles/identity.json';

describe('infra/roles/identity.json', () => {
  test('allows single actions only, and of the writes none by which anybody gets a role directly or a role changes', () => {
    const actions = identityRole.permissions.flatMap((permission) => permission.actions);
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
    expect(new Set(actions).size).toBe(actions.length);
    expect(actions).not.toContain('Microsoft.Authorization/roleAssignments/write');
    expect(actions).not.toContain('Microsoft.Authorization/roleDefinitions/write');
    expect(actions.filter((action) => !action.endsWith('/read') && !action.includes('Authorization'))).toEqual([]);
  });
});
