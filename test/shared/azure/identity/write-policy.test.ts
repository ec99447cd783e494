import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { evaluateIdentity } from '../../../../shared/controls';
import type { IdentityAction } from '../../../../shared/identity/action';
import type { JsonObject } from '../../../../shared/network/json';
import {
  BREAK_GLASS,
  ENABLE,
  findingsOf,
  FREE,
  look,
  POLICIES,
  POLICY,
  PUBLISH,
  SAM,
  type SignInTenant,
  startSignIn,
} from './sign-in-tenant';

describe('shared/azure/identity/write-policy', () => {
  let local: SignInTenant;
  beforeAll(async () => {
    local = await startSignIn();
  });
  afterEach(() => local.reset());
  afterAll(() => local.stop());

  async function policyNow(): Promise<JsonObject> {
    return await local.send('GET', `${POLICIES}/${POLICY}`);
  }

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
    expect(await findingsOf(local, 'exclusions-only-break-glass')).toBe(0);
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
});
