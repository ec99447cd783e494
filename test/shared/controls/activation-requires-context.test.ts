import { describe, expect, test } from '@jest/globals';
import { activationRequiresContext } from '../../../shared/controls/activation-requires-context';
import type { Checked } from '../../../shared/controls/control';
import type { Identity, RoleSettings } from '../../../shared/identity/identity';
import {
  ALEX,
  APP,
  assigned,
  BASTION_ROLE,
  group,
  HUB,
  NOW,
  rules,
  settings,
  signInAs,
  SUBSCRIPTION,
  tenant,
  withAssignments,
  withGroup,
  withRule,
} from '../../tenant';
import { repaired } from './sign-in-controls';

const RULE = 'AuthenticationContext_EndUser_Assignment';
const OPS = '0b500000-0000-4000-8000-0000000000b5';

function look(identity: Identity, policy = signInAs()): Checked {
  return activationRequiresContext.check(identity, policy, NOW);
}

/** A group that is active in the role, with alex eligible to become a member or an owner of it. */
function withOps(as: 'member' | 'owner', context: string | undefined): Identity {
  const eligible = as === 'member' ? { eligibleMembers: [ALEX] } : { eligibleOwners: [ALEX] };
  const identity = withGroup(tenant(), OPS, () => group(OPS, 'grp-ops', [], eligible));
  const held = withAssignments(identity, assigned(OPS, BASTION_ROLE, HUB));
  if (context === undefined) return held;
  const changed = new Map([...rules(), [RULE, { id: RULE, isEnabled: true, claimValue: context }]]);
  const own: RoleSettings = {
    resource: 'x',
    scope: '/',
    group: { id: OPS, as },
    rules: changed,
    effectiveRules: changed,
  };
  return { ...held, roleSettings: [...held.roleSettings, own] };
}

const without = (identity: Identity, map: 'rules' | 'effectiveRules'): Identity => ({
  ...identity,
  roleSettings: identity.roleSettings.map((each) => ({
    ...each,
    [map]: new Map([...each[map]].filter(([id]) => id !== RULE)),
  })),
});

function made(at: string, scope = HUB) {
  return { resource: at, role: BASTION_ROLE, principal: ALEX, scope, at };
}

