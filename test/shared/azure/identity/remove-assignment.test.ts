import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { IdentityAction } from '../../../../shared/identity/action';
import type { WriteTurn } from '../../../../shared/ports';
import { propertiesOf } from '../../../../shared/network/json';
import {
  ALEX,
  AUTHORIZATION,
  estate,
  findingsOf,
  FREE,
  HUB,
  KIM,
  look,
  objects,
  PIM,
  RBAC,
  READER,
  RG_HUB,
  ROLE,
  SAM,
  standing,
  SUBSCRIPTION,
  type SignInTenant,
  startSignIn,
} from './sign-in-tenant';

function removal(over: Partial<Extract<IdentityAction, { kind: 'remove-assignment' }>> = {}): IdentityAction {
  return {
    kind: 'remove-assignment',
    assignment: `${RG_HUB}/${AUTHORIZATION}/roleAssignments/0a000000-0000-4000-8000-000000000001`,
    scope: HUB,
    role: ROLE,
    principal: ALEX,
    holding: 'assigned',
    inPim: true,
    ...over,
  };
}

describe('shared/azure/identity/remove-assignment: assignments', () => {
  let local: SignInTenant;
  beforeAll(async () => {
    local = await startSignIn({ authorization: [...objects(estate('authorization')), standing(ALEX), standing(KIM)] });
  });
  afterEach(() => local.reset());
  afterAll(() => local.stop());

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
    expect(await findingsOf(local, 'bastion-role-only-eligible')).toBeGreaterThan(0);
  });

  test("are never the guardrail's own", async () => {
    const own = '9a4d0000-0000-4000-8000-000000000002';
    const [outcome] = await local.tenant.apply(await look(local.tenant), [removal({ principal: own })], FREE);
    expect(outcome).toMatchObject({ status: 'failed', why: expect.stringContaining('guardrail itself') });
  });
});
