import { describe, expect, test } from '@jest/globals';
import type { Identity, RoleSettings } from '../../../shared/identity/identity';
import { listOf, objectOf } from '../../../shared/network/json';
import {
  ALEX,
  APP,
  assigned,
  BASTION_ROLE,
  BASTION_USERS,
  BREAK_GLASS_USER,
  eligible,
  globalAdministrators,
  group,
  GUEST,
  HUB,
  KIM,
  OWNER,
  READER,
  role,
  rules,
  SAM,
  settings,
  SIGN_IN_POLICY,
  signInAs,
  signInPolicy,
  STRENGTH,
  SUBSCRIPTION,
  tenant,
  withAssignments,
  withConditions,
  withGroup,
  withPolicy,
  withRule,
} from '../../tenant';
import { checkSignIn, remedyOf } from './sign-in-controls';

const POLICY = signInAs({ conditionalAccessPolicy: SIGN_IN_POLICY });
const CLEAN = tenant();
const ROOT = '/providers/microsoft.management/managementgroups/mg-root';
const OPS = '0b500000-0000-4000-8000-0000000000b5';
const LOOKALIKE = 'e1e10000-0000-4000-8000-0000000000e1';
const MALLORY = '0a110000-0000-4000-8000-0000000000a1';

function findings(identity: Identity): string[] {
  return checkSignIn(identity, POLICY).findings.map(({ control, title }) => `${control}: ${title}`);
}

function gaps(identity: Identity): string[] {
  return checkSignIn(identity, POLICY).gaps.map(({ what, resource }) => `${what} ${resource}`);
}

function withoutContext(over: Partial<RoleSettings>): RoleSettings {
  const rule = { id: 'AuthenticationContext_EndUser_Assignment', isEnabled: false, claimValue: '' };
  const lax = new Map(rules()).set(rule.id, rule);
  return { ...settings(SUBSCRIPTION), rules: lax, effectiveRules: lax, ...over };
}

function plus(identity: Identity, ...more: readonly RoleSettings[]): Identity {
  return { ...identity, roleSettings: [...identity.roleSettings, ...more] };
}

function ofGroup(id: string, as: 'member' | 'owner', base: RoleSettings): RoleSettings {
  const { role: _, ...rest } = base;
  return { ...rest, scope: '/', group: { id, as } };
}

const may = (principal: string, held: string, scope: string): Identity =>
  withAssignments(CLEAN, eligible(principal, scope, { role: held }));
const holds = (principal: string, held: string, scope: string, extra = {}): Identity =>
  withAssignments(CLEAN, assigned(principal, held, scope, extra));
const recreated = (extra: Parameters<typeof signInPolicy>[0]): Identity => ({
  ...CLEAN,
  policies: [signInPolicy({ id: '0f0f0f0f-0000-4000-8000-0000000000c9', ...extra })],
  whatIf: [],
});
const joinable = withGroup(CLEAN, OPS, () => group(OPS, 'grp-ops', [], { eligibleMembers: [KIM] }));
const escalated = withRule(CLEAN, HUB, 'Approval_EndUser_Assignment', (before) => {
  const setting = objectOf(before.setting);
  const approvalStages = listOf(setting.approvalStages).map((stage) => ({
    ...objectOf(stage),
    isEscalationEnabled: true,
    escalationTimeInMinutes: 1,
    escalationApprovers: [{ id: MALLORY, userType: 'User' }],
  }));
  return { ...before, setting: { ...setting, approvalStages } };
});

