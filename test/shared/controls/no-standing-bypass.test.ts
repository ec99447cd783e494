import { describe, expect, test } from '@jest/globals';
import type { Checked } from '../../../shared/controls/control';
import { noStandingBypass } from '../../../shared/controls/no-standing-bypass';
import type { Finding } from '../../../shared/finding';
import type { Asset, Identity, Permission, RoleAssignment } from '../../../shared/identity/identity';
import {
  ALEX,
  APP,
  assigned,
  BASTION_ROLE,
  BREAK_GLASS_USER,
  eligible,
  globalAdministrators,
  group,
  GUARDRAIL,
  HUB,
  KIM,
  NOW,
  OWNER,
  READER,
  role,
  SAM,
  settings,
  signInAs,
  SUBSCRIPTION,
  tenant,
  withAssignments,
  unread,
  withGroup,
} from '../../tenant';

const OTHER = 'e1e10000-0000-4000-8000-0000000000e1';
const OPS = '0b500000-0000-4000-8000-0000000000b5';
const IT = '17000000-0000-4000-8000-000000000017';
const SERVICE = '5e000000-0000-4000-8000-00000000005e';

function look(identity: Identity, policy = signInAs()): Checked {
  return noStandingBypass.check(identity, policy, NOW);
}

function check(identity: Identity, policy = signInAs()): readonly Finding[] {
  return look(identity, policy).findings;
}

function paths(identity: Identity, policy = signInAs()): readonly string[] {
  return check(identity, policy).flatMap(({ evidence }) => evidence.paths ?? []);
}

const withMore = (...added: readonly RoleAssignment[]): Identity => withAssignments(tenant(), ...added);
const withRole = (...permissions: readonly Partial<Permission>[]): Identity => {
  const identity = tenant();
  const none = { actions: [], notActions: [], dataActions: [], notDataActions: [] };
  const custom = { ...role(OTHER, 'Custom', []), permissions: permissions.map((each) => ({ ...none, ...each })) };
  return { ...identity, roles: new Map(identity.roles).set(OTHER, custom) };
};
const custom = (...permissions: readonly Partial<Permission>[]): Identity =>
  withAssignments(withRole(...permissions), assigned(SAM, OTHER, SUBSCRIPTION));
const mayOwn = withMore(eligible(SAM, SUBSCRIPTION, { role: OWNER }));
const withVault = (usesRoles: boolean): Identity => {
  const identity = custom({ dataActions: ['Microsoft.KeyVault/vaults/secrets/*'] });
  const vault: Asset = {
    id: `${APP}/providers/microsoft.keyvault/vaults/kv-app`,
    kind: 'key-vault',
    name: 'kv-app',
    usesRoles,
  };
  return { ...identity, assets: [...identity.assets, vault] };
};
function withoutDirectoryRoles(): Identity {
  const { directoryRoles, ...rest } = tenant();
  return directoryRoles === undefined ? tenant() : rest;
}

const STANDING = { principal: SAM, owner: 'kim', reviewBy: '2026-12-31' };

