import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { evaluateIdentity } from '../../../../shared/controls';
import { AzureError } from '../../../../shared/azure/error';
import type { JsonObject } from '../../../../shared/network/json';
import { isObject, listOf, objectOf } from '../../../../shared/network/json';
import { readIdentity } from '../../../../shared/identity/read';
import {
  ALEX,
  asApplication,
  BASTION_TEAM,
  BASTION_USERS,
  BREAK_GLASS,
  CLIENTS,
  estate,
  KIM,
  look,
  POLICIES,
  ROLE,
  SAM,
  SCOPE,
  type SignInTenant,
  startSignIn,
  SUBSCRIPTION,
  TENANT_ID,
} from './sign-in-tenant';

/** Everything the guardrail's identity was granted, less these. */
function directoryWithout(...permissions: string[]): unknown {
  const directory = objectOf(estate('directory'));
  const granted = Object.entries(objectOf(directory.appRoles)).map(([id, roles]) => [
    id,
    listOf(roles).filter((role) => !permissions.includes(String(role))),
  ]);
  return { ...directory, appRoles: Object.fromEntries(granted) };
}

function madeUp(kind: string, index: number): string {
  return `${kind}-0000-4000-8000-${String(index).padStart(12, '0')}`;
}

/** Milliseconds of a clock on which a second takes twenty of ours. */
function fastMs(): number {
  return performance.now() * 50;
}

function fastClock() {
  const start = Date.now();
  const first = fastMs();
  return {
    now: () => new Date(start + fastMs() - first),
    clock: fastMs,
    pause: async (wanted: number) => {
      await setTimeout(wanted / 50);
    },
  };
}

