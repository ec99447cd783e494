import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { listAt, textAt } from '../../../playground/azure/json';
import type { Answered, Tenant } from './tenant';
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

let serial = 0;

/** A fresh name for a request. */
function guid(): string {
  serial += 1;
  return `4e900000-0000-4000-8000-${String(serial).padStart(12, '0')}`;
}

async function minutesLater(minutes: number): Promise<void> {
  await tenant.control('clock', { advanceMs: minutes * 60_000 });
  await tenant.azure.deliveriesIdle();
}

async function assign(principalId: string, properties: Record<string, unknown> = {}, name = guid()) {
  return await tenant.client.roleAssignmentScheduleRequests.create(HUB, name, {
    principalId,
    roleDefinitionId: ROLE,
    requestType: 'AdminAssign',
    justification: 'on call',
    scheduleInfo: { expiration: { type: 'AfterDuration', duration: 'P15D' } },
    ...properties,
  });
}

async function removed(principalId: string) {
  return await tenant.client.roleAssignmentScheduleRequests.create(HUB, guid(), {
    principalId,
    roleDefinitionId: ROLE,
    requestType: 'AdminRemove',
  });
}

async function activate(token = as('alex'), more: Record<string, unknown> = {}, principalId = ALEX): Promise<Answered> {
  return await tenant.send(
    'PUT',
    at(HUB, `roleAssignmentScheduleRequests/${guid()}`),
    {
      properties: {
        principalId,
        roleDefinitionId: ROLE,
        requestType: 'SelfActivate',
        justification: 'patching',
        scheduleInfo: { expiration: { type: 'AfterDuration', duration: 'PT1H' } },
        ...more,
      },
    },
    token,
  );
}

async function instances() {
  return await all(tenant.client.roleAssignmentScheduleInstances.listForScope(HUB));
}

function code({ status, body }: Answered): string {
  return `${status} ${textAt(body, 'error', 'code') ?? ''}`;
}

describe('eligible roles', () => {
  test('are those of the Bastion users, and they end', async () => {
    const found = await all(tenant.client.roleEligibilityScheduleInstances.listForScope(SCOPE));
    expect(found.map(({ scope }) => scope?.split('/').at(-1))).toEqual(['rg-hub', 'rg-app', 'rg-data']);
    for (const each of found) {
      expect(each).toMatchObject({ principalId: BASTION_USERS, principalType: 'Group', roleDefinitionId: ROLE });
      expect(each.endDateTime?.getTime()).toBeGreaterThan(Date.now());
      expect(each.expandedProperties?.principal?.displayName).toBe('grp-bastion-users');
      expect(each.expandedProperties?.roleDefinition).toMatchObject({
        displayName: 'Bastion Users',
        type: 'CustomRole',
      });
    }
    expect(await all(tenant.client.roleEligibilitySchedules.listForScope(HUB))).toHaveLength(1);
    expect(await instances()).toEqual([]);
  });

  test('reach the members of a nested group, and below their scope they are inherited', async () => {
    const filter = `assignedTo('${SAM}')`;
    const [only] = await all(tenant.client.roleEligibilityScheduleInstances.listForScope(HUB, { filter }));
    expect(only).toMatchObject({ principalId: BASTION_USERS, memberType: 'Group' });
    const none = `assignedTo('${KIM}')`;
    expect(await all(tenant.client.roleEligibilityScheduleInstances.listForScope(HUB, { filter: none }))).toEqual([]);
    const host = `${HUB}/providers/Microsoft.Network/bastionHosts/bas-hub`;
    const [inherited] = await all(tenant.client.roleEligibilityScheduleInstances.listForScope(host));
    expect(inherited).toMatchObject({ memberType: 'Inherited', scope: HUB });
  });

  test('are given and taken by requests', async () => {
    const request = { principalId: KIM, roleDefinitionId: ROLE, requestType: 'AdminAssign' };
    const requests = tenant.client.roleEligibilityScheduleRequests;
    const made = await requests.create(HUB, guid(), {
      ...request,
      scheduleInfo: { expiration: { type: 'AfterDuration', duration: 'P30D' } },
    });
    expect(made).toMatchObject({ status: 'PendingProvisioning', requestorId: KIM, principalType: 'User' });
    await minutesLater(6);
    expect(await requests.get(HUB, made.name ?? '')).toMatchObject({ status: 'Provisioned' });
    expect(await all(tenant.client.roleEligibilityScheduleInstances.listForScope(HUB))).toHaveLength(2);
    const taken = await requests.create(HUB, guid(), { ...request, requestType: 'AdminRemove' });
    expect(taken).toMatchObject({ status: 'PendingRevocation' });
    await minutesLater(1);
    expect(await all(tenant.client.roleEligibilityScheduleInstances.listForScope(HUB))).toHaveLength(1);
    expect(await refusal(requests.create(HUB, guid(), { ...request, requestType: 'SelfActivate' }))).toBe(
      '400 BadRequestFormat',
    );
  });
});

