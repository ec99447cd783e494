import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { evaluateIdentity } from '../../../../shared/controls';
import type { IdentityAction } from '../../../../shared/identity/action';
import { isObject, type JsonObject, listOf, objectOf, propertiesOf, textOf } from '../../../../shared/network/json';
import type { WriteTurn } from '../../../../shared/ports';
import {
  ALEX,
  asApplication,
  BREAK_GLASS,
  CLIENTS,
  CONTEXTS,
  estate,
  HUB,
  KIM,
  look,
  objects,
  POLICIES,
  POLICY,
  READER,
  ROLE,
  SAM,
  type SignInTenant,
  startSignIn,
  SUBSCRIPTION,
} from './sign-in-tenant';

const FREE: WriteTurn = { mayWrite: async () => undefined, until: new Date('9999-01-01T00:00:00Z') };
const AUTHORIZATION = 'providers/Microsoft.Authorization';
const RBAC = 'api-version=2022-04-01';
const PIM = 'api-version=2020-10-01';
const RG_HUB = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-hub`;

const ENABLE: IdentityAction = { kind: 'patch-conditional-access', policy: POLICY, changes: { state: 'enabled' } };
const PUBLISH: IdentityAction = { kind: 'publish-context', context: 'c1', name: 'Bastion' };

/** What PIM has held for a month, so that it can be removed. */
function standing(principal: string, over: JsonObject = {}): JsonObject {
  const name = `0a000000-0000-4000-8000-${principal.slice(-12)}`;
  return {
    id: `${RG_HUB}/${AUTHORIZATION}/RoleAssignmentSchedules/${name}`,
    name,
    type: 'Microsoft.Authorization/RoleAssignmentSchedules',
    properties: {
      scope: RG_HUB,
      roleDefinitionId: `/subscriptions/${SUBSCRIPTION}/${AUTHORIZATION}/roleDefinitions/${ROLE}`,
      principalId: principal,
      principalType: 'User',
      assignmentType: 'Assigned',
      startDateTime: '-P30D',
      createdOn: '-P30D',
      ...over,
    },
  };
}

describe('shared/azure/identity: writing', () => {
  let local: SignInTenant;
  beforeAll(async () => {
    local = await startSignIn({ authorization: [...objects(estate('authorization')), standing(ALEX), standing(KIM)] });
  });
  afterEach(() => local.reset());
  afterAll(() => local.stop());

  async function findingsOf(control: string): Promise<number> {
    const { identity } = await look(local.tenant);
    return evaluateIdentity(identity, local.policy, new Date()).findings.filter((each) => each.control === control)
      .length;
  }

  async function policyNow(): Promise<JsonObject> {
    return await local.send('GET', `${POLICIES}/${POLICY}`);
  }

  test('publishes a context that was withdrawn, and one that was deleted', async () => {
    await local.send('PATCH', `${CONTEXTS}/c1`, { isAvailable: false });
    const snapshot = await look(local.tenant);
    expect(await local.tenant.apply(snapshot, [PUBLISH], FREE)).toMatchObject([
      {
        resource: '/identity/conditionalaccess/authenticationcontextclassreferences/c1',
        status: 'applied',
        changes: [{ setting: 'isAvailable of context c1', before: 'false', after: 'true' }],
      },
    ]);
    expect(await local.send('GET', `${CONTEXTS}/c1`)).toMatchObject({
      isAvailable: true,
      description: 'Asked for when a role for Azure Bastion is activated.',
    });
    expect(await local.tenant.apply(snapshot, [PUBLISH], FREE)).toMatchObject([{ status: 'already' }]);
    const other: IdentityAction = { kind: 'publish-context', context: 'c7', name: 'Seven' };
    expect(await local.tenant.apply(snapshot, [other], FREE)).toMatchObject([{ status: 'applied' }]);
  });

  test('enables a policy that was switched to report-only, and touches nothing else of it', async () => {
    const before = await policyNow();
    await local.send('PATCH', `${POLICIES}/${POLICY}`, { state: 'enabledForReportingButNotEnforced' });
    const [outcome] = await local.tenant.apply(await look(local.tenant), [ENABLE], FREE);
    expect(outcome).toMatchObject({
      status: 'applied',
      changes: [{ setting: 'state', before: 'enabledForReportingButNotEnforced', after: 'enabled' }],
    });
    expect(outcome?.requestIds).toHaveLength(1);
    const { modifiedDateTime: _, ...after } = await policyNow();
    expect(before).toMatchObject(after);
    expect(await local.tenant.apply(await look(local.tenant), [ENABLE], FREE)).toMatchObject([{ status: 'already' }]);
  });

  test('puts back users and strength with explicit empties, the strength by its id alone', async () => {
    const group = 'ba570000-0000-4000-8000-0000000000ba';
    const users = { excludeGroups: [BREAK_GLASS, group], excludeUsers: [SAM] };
    await local.send('PATCH', `${POLICIES}/${POLICY}`, {
      conditions: { users },
      grantControls: { operator: 'OR', builtInControls: ['compliantDevice'], authenticationStrength: null },
    });
    const changes = {
      conditions: { users: { excludeGroups: [BREAK_GLASS], excludeUsers: [] } },
      grantControls: {
        operator: 'OR',
        builtInControls: [],
        authenticationStrength: { id: '00000000-0000-0000-0000-000000000004', displayName: 'whatever it is called' },
      },
    };
    const action: IdentityAction = { kind: 'patch-conditional-access', policy: POLICY, changes };
    expect(await local.tenant.apply(await look(local.tenant), [action], FREE)).toMatchObject([{ status: 'applied' }]);
    expect(await policyNow()).toMatchObject({
      conditions: { users: { includeUsers: ['All'], excludeGroups: [BREAK_GLASS], excludeUsers: [] } },
      grantControls: { builtInControls: [], authenticationStrength: { displayName: 'Phishing resistant MFA' } },
    });
    expect(await findingsOf('exclusions-only-break-glass')).toBe(0);
  });

  test('two patches of one policy in one plan: the first is no reason to give up the second', async () => {
    await local.send('PATCH', `${POLICIES}/${POLICY}`, { state: 'disabled', displayName: 'x' });
    const rename: IdentityAction = { kind: 'patch-conditional-access', policy: POLICY, changes: { displayName: 'y' } };
    const outcomes = await local.tenant.apply(await look(local.tenant), [ENABLE, rename], FREE);
    expect(outcomes.map(({ status }) => status)).toEqual(['applied', 'applied']);
  });

  test("somebody's edit since the look wins", async () => {
    await local.send('PATCH', `${POLICIES}/${POLICY}`, { state: 'disabled' });
    const snapshot = await look(local.tenant);
    await local.send('PATCH', `${POLICIES}/${POLICY}`, { displayName: 'just renamed' });
    expect(await local.tenant.apply(snapshot, [ENABLE, PUBLISH], FREE)).toMatchObject([
      { status: 'superseded' },
      { status: 'stopped' },
    ]);
    expect(await policyNow()).toMatchObject({ state: 'disabled' });
  });

  test.each([
    ['report-only', { state: 'enabledForReportingButNotEnforced' }, /only 'enabled'/],
    ['disabled', { state: 'disabled' }, /only 'enabled'/],
    ['a lock-out', { conditions: { users: { excludeGroups: [], excludeUsers: [] } } }, /break-glass/],
  ])('never writes %s', async (_, changes, why) => {
    const action: IdentityAction = { kind: 'patch-conditional-access', policy: POLICY, changes };
    const before = await policyNow();
    const [outcome] = await local.tenant.apply(await look(local.tenant), [action], FREE);
    expect(outcome).toMatchObject({ status: 'failed', retryable: false, why: expect.stringMatching(why) });
    expect(await policyNow()).toEqual(before);
  });

  test('creates the policy that was deleted, once', async () => {
    await local.send('DELETE', `${POLICIES}/${POLICY}`);
    const { policy } = local;
    const snapshot = await look(local.tenant);
    const finding = evaluateIdentity(
      snapshot.identity,
      { ...policy, identity: { ...policy.identity, conditionalAccessPolicy: undefined } },
      new Date(),
    ).findings.find(({ control }) => control === 'context-requires-phishing-resistant-mfa');
    const action = finding?.remedies[0]?.actions.find(({ kind }) => kind === 'create-conditional-access');
    if (action?.kind !== 'create-conditional-access') throw new Error('there is no such remedy');
    expect(await local.tenant.apply(snapshot, [action], FREE)).toMatchObject([{ status: 'applied' }]);
    expect(await local.tenant.apply(snapshot, [action], FREE)).toMatchObject([{ status: 'already' }]);
    const { value } = await local.send('GET', POLICIES);
    expect(value).toMatchObject([{ state: 'enabled', conditions: { users: { excludeGroups: [BREAK_GLASS] } } }]);
  });

  describe('role settings', () => {
    const filter = encodeURIComponent(`roleDefinitionId eq '${ROLE}'`);

    async function settingsName(): Promise<string> {
      const path = `${RG_HUB}/${AUTHORIZATION}/roleManagementPolicyAssignments?${PIM}&$filter=${filter}`;
      const { value } = await local.send('GET', path);
      return (textOf(propertiesOf(listOf(value)[0]).policyId) ?? '').split('/').at(-1) ?? '';
    }

    async function change(id: string, values: JsonObject): Promise<void> {
      const path = `${RG_HUB}/${AUTHORIZATION}/roleManagementPolicies/${await settingsName()}?${PIM}`;
      const { rules } = objectOf((await local.send('GET', path)).properties);
      const rule = listOf(rules)
        .filter(isObject)
        .find((each) => each.id === id);
      await local.send('PATCH', path, { properties: { rules: [{ ...rule, ...values }] } });
    }

    async function repairs(): Promise<readonly IdentityAction[]> {
      const { identity } = await look(local.tenant);
      const { findings } = evaluateIdentity(identity, local.policy, new Date());
      return findings
        .filter(({ control }) => control === 'activation-requires-context')
        .flatMap(({ remedies }) => remedies[0]?.actions ?? [])
        .filter((action): action is IdentityAction => action.kind === 'patch-role-settings');
    }

    test('demand the context again, under whatever name they have by now', async () => {
      await change('AuthenticationContext_EndUser_Assignment', { isEnabled: false });
      const actions = await repairs();
      const snapshot = await look(local.tenant);
      // Another rule is changed meanwhile, and with it the name.
      await change('Expiration_EndUser_Assignment', { maximumDuration: 'PT1H' });
      const [outcome] = await local.tenant.apply(snapshot, actions, FREE);
      expect(outcome).toMatchObject({
        status: 'applied',
        changes: [{ setting: 'isEnabled of AuthenticationContext_EndUser_Assignment', before: 'false', after: 'true' }],
      });
      expect(await findingsOf('activation-requires-context')).toBe(0);
      const again = await look(local.tenant);
      const rules = again.identity.roleSettings.find(({ scope }) => scope === HUB)?.rules;
      expect(rules?.get('Expiration_EndUser_Assignment')).toMatchObject({ maximumDuration: 'PT1H' });
      expect(await local.tenant.apply(snapshot, actions, FREE)).toMatchObject([{ status: 'already' }]);
    });

    test('are left alone where somebody has changed the same rule since', async () => {
      await change('AuthenticationContext_EndUser_Assignment', { isEnabled: false });
      const actions = await repairs();
      const snapshot = await look(local.tenant);
      await change('AuthenticationContext_EndUser_Assignment', { isEnabled: true, claimValue: 'c9' });
      expect(await local.tenant.apply(snapshot, actions, FREE)).toMatchObject([{ status: 'superseded' }]);
    });
  });

  describe('assignments', () => {
    const removal = (over: Partial<Extract<IdentityAction, { kind: 'remove-assignment' }>> = {}): IdentityAction => ({
      kind: 'remove-assignment',
      assignment: `${RG_HUB}/${AUTHORIZATION}/roleAssignments/0a000000-0000-4000-8000-000000000001`,
      scope: HUB,
      role: ROLE,
      principal: ALEX,
      holding: 'assigned',
      inPim: true,
      ...over,
    });

    test('are removed by PIM and watched until they are gone', async () => {
      const snapshot = await look(local.tenant);
      const held = snapshot.identity.assignments.filter(({ role, holding }) => role === ROLE && holding === 'assigned');
      expect(held.map(({ principal }) => principal).toSorted()).toEqual([ALEX, KIM]);
      const [outcome] = await local.tenant.apply(snapshot, [removal()], FREE);
      expect(outcome).toMatchObject({ status: 'applied', changes: [{ before: 'assigned', after: '(none)' }] });
      const after = await look(local.tenant);
      expect(
        after.identity.assignments.filter(({ role, holding }) => role === ROLE && holding === 'assigned'),
      ).toHaveLength(1);
      expect(await local.tenant.apply(after, [removal()], FREE)).toMatchObject([{ status: 'already' }]);
    });

    test('of which nothing is there are already removed', async () => {
      const snapshot = await look(local.tenant);
      const outcomes = await local.tenant.apply(
        snapshot,
        [removal({ principal: SAM }), removal({ principal: SAM, holding: 'eligible' })],
        FREE,
      );
      expect(outcomes.map(({ status }) => status)).toEqual(['already', 'already']);
    });

    test('younger than five minutes are tried again later', async () => {
      const name = '0b000000-0000-4000-8000-000000000001';
      const assignment = `${RG_HUB}/${AUTHORIZATION}/roleAssignments/${name}`;
      const properties = { principalId: SAM, roleDefinitionId: `/${AUTHORIZATION}/roleDefinitions/${READER}` };
      await local.send('PUT', `${assignment}?${RBAC}`, { properties });
      const snapshot = await look(local.tenant);
      const young = removal({ assignment, role: READER, principal: SAM });
      expect(await local.tenant.apply(snapshot, [young], FREE)).toMatchObject([
        { status: 'failed', retryable: true, why: expect.stringContaining('five minutes') },
      ]);
      const outside = removal({ assignment, role: READER, principal: SAM, inPim: false });
      expect(await local.tenant.apply(snapshot, [outside], FREE)).toMatchObject([{ status: 'applied' }]);
      expect(await local.tenant.apply(snapshot, [outside], FREE)).toMatchObject([{ status: 'already' }]);
    });

    test('are removed though a request about them is pending: that one is cancelled', async () => {
      const name = '0c000000-0000-4000-8000-000000000001';
      const path = `${RG_HUB}/${AUTHORIZATION}/roleAssignmentScheduleRequests/${name}?${PIM}`;
      const roleDefinitionId = `/subscriptions/${SUBSCRIPTION}/${AUTHORIZATION}/roleDefinitions/${ROLE}`;
      await local.send('PUT', path, {
        properties: {
          principalId: KIM,
          roleDefinitionId,
          requestType: 'SelfExtend',
          justification: 'longer',
          scheduleInfo: { expiration: { type: 'AfterDuration', duration: 'PT1H' } },
        },
      });
      const snapshot = await look(local.tenant);
      expect(snapshot.identity.pendingRequests).toHaveLength(1);
      const [outcome] = await local.tenant.apply(snapshot, [removal({ principal: KIM })], FREE);
      expect(outcome).toMatchObject({ status: 'applied' });
      expect(propertiesOf(await local.send('GET', path))).toMatchObject({ status: 'Canceled' });
    });

    test('are not removed once somebody has called a halt', async () => {
      const turn: WriteTurn = { ...FREE, mayWrite: async () => 'halted by sam' };
      expect(await local.tenant.apply(await look(local.tenant), [removal()], turn)).toMatchObject([
        { status: 'stopped', why: 'halted by sam' },
      ]);
      expect(await findingsOf('bastion-role-only-eligible')).toBeGreaterThan(0);
    });

    test("are never the guardrail's own", async () => {
      const own = '9a4d0000-0000-4000-8000-000000000002';
      const [outcome] = await local.tenant.apply(await look(local.tenant), [removal({ principal: own })], FREE);
      expect(outcome).toMatchObject({ status: 'failed', why: expect.stringContaining('guardrail itself') });
    });
  });

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
    expect(await findingsOf('bastion-role-exact')).toBe(0);
    expect(await local.tenant.apply(snapshot, [action], FREE)).toMatchObject([{ status: 'already' }]);
    await local.send('PUT', path, { properties: { ...before, permissions: [{ ...first, actions: ['*/read'] }] } });
    expect(await local.tenant.apply(snapshot, [action], FREE)).toMatchObject([{ status: 'superseded' }]);
  });

  test('reads back until two looks agree, and says so when they do not', async () => {
    await local.send('PATCH', `${POLICIES}/${POLICY}`, { state: 'disabled' });
    const snapshot = await look(local.tenant);
    await local.control('directory', { staleReads: ['old', 'new', 'old', 'old', 'new', 'new'] });
    await local.requests();
    expect(await local.tenant.apply(snapshot, [ENABLE], FREE)).toMatchObject([{ status: 'applied' }]);
    await local.control('directory', { staleReads: 900 });
    const rename: IdentityAction = { kind: 'patch-conditional-access', policy: POLICY, changes: { displayName: 'y' } };
    expect(await local.tenant.apply(await look(local.tenant), [rename], FREE)).toMatchObject([{ status: 'started' }]);
  });

  test('asks directly before each write whether it may', async () => {
    await local.send('PATCH', `${POLICIES}/${POLICY}`, { state: 'disabled' });
    await local.send('PATCH', `${CONTEXTS}/c1`, { isAvailable: false });
    const snapshot = await look(local.tenant);
    let asked = 0;
    const turn: WriteTurn = { ...FREE, mayWrite: async () => (++asked > 1 ? 'halted by sam' : undefined) };
    expect(await local.tenant.apply(snapshot, [PUBLISH, ENABLE, PUBLISH], turn)).toMatchObject([
      { status: 'applied' },
      { status: 'stopped', why: 'halted by sam' },
      { status: 'stopped' },
    ]);
    expect(await policyNow()).toMatchObject({ state: 'disabled' });
    const late: WriteTurn = { ...FREE, until: new Date(0) };
    expect(await local.tenant.apply(snapshot, [ENABLE], late)).toMatchObject([{ status: 'stopped' }]);
  });

  test('writes nothing where no identity is configured for it', async () => {
    await local.send('PATCH', `${POLICIES}/${POLICY}`, { state: 'disabled' });
    const reading = local.tenantWith({ writeCredential: undefined });
    expect(await reading.apply(await look(reading), [ENABLE], FREE)).toMatchObject([
      { status: 'stopped', why: expect.stringContaining('GUARDRAIL_IDENTITY_CLIENT_ID') },
    ]);
  });
});

test('the identity for networks cannot write sign-in settings, and is told what it lacks', async () => {
  const local = await startSignIn({ rbac: true, authorization: [...objects(estate('authorization')), standing(ALEX)] });
  try {
    await local.send('PATCH', `${POLICIES}/${POLICY}`, { state: 'disabled' });
    const tenant = local.tenantWith({ writeCredential: asApplication(CLIENTS.network) });
    const snapshot = await look(tenant);
    expect(await tenant.apply(snapshot, [ENABLE], FREE)).toMatchObject([
      {
        status: 'failed',
        refusal: true,
        retryable: false,
        why: expect.stringContaining('Policy.ReadWrite.ConditionalAccess'),
      },
    ]);
    const removal: IdentityAction = {
      kind: 'remove-assignment',
      assignment: `${RG_HUB}/${AUTHORIZATION}/roleAssignments/0a000000-0000-4000-8000-000000000001`,
      scope: HUB,
      role: ROLE,
      principal: ALEX,
      holding: 'assigned',
      inPim: true,
    };
    expect(await tenant.apply(snapshot, [removal], FREE)).toMatchObject([
      { status: 'failed', refusal: true, why: expect.stringContaining('roleAssignmentScheduleRequests/write') },
    ]);
  } finally {
    await local.stop();
  }
});
