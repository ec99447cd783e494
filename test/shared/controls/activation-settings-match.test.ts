import { describe, expect, test } from '@jest/globals';
import { activationSettingsMatch } from '../../../shared/controls/activation-settings-match';
import type { Finding } from '../../../shared/finding';
import type { Identity } from '../../../shared/identity/identity';
import type { JsonObject } from '../../../shared/network/json';
import { ALEX, APPROVERS, HUB, KIM, NOW, signInAs, tenant, withGroup, withRule } from '../../tenant';
import { repaired } from './sign-in-controls';

function check(identity: Identity, policy = signInAs()): readonly Finding[] {
  return activationSettingsMatch.check(identity, policy, NOW).findings;
}

/** The tenant with properties of one rule of the settings on rg-hub replaced. */
function set(id: string, changes: JsonObject): Identity {
  return withRule(tenant(), HUB, id, (before) => ({ ...before, ...changes }));
}

function approvedBy(...ids: readonly string[]): JsonObject {
  const primaryApprovers = ids.map((id) => ({ id, isBackup: false, userType: 'User', description: id }));
  return { setting: { isApprovalRequired: true, approvalStages: [{ primaryApprovers }], unknownToUs: 'kept' } };
}

const APPROVAL = 'Approval_EndUser_Assignment';
const ACTIVATION = 'Enablement_EndUser_Assignment';
const LENGTH = 'Expiration_EndUser_Assignment';
const NO_APPROVERS = signInAs({ activation: {} });

