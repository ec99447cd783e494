/** Every invariant of the way to Bastion broken, one at a time: what the tests of the identity controls break and expect. */
import type { Identity } from '../../../shared/identity/identity';
import {
  ALEX,
  APP,
  assigned,
  APPROVERS,
  BASTION_ROLE,
  BASTION_TEAM,
  BASTION_USERS,
  BREAK_GLASS,
  BREAK_GLASS_USER,
  eligible,
  globalAdministrators,
  endless,
  GUEST,
  HUB,
  KIM,
  OWNER,
  READER,
  role,
  SAM,
  signInPolicy,
  STRENGTH,
  settings,
  SUBSCRIPTION,
  withAssignments,
  withConditions,
  withGroup,
  withPolicy,
  withRule,
} from '../../tenant';

export interface Break {
  /** Number of the invariant, and what is done to it. */
  readonly invariant: number;
  readonly what: string;
  readonly edit: (identity: Identity) => Identity;
  readonly control: string;
  /** Whether the guardrail may end it itself, with a person's word, or only report it. */
  readonly ends: 'repaired' | 'approved' | 'reported';
  /** Part of a sentence about a way around, where one has to be told. */
  readonly path?: string;
}

const OTHER = 'e1e10000-0000-4000-8000-0000000000e1';
const KEEPER = 'ee9e0000-0000-4000-8000-0000000000ee';
const CUSTOM_STRENGTH = '5b1e0000-0000-4000-8000-00000000abcd';

const ELSEWHERE = '/subscriptions/e15e0000-0000-4000-8000-000000000009';
const CONTEXT_RULE = 'AuthenticationContext_EndUser_Assignment';

const ROLE = 'bastion-role-exact';
const ELIGIBLE = 'bastion-role-only-eligible';
const CONTEXT = 'activation-requires-context';
const SETTINGS = 'activation-settings-match';
const PUBLISHED = 'context-published';
const POLICY = 'context-requires-phishing-resistant-mfa';
const EXCLUSIONS = 'exclusions-only-break-glass';
const STANDING = 'no-standing-bypass';

const c = (
  invariant: number,
  what: string,
  control: string,
  ends: Break['ends'],
  edit: Break['edit'],
  path?: string,
): Break => ({ invariant, what, control, ends, edit, ...(path !== undefined && { path }) });

const withRole = (identity: Identity, changed: ReturnType<typeof role>): Identity => ({
  ...identity,
  roles: new Map(identity.roles).set(changed.id, changed),
});

const grant = (identity: Identity, changes: object): Identity =>
  withPolicy(identity, (before) => ({ ...before, grantControls: { ...before.grantControls, ...changes } }));

const withUser = (identity: Identity, id: string, changes: object): Identity => {
  const before = identity.principals.get(id);
  if (!before) throw new RangeError(`there is no ${id} in the tenant`);
  return { ...identity, principals: new Map(identity.principals).set(id, { ...before, ...changes }) };
};

