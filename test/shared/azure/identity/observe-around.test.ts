import { describe, expect, test } from '@jest/globals';
import { evaluateIdentity } from '../../../../shared/controls';
import { listOf, objectOf } from '../../../../shared/network/json';
import {
  AUTHORIZATION,
  estate,
  findingsOf,
  KIM,
  look,
  objects,
  READER,
  type SignInTenant,
  standing,
  startSignIn,
  SUBSCRIPTION,
} from './sign-in-tenant';

const SCOPE = `/subscriptions/${SUBSCRIPTION}`;
const NAME = '0a000000-0000-4000-8000-0000000000e1';

async function during(local: SignInTenant, run: (local: SignInTenant) => Promise<void>): Promise<void> {
  try {
    await run(local);
  } finally {
    await local.stop();
  }
}

describe('shared/azure/identity: observing ways around', () => {
  test('reads what activating another role takes, by which one gets where the Bastion role leads', async () => {
    const reader = `${SCOPE}/${AUTHORIZATION}/roleDefinitions/${READER}`;
    const eligibility = {
      ...standing(KIM, { scope: SCOPE, roleDefinitionId: reader, endDateTime: 'P90D' }),
      id: `${SCOPE}/${AUTHORIZATION}/RoleEligibilitySchedules/${NAME}`,
      name: NAME,
      type: 'Microsoft.Authorization/RoleEligibilitySchedules',
    };
    const authorization = [...objects(estate('authorization')), eligibility];
    await during(await startSignIn({ authorization }), async ({ tenant, policy }) => {
      const { identity, gaps } = await look(tenant);
      expect(gaps.filter(({ what }) => what === 'not-read')).toEqual([]);
      expect(identity.roleSettings.some(({ role, scope }) => role === READER && scope === SCOPE)).toBe(true);
      const judged = evaluateIdentity(identity, policy, new Date());
      expect(judged.gaps.filter(({ what }) => what === 'role-settings-unread')).toEqual([]);
      expect(judged.findings.map(({ title }) => title)).toEqual([
        expect.stringMatching(/^Activating Reader on subscription .* opens Bastion for kim@contoso\.example/),
      ]);
    });
  });

  test('says which permission is missing to know who may rewrite the sign-in, and holds nothing back for it', async () => {
    const directory = objectOf(estate('directory'));
    const narrow = ['User.Read.All', 'GroupMember.Read.All', 'Organization.Read.All', 'Application.Read.All'];
    const granted = Object.entries(objectOf(directory.appRoles)).map(([id, roles]) => [
      id,
      [...listOf(roles).filter((role) => role !== 'Directory.Read.All'), ...narrow],
    ]);
    const local = await startSignIn({ directory: { ...directory, appRoles: Object.fromEntries(granted) } });
    await during(local, async ({ tenant, policy }) => {
      const { identity, gaps } = await look(tenant);
      const [gap, ...others] = gaps.filter(({ what }) => what === 'directory-roles-not-read');
      expect(others).toEqual([]);
      expect(gap).toMatchObject({ resource: '/directoryRoles', touchesAdminPort: false });
      expect(gap?.why).toContain('RoleManagement.Read.Directory');
      expect(identity.directoryRoles).toBeUndefined();
      expect(evaluateIdentity(identity, policy, new Date()).gaps.map(({ what }) => what)).toContain(
        'directory-roles-unread',
      );
    });
  });

  test('asks for no settings of other roles where nobody may activate one', async () => {
    const local = await startSignIn();
    await during(local, async () => {
      await look(local.tenant);
      const asked = await local.requests();
      expect(asked.filter((line) => /roleManagementPolicies/i.test(line)).length).toBeLessThan(8);
      expect(await findingsOf(local, 'no-standing-bypass')).toBe(0);
    });
  });
});
