// Who may ask Microsoft.Authorization what, which events its writes raise, and how it behaves on bad days.
import { afterEach, describe, expect, test } from '@jest/globals';
import { at as under, listAt, objectAt, textAt } from '../../../playground/azure/json';
import { authorizationRoutes } from '../../../playground/authorization/router';
import type { Tenant } from './tenant';
import {
  ALEX,
  all,
  as,
  asApplication,
  at,
  BASTION_USERS,
  HUB,
  IDENTITY_CLIENT_ID,
  KIM,
  READER,
  ROLE,
  SAM,
  SCOPE,
  startTenant,
} from './tenant';

let tenant: Tenant;
afterEach(async () => await tenant.stop());

const NAME = 'a5510000-0000-4000-8000-000000000001';
const ASSIGNMENT = at(HUB, `roleAssignments/${NAME}`);
const REQUEST = at(HUB, `roleAssignmentScheduleRequests/${NAME}`);

function granting(principalId: string) {
  return { properties: { principalId, roleDefinitionId: ROLE } };
}

const REMOVAL = { properties: { principalId: SAM, roleDefinitionId: ROLE, requestType: 'AdminRemove' } };

async function settings(): Promise<{ path: string; rules: Record<string, unknown>[] }> {
  const { body } = await tenant.send(
    'GET',
    at(HUB, `roleManagementPolicyAssignments?$filter=roleDefinitionId eq '${ROLE}'`),
  );
  const [assignment] = listAt(body, 'value');
  const name = textAt(assignment, 'properties', 'policyId')?.split('/').at(-1) ?? '';
  return { path: at(HUB, `roleManagementPolicies/${name}`), rules: listAt(assignment, 'properties', 'effectiveRules') };
}

async function raised(): Promise<{ operation: string; subject: string; who: unknown }[]> {
  await tenant.azure.deliveriesIdle();
  const state = await tenant.send('GET', '/playground/state');
  return listAt(state.body, 'events', 'raised').map((event) => ({
    operation: textAt(event, 'data', 'operationName') ?? '',
    subject: textAt(event, 'subject') ?? '',
    who: under(event, 'data', 'claims', 'name'),
  }));
}

describe('the identities', () => {
  const network = asApplication('the-network-app');
  const identity = asApplication(IDENTITY_CLIENT_ID);

  test('that repairs the network cannot write roles, requests or settings, nor read who holds what', async () => {
    tenant = await startTenant({ rbac: true });
    const { path, rules } = await settings();
    const refused = [
      await tenant.send('PUT', ASSIGNMENT, granting(SAM), network),
      await tenant.send('DELETE', ASSIGNMENT, undefined, network),
      await tenant.send('PUT', REQUEST, REMOVAL, network),
      await tenant.send('PATCH', path, { properties: { rules } }, network),
      await tenant.send('GET', at(SCOPE, 'roleAssignments'), undefined, network),
    ];
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
    expect(textAt(refused[3]?.body, 'error', 'message')).toContain(
      "'Microsoft.Authorization/roleManagementPolicies/write'",
    );
  });

  test('that repairs identity settings can do that, gives nobody a role, and cannot touch the network', async () => {
    tenant = await startTenant({ rbac: true });
    await tenant.send('PUT', ASSIGNMENT, granting(SAM));
    const { path, rules } = await settings();
    expect((await tenant.send('PATCH', path, { properties: { rules } }, identity)).status).toBe(200);
    for (const { method, path: route } of authorizationRoutes()) {
      const isList = method === 'GET' && !route.includes('{name}');
      const collection = route.split('/').at(-1) ?? '';
      if (isList) expect((await tenant.send('GET', at(SCOPE, collection), undefined, identity)).status).toBe(200);
    }
    expect(
      (await tenant.send('PUT', at(HUB, `roleAssignments/${NAME.replace('1', '2')}`), granting(KIM), identity)).status,
    ).toBe(403);
    expect((await tenant.send('PUT', at(SCOPE, `roleDefinitions/${NAME}`), {}, identity)).status).toBe(403);
    expect((await tenant.send('DELETE', ASSIGNMENT, undefined, identity)).status).toBe(200);
    const nsg = `${HUB}/providers/Microsoft.Network/networkSecurityGroups/nsg-bastion?api-version=2026-01-01`;
    expect((await tenant.send('DELETE', nsg, undefined, identity)).status).toBe(403);
  });

  test('without a token is nobody, and an api-version is asked for', async () => {
    tenant = await startTenant();
    expect((await tenant.send('GET', at(SCOPE, 'roleAssignments'), undefined, '')).status).toBe(401);
    const answer = await tenant.send('GET', `${SCOPE}/providers/Microsoft.Authorization/roleAssignments`);
    expect(textAt(answer.body, 'error', 'code')).toBe('MissingApiVersionParameter');
  });
});