export const BREAKS: readonly Break[] = [
  c(1, 'the role allows running commands', ROLE, 'approved', (t) => {
    const before = t.roles.get(BASTION_ROLE);
    const actions = [...(before?.permissions[0]?.actions ?? []), 'Microsoft.Compute/virtualMachines/runCommand/action'];
    return withRole(t, role(BASTION_ROLE, 'Bastion Users', actions, before?.permissions[0]?.dataActions));
  }),
  c(1, 'a new role with the same actions under another name', ROLE, 'reported', (t) => {
    const actions = t.roles.get(BASTION_ROLE)?.permissions[0]?.actions ?? [];
    return withRole(t, role(OTHER, 'Print Operators', actions));
  }),
  c(
    2,
    'alex is made permanently active',
    ELIGIBLE,
    'approved',
    (t) => withAssignments(t, assigned(ALEX, BASTION_ROLE, HUB)),
    'alex@contoso.example is active Bastion Users on rg-hub',
  ),
  c(2, 'a group is made active from next week on', ELIGIBLE, 'approved', (t) =>
    withAssignments(
      t,
      assigned(BASTION_TEAM, BASTION_ROLE, APP, { holding: 'planned', inPim: true, start: '2026-03-09T00:00:00Z' }),
    ),
  ),
  c(3, 'eligible in a subscription nobody approved of', ELIGIBLE, 'approved', (t) => ({
    ...withAssignments(t, eligible(BASTION_USERS, ELSEWHERE)),
    roleSettings: [...t.roleSettings, settings(ELSEWHERE)],
  })),
  c(4, 'a user whom the policy does not name is eligible', ELIGIBLE, 'approved', (t) =>
    withAssignments(t, eligible(KIM, HUB)),
  ),
  c(5, 'eligibility without end', ELIGIBLE, 'approved', (t) => ({
    ...t,
    assignments: t.assignments.map((each) => (each.scope === APP ? endless(each) : each)),
  })),
  c(5, 'a guest in the eligible group', ELIGIBLE, 'reported', (t) =>
    withGroup(t, BASTION_USERS, (before) => ({ ...before, members: [...(before.members ?? []), GUEST] })),
  ),
  c(
    6,
    'sam is a standing Reader',
    STANDING,
    'reported',
    (t) => withAssignments(t, assigned(SAM, READER, SUBSCRIPTION)),
    'can open Bastion to vm-app-1 without activating anything',
  ),
  c(
    7,
    'kim is a standing Owner of the machines',
    STANDING,
    'reported',
    (t) => withAssignments(t, assigned(KIM, OWNER, APP)),
    'run commands on vm-app-1',
  ),
  c(8, 'assignment through PIM only is switched off', SETTINGS, 'reported', (t) =>
    withRule(t, HUB, 'PIMOnlyMode_Admin_Assignment', () => ({
      id: 'PIMOnlyMode_Admin_Assignment',
      pimOnlyModeSettings: { mode: 'Disabled' },
    })),
  ),
  c(
    9,
    'the context is unticked',
    CONTEXT,
    'repaired',
    (t) => withRule(t, HUB, CONTEXT_RULE, (before) => ({ ...before, isEnabled: false })),
    'alex@contoso.example may activate Bastion Users on rg-hub without phishing-resistant MFA',
  ),
  c(9, 'another context is demanded', CONTEXT, 'repaired', (t) =>
    withRule(t, APP, CONTEXT_RULE, (before) => ({ ...before, claimValue: 'c2' })),
  ),
  c(10, 'no justification is asked for', SETTINGS, 'repaired', (t) =>
    withRule(t, HUB, 'Enablement_EndUser_Assignment', (before) => ({ ...before, enabledRules: [] })),
  ),
  c(10, 'ordinary MFA is asked for beside the context', SETTINGS, 'repaired', (t) =>
    withRule(t, APP, 'Enablement_EndUser_Assignment', (before) => ({
      ...before,
      enabledRules: ['MultiFactorAuthentication', 'Justification'],
    })),
  ),
  c(11, 'activations last for a day', SETTINGS, 'repaired', (t) =>
    withRule(t, HUB, 'Expiration_EndUser_Assignment', (before) => ({ ...before, maximumDuration: 'P1D' })),
  ),
  c(12, 'active assignments need not end', SETTINGS, 'repaired', (t) =>
    withRule(t, HUB, 'Expiration_Admin_Assignment', (before) => ({ ...before, isExpirationRequired: false })),
  ),
  c(12, 'active assignments need no justification', SETTINGS, 'repaired', (t) =>
    withRule(t, HUB, 'Enablement_Admin_Assignment', (before) => ({ ...before, enabledRules: [] })),
  ),
  c(13, 'no approval is needed', SETTINGS, 'repaired', (t) =>
    withRule(t, HUB, 'Approval_EndUser_Assignment', (before) => ({
      ...before,
      setting: { isApprovalRequired: false, approvalStages: [] },
    })),
  ),
  c(13, 'the approvers are those who activate', SETTINGS, 'reported', (t) =>
    withGroup(t, APPROVERS, (before) => ({ ...before, members: [ALEX] })),
  ),
  c(14, 'a rule is set that is not in force', SETTINGS, 'reported', (t) => ({
    ...t,
    roleSettings: t.roleSettings.map((each) => ({
      ...each,
      effectiveRules: new Map([
        ...each.effectiveRules,
        ['Notification_Admin_Admin_Assignment', { id: 'x', isDefaultRecipientsEnabled: false }],
      ]),
    })),
  })),
  c(14, 'an unknown rule appears', SETTINGS, 'reported', (t) =>
    withRule(t, HUB, 'Surprise_EndUser_Assignment', () => ({ id: 'Surprise_EndUser_Assignment' })),
  ),
  c(15, 'the context is withdrawn', PUBLISHED, 'repaired', (t) => ({
    ...t,
    contexts: new Map(t.contexts).set('c1', { id: 'c1', name: 'Bastion', isAvailable: false }),
  })),
  c(15, 'the context is deleted', PUBLISHED, 'repaired', (t) => ({
    ...t,
    contexts: new Map([...t.contexts].filter(([id]) => id !== 'c1')),
  })),
  c(
    16,
    'the policy is switched to report-only',
    POLICY,
    'repaired',
    (t) => withPolicy(t, (before) => ({ ...before, state: 'enabledForReportingButNotEnforced' })),
    'may activate Bastion Users on rg-app and rg-hub although',
  ),
  c(16, 'the policy is deleted', POLICY, 'repaired', (t) => ({ ...t, policies: [], whatIf: [] })),
  c(16, 'the policy is for a few users only', POLICY, 'repaired', (t) =>
    withConditions(t, { users: { includeUsers: [KIM] } }),
  ),
  c(
    17,
    'a group is slipped into the exclusions',
    EXCLUSIONS,
    'repaired',
    (t) => withConditions(t, { users: { excludeGroups: [BREAK_GLASS, BASTION_TEAM] } }),
    'is asked for nothing, because group grp-bastion-team is excluded',
  ),
  c(17, 'the break-glass group is no longer excluded', EXCLUSIONS, 'repaired', (t) =>
    withConditions(t, { users: { excludeGroups: [] } }),
  ),
  c(
    17,
    'an eligible person joins the break-glass group',
    EXCLUSIONS,
    'reported',
    (t) => withGroup(t, BREAK_GLASS, (before) => ({ ...before, members: [...(before.members ?? []), SAM] })),
    'sam@contoso.example may activate',
  ),
  c(18, 'guests are excluded', EXCLUSIONS, 'repaired', (t) =>
    withConditions(t, {
      users: { excludeGuestsOrExternalUsers: { guestOrExternalUserTypes: 'b2bCollaborationGuest' } },
    }),
  ),
  c(18, 'a directory role is excluded', EXCLUSIONS, 'repaired', (t) =>
    withConditions(t, { users: { excludeRoles: [OTHER] } }),
  ),
  c(18, 'client applications are excluded', EXCLUSIONS, 'repaired', (t) =>
    withConditions(t, { clientApplications: { excludeServicePrincipals: [OTHER] } }),
  ),
  c(19, 'only some platforms', POLICY, 'repaired', (t) =>
    withConditions(t, { platforms: { includePlatforms: ['windows'], excludePlatforms: [] } }),
  ),
  c(19, 'only browsers', POLICY, 'repaired', (t) => withConditions(t, { clientAppTypes: ['browser'] })),
  c(19, 'only risky sign-ins', POLICY, 'repaired', (t) => withConditions(t, { signInRiskLevels: ['high'] })),
  c(19, 'a condition nobody here knows', POLICY, 'repaired', (t) =>
    withConditions(t, { moonPhase: { include: ['full'] } }),
  ),
  c(20, 'applications beside the context', POLICY, 'repaired', (t) =>
    withConditions(t, { applications: { includeApplications: ['All'] } }),
  ),
  c(21, 'a custom look-alike of the same name', POLICY, 'repaired', (t) =>
    grant(t, {
      authenticationStrength: {
        id: CUSTOM_STRENGTH,
        displayName: 'Phishing resistant MFA',
        policyType: 'custom',
        allowedCombinations: ['fido2', 'password,sms'],
      },
    }),
  ),
  c(21, 'ordinary MFA instead of the strength', POLICY, 'repaired', (t) =>
    grant(t, { authenticationStrength: null, builtInControls: ['mfa'] }),
  ),
  c(21, 'the strength itself takes passwords', POLICY, 'reported', (t) => ({
    ...t,
    strengths: new Map([
      [
        STRENGTH,
        {
          id: STRENGTH,
          name: 'Phishing resistant MFA',
          isBuiltIn: true,
          allowedCombinations: ['fido2', 'password,sms'],
        },
      ],
    ]),
  })),
  c(22, 'a compliant device will do as well', POLICY, 'repaired', (t) =>
    grant(t, { operator: 'OR', builtInControls: ['compliantDevice'] }),
  ),
  c(23, 'signing in once a month will do', POLICY, 'repaired', (t) =>
    withPolicy(t, (before) => ({
      ...before,
      sessionControls: {
        signInFrequency: { isEnabled: true, frequencyInterval: 'timeBased', type: 'days', value: 30 },
      },
    })),
  ),
  c(24, 'a second policy for the same context', POLICY, 'reported', (t) => ({
    ...t,
    policies: [...t.policies, signInPolicy({ id: OTHER, name: 'Another' })],
  })),
  c(24, 'a policy that blocks the context', POLICY, 'reported', (t) => ({
    ...t,
    policies: [
      ...t.policies,
      signInPolicy({ id: OTHER, name: 'Block', grantControls: { operator: 'OR', builtInControls: ['block'] } }),
    ],
  })),
  c(
    25,
    'the what-if does not return our policy',
    POLICY,
    'reported',
    (t) => ({ ...t, whatIf: [{ user: ALEX, context: 'c1', policies: [OTHER] }] }),
    'alex@contoso.example',
  ),
  c(
    28,
    'sam may change what activation takes',
    STANDING,
    'reported',
    (t) =>
      withAssignments(
        withRole(t, role(KEEPER, 'Settings Keeper', ['Microsoft.Authorization/roleManagementPolicies/write'])),
        assigned(SAM, KEEPER, HUB),
      ),
    'change what activation takes on bas-hub',
  ),
  c(
    28,
    'kim becomes a Global Administrator',
    STANDING,
    'reported',
    (t) => ({
      ...t,
      directoryRoles: globalAdministrators(BREAK_GLASS_USER, KIM),
    }),
    'kim@contoso.example is active Global Administrator and can switch the sign-in policy off',
  ),
  c(
    29,
    'somebody activated while the policy was off',
    POLICY,
    'repaired',
    (t) => ({
      ...withPolicy(t, (before) => ({ ...before, state: 'disabled', modified: '2026-03-02T08:00:00Z' })),
      activations: [
        {
          resource: 'request',
          role: BASTION_ROLE,
          principal: ALEX,
          scope: HUB,
          at: '2026-03-02T08:30:00Z',
          end: '2026-03-02T12:30:00Z',
        },
      ],
    }),
    'alex@contoso.example activated Bastion Users on rg-hub at 2026-03-02T08:30:00Z',
  ),
  c(17, 'the break-glass account is switched off', EXCLUSIONS, 'reported', (t) =>
    withUser(t, BREAK_GLASS_USER, { isDisabled: true }),
  ),
];