describe('shared/azure/identity: observing', () => {
  let local: SignInTenant;
  beforeAll(async () => {
    local = await startSignIn();
  });
  afterEach(() => local.reset());
  afterAll(() => local.stop());

  test('sees the whole chain of the clean tenant, and nothing wrong in it', async () => {
    const { identity, gaps } = await look(local.tenant);
    expect(gaps.filter(({ what }) => what !== 'vaults-not-read')).toEqual([]);
    expect(identity.tenantId).toBe(TENANT_ID);
    expect(identity.policies.map(({ state }) => state)).toEqual(['enabled']);
    expect(identity.contexts.get('c1')?.isAvailable).toBe(true);
    expect(identity.roleSettings.filter(({ role }) => role === ROLE)).toHaveLength(3);
    expect(identity.groups.get(BASTION_TEAM)?.members?.toSorted()).toEqual([SAM, ALEX]);
    expect(identity.groups.get(BREAK_GLASS)?.owners).toEqual([]);
    expect(identity.roleSettings.flatMap(({ group }) => group ?? []).map(({ id }) => id)).toContain(BASTION_USERS);
    expect(
      identity.assets.filter(({ kind }) => kind === 'virtual-machine').map(({ extensions }) => extensions),
    ).toEqual(Array.from({ length: 3 }, () => ['AADSSHLoginForLinux']));
    expect(identity.directoryRoles).toMatchObject([{ name: 'Global Administrator' }]);
    expect(identity.directoryRoles?.[0]?.members).toHaveLength(2);
    expect(evaluateIdentity(identity, local.policy, new Date()).findings).toEqual([]);
  });

  test('knows who may rewrite the sign-in policies by a role of the directory', async () => {
    const template = 'b1be1c3e-5b65-4f19-8427-f6fa0d97feb9';
    const role = { id: 'd1400000-0000-4000-8000-000000000002', displayName: 'CA admin', roleTemplateId: template };
    const directory = { ...objectOf(estate('directory')), directoryRoles: [{ ...role, members: [KIM] }] };
    const other = await startSignIn({ directory });
    try {
      const { identity } = await look(other.tenant);
      const { findings } = evaluateIdentity(identity, other.policy, new Date());
      expect(findings.map(({ title }) => title)).toEqual([
        'kim@contoso.example is active Conditional Access Administrator and can rewrite what a sign-in takes without activating anything',
      ]);
    } finally {
      await other.stop();
    }
  });

  test('what it read is enough to read it again, as the baseline does', async () => {
    const { identity, resources, takenAt } = await look(local.tenant);
    const stored: unknown = JSON.parse(JSON.stringify(resources));
    expect(readIdentity(listOf(stored), takenAt).identity).toEqual(identity);
  });

  test('reads every page of every list', async () => {
    const whole = await look(local.tenant);
    await local.control('faults', { pageSize: 2 });
    const { identity, gaps } = await look(local.tenant);
    expect(gaps).toHaveLength(whole.gaps.length);
    expect(new Set(identity.roles.keys())).toEqual(new Set(whole.identity.roles.keys()));
    expect(identity.groups).toEqual(whole.identity.groups);
    expect(identity.principals).toEqual(whole.identity.principals);
    expect(identity.roleSettings).toHaveLength(whole.identity.roleSettings.length);
  });

  test('knows guests and disabled accounts among those who hold a role', async () => {
    const guest = '90e50000-0000-4000-8000-000000000004';
    await local.send('PATCH', `/v1.0/users/${SAM}`, { accountEnabled: false });
    const name = '0a000000-0000-4000-8000-000000000001';
    const reader = '/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7';
    const path = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleAssignments/${name}`;
    await local.send('PUT', `${path}?api-version=2022-04-01`, {
      properties: { principalId: guest, roleDefinitionId: reader, principalType: 'User' },
    });
    const { identity } = await look(local.tenant);
    expect(identity.principals.get(guest)).toMatchObject({ kind: 'user', name: 'Pat Guest', isGuest: true });
    expect(identity.principals.get(SAM)).toMatchObject({ isDisabled: true });
  });

  test("asks Microsoft's what-if for those who are eligible, where that is wanted", async () => {
    expect((await look(local.tenant)).identity.whatIf).toBeUndefined();
    const { identity } = await look(local.tenantWith({ whatIf: true }));
    // Kim owns the group, and could add herself.
    expect(identity.whatIf?.map(({ user }) => user).toSorted()).toEqual([SAM, ALEX, KIM]);
    expect(identity.whatIf?.every(({ policies }) => policies.length === 1)).toBe(true);
  });

  test('looks again from the start, and keeps the old state where it can see nothing', async () => {
    const snapshot = await look(local.tenant);
    await local.send('PATCH', `${POLICIES}/${snapshot.identity.policies[0]?.id}`, { state: 'disabled' });
    const again = await local.tenant.lookAgain(snapshot, []);
    expect(again.identity?.policies[0]?.state).toBe('disabled');
    const blind = local.tenantWith({ armEndpoint: 'http://127.0.0.1:9', graphEndpoint: 'http://127.0.0.1:9' });
    const kept = await blind.lookAgain(snapshot, []);
    expect(kept.identity).toBe(snapshot.identity);
    expect(kept.gaps.at(-1)).toMatchObject({ what: 'not-read' });
  });

  test('throws when nothing at all can be read', async () => {
    const blind = local.tenantWith({ armEndpoint: 'http://127.0.0.1:9', graphEndpoint: 'http://127.0.0.1:9' });
    await expect(blind.observe(SCOPE, [])).rejects.toBeInstanceOf(AzureError);
  });

  test('asks for no more than its limits allow, in few requests', async () => {
    await local.requests();
    await look(local.tenant);
    const asked = await local.requests();
    expect(asked.filter((line) => line.includes('/v1.0/')).length).toBeLessThan(12);
    expect(asked.length).toBeLessThan(40);
  });
});

describe('shared/azure/identity: observing under difficulties', () => {
  test.each([
    ['Policy.Read.All', /conditionalAccess\/policies/, 'Policy.Read.All'],
    ['PrivilegedEligibilitySchedule.Read.AzureADGroup', /privilegedAccess\/group\/eligibility/, undefined],
    ['RoleManagementPolicy.Read.AzureADGroup', /roleManagementPolicyAssignments/, undefined],
  ])('without %s there is a gap that names it', async (permission, resource, named = permission) => {
    const without =
      permission === 'Policy.Read.All' ? [permission, 'Policy.ReadWrite.ConditionalAccess'] : [permission];
    const local = await startSignIn({ directory: directoryWithout(...without) });
    try {
      const { gaps } = await look(local.tenant);
      const gap = gaps.find((each) => each.what === 'not-read' && resource.test(each.resource));
      expect(gap?.why).toContain(named);
      expect(gap?.touchesAdminPort).toBe(true);
    } finally {
      await local.stop();
    }
  });

  test('without a right in ARM there is a gap that names the action', async () => {
    const local = await startSignIn({ rbac: true });
    try {
      const { gaps, identity } = await look(local.tenantWith({ credential: asApplication(CLIENTS.network) }));
      const gap = gaps.find(({ resource }) => resource.endsWith('/roleAssignments'));
      expect(gap?.why).toContain('Microsoft.Authorization/roleAssignments/read');
      expect(gap?.why).toContain('infra/roles/identity.json');
      expect(identity.policies).toHaveLength(1);
    } finally {
      await local.stop();
    }
  });

  test('keeps to one request a second, and waits by itself when others use it up', async () => {
    const fast = fastClock();
    const local = await startSignIn({ now: fast.now });
    const { clock, pause } = fast;
    const pauses: number[] = [];
    const patient = local.tenantWith({
      clock,
      pause: async (ms) => {
        pauses.push(ms);
        await pause(ms);
      },
    });
    try {
      await local.control('directory', { limits: 'real' });
      const { gaps } = await look(patient);
      expect(gaps.filter(({ what }) => what === 'not-read')).toEqual([]);
      // Somebody else takes the second that was ours.
      const other = local.send('GET', POLICIES);
      const [again] = await Promise.all([look(patient), other.catch(() => ({}))]);
      expect(again.gaps.filter(({ what }) => what === 'not-read')).toEqual([]);
      expect(Math.max(...pauses)).toBeLessThan(20_000);
    } finally {
      await local.stop();
    }
  });

  test('reads a thousand assignments and two hundred nested groups in few requests', async () => {
    const directory = objectOf(estate('directory'));
    const users = Array.from({ length: 200 }, (_, index) => ({
      id: madeUp('0e000000', index),
      displayName: `User ${index}`,
      userPrincipalName: `user${index}@contoso.example`,
      userType: 'Member',
      accountEnabled: true,
    }));
    // Five deep: each fortieth group holds the next one.
    const groups = Array.from({ length: 200 }, (_, index) => ({
      id: madeUp('0d000000', index),
      displayName: `grp-${index}`,
      members: [madeUp('0e000000', index), ...(index + 40 < 200 ? [madeUp('0d000000', index + 40)] : [])],
      owners: [],
    }));
    const scope = `/subscriptions/${SUBSCRIPTION}`;
    const reader = `${scope}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7`;
    const assignments = Array.from({ length: 1000 }, (_, index): JsonObject => {
      const place = `${scope}/resourceGroups/${['rg-hub', 'rg-app', 'rg-data'][index % 3]}/providers/x/y/${index}`;
      const principalId = madeUp(
        index % 25 === 0 ? '0d000000' : '0e000000',
        index % 25 === 0 ? index / 25 : index % 200,
      );
      const name = madeUp('0a000000', index);
      return {
        id: `${place}/providers/Microsoft.Authorization/roleAssignments/${name}`,
        name,
        type: 'Microsoft.Authorization/roleAssignments',
        properties: { scope: place, roleDefinitionId: reader, principalId, createdOn: '-P30D' },
      };
    });
    const local = await startSignIn({
      directory: {
        ...directory,
        users: [...listOf(directory.users), ...users],
        groups: [...listOf(directory.groups), ...groups],
      },
      authorization: [...listOf(estate('authorization')).filter(isObject), ...assignments],
    });
    try {
      const { identity, gaps } = await look(local.tenant);
      expect(gaps.filter(({ what }) => what === 'not-read')).toEqual([]);
      expect(identity.assignments.length).toBeGreaterThanOrEqual(1000);
      expect(identity.groups.size).toBeGreaterThanOrEqual(200);
      const asked = await local.requests();
      // Two members lists and two of PIM for each group, twenty in a request, and pages of a hundred.
      expect(asked.filter((line) => line.includes('/v1.0/')).length).toBeLessThan(75);
    } finally {
      await local.stop();
    }
  }, 20_000);
});