describe('the events', () => {
  test('of a role assignment name it, and a refused or empty write raises none', async () => {
    tenant = await startTenant();
    await tenant.send('PUT', ASSIGNMENT, granting(SAM));
    await tenant.send('PUT', ASSIGNMENT, granting('deadbeef-0000-4000-8000-000000000000'));
    await tenant.send('DELETE', ASSIGNMENT);
    await tenant.send('DELETE', ASSIGNMENT);
    const subject = `${HUB}/providers/Microsoft.Authorization/roleAssignments/${NAME}`;
    const who = 'kim@contoso.example';
    expect(await raised()).toEqual([
      { operation: 'Microsoft.Authorization/roleAssignments/write', subject, who },
      { operation: 'Microsoft.Authorization/roleAssignments/delete', subject, who },
    ]);
  });

  test('of role definitions and role settings are raised, of a PUT that is not implemented none', async () => {
    tenant = await startTenant();
    const { path, rules } = await settings();
    await tenant.send('PUT', path, { properties: { rules } });
    await tenant.send('PATCH', path, { properties: { rules } });
    const roleName = 'Others';
    const permissions = [{ actions: ['*/read'] }];
    const definition = at(SCOPE, `roleDefinitions/${NAME}`);
    await tenant.send('PUT', definition, { properties: { roleName, assignableScopes: [SCOPE], permissions } });
    await tenant.send('DELETE', definition);
    expect((await raised()).map(({ operation }) => operation)).toEqual([
      'Microsoft.Authorization/roleManagementPolicies/write',
      'Microsoft.Authorization/roleDefinitions/write',
      'Microsoft.Authorization/roleDefinitions/delete',
    ]);
  });

  test('of an activation are the request by its author and the role assignment by PIM', async () => {
    tenant = await startTenant();
    const activation = { principalId: ALEX, roleDefinitionId: ROLE, requestType: 'SelfActivate', justification: 'x' };
    expect((await tenant.send('PUT', REQUEST, { properties: activation }, as('alex'))).status).toBe(201);
    expect(await raised()).toEqual([
      {
        operation: 'Microsoft.Authorization/roleAssignmentScheduleRequests/write',
        subject: `${HUB}/providers/Microsoft.Authorization/roleAssignmentScheduleRequests/${NAME}`,
        who: 'alex@contoso.example',
      },
      {
        operation: 'Microsoft.Authorization/roleAssignments/write',
        subject: expect.stringContaining(`${HUB}/providers/Microsoft.Authorization/roleAssignments/`),
        who: 'MS-PIM',
      },
    ]);
  });
});

