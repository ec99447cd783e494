import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Tenant } from './tenant';
import {
  ALEX,
  all,
  APPROVERS,
  as,
  at,
  BASTION_USERS,
  HUB,
  KIM,
  READER,
  refusal,
  ROLE,
  SAM,
  SCOPE,
  startTenant,
} from './tenant';

let tenant: Tenant;
beforeAll(async () => {
  tenant = await startTenant();
});
beforeEach(() => tenant.azure.reset());
afterAll(async () => await tenant.stop());

const NAME = 'a5510000-0000-4000-8000-000000000001';
const OTHER = 'a5510000-0000-4000-8000-000000000002';
const BASTION = `${HUB}/providers/Microsoft.Network/bastionHosts/bas-hub`;

async function assign(scope: string, principalId: string, roleDefinitionId = READER, name = NAME) {
  return await tenant.client.roleAssignments.create(scope, name, { principalId, roleDefinitionId });
}

async function holders(scope: string, filter?: string): Promise<(string | undefined)[]> {
  const found = await all(tenant.client.roleAssignments.listForScope(scope, filter === undefined ? {} : { filter }));
  return found.map(({ principalId }) => principalId);
}

describe('role assignments', () => {
  test('are none while roles are held as eligible only', async () => {
    expect(await holders(SCOPE)).toEqual([]);
  });

  test('say who holds what where, since when and by whom', async () => {
    const made = await assign(HUB, ALEX);
    expect(made).toMatchObject({
      id: `${HUB}/providers/Microsoft.Authorization/roleAssignments/${NAME}`,
      type: 'Microsoft.Authorization/roleAssignments',
      scope: HUB,
      roleDefinitionId: READER,
      principalId: ALEX,
      principalType: 'User',
      createdBy: KIM,
    });
    expect(made.createdOn).toBeInstanceOf(Date);
    expect(await tenant.client.roleAssignments.get(HUB, NAME)).toEqual(made);
  });

  test('are listed at their scope, inherited below it, and seen from above unless only the scope is asked for', async () => {
    await assign(SCOPE, SAM);
    await assign(HUB, ALEX, READER, OTHER);
    expect(await holders(SCOPE)).toEqual([SAM, ALEX]);
    expect(await holders(SCOPE, 'atScope()')).toEqual([SAM]);
    expect(await holders(BASTION)).toEqual([SAM, ALEX]);
    expect(
      await holders(SCOPE.replace('/subscriptions', '/providers/Microsoft.Subscription/subscriptions')),
    ).toHaveLength(2);
    expect(await all(tenant.client.roleAssignments.listForResourceGroup('rg-app'))).toHaveLength(1);
    expect(await all(tenant.client.roleAssignments.listForSubscription())).toHaveLength(2);
  });

  test('are found by principal, and by what a group brings its members at any depth', async () => {
    await assign(HUB, BASTION_USERS);
    await assign(HUB, SAM, READER, OTHER);
    expect(await holders(SCOPE, `principalId eq '${SAM}'`)).toEqual([SAM]);
    expect(await holders(SCOPE, `principalId eq ${ALEX}`)).toEqual([]);
    expect(await holders(SCOPE, `assignedTo('${ALEX}')`)).toEqual([BASTION_USERS]);
    expect(await tenant.client.roleAssignments.get(HUB, NAME)).toMatchObject({ principalType: 'Group' });
  });

  test('end when they are deleted; the second time there is nothing to delete', async () => {
    await assign(HUB, ALEX);
    const path = at(HUB, `roleAssignments/${NAME}`);
    expect((await tenant.send('DELETE', path)).status).toBe(200);
    expect((await tenant.send('DELETE', path)).status).toBe(204);
    expect(await refusal(tenant.client.roleAssignments.get(HUB, NAME))).toBe('404 RoleAssignmentNotFound');
  });

  test('cannot be made twice, nor changed into others', async () => {
    await assign(HUB, ALEX);
    expect(await refusal(assign(HUB, ALEX, READER, OTHER))).toBe('409 RoleAssignmentExists');
    expect(await refusal(assign(HUB, SAM))).toBe('400 RoleAssignmentUpdateNotPermitted');
    expect(await assign(HUB, ALEX)).toMatchObject({ principalId: ALEX });
  });

  test.each([
    ['nobody', 'deadbeef-0000-4000-8000-000000000000', READER, NAME, '400 PrincipalNotFound'],
    ['no role', ALEX, READER.replace('acdd', 'dead'), NAME, '400 RoleDefinitionDoesNotExist'],
    ['a name that is no GUID', ALEX, READER, 'mine', '400 InvalidRoleAssignmentId'],
  ])('are refused with %s', async (_what, principalId, role, name, code) => {
    expect(await refusal(assign(HUB, principalId, role, name))).toBe(code);
  });

  test('believe in a principal whose type is stated, however new', async () => {
    const principalId = 'deadbeef-0000-4000-8000-000000000000';
    const made = { principalId, roleDefinitionId: READER, principalType: 'ServicePrincipal' };
    expect(await tenant.client.roleAssignments.create(HUB, NAME, made)).toMatchObject(made);
    expect(await refusal(tenant.client.roleAssignments.create(HUB, OTHER, { ...made, principalId: APPROVERS }))).toBe(
      '400 UnmatchedPrincipalType',
    );
  });

  test('are refused in groups and subscriptions that do not exist', async () => {
    expect(await refusal(assign(`${SCOPE}/resourceGroups/rg-no`, ALEX))).toBe('404 ResourceGroupNotFound');
    expect(await refusal(assign(SCOPE.replace('5ea1', '0000'), ALEX))).toBe('404 SubscriptionNotFound');
  });

  test('open and close doors in the rest of ARM, for the members of a group as well', async () => {
    await assign(HUB, BASTION_USERS, ROLE);
    const bastion = `${BASTION}?api-version=2026-01-01`;
    const nsg = `${HUB}/providers/Microsoft.Network/networkSecurityGroups/nsg-bastion?api-version=2026-01-01`;
    expect((await tenant.send('GET', bastion, undefined, as('sam'))).status).toBe(200);
    expect((await tenant.send('DELETE', nsg, undefined, as('sam'))).status).toBe(403);
    await tenant.client.roleAssignments.delete(HUB, NAME);
    // Whoever holds no role at all plays the owner.
    expect((await tenant.send('GET', nsg, undefined, as('sam'))).status).toBe(200);
  });

  test('are kept by locks as resources are', async () => {
    await assign(HUB, ALEX);
    await tenant.control('faults', { locks: [{ scope: HUB, level: 'CanNotDelete' }] });
    expect(await refusal(tenant.client.roleAssignments.delete(HUB, NAME))).toBe('409 ScopeLocked');
    expect(await assign(HUB, SAM, READER, OTHER)).toMatchObject({ principalId: SAM });
    await tenant.control('faults', { locks: [{ scope: SCOPE, level: 'ReadOnly' }] });
    expect(await refusal(assign(HUB, KIM, READER, 'a5510000-0000-4000-8000-000000000003'))).toBe('409 ScopeLocked');
  });
});

describe('deny assignments', () => {
  test('are listed with those that come from above', async () => {
    const deny = { name: 'managed', actions: ['*'], notActions: ['*/read'], scope: SCOPE, except: [KIM] };
    await tenant.control('faults', { denyAssignments: [deny] });
    const found = await all(tenant.client.denyAssignments.listForScope(HUB));
    expect(found).toMatchObject([
      { denyAssignmentName: 'managed', scope: SCOPE, permissions: [{ actions: ['*'] }], isSystemProtected: true },
    ]);
    expect(found[0]?.excludePrincipals).toMatchObject([{ id: KIM }]);
    expect(await all(tenant.client.denyAssignments.listForScope(SCOPE, { filter: 'atScope()' }))).toHaveLength(1);
    expect(await tenant.client.denyAssignments.get(SCOPE, 'managed')).toMatchObject({ name: 'managed' });
  });
});
