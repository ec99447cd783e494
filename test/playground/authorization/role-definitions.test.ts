import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { listAt, textAt } from '../../../playground/azure/json';
import type { Tenant } from './tenant';
import { all, as, at, HUB, READER, refusal, ROLE, SCOPE, startTenant } from './tenant';

let tenant: Tenant;
beforeAll(async () => {
  tenant = await startTenant();
});
beforeEach(() => tenant.azure.reset());
afterAll(async () => await tenant.stop());

const NAME = '7a3e0000-0000-4000-8000-000000000001';

function custom(overrides: Record<string, unknown> = {}) {
  return {
    roleName: 'Jump Host Users',
    description: 'Signs in to jump hosts',
    assignableScopes: [HUB],
    permissions: [{ actions: ['Microsoft.Network/bastionHosts/read'], notActions: [] }],
    ...overrides,
  };
}

async function names(scope: string, filter?: string): Promise<(string | undefined)[]> {
  const found = await all(tenant.client.roleDefinitions.list(scope, filter === undefined ? {} : { filter }));
  return found.map(({ roleName }) => roleName);
}

describe('role definitions', () => {
  test('are the built-in ones and the tenant’s own', async () => {
    const found = await names(SCOPE);
    expect(found).toEqual(expect.arrayContaining(['Owner', 'Reader', 'Virtual Machine User Login', 'Bastion Users']));
    expect(await names(SCOPE, "type eq 'CustomRole'")).toEqual(['Bastion Users']);
    expect(await names(SCOPE, "type eq 'BuiltInRole' and roleName eq 'Reader'")).toEqual(['Reader']);
  });

  test('show what they allow, and when they were made', async () => {
    const role = await tenant.client.roleDefinitions.getById(ROLE.slice(1));
    expect(role).toMatchObject({ roleName: 'Bastion Users', roleType: 'CustomRole', assignableScopes: [SCOPE] });
    expect(role.permissions?.[0]?.actions).toContain('Microsoft.Network/bastionHosts/read');
    expect(role.permissions?.[0]?.dataActions).toEqual(['Microsoft.Compute/virtualMachines/login/action']);
    expect(
      textAt((await tenant.send('GET', at(SCOPE, `roleDefinitions/${role.name}`))).body, 'properties', 'createdOn'),
    ).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  test('are known by their GUID, however their id is written', async () => {
    const tail = READER.split('/').at(-1) ?? '';
    for (const scope of ['', SCOPE, `/${SCOPE}`, `/providers/Microsoft.Subscription${SCOPE}`, HUB]) {
      const { status, body } = await tenant.send('GET', at(scope, `roleDefinitions/${tail.toUpperCase()}`));
      expect([status, textAt(body, 'name')]).toEqual([200, tail]);
    }
    const own = await tenant.send('GET', at('', `roleDefinitions/${tail}`));
    expect(textAt(own.body, 'id')).toBe(READER);
    expect(await refusal(tenant.client.roleDefinitions.get(SCOPE, NAME))).toBe('404 RoleDefinitionDoesNotExist');
  });

  test('of one’s own are made, changed, seen where they may be assigned, and deleted', async () => {
    const made = await tenant.client.roleDefinitions.createOrUpdate(HUB, NAME, custom());
    expect(made).toMatchObject({ name: NAME, roleName: 'Jump Host Users', roleType: 'CustomRole' });
    expect(await names(HUB, "type eq 'CustomRole'")).toEqual(['Bastion Users', 'Jump Host Users']);
    expect(await names(SCOPE, "type eq 'CustomRole'")).toEqual(['Bastion Users']);
    expect(await names(SCOPE, "atScopeAndBelow() and type eq 'CustomRole'")).toHaveLength(2);
    await tenant.client.roleDefinitions.createOrUpdate(HUB, NAME, custom({ description: 'other' }));
    expect(await tenant.client.roleDefinitions.get(HUB, NAME)).toMatchObject({ description: 'other' });
    await tenant.client.roleDefinitions.delete(HUB, NAME);
    const again = await tenant.send('DELETE', at(HUB, `roleDefinitions/${NAME}`));
    expect(again.status).toBe(204);
  });

  test.each([
    ['a name that is no GUID', 'jump-hosts', {}, '400 InvalidRoleDefinitionId'],
    ['the name of another role', NAME, { roleName: 'bastion users' }, '409 RoleDefinitionWithSameNameExists'],
    ['nowhere to assign it', NAME, { assignableScopes: [] }, '400 MissingAssignableScopes'],
    ['an action of no provider', NAME, { permissions: [{ actions: ['everything'] }] }, '400 InvalidActionOrNotAction'],
    ['the id of a built-in role', READER.split('/').at(-1) ?? '', {}, '403 CannotModifyBuiltInRole'],
  ])('are refused with %s', async (_what, name, overrides, code) => {
    expect(await refusal(tenant.client.roleDefinitions.createOrUpdate(HUB, name, custom(overrides)))).toBe(code);
  });

  test('that somebody holds cannot be deleted', async () => {
    expect(await refusal(tenant.client.roleDefinitions.delete(SCOPE, ROLE.split('/').at(-1) ?? ''))).toBe(
      '400 RoleDefinitionHasAssignments',
    );
  });

  test('are hidden from those who may not read, except Azure’s own', async () => {
    const token = as('alex');
    await tenant.control('faults', {
      roles: [{ principal: 'alex@contoso.example', actions: ['Microsoft.Network/*'] }],
    });
    expect((await tenant.send('GET', at(SCOPE, 'roleDefinitions'), undefined, token)).status).toBe(403);
    expect((await tenant.send('GET', at('', 'roleDefinitions'), undefined, token)).status).toBe(200);
  });

  test('come page by page', async () => {
    await tenant.control('faults', { pageSize: 5 });
    const first = await tenant.send('GET', at(SCOPE, 'roleDefinitions'));
    expect(listAt(first.body, 'value')).toHaveLength(5);
    expect(new Set(await names(SCOPE)).size).toBeGreaterThan(10);
  });

  test('are not filtered by what the service does not know', async () => {
    const answer = await tenant.send('GET', at(SCOPE, "roleDefinitions?$filter=colour eq 'red'"));
    expect([answer.status, textAt(answer.body, 'error', 'code')]).toEqual([400, 'UnsupportedQuery']);
  });
});
