import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { isIdentityAction } from '../../../../shared/action';
import { identityTenant } from '../../../../shared/azure/identity/tenant';
import { evaluateIdentity } from '../../../../shared/controls';
import { EMPTY_NETWORK } from '../../../../shared/network/network';
import { startArm } from '../arm-server';
import type { IdentityAction } from '../../../../shared/identity/action';
import type { WriteTurn } from '../../../../shared/ports';
import type { JsonObject } from '../../../../shared/network/json';
import {
  ALEX,
  cleanPolicy,
  findingsOf,
  READER,
  SAM,
  SCOPE,
  shortPause,
  asApplication,
  AUTHORIZATION,
  CLIENTS,
  CONTEXTS,
  ENABLE,
  estate,
  FREE,
  HUB,
  look,
  objects,
  POLICIES,
  POLICY,
  PUBLISH,
  RG_HUB,
  ROLE,
  standing,
  type SignInTenant,
  startSignIn,
} from './sign-in-tenant';

describe('shared/azure/identity/apply', () => {
  let local: SignInTenant;
  beforeAll(async () => {
    local = await startSignIn();
  });
  afterEach(() => local.reset());
  afterAll(() => local.stop());

  async function policyNow(): Promise<JsonObject> {
    return await local.send('GET', `${POLICIES}/${POLICY}`);
  }

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

test('the role in infra/roles/identity.json is enough to read everything that decides, and to repair it', async () => {
  const local = await startSignIn({ rbac: true, authorization: [...objects(estate('authorization')), standing(ALEX)] });
  try {
    const { gaps, identity } = await look(local.tenant);
    expect(gaps.filter(({ what }) => what === 'not-read')).toEqual([]);
    const { findings } = evaluateIdentity(identity, local.policy, new Date());
    const removals = findings
      .filter(({ control }) => control === 'bastion-role-only-eligible')
      .flatMap(({ remedies }) => remedies[0]?.actions ?? [])
      .filter(isIdentityAction);
    expect(removals.map(({ kind }) => kind)).toEqual(['remove-assignment']);
    expect(await local.tenant.apply(await look(local.tenant), removals, FREE)).toMatchObject([{ status: 'applied' }]);
    expect(await findingsOf(local, 'bastion-role-only-eligible')).toBe(0);
  } finally {
    await local.stop();
  }
});

test('an assignment at the root of the tenant is asked for at the root', async () => {
  const seen: string[] = [];
  const server = await startArm(({ method, url, path }) => {
    seen.push(`${method} ${url}`);
    if (method === 'PUT') return { status: 201, body: { name: path } };
    return { body: { value: [] } };
  });
  try {
    const tenant = identityTenant({
      armEndpoint: server.origin,
      graphEndpoint: server.origin,
      credential: asApplication(CLIENTS.identity),
      writeCredential: asApplication(CLIENTS.identity),
      subscriptions: [],
      policy: cleanPolicy(),
      now: () => new Date(),
      pause: shortPause,
    });
    const removal: IdentityAction = {
      kind: 'remove-assignment',
      assignment: `/${AUTHORIZATION}/roleAssignments/0a000000-0000-4000-8000-000000000009`,
      scope: '/',
      role: READER,
      principal: SAM,
      holding: 'assigned',
      inPim: true,
    };
    const snapshot = { scope: SCOPE, takenAt: new Date(), network: EMPTY_NETWORK, gaps: [], resources: [] };
    expect(await tenant.apply(snapshot, [removal], FREE)).toMatchObject([{ status: 'applied' }]);
    expect(seen[0]).toMatch(/^PUT \/providers\/Microsoft\.Authorization\/roleAssignmentScheduleRequests\//);
    const lists = seen.filter((line) => line.includes('roleAssignmentSchedules?'));
    expect(lists).toHaveLength(2);
  } finally {
    await server.close();
  }
});