describe('ways around the sign-in', () => {
  test.each<[string, Identity, RegExp]>([
    [
      'the pinned policy deleted and made again without its strength',
      recreated({ grantControls: { operator: 'OR', builtInControls: ['mfa'] } }),
      /resistant-mfa: .*authentication strength is no strength/,
    ],
    [
      'the policy enabled for a part of the people by a property of a later version',
      withPolicy(CLEAN, (before) => ({ ...before, unknown: { partialEnablementStrategy: { percentage: 1 } } })),
      /resistant-mfa: .*property partialEnablementStrategy/,
    ],
    [
      'the sign-in frequency asked of the second factor only',
      withPolicy(CLEAN, (before) => ({
        ...before,
        sessionControls: {
          signInFrequency: {
            isEnabled: true,
            frequencyInterval: 'everyTime',
            authenticationType: 'secondaryAuthentication',
          },
        },
      })),
      /resistant-mfa: .*sign-in frequency/,
    ],
    [
      'nobody included, and a group instead',
      withConditions(CLEAN, { users: { includeUsers: ['None'], includeGroups: [BASTION_USERS] } }),
      /resistant-mfa: .*users is \["None"\], wanted is All/,
    ],
    [
      'a named location left out',
      withConditions(CLEAN, { locations: { includeLocations: ['All'], excludeLocations: ['AllTrusted'] } }),
      /resistant-mfa: .*condition locations/,
    ],
    [
      'ordinary MFA as an alternative',
      withPolicy(CLEAN, (before) => ({
        ...before,
        grantControls: { operator: 'OR', builtInControls: ['mfa'], authenticationStrength: { id: STRENGTH } },
      })),
      /resistant-mfa: .*alternatives to the strength/,
    ],
    [
      'weaker methods put into the strength',
      {
        ...CLEAN,
        strengths: new Map([
          [STRENGTH, { id: STRENGTH, name: '', isBuiltIn: false, allowedCombinations: ['fido2', 'password,sms'] }],
        ]),
      },
      /resistant-mfa: .*methods of the strength is not built in, password,sms/,
    ],
    [
      'a second context with a policy of its own',
      withRule(CLEAN, APP, 'AuthenticationContext_EndUser_Assignment', (before) => ({ ...before, claimValue: 'c2' })),
      /activation-requires-context: .*rg-app/,
    ],
    [
      'somebody excluded who joins a group that has the role, by PIM for Groups',
      withAssignments(
        withGroup(joinable, OPS, (before) => ({ ...before, eligibleMembers: [BREAK_GLASS_USER] })),
        assigned(OPS, BASTION_ROLE, HUB),
      ),
      /exclusions-only-break-glass: break-glass-1.* is excluded from the sign-in policy/,
    ],
    [
      'an approver for when the others do not answer',
      escalated,
      /settings-match: .*approval by .* is wanted, found is .*0a110000/,
    ],
    [
      'a guest who owns the group and may add themselves',
      withGroup(CLEAN, BASTION_USERS, (before) => ({ ...before, owners: [GUEST] })),
      /only-eligible: .* on rg-hub: the guest/,
    ],
    [
      'a role given at a management group',
      holds(KIM, READER, ROOT),
      /bypass: kim.* is active Reader on management group/,
    ],
    [
      'a role given with a condition that may be anything',
      holds(KIM, READER, SUBSCRIPTION, { condition: "@Resource[a] StringEquals 'b'" }),
      /bypass: kim.* is active Reader/,
    ],
    [
      'a role given for a day, again and again',
      holds(KIM, READER, SUBSCRIPTION, { end: '2026-03-02T17:00:00Z', inPim: true }),
      /bypass: kim.* is active Reader/,
    ],
    [
      'all reads by a role of another name',
      withAssignments(
        { ...CLEAN, roles: new Map(CLEAN.roles).set(LOOKALIKE, role(LOOKALIKE, 'Cost viewer', ['*/read'])) },
        assigned(KIM, LOOKALIKE, SUBSCRIPTION),
      ),
      /bypass: kim.* is active Cost viewer/,
    ],
    [
      'reads put together from two roles',
      withAssignments(
        {
          ...CLEAN,
          roles: new Map(CLEAN.roles)
            .set(LOOKALIKE, role(LOOKALIKE, 'Network viewer', ['Microsoft.Network/*/read']))
            .set(OPS, role(OPS, 'Machine viewer', ['Microsoft.Compute/*/read'])),
        },
        assigned(KIM, LOOKALIKE, SUBSCRIPTION),
        assigned(KIM, OPS, APP),
      ),
      /bypass: kim.* opens Bastion/,
    ],
    [
      'the serial console',
      withAssignments(
        {
          ...CLEAN,
          roles: new Map(CLEAN.roles).set(LOOKALIKE, role(LOOKALIKE, 'Console', ['Microsoft.SerialConsole/*'])),
        },
        assigned(KIM, LOOKALIKE, APP),
      ),
      /bypass: kim.* can change or enter what is guarded/,
    ],
    [
      'another role that is activated without the context',
      plus(may(KIM, READER, SUBSCRIPTION), withoutContext({ role: READER })),
      /bypass: Activating Reader on subscription .* opens Bastion for kim/,
    ],
    [
      'a role of another tenant scope whose settings are right elsewhere only',
      plus(
        may(KIM, OWNER, HUB),
        { ...settings(SUBSCRIPTION), role: OWNER },
        withoutContext({ role: OWNER, scope: HUB }),
      ),
      /bypass: Activating Owner on rg-hub/,
    ],
    [
      'a membership that is activated without the context, in a group with another role',
      plus(withAssignments(joinable, assigned(OPS, READER, SUBSCRIPTION)), ofGroup(OPS, 'member', withoutContext({}))),
      /bypass: Activating Reader on subscription .* opens Bastion for grp-ops/,
    ],
    [
      'ownership that is activated without the context, though membership demands it',
      plus(
        withAssignments(
          withGroup(joinable, OPS, (before) => ({ ...before, eligibleOwners: [KIM] })),
          assigned(OPS, READER, SUBSCRIPTION),
        ),
        ofGroup(OPS, 'member', settings(SUBSCRIPTION)),
        ofGroup(OPS, 'owner', withoutContext({})),
      ),
      /bypass: Activating Reader on subscription .* opens Bastion for grp-ops/,
    ],
    [
      'whoever resets how administrators sign in',
      {
        ...CLEAN,
        directoryRoles: [
          ...globalAdministrators(BREAK_GLASS_USER),
          { id: OPS, template: '7be44c8a-adaf-4e2a-84d6-ab2649e08a13', name: '', members: [KIM] },
        ],
      },
      /bypass: kim.* is active Privileged Authentication Administrator/,
    ],
  ])('finds %s', (_, identity, expected) => {
    expect(findings(identity).filter((each) => expected.test(each))).toHaveLength(1);
  });

  test.each<[string, Identity, string]>([
    [
      'what activating another role takes',
      may(KIM, READER, SUBSCRIPTION),
      `role-settings-unread ${SUBSCRIPTION}/providers/microsoft.authorization/rolemanagementpolicies/${READER}`,
    ],
    [
      'what joining a group with another role takes',
      withAssignments(joinable, assigned(OPS, READER, SUBSCRIPTION)),
      `role-settings-unread /groups/${OPS}/settings/member`,
    ],
    ['what an assigned role allows', holds(KIM, LOOKALIKE, SUBSCRIPTION), `role-not-read ${LOOKALIKE}`],
    [
      'what became of the pinned policy',
      recreated({}),
      `stale-pin /identity/conditionalaccess/policies/${SIGN_IN_POLICY}`,
    ],
  ])('says that it was not read %s', (_, identity, expected) => {
    expect(gaps(identity)).toEqual([expected]);
    expect(findings(identity)).toEqual([]);
  });

  test.each<[string, Identity]>([
    [
      'another role whose activation demands the context',
      plus(may(KIM, READER, SUBSCRIPTION), { ...settings(SUBSCRIPTION), role: READER }),
    ],
    [
      'an eligible role away from everything that is guarded',
      may(KIM, READER, `${SUBSCRIPTION}/resourcegroups/rg-web`),
    ],
    [
      'a membership whose activation demands the context',
      plus(
        withAssignments(joinable, assigned(OPS, READER, SUBSCRIPTION)),
        ofGroup(OPS, 'member', settings(SUBSCRIPTION)),
      ),
    ],
  ])('allows %s', (_, identity) => {
    expect(findings(identity)).toEqual([]);
    expect(gaps(identity)).toEqual([]);
  });

  test('a person whom the policy lists may activate what they like', () => {
    const identity = plus(may(KIM, READER, SUBSCRIPTION), withoutContext({ role: READER }));
    const policy = signInAs({
      conditionalAccessPolicy: SIGN_IN_POLICY,
      allowedStanding: [{ principal: KIM, owner: 'platform', reviewBy: '2026-12-01' }],
    });
    expect(checkSignIn(identity, policy).findings).toEqual([]);
  });

  test('by another activation are told with a name and a machine, and never repaired', () => {
    const identity = plus(may(ALEX, READER, SUBSCRIPTION), withoutContext({ role: READER }));
    const [found, ...others] = checkSignIn(identity, POLICY).findings;
    expect(others).toEqual([]);
    expect(found?.evidence.paths).toEqual([
      expect.stringMatching(
        /^alex@contoso\.example may activate Reader on subscription .* and then open Bastion to vm-app-1 /,
      ),
    ]);
    expect(found && remedyOf(found, true)).toBeUndefined();
  });

  test('by two memberships in circles come to an end', () => {
    const circle = withGroup(joinable, OPS, () => group(OPS, 'grp-ops', [OPS, BASTION_USERS, SAM]));
    expect(findings(withAssignments(circle, assigned(OPS, READER, SUBSCRIPTION)))).toHaveLength(1);
  });
});