describe('active roles', () => {
  test('given by PIM are pending at first and provisioned after some looks', async () => {
    const name = guid();
    const made = await assign(SAM, {}, name);
    expect(made).toMatchObject({ status: 'PendingProvisioning', requestType: 'AdminAssign' });
    expect(await instances()).toEqual([]);
    const statuses = [];
    for (let look = 0; look < 3; look += 1)
      statuses.push((await tenant.client.roleAssignmentScheduleRequests.get(HUB, name)).status);
    expect(statuses).toEqual(['PendingProvisioning', 'PendingProvisioning', 'Provisioned']);
    const [instance] = await instances();
    expect(instance).toMatchObject({ principalId: SAM, assignmentType: 'Assigned', memberType: 'Direct' });
    const [schedule] = await all(tenant.client.roleAssignmentSchedules.listForScope(HUB));
    expect(instance?.roleAssignmentScheduleId).toBe(schedule?.id);
    expect(schedule?.roleAssignmentScheduleRequestId).toContain(name);
    const [assignment] = await all(tenant.client.roleAssignments.listForScope(HUB));
    expect(instance?.originRoleAssignmentId).toBe(assignment?.id);
  });

  test('given beside PIM are instances as well, permanent and Assigned', async () => {
    await tenant.client.roleAssignments.create(HUB, guid(), { principalId: SAM, roleDefinitionId: ROLE });
    const { body } = await tenant.send('GET', at(HUB, 'roleAssignmentScheduleInstances'));
    expect(listAt(body, 'value')).toMatchObject([
      {
        type: 'Microsoft.Authorization/RoleAssignmentScheduleInstances',
        properties: { principalId: SAM, assignmentType: 'Assigned', endDateTime: null, status: 'Provisioned' },
      },
    ]);
  });

  test('are not removed in their first five minutes, and then are gone', async () => {
    await tenant.client.roleAssignments.create(HUB, guid(), { principalId: SAM, roleDefinitionId: ROLE });
    expect(await refusal(removed(SAM))).toBe('400 ActiveDurationTooShort');
    await minutesLater(5);
    const made = await removed(SAM);
    expect(made).toMatchObject({ status: 'PendingRevocation' });
    expect(await refusal(removed(SAM))).toBe('400 PendingRoleAssignmentRequest');
    await minutesLater(1);
    expect(await tenant.client.roleAssignmentScheduleRequests.get(HUB, made.name ?? '')).toMatchObject({
      status: 'Revoked',
    });
    expect(await instances()).toEqual([]);
    expect(await all(tenant.client.roleAssignments.listForScope(HUB))).toEqual([]);
    expect(await refusal(removed(SAM))).toBe('400 RoleAssignmentDoesNotExist');
  });

  test('of tomorrow have a schedule and no instance, and can be taken back', async () => {
    const start = new Date(Date.now() + 86_400_000);
    const expiration = { type: 'AfterDuration', duration: 'P15D' };
    const made = await assign(SAM, { scheduleInfo: { startDateTime: start, expiration } });
    await minutesLater(1);
    expect(await tenant.client.roleAssignmentScheduleRequests.get(HUB, made.name ?? '')).toMatchObject({
      status: 'ScheduleCreated',
    });
    expect(await instances()).toEqual([]);
    const [schedule] = await all(tenant.client.roleAssignmentSchedules.listForScope(HUB));
    expect(schedule?.startDateTime).toEqual(start);
    await minutesLater(24 * 60);
    expect(await instances()).toHaveLength(1);
  });

  test('are prolonged by a request, and keep their schedule', async () => {
    await assign(SAM);
    await minutesLater(1);
    const [before] = await instances();
    const expiration = { type: 'AfterDuration', duration: 'P90D' };
    await assign(SAM, { requestType: 'AdminExtend', scheduleInfo: { expiration } });
    await minutesLater(1);
    const [after, ...others] = await instances();
    expect([after?.roleAssignmentScheduleId, others]).toEqual([before?.roleAssignmentScheduleId, []]);
    expect(after?.endDateTime?.getTime()).toBeGreaterThan(before?.endDateTime?.getTime() ?? Number.POSITIVE_INFINITY);
  });

  test.each([
    [
      'for longer than the settings allow',
      { scheduleInfo: { expiration: { type: 'AfterDuration', duration: 'P365D' } } },
    ],
    ['for ever', { scheduleInfo: { expiration: { type: 'NoExpiration' } } }],
    ['without a justification', { justification: undefined }],
  ])('are refused %s', async (_how, properties) => {
    expect(await refusal(assign(SAM, properties))).toBe('400 RoleAssignmentRequestPolicyValidationFailed');
  });

  test('are refused to nobody, for no role, and twice', async () => {
    expect(await refusal(assign('deadbeef-0000-4000-8000-000000000000'))).toBe('400 SubjectNotFound');
    const roleDefinitionId = READER.replace('acdd', 'dead');
    expect(await refusal(assign(SAM, { roleDefinitionId }))).toBe('400 RoleDefinitionDoesNotExist');
    await assign(SAM);
    expect(await refusal(assign(SAM))).toBe('400 PendingRoleAssignmentRequest');
    await minutesLater(1);
    expect(await refusal(assign(SAM))).toBe('400 RoleAssignmentExists');
  });

  test('can be asked about without being given', async () => {
    const path = at(HUB, `roleAssignmentScheduleRequests/${guid()}/validate`);
    const properties = { principalId: SAM, roleDefinitionId: ROLE, requestType: 'AdminRemove' };
    expect(code(await tenant.send('POST', path, { properties }))).toBe('400 RoleAssignmentDoesNotExist');
    await tenant.client.roleAssignments.create(HUB, guid(), { principalId: SAM, roleDefinitionId: ROLE });
    await minutesLater(6);
    expect(code(await tenant.send('POST', path, { properties }))).toBe('200 ');
    expect(await instances()).toHaveLength(1);
  });
});