describe('no-standing-bypass', () => {
  test.each<[string, Identity, ReturnType<typeof signInAs>]>([
    ['a tenant in which everything is activated', tenant(), signInAs()],
    ['a Reader of the machines who cannot read Bastion', withMore(assigned(SAM, READER, APP)), signInAs()],
    [
      'an activated Owner',
      withMore(assigned(SAM, OWNER, SUBSCRIPTION, { holding: 'activated', inPim: true })),
      signInAs(),
    ],
    [
      'an eligible Owner whose activation demands the context',
      { ...mayOwn, roleSettings: [...mayOwn.roleSettings, { ...settings(SUBSCRIPTION), role: OWNER }] },
      signInAs(),
    ],
    [
      'those whom the policy lists',
      withMore(assigned(SAM, OWNER, SUBSCRIPTION)),
      signInAs({ allowedStanding: [STANDING] }),
    ],
    ['the guardrail itself', withMore(assigned(GUARDRAIL, OWNER, SUBSCRIPTION)), signInAs()],
    ['the Bastion role, which another control judges', withMore(assigned(SAM, BASTION_ROLE, SUBSCRIPTION)), signInAs()],
    [
      'a role whose exceptions leave Bastion out',
      custom({ actions: ['*/read'], notActions: ['Microsoft.Network/bastionHosts/read'] }),
      signInAs(),
    ],
    [
      'users where the management API is guarded',
      withMore(assigned(SAM, OWNER, SUBSCRIPTION)),
      signInAs({ signIn: 'management-api' }),
    ],
  ])('allows %s', (_, identity, policy) => {
    expect(look(identity, policy)).toEqual({ findings: [], gaps: [], skipped: [] });
  });

  test.each<[string, Identity, string]>([
    [
      'a standing Reader',
      withMore(assigned(SAM, READER, SUBSCRIPTION)),
      'sam@contoso.example is active Reader on subscription 5ea1ab1e-0000-4000-8000-000000000001 and can open Bastion to vm-app-1 without activating anything',
    ],
    [
      'two assignments that do it together',
      withMore(assigned(SAM, READER, HUB), assigned(SAM, READER, APP)),
      'sam@contoso.example is active Reader on rg-app and Reader on rg-hub and can open Bastion to vm-app-1',
    ],
    [
      'exactly the reads, by another name',
      custom({
        actions: [
          'Microsoft.Network/bastionHosts/read',
          'microsoft.compute/VirtualMachines/read',
          'Microsoft.Network/networkInterfaces/read',
        ],
      }),
      'is active Custom on subscription',
    ],
    [
      'an exception that another permission of the role gives back',
      custom({ actions: ['*/read'], notActions: ['Microsoft.Network/*'] }, { actions: ['Microsoft.Network/*/read'] }),
      'can open Bastion to vm-app-1',
    ],
    ['an Owner of a machine', withMore(assigned(SAM, OWNER, APP)), 'can run commands on vm-app-1'],
    [
      'somebody who runs commands',
      custom({ actions: ['Microsoft.Compute/virtualMachines/runCommand/action'] }),
      'can run commands on vm-app-1 without activating anything',
    ],
    [
      'somebody who signs in as administrator',
      custom({ dataActions: ['Microsoft.Compute/virtualMachines/loginAsAdmin/action'] }),
      'can sign in as administrator to vm-app-1',
    ],
    [
      'somebody who makes shareable links',
      custom({ actions: ['Microsoft.Network/bastionHosts/createShareableLinks/action'] }),
      'can make shareable links of bas-hub',
    ],
    [
      'somebody who gives roles',
      custom({ actions: ['Microsoft.Authorization/roleAssignments/write'] }),
      'can give roles on vm-app-1',
    ],
    [
      'somebody who changes what activation takes',
      custom({ actions: ['Microsoft.Authorization/*/write'] }),
      'change what activation takes on vm-app-1 and bas-hub',
    ],
    [
      'somebody who opens ports',
      custom({ actions: ['Microsoft.Network/networkSecurityGroups/*'] }),
      'can change the security groups around vm-app-1',
    ],
    ['a service principal', withMore(assigned(SERVICE, READER, SUBSCRIPTION)), `${SERVICE} is active Reader`],
    [
      'an assignment with a condition',
      withMore(assigned(SAM, READER, SUBSCRIPTION, { condition: 'x' })),
      'as far as the condition on the assignment lets them',
    ],
  ])('finds %s', (_, identity, path) => {
    expect(paths(identity)).toContainEqual(expect.stringContaining(path));
  });

  test('follows groups inside groups, and owners who may add themselves', () => {
    const inside = withGroup(
      withGroup(tenant(), IT, () => group(IT, 'grp-it', [ALEX])),
      OPS,
      () => group(OPS, 'grp-ops', [IT], { owners: [KIM] }),
    );
    const findings = check(withAssignments(inside, assigned(OPS, READER, SUBSCRIPTION)));
    expect(findings).toHaveLength(1);
    expect(findings[0]?.title).toContain('grp-ops is active Reader');
    expect(findings[0]?.evidence.paths).toEqual([
      expect.stringContaining(
        'alex@contoso.example is active Reader on subscription 5ea1ab1e-0000-4000-8000-000000000001 through group grp-it (inside grp-ops) and can open',
      ),
      expect.stringContaining('as owner of group grp-ops, who may add themselves and can open'),
    ]);
  });

  test('is found for a service principal also where the management API is guarded', () => {
    const identity = withMore(assigned(SERVICE, READER, SUBSCRIPTION));
    expect(check(identity, signInAs({ signIn: 'management-api' }))).toHaveLength(1);
  });

  test('is not hidden by the Bastion role that the same person holds', () => {
    expect(
      check(withMore(assigned(SAM, BASTION_ROLE, SUBSCRIPTION), assigned(SAM, READER, SUBSCRIPTION))),
    ).toHaveLength(1);
  });

  test('tells of a listed member of a group no more than of a listed person', () => {
    const inside = withGroup(tenant(), OPS, () => group(OPS, 'grp-ops', [SAM]));
    const identity = withAssignments(inside, assigned(OPS, READER, SUBSCRIPTION));
    expect(check(identity, signInAs({ allowedStanding: [STANDING] }))).toEqual([]);
  });

  test('names a few machines and counts the others', () => {
    const identity = withMore(assigned(SAM, READER, SUBSCRIPTION));
    const more = Array.from(
      { length: 30 },
      (_, index): Asset => ({
        id: `${APP}/providers/microsoft.compute/virtualmachines/vm-${index}`,
        kind: 'virtual-machine',
        name: `vm-${index}`,
      }),
    );
    expect(paths({ ...identity, assets: [...identity.assets, ...more] }).join()).toContain('vm-3 and 26 more');
  });

  test('only ever reports, and is one finding for each assignment', () => {
    const before = check(withMore(assigned(SAM, OWNER, SUBSCRIPTION)));
    expect(before.map(({ remedies }) => remedies)).toEqual([[]]);
    const both = check(withMore(assigned(SAM, OWNER, SUBSCRIPTION), assigned(KIM, OWNER, SUBSCRIPTION)));
    expect(both.map(({ fingerprint }) => fingerprint)).toContain(before[0]?.fingerprint);
    expect(new Set(both.map(({ fingerprint }) => fingerprint)).size).toBe(2);
  });

  test('tells of those who can read the passwords in a vault, by a finding of its own', () => {
    expect(check(withVault(true)).map(({ severity, title }) => [severity, title])).toEqual([
      ['low', expect.stringContaining('can read secrets of kv-app')],
    ]);
    expect(look(withVault(false)).gaps.map(({ what }) => what)).toEqual(['vault-access-policies']);
  });

  test('tells who may rewrite sign-in settings by a role of the directory, break-glass accounts apart', () => {
    const held = (...members: readonly string[]): Identity => ({
      ...withGroup(tenant(), OPS, () => group(OPS, 'grp-ops', [SAM])),
      directoryRoles: globalAdministrators(...members),
    });
    expect(check(held(BREAK_GLASS_USER, GUARDRAIL))).toEqual([]);
    expect(paths(held(OPS))).toEqual([
      'sam@contoso.example is active Global Administrator through group grp-ops and can switch the sign-in policy off without activating anything',
    ]);
    expect(check(held(SAM), signInAs({ allowedStanding: [STANDING] }))).toEqual([]);
  });

  test.each<[string, Identity, string]>([
    ['directory roles that were not read', withoutDirectoryRoles(), 'directory-roles-unread'],
    ['machines and hosts that were not read', { ...tenant(), assets: [] }, 'assets-unread'],
    [
      'a group whose members were not read',
      withAssignments(withGroup(tenant(), OPS, unread), assigned(OPS, READER, SUBSCRIPTION)),
      'group-members-not-read',
    ],
  ])('has a gap for %s', (_, identity, what) => {
    expect(look(identity).gaps.map((gap) => gap.what)).toEqual([what]);
  });
});