describe('bad days', () => {
  test('a stale read shows who held a role a moment ago', async () => {
    tenant = await startTenant();
    await tenant.send('PUT', ASSIGNMENT, granting(SAM));
    await tenant.control('faults', { staleReads: { ms: 60_000 } });
    expect((await tenant.send('GET', ASSIGNMENT)).status).toBe(404);
    await tenant.control('faults', {});
    expect((await tenant.send('GET', ASSIGNMENT)).status).toBe(200);
  });

  test('throttling, injected errors and rate limits meet these requests, too', async () => {
    tenant = await startTenant();
    const rules = [{ match: { path: 'roleManagementPolicies' }, respond: { status: 429, retryAfter: 3 } }];
    await tenant.control('faults', { rules });
    const answer = await tenant.send('GET', at(HUB, 'roleManagementPolicies'));
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '3']);
    const none = { size: 1, perSecond: 0 };
    await tenant.control('faults', { rateLimits: { reads: none, writes: none, deletes: none } });
    expect((await tenant.send('GET', at(HUB, 'roleAssignments'))).status).toBe(200);
    expect((await tenant.send('GET', at(HUB, 'roleAssignments'))).status).toBe(429);
  });

  test('a reset brings the tenant back as it was, whatever the clock showed', async () => {
    tenant = await startTenant();
    await tenant.control('clock', { advanceMs: 100 * 86_400_000 });
    await tenant.send('PUT', ASSIGNMENT, granting(SAM));
    await tenant.control('reset', {});
    expect((await tenant.send('GET', ASSIGNMENT)).status).toBe(404);
    expect(await all(tenant.client.roleEligibilityScheduleInstances.listForScope(HUB))).toHaveLength(1);
  });

  test('what is not modelled says so', async () => {
    tenant = await startTenant();
    const answers = [
      await tenant.send('PUT', at(HUB, `denyAssignments/${NAME}`), {}),
      await tenant.send('DELETE', at(HUB, `roleManagementPolicies/${NAME}`)),
      await tenant.send('POST', at(HUB, `roleAssignmentScheduleRequests/${NAME}/approve`), {}),
    ];
    expect(answers.map(({ status }) => status)).toEqual([501, 501, 501]);
  });
});

describe('an estate', () => {
  test('brings roles along in the shapes in which ARM lists them', async () => {
    tenant = await startTenant();
    const schedule = `${HUB}/providers/Microsoft.Authorization/RoleAssignmentSchedules/${NAME}`;
    const common = { scope: HUB, roleDefinitionId: READER, principalType: 'User' };
    const estate = [
      { id: `${HUB}/providers/Microsoft.Network/publicIPAddresses/pip`, properties: {} },
      {
        id: `${HUB}/providers/Microsoft.Authorization/RoleAssignmentScheduleInstances/r1`,
        properties: { ...common, principalId: SAM, assignmentType: 'Activated', roleAssignmentScheduleId: schedule },
      },
      { id: schedule, properties: { ...common, principalId: SAM, assignmentType: 'Activated', endDateTime: 'PT1H' } },
      {
        id: `${HUB}/providers/Microsoft.Authorization/RoleEligibilityScheduleInstances/e1`,
        properties: { ...common, principalId: KIM, endDateTime: '2020-01-01T00:00:00Z' },
      },
    ];
    expect((await tenant.control('reset', { estate })).status).toBe(200);
    const [only, ...others] = await all(tenant.client.roleAssignmentScheduleInstances.listForScope(HUB));
    expect([only?.assignmentType, others.length]).toEqual(['Activated', 0]);
    const eligible = await all(tenant.client.roleEligibilityScheduleInstances.listForScope(SCOPE));
    expect(eligible.map(({ principalId }) => principalId)).toEqual([BASTION_USERS]);
  });

  test('is refused when it assigns a role that is not there', async () => {
    tenant = await startTenant();
    const properties = { principalId: SAM, roleDefinitionId: READER.replace('acdd', 'dead') };
    const id = `${HUB}/providers/Microsoft.Authorization/roleAssignments/${NAME}`;
    const answer = await tenant.control('reset', { estate: [{ id, properties }] });
    expect(answer.status).toBe(400);
    expect(textAt(objectAt(answer.body, 'error'), 'message')).toContain('role definition');
  });
});
