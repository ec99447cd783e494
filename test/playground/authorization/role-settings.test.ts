import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { listAt, objectAt, textAt } from '../../../playground/azure/json';
import type { Answered, Tenant } from './tenant';
import { all, APPROVERS, at, HUB, READER, refusal, ROLE, SAM, SCOPE, startTenant } from './tenant';

let tenant: Tenant;
beforeAll(async () => {
  tenant = await startTenant();
});
beforeEach(() => tenant.azure.reset());
afterAll(async () => await tenant.stop());

const OF_ROLE = `roleManagementPolicyAssignments?$filter=roleDefinitionId eq '${ROLE}'`;

async function assignment(scope = HUB, filter = OF_ROLE): Promise<Record<string, unknown>> {
  const { body } = await tenant.send('GET', at(scope, filter));
  const [only, ...others] = listAt(body, 'value');
  expect(others).toEqual([]);
  return only ?? {};
}

async function rule(id: string, scope = HUB): Promise<Record<string, unknown>> {
  const rules = listAt(await assignment(scope), 'properties', 'effectiveRules');
  return rules.find((each) => each.id === id) ?? {};
}

async function policyName(scope = HUB): Promise<string> {
  return (
    textAt(await assignment(scope), 'properties', 'policyId')
      ?.split('/')
      .at(-1) ?? ''
  );
}

async function patch(rules: readonly unknown[], name?: string): Promise<Answered> {
  const path = at(HUB, `roleManagementPolicies/${name ?? (await policyName())}`);
  return await tenant.send('PATCH', path, { properties: { rules } });
}

function code({ status, body }: Answered): string {
  return `${status} ${textAt(body, 'error', 'code') ?? ''}`;
}

async function enabling(...enabledRules: string[]) {
  return { ...(await rule('Enablement_EndUser_Assignment')), enabledRules };
}

async function context(isEnabled: boolean, claimValue = 'c1'): Promise<Record<string, unknown>> {
  return { ...(await rule('AuthenticationContext_EndUser_Assignment')), isEnabled, claimValue };
}