describe('activation-settings-match', () => {
  test.each<[string, Identity, ReturnType<typeof signInAs>]>([
    ['settings as the policy says', tenant(), signInAs()],
    ['an activation shorter than the policy’s', set(LENGTH, { maximumDuration: 'PT30M' }), signInAs()],
    ['exactly the longest activation, written otherwise', set(LENGTH, { maximumDuration: 'PT480M' }), signInAs()],
    [
      'a ticket number that nobody asked for',
      set(ACTIVATION, { enabledRules: ['Ticketing', 'Justification'] }),
      signInAs(),
    ],
    [
      'no approval where the policy names no approvers',
      set(APPROVAL, { setting: { isApprovalRequired: false } }),
      NO_APPROVERS,
    ],
    ['other approvers where the policy names none', set(APPROVAL, approvedBy(KIM)), NO_APPROVERS],
    [
      'no justification where the policy wants none',
      set(ACTIVATION, { enabledRules: [] }),
      signInAs({ activation: { justification: false, approvers: [APPROVERS] } }),
    ],
    [
      'assignment through PIM only, switched on',
      set('PIMOnlyMode_Admin_Assignment', { pimOnlyModeSettings: { mode: 'Enabled', excludes: [] } }),
      signInAs(),
    ],
    [
      'anything where the management API is guarded',
      set(LENGTH, { maximumDuration: 'P1D' }),
      signInAs({ signIn: 'management-api' }),
    ],
  ])('allows %s', (_, identity, policy) => {
    expect(check(identity, policy)).toEqual([]);
  });

  test.each<[string, Identity, ReturnType<typeof signInAs>, string]>([
    [
      'activations for too long',
      set(LENGTH, { maximumDuration: 'PT8H30M' }),
      signInAs(),
      'longest activation is PT8H30M, wanted is PT8H at most',
    ],
    [
      'activations that need not end',
      set(LENGTH, { isExpirationRequired: false }),
      signInAs(),
      'longest activation is without limit',
    ],
    [
      'a length that cannot be read',
      set(LENGTH, { maximumDuration: 'forever' }),
      signInAs(),
      'longest activation is forever',
    ],
    [
      'eligibility that need not end',
      set('Expiration_Admin_Eligibility', { isExpirationRequired: false }),
      signInAs(),
      'longest eligibility is without limit',
    ],
    [
      'no justification',
      set(ACTIVATION, { enabledRules: [] }),
      signInAs(),
      'justification at activation is not required',
    ],
    [
      'no ticket number where one is wanted',
      tenant(),
      signInAs({ activation: { ticket: true, approvers: [APPROVERS] } }),
      'ticket number at activation is not required',
    ],
    [
      'ordinary MFA in place of the context',
      set(ACTIVATION, { enabledRules: ['MultiFactorAuthentication', 'Justification'] }),
      signInAs(),
      'ordinary MFA at activation is demanded',
    ],
    [
      'active assignments without end',
      set('Expiration_Admin_Assignment', { isExpirationRequired: false }),
      signInAs(),
      'end of active assignments is not required',
    ],
    [
      'active assignments without a reason',
      set('Enablement_Admin_Assignment', { enabledRules: ['MultiFactorAuthentication'] }),
      signInAs(),
      'justification of active assignments is not required',
    ],
    [
      'no approval',
      set(APPROVAL, { setting: { isApprovalRequired: false } }),
      signInAs(),
      'approval by grp-approvers is wanted, found is not required',
    ],
    [
      'one approver more',
      set(APPROVAL, approvedBy(APPROVERS, ALEX)),
      signInAs(),
      'found is alex@contoso.example and grp-approvers',
    ],
    [
      'approvers who all may activate',
      withGroup(tenant(), APPROVERS, (before) => ({ ...before, members: [ALEX] })),
      signInAs(),
      'everybody who approves may activate',
    ],
    [
      'an approver who is gone',
      tenant(),
      signInAs({ activation: { approvers: [APPROVERS, 'dead0000-0000-4000-8000-000000000000'] } }),
      'approver dead0000-0000-4000-8000-000000000000 is not in the directory',
    ],
    [
      'a rule that nobody knows',
      set('Surprise_EndUser_Assignment', {}),
      signInAs(),
      'unknown rules: Surprise_EndUser_Assignment',
    ],
    [
      'an exception from assignment through PIM only',
      set('PIMOnlyMode_Admin_Assignment', {
        pimOnlyModeSettings: { mode: 'Enabled', excludes: [{ type: 'User', id: ALEX }] },
      }),
      signInAs(),
      `exceptions from assignment through PIM only is ${ALEX}`,
    ],
  ])('finds %s', (_, identity, policy, title) => {
    expect(check(identity, policy).map((finding) => finding.title)).toContainEqual(expect.stringContaining(title));
  });

  test.each<[string, Identity]>([
    ['a length', set(LENGTH, { maximumDuration: 'P1D' })],
    ['a justification', set(ACTIVATION, { enabledRules: ['MultiFactorAuthentication'] })],
    [
      'the end of assignments',
      set('Expiration_Admin_Assignment', { isExpirationRequired: false, maximumDuration: null }),
    ],
    ['approvers', set(APPROVAL, approvedBy(KIM, ALEX))],
  ])('repairs %s by whole rules and nothing else', (_, broken) => {
    const [finding] = check(broken);
    const remedy = finding?.remedies[0];
    const after = remedy ? repaired(broken, remedy) : broken;
    expect(check(after).map(({ fingerprint }) => fingerprint)).not.toContain(finding?.fingerprint);
    const written = remedy?.actions.flatMap((action) => (action.kind === 'patch-role-settings' ? action.rules : []));
    expect(written?.every((rule) => rule.unknownToUs === 'kept' && rule.target !== undefined)).toBe(true);
    const touched = new Set(written?.map((rule) => String(rule.id)));
    const before = broken.roleSettings[0]?.rules ?? new Map<string, JsonObject>();
    for (const [id, rule] of after.roleSettings[0]?.rules ?? []) {
      if (!touched.has(id)) expect(rule).toBe(before.get(id));
    }
    expect(after.roleSettings[1]).toBe(broken.roleSettings[1]);
  });

  test('names approvers by their kind in the casing Azure takes, and keeps the rest of the approval', () => {
    const policy = signInAs({ activation: { approvers: [APPROVERS, KIM] } });
    const finding = check(set(APPROVAL, approvedBy(ALEX)), policy).find(({ title }) => title.includes('rg-hub'));
    expect(finding?.remedies[0]?.actions).toMatchObject([
      {
        rules: [
          {
            setting: {
              unknownToUs: 'kept',
              isApprovalRequired: true,
              approvalStages: [
                {
                  primaryApprovers: [
                    { id: APPROVERS, userType: 'Group' },
                    { id: KIM, userType: 'User' },
                  ],
                },
              ],
            },
          },
        ],
      },
    ]);
  });

  test('sees no difference between null, nothing and an empty list in rules that are in force', () => {
    const identity = tenant();
    const roleSettings = identity.roleSettings.map((each) => ({
      ...each,
      effectiveRules: new Map(
        [...each.effectiveRules].map(([id, rule]) => [id, { ...rule, notificationRecipients: null }]),
      ),
      rules: new Map([...each.rules].map(([id, rule]) => [id, { ...rule, notificationRecipients: [] }])),
    }));
    expect(check({ ...identity, roleSettings })).toEqual([]);
  });
});
