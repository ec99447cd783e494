import { describe, expect, test } from '@jest/globals';
import { bastionRoleExact } from '../../../shared/controls/bastion-role-exact';
import type { Finding } from '../../../shared/finding';
import type { Identity, RoleDefinition } from '../../../shared/identity/identity';
import { BASTION_ACTIONS } from '../../../shared/policy/identity-section';
import { ALEX, assigned, BASTION_ROLE, HUB, NOW, role, signInAs, tenant, withAssignments } from '../../tenant';
import { repaired } from './sign-in-controls';

const LOGIN = 'Microsoft.Compute/virtualMachines/login/action';
const OTHER = 'e1e10000-0000-4000-8000-0000000000e1';

function check(identity: Identity, policy = signInAs()): readonly Finding[] {
  return bastionRoleExact.check(identity, policy, NOW).findings;
}

function withRole(...roles: readonly RoleDefinition[]): Identity {
  const identity = tenant();
  return { ...identity, roles: new Map([...identity.roles, ...roles.map((each) => [each.id, each] as const)]) };
}

const bastion = (actions: readonly string[], dataActions: readonly string[] = [LOGIN]): RoleDefinition =>
  role(BASTION_ROLE, 'Bastion Users', actions, dataActions);

describe('bastion-role-exact', () => {
  test.each<[string, Identity]>([
    ['the role as the policy wants it', tenant()],
    [
      'the same actions in another order and casing',
      withRole(bastion(BASTION_ACTIONS.toReversed().map((each) => each.toUpperCase()))),
    ],
    [
      'its actions spread over two permissions',
      withRole({
        ...bastion([]),
        permissions: [
          { actions: BASTION_ACTIONS.slice(0, 4), notActions: [], dataActions: [], notDataActions: [] },
          { actions: BASTION_ACTIONS.slice(4), notActions: [], dataActions: [LOGIN], notDataActions: [] },
        ],
      }),
    ],
    [
      'a custom role that reads machines and not Bastion',
      withRole(role(OTHER, 'Machine Readers', ['Microsoft.Compute/*/read'])),
    ],
    [
      'a custom role whose exceptions leave Bastion out',
      withRole({
        ...role(OTHER, 'R', []),
        permissions: [
          {
            actions: ['*/read'],
            notActions: ['Microsoft.Network/bastionHosts/*'],
            dataActions: [],
            notDataActions: [],
          },
        ],
      }),
    ],
  ])('allows %s', (_, identity) => {
    expect(check(identity)).toEqual([]);
  });

  test.each<[string, Identity, string]>([
    [
      'an action beyond',
      withRole(bastion([...BASTION_ACTIONS, 'Microsoft.Compute/virtualMachines/write'])),
      'allows microsoft.compute/virtualmachines/write',
    ],
    ['a wildcard instead of the reads', withRole(bastion(['*/read', ...BASTION_ACTIONS.slice(1, 3)])), 'allows */read'],
    [
      'an administrator’s sign-in',
      withRole(bastion(BASTION_ACTIONS, [LOGIN, 'Microsoft.Compute/virtualMachines/loginAsAdmin/action'])),
      'loginasadmin',
    ],
    [
      'an action that is missing',
      withRole(bastion(BASTION_ACTIONS.slice(1))),
      'does not allow Microsoft.Network/bastionHosts/read',
    ],
    [
      'an exception that takes an action away',
      withRole({
        ...bastion([]),
        permissions: [
          { actions: BASTION_ACTIONS, notActions: ['Microsoft.Compute/*'], dataActions: [LOGIN], notDataActions: [] },
        ],
      }),
      'does not allow Microsoft.Compute/virtualMachines/read',
    ],
    [
      'another custom role with the same actions',
      withRole(role(OTHER, 'Print Operators', BASTION_ACTIONS)),
      'Print Operators opens Bastion',
    ],
    [
      'another custom role that opens Bastion by wildcards',
      withRole(role(OTHER, 'Auditors', ['*/read'])),
      'Auditors opens Bastion',
    ],
    [
      'no such role',
      { ...tenant(), roles: new Map([...tenant().roles].filter(([id]) => id !== BASTION_ROLE)) },
      'There is no custom role',
    ],
  ])('finds %s', (_, identity, title) => {
    expect(check(identity).map((finding) => finding.title)).toEqual([expect.stringContaining(title)]);
  });

  test('names whoever has the other role', () => {
    const identity = withAssignments(
      withRole(role(OTHER, 'Print Operators', BASTION_ACTIONS)),
      assigned(ALEX, OTHER, HUB),
    );
    expect(check(identity)[0]?.evidence.paths).toEqual(['alex@contoso.example has Print Operators on rg-hub']);
  });

  test('gives the role its permissions back, once a person approves', () => {
    const identity = withRole(bastion([...BASTION_ACTIONS.slice(2), '*'], []));
    const findings = check(identity);
    expect(findings.length).toBe(2);
    for (const { remedies, fingerprint } of findings) {
      const remedy = remedies[0];
      expect(remedy?.needsApproval).toBeDefined();
      const left = remedy ? check(repaired(identity, remedy)) : findings;
      expect(left.map((finding) => finding.fingerprint)).not.toContain(fingerprint);
    }
  });

  test('is a gap where roles were assigned and none was read', () => {
    const unread = { ...tenant(), roles: new Map() };
    expect(bastionRoleExact.check(unread, signInAs(), NOW).gaps.map(({ what }) => what)).toEqual(['roles-unread']);
  });

  test('with sign-in asked of the management API nobody needs the role', () => {
    const identity = { ...tenant(), roles: new Map([...tenant().roles].filter(([id]) => id !== BASTION_ROLE)) };
    expect(check(identity, signInAs({ signIn: 'management-api' }))).toEqual([]);
  });
});