describe('activations', () => {
  test('make an eligible member of a group active for an hour', async () => {
    const { status, body } = await activate();
    expect([status, textAt(body, 'properties', 'requestorId')]).toEqual([201, ALEX]);
    await minutesLater(1);
    const [instance] = await instances();
    expect(instance).toMatchObject({ principalId: ALEX, assignmentType: 'Activated', memberType: 'Direct' });
    const [eligible] = await all(tenant.client.roleEligibilityScheduleInstances.listForScope(HUB));
    expect(instance?.linkedRoleEligibilityScheduleInstanceId).toBe(eligible?.name);
    await minutesLater(60);
    expect(await instances()).toEqual([]);
  });

  test('are refused to those who are not eligible, for too long, and without a justification', async () => {
    expect(code(await activate(as('kim'), {}, KIM))).toBe('400 RoleAssignmentDoesNotExist');
    const scheduleInfo = { expiration: { type: 'AfterDuration', duration: 'PT9H' } };
    expect(code(await activate(as('alex'), { scheduleInfo }))).toBe('400 RoleAssignmentRequestPolicyValidationFailed');
    expect(code(await activate(as('alex'), { justification: '' }))).toBe(
      '400 RoleAssignmentRequestPolicyValidationFailed',
    );
    const short = { expiration: { type: 'AfterDuration', duration: 'PT4M' } };
    expect(code(await activate(as('alex'), { scheduleInfo: short }))).toBe('400 ActiveDurationTooShort');
  });

  test('need a token of the authentication context, if the token speaks of contexts', async () => {
    const [head, payload = '', tail] = as('alex').split('.');
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const withAcrs = (...acrs: string[]): string =>
      [head, Buffer.from(JSON.stringify({ ...(claims as object), acrs })).toString('base64url'), tail].join('.');
    const refused = await activate(withAcrs('c2'));
    expect(code(refused)).toBe('400 RoleAssignmentRequestAcrsValidationFailed');
    expect(decodeURIComponent(textAt(refused.body, 'error', 'message') ?? '')).toContain('"value":"c1"');
    expect((await activate(withAcrs('c2', 'c1'))).status).toBe(201);
  });

  test('end early by their own hand, but not in the first five minutes', async () => {
    await activate();
    await minutesLater(1);
    const end = { requestType: 'SelfDeactivate' };
    expect(code(await activate(as('alex'), end))).toBe('400 ActiveDurationTooShort');
    await minutesLater(6);
    expect((await activate(as('alex'), end)).status).toBe(201);
    await minutesLater(1);
    expect(await instances()).toEqual([]);
  });

  test('wait for approval where it is asked for, and can be cancelled once', async () => {
    const { body } = await tenant.send(
      'GET',
      at(HUB, `roleManagementPolicyAssignments?$filter=roleDefinitionId eq '${ROLE}'`),
    );
    const [settings] = listAt(body, 'value');
    const standing = listAt(settings, 'properties', 'effectiveRules').find(
      ({ id }) => id === 'Approval_EndUser_Assignment',
    );
    const approvalStages = [{ primaryApprovers: [{ id: APPROVERS, userType: 'Group' }] }];
    const rule = { ...standing, setting: { isApprovalRequired: true, approvalStages } };
    const policy = textAt(settings, 'properties', 'policyId')?.split('/').at(-1) ?? '';
    await tenant.send('PATCH', at(HUB, `roleManagementPolicies/${policy}`), { properties: { rules: [rule] } });
    const { body: request } = await activate();
    expect(request).toMatchObject({ properties: { status: 'PendingApproval', approvalId: expect.any(String) } });
    await minutesLater(30);
    expect(await instances()).toEqual([]);
    const name = textAt(request, 'name') ?? '';
    const requests = tenant.client.roleAssignmentScheduleRequests;
    await requests.cancel(HUB, name);
    expect(await requests.get(HUB, name)).toMatchObject({ status: 'Canceled' });
    expect(await refusal(requests.cancel(HUB, name))).toBe('400 RoleAssignmentRequestCannotBeCancelled');
    expect(await all(requests.listForScope(HUB, { filter: "status eq 'Canceled'" }))).toHaveLength(1);
    expect(await all(requests.listForScope(HUB, { filter: 'asRequestor()' }))).toEqual([]);
  });
});
