import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { IdentityAction } from '../../../../shared/identity/action';
import { isObject, listOf, objectOf, propertiesOf } from '../../../../shared/network/json';
import {
  AUTHORIZATION,
  findingsOf,
  FREE,
  look,
  RBAC,
  ROLE,
  SUBSCRIPTION,
  type SignInTenant,
  startSignIn,
} from './sign-in-tenant';

describe('shared/azure/identity/write-role', () => {
  let local: SignInTenant;
  beforeAll(async () => {
    local = await startSignIn();
  });
  afterEach(() => local.reset());
  afterAll(() => local.stop());

  test('gives the role its permissions back and keeps its name, description and scopes', async () => {
    const resource = `/subscriptions/${SUBSCRIPTION}/${AUTHORIZATION}/roleDefinitions/${ROLE}`;
    const path = `${resource}?${RBAC}`;
    const before = propertiesOf(await local.send('GET', path));
    const permissions = listOf(before.permissions).filter(isObject);
    const first = objectOf(permissions[0]);
    const widened = [{ ...first, actions: [...listOf(first.actions), 'Microsoft.Compute/*'] }];
    await local.send('PUT', path, { properties: { ...before, permissions: widened } });
    const action: IdentityAction = { kind: 'restore-role', resource, role: ROLE, permissions: first };
    const snapshot = await look(local.tenant);
    expect(await local.tenant.apply(snapshot, [action], FREE)).toMatchObject([{ status: 'applied' }]);
    const { updatedOn: _, updatedBy: __, createdBy: ___, ...after } = propertiesOf(await local.send('GET', path));
    expect(before).toMatchObject(after);
    expect(await findingsOf(local, 'bastion-role-exact')).toBe(0);
    expect(await local.tenant.apply(snapshot, [action], FREE)).toMatchObject([{ status: 'already' }]);
    await local.send('PUT', path, { properties: { ...before, permissions: [{ ...first, actions: ['*/read'] }] } });
    expect(await local.tenant.apply(snapshot, [action], FREE)).toMatchObject([{ status: 'superseded' }]);
  });
});