describe('activation-requires-context', () => {
  test.each<[string, Identity]>([
    ['the context at every scope', tenant()],
    ['the context in other casing', withRule(tenant(), HUB, RULE, (before) => ({ ...before, claimValue: 'C1' }))],
    ['a group whose members activate with the context', withOps('member', 'c1')],
    ['a group whose owners activate with the context', withOps('owner', 'c1')],
    [
      'settings of another role',
      {
        ...tenant(),
        roleSettings: [...tenant().roleSettings, { ...settings(HUB), role: 'another', rules: new Map([[RULE, {}]]) }],
      },
    ],
  ])('allows %s', (_, identity) => {
    expect(look(identity)).toEqual({ findings: [], gaps: [], skipped: [] });
  });

  test.each<[string, Identity, string]>([
    [
      'the context unticked at one scope',
      withRule(tenant(), APP, RULE, (before) => ({ ...before, isEnabled: false })),
      'critical',
    ],
    ['another context', withRule(tenant(), HUB, RULE, (before) => ({ ...before, claimValue: 'c2' })), 'critical'],
    [
      'a context without a value',
      withRule(tenant(), HUB, RULE, (before) => ({ ...before, claimValue: '' })),
      'critical',
    ],
    [
      'settings without the rule',
      without({ ...tenant(), roleSettings: [settings(HUB)], assignments: tenant().assignments.slice(0, 1) }, 'rules'),
      'critical',
    ],
    [
      'a rule that is set but not in force',
      without(
        { ...tenant(), roleSettings: [settings(HUB)], assignments: tenant().assignments.slice(0, 1) },
        'effectiveRules',
      ),
      'critical',
    ],
    [
      'a scope where nobody is eligible yet',
      withRule(
        { ...tenant(), roleSettings: [...tenant().roleSettings, settings(SUBSCRIPTION)] },
        SUBSCRIPTION,
        RULE,
        () => ({ id: RULE }),
      ),
      'medium',
    ],
    ['a group whose members activate without it', withOps('member', 'c2'), 'critical'],
    ['a group whose owners activate without it', withOps('owner', 'c2'), 'critical'],
  ])('finds %s', (_, identity, severity) => {
    expect(look(identity).findings.map((finding) => finding.severity)).toEqual([severity]);
  });

  test.each<[string, Identity]>([
    ['settings that were not read at a scope', { ...tenant(), roleSettings: [settings(HUB)] }],
    ['settings of a group that were not read', withOps('member', undefined)],
  ])('has a gap for %s', (_, identity) => {
    expect(look(identity).gaps.map(({ what }) => what)).toEqual(['role-settings-unread']);
  });

  test('names who activated at this scope since the settings were changed, and still has the role', () => {
    const broken = withRule(tenant(), HUB, RULE, (before) => ({ ...before, isEnabled: false }));
    const changed = {
      ...broken,
      roleSettings: broken.roleSettings.map((each) => ({ ...each, modified: '2026-03-02T08:00:00Z' })),
    };
    const activations = [
      made('2026-03-02T07:59:00Z'),
      made('2026-03-02T08:30:00Z'),
      made('2026-03-02T08:40:00Z', SUBSCRIPTION),
    ];
    const paths = look({ ...changed, activations }).findings[0]?.evidence.paths ?? [];
    expect(paths.filter((path) => path.includes('activated'))).toEqual([
      'alex@contoso.example activated Bastion Users on rg-hub at 2026-03-02T08:30:00Z and keeps it without end, whatever is repaired',
    ]);
  });

  test('writes context and enablement whole and together, and keeps what it does not know', () => {
    const mfa = withRule(tenant(), HUB, 'Enablement_EndUser_Assignment', (before) => ({
      ...before,
      enabledRules: ['MultiFactorAuthentication', 'Justification', 'Ticketing'],
    }));
    const broken = withRule(mfa, HUB, RULE, (before) => ({ ...before, isEnabled: false, claimValue: '' }));
    const remedy = look(broken).findings[0]?.remedies[0];
    const target = { caller: 'EndUser', level: 'Assignment' };
    expect(remedy?.actions).toMatchObject([
      {
        kind: 'patch-role-settings',
        scope: HUB,
        role: BASTION_ROLE,
        rules: [
          { id: RULE, isEnabled: true, claimValue: 'c1', unknownToUs: 'kept', target },
          {
            id: 'Enablement_EndUser_Assignment',
            enabledRules: ['Justification', 'Ticketing'],
            unknownToUs: 'kept',
            target,
          },
        ],
      },
    ]);
    expect(remedy && look(repaired(broken, remedy)).findings).toEqual([]);
  });

  test('writes a rule that is missing with its type and target', () => {
    const broken = {
      ...tenant(),
      roleSettings: [
        { ...settings(HUB), rules: new Map([['Notification_Admin_Admin_Assignment', {}]]), effectiveRules: new Map() },
      ],
    };
    expect(look(broken).findings[0]?.remedies[0]?.actions).toMatchObject([
      {
        rules: [
          {
            id: RULE,
            ruleType: 'RoleManagementPolicyAuthenticationContextRule',
            target: { caller: 'EndUser', operations: ['All'], level: 'Assignment' },
          },
          {},
        ],
      },
    ]);
  });

  test('asks nothing where the management API is guarded', () => {
    const broken = withRule(tenant(), HUB, RULE, () => ({ id: RULE, isEnabled: false }));
    expect(look(broken, signInAs({ signIn: 'management-api' })).findings).toEqual([]);
  });
});
