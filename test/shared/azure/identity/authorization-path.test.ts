import { describe, expect, test } from '@jest/globals';
import { authorizationPath, pathOf, roleDefinitionAt } from '../../../../shared/azure/identity/authorization-path';
import { requestName } from '../../../../shared/azure/identity/request-name';

describe('shared/azure/identity/authorization-path', () => {
  test('takes the version of what is named, whatever its scope is called', () => {
    const group = '/subscriptions/s/resourceGroups/rg schedule';
    const assignment = `${group}/providers/Microsoft.Authorization/roleAssignments/a`;
    expect(pathOf(assignment)).toBe(`${assignment.replace(' ', '%20')}?api-version=2022-04-01`);
    expect(pathOf(`${group}/providers/Microsoft.Authorization/roleManagementPolicies/p`)).toContain('2020-10-01');
    expect(pathOf('/subscriptions/s/providers/microsoft.compute/virtualMachines')).toContain('2024-11-01');
  });

  test('writes one slash at the root of the tenant', () => {
    expect(authorizationPath('/', 'roleAssignments')).toMatch(/^\/providers\//);
    expect(roleDefinitionAt('/', 'r')).toBe('/providers/Microsoft.Authorization/roleDefinitions/r');
    expect(roleDefinitionAt('/subscriptions/s/resourcegroups/g', 'r')).toMatch(/^\/subscriptions\/s\/providers\//);
  });
});

test('a request to PIM has the same name each time it is made, and another one for another removal', () => {
  const name = requestName('assignment', 'role', 0);
  expect(name).toMatch(/^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/);
  expect(requestName('assignment', 'role', 0)).toBe(name);
  expect(requestName('assignment', 'role', 1)).not.toBe(name);
});