describe('role settings', () => {
  test('of the Bastion role ask for the context and a justification wherever it may be activated', async () => {
    for (const group of ['rg-hub', 'rg-app', 'rg-data']) {
      const scope = `${SCOPE}/resourceGroups/${group}`;
      expect(await rule('AuthenticationContext_EndUser_Assignment', scope)).toMatchObject({
        isEnabled: true,
        claimValue: 'c1',
      });
      expect(await rule('Enablement_EndUser_Assignment', scope)).toMatchObject({ enabledRules: ['Justification'] });
      expect(await rule('Expiration_EndUser_Assignment', scope)).toMatchObject({ maximumDuration: 'PT8H' });
    }
  });

  test('have 17 rules, the same when they are read by name', async () => {
    const effective = listAt(await assignment(), 'properties', 'effectiveRules');
    expect(new Set(effective.map(({ id }) => id)).size).toBe(17);
    const policy = await tenant.client.roleManagementPolicies.get(HUB, await policyName());
    expect(policy.rules?.map(({ id }) => id)).toEqual(effective.map(({ id }) => id));
    expect(policy.effectiveRules).toEqual(policy.rules);
    expect(policy.lastModifiedDateTime).toBeInstanceOf(Date);
  });

  test('exist for every role at every scope, are not inherited and have names of their own', async () => {
    const vm = `${SCOPE}/resourceGroups/rg-app/providers/Microsoft.Compute/virtualMachines/vm-app-1`;
    expect(await rule('AuthenticationContext_EndUser_Assignment', vm)).toMatchObject({ isEnabled: false });
    const found = await all(tenant.client.roleManagementPolicyAssignments.listForScope(HUB));
    expect(found.length).toBeGreaterThan(10);
    const policies = await all(tenant.client.roleManagementPolicies.listForScope(SCOPE));
    expect(policies).toHaveLength(found.length);
    expect(new Set([...found, ...policies].map(({ name }) => name)).size).toBe(2 * found.length);
    const reader = at(SCOPE, `roleManagementPolicyAssignments?$filter=roleDefinitionId eq '${READER}'`);
    expect(listAt((await tenant.send('GET', reader)).body, 'value')).toHaveLength(1);
  });

  test('have ids in two shapes and one type in the singular, as the service writes them', async () => {
    const policy = await tenant.client.roleManagementPolicies.get(SCOPE, await policyName(SCOPE));
    expect(policy.id).toBe(
      `/providers/Microsoft.Subscription${SCOPE}/providers/Microsoft.Authorization/roleManagementPolicies/${policy.name}`,
    );
    const own = await assignment(SCOPE);
    expect(textAt(own, 'id')).toContain('/roleManagementPolicyAssignment/');
    expect(textAt(own, 'name')).toBe(`${policy.name}_ba571000-0000-4000-8000-000000000001`);
    expect(textAt(own, 'properties', 'policyId')).toMatch(/^\/subscriptions\//);
    expect(objectAt(own, 'properties', 'policyAssignmentProperties', 'roleDefinition')).toMatchObject({
      displayName: 'Bastion Users',
      type: 'CustomRole',
    });
    const one = await tenant.client.roleManagementPolicyAssignments.get(SCOPE, own.name as string);
    expect(one.policyId).toBe(textAt(own, 'properties', 'policyId'));
  });

  test('are changed by PATCH, rule by rule, and have a new name afterwards', async () => {
    const before = await policyName();
    const changed = await tenant.client.roleManagementPolicies.update(HUB, before, {
      rules: [
        {
          id: 'Expiration_EndUser_Assignment',
          ruleType: 'RoleManagementPolicyExpirationRule',
          isExpirationRequired: true,
          maximumDuration: 'PT2H',
          target: { caller: 'EndUser', operations: ['All'], level: 'Assignment' },
        },
      ],
    });
    expect(changed.name).not.toBe(before);
    expect(await policyName()).toBe(changed.name);
    expect(await rule('Expiration_EndUser_Assignment')).toMatchObject({ maximumDuration: 'PT2H' });
    expect(await rule('AuthenticationContext_EndUser_Assignment')).toMatchObject({ isEnabled: true });
    expect(await refusal(tenant.client.roleManagementPolicies.get(HUB, before))).toBe('404 InputPolicyNotFound');
    expect(code(await patch([await context(true)], before))).toBe('404 InputPolicyNotFound');
  });

  test('cannot be PUT', async () => {
    const answer = await tenant.send('PUT', at(HUB, `roleManagementPolicies/${await policyName()}`), {});
    expect([answer.status, textAt(answer.body, 'error', 'message')]).toEqual([400, 'Not implemented exception']);
  });

  test('take no context together with MFA, in one PATCH or in two', async () => {
    expect(code(await patch([await enabling('MultiFactorAuthentication', 'Justification')]))).toBe(
      '400 MfaAndAcrsConflict',
    );
    const both = [await context(false), await enabling('MultiFactorAuthentication')];
    expect((await patch(both)).status).toBe(200);
    expect(code(await patch([await context(true)]))).toBe('400 MfaAndAcrsConflict');
    expect((await patch([await context(true), await enabling('Justification')])).status).toBe(200);
  });

  test('take whole rules only', async () => {
    const whole = await context(true);
    const { target: _target, ...withoutTarget } = whole;
    const { ruleType: _ruleType, ...withoutType } = whole;
    const { isEnabled: _isEnabled, ...withoutContent } = whole;
    for (const partial of [withoutTarget, withoutType, withoutContent, { ...whole, id: 'Context' }]) {
      expect(code(await patch([partial]))).toBe('400 InvalidPolicy');
    }
    expect(code(await patch([]))).toBe('400 InvalidPolicy');
    expect((await patch([whole])).status).toBe(200);
  });

  test.each([
    ['Expiration_EndUser_Assignment', { maximumDuration: 'PT20M' }],
    ['Expiration_EndUser_Assignment', { maximumDuration: 'P2D' }],
    ['Expiration_Admin_Eligibility', { maximumDuration: 'P17D' }],
    ['Enablement_EndUser_Assignment', { enabledRules: ['Passkey'] }],
    ['AuthenticationContext_EndUser_Assignment', { isEnabled: true, claimValue: 'c100' }],
    ['Notification_Admin_EndUser_Assignment', { recipientType: 'Approver' }],
    ['Approval_EndUser_Assignment', { setting: { isApprovalRequired: true, approvalStages: [] } }],
  ])('refuse %s with %j', async (id, overrides) => {
    expect(code(await patch([{ ...(await rule(id)), ...overrides }]))).toBe('400 InvalidPolicy');
  });

  test('know PIM-only mode in its preview', async () => {
    const mode = {
      id: 'PIMOnlyMode_Admin_Assignment',
      ruleType: 'RoleManagementPolicyPimOnlyModeRule',
      pimOnlyModeSettings: { mode: 'Enabled', excludes: [], excludedAssignmentTypes: [] },
      target: { caller: 'Admin', operations: ['All'], level: 'Assignment' },
    };
    expect(code(await patch([mode]))).toBe('400 InvalidPolicy');
    const preview = at(HUB, `roleManagementPolicies/${await policyName()}`).replace('2020-10-01', '2024-09-01-preview');
    expect(code(await tenant.send('PATCH', preview, { properties: { rules: [mode] } }))).toBe('200 ');
    const rules = listAt(await assignment(), 'properties', 'effectiveRules');
    expect([rules.length, rules.at(-1)?.id]).toEqual([18, mode.id]);
  });

  test('of scopes that do not exist are not there', async () => {
    const group = `${SCOPE}/resourceGroups/rg-no`;
    expect(await refusal(all(tenant.client.roleManagementPolicies.listForScope(group)))).toBe(
      '404 ResourceGroupNotFound',
    );
  });

  test('take approvers that exist, with their type spelt as PIM spells it', async () => {
    const standing = await rule('Approval_EndUser_Assignment');
    const approvedBy = async (id: string, userType: string) => {
      const setting = objectAt(standing, 'setting');
      const stage = { ...listAt(setting, 'approvalStages')[0], primaryApprovers: [{ id, userType, isBackup: false }] };
      return code(
        await patch([{ ...standing, setting: { ...setting, isApprovalRequired: true, approvalStages: [stage] } }]),
      );
    };
    expect(await approvedBy(APPROVERS, 'group')).toBe('400 InvalidPolicy');
    expect(await approvedBy(APPROVERS, 'User')).toBe('400 InvalidPolicy');
    expect(await approvedBy('deadbeef-0000-4000-8000-000000000000', 'User')).toBe('400 InvalidPolicy');
    expect(await approvedBy(SAM, 'User')).toBe('200 ');
    expect(await approvedBy(APPROVERS, 'Group')).toBe('200 ');
  });
});
