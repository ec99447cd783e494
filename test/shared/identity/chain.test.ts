import { describe, expect, test } from '@jest/globals';
import { chainOf } from '../../../shared/identity/chain';
import type { Identity } from '../../../shared/identity/identity';
import { APP, assigned, eligible, group, HUB, settings, signInPolicy, STRONG, tenant, user } from './people';

const MANAGEMENT = '797f4846-ba00-4fd7-ba43-dac1f8f63013';

/** Alex may activate the role on rg-hub, and everything on the way is as it should be. */
function sound(rest: Parameters<typeof tenant>[0] = {}): Identity {
  return tenant({
    users: [user('alex'), user('breaker')],
    groups: [group('users', ['alex']), group('break-glass', ['breaker'])],
    assignments: [eligible('users', 'bastion', HUB)],
    roleSettings: [settings('bastion', HUB, 'c1')],
    contexts: new Map([['c1', { id: 'c1', name: 'Bastion', isAvailable: true }]]),
    strengths: new Map([[STRONG.id, STRONG]]),
    policies: [signInPolicy('p', { users: { excludeGroups: ['break-glass'] } })],
    ...rest,
  });
}

function guarded(identity: Identity): boolean[] {
  return chainOf(identity, 'bastion', { kind: 'context', context: 'c1' }).eligible.map(({ isGuarded }) => isGuarded);
}

function withPolicy(...parts: Parameters<typeof signInPolicy>): Identity {
  return sound({ policies: [signInPolicy(...parts)] });
}

const WEAK = { ...STRONG, id: 'custom', isBuiltIn: false, allowedCombinations: ['fido2', 'password,sms'] };

describe('the chain of a sign-in', () => {
  test('holds where every link does', () => {
    expect(guarded(sound())).toEqual([true]);
    expect(chainOf(sound(), 'bastion', { kind: 'context', context: 'c1' }).gaps).toEqual([]);
  });

  test.each<[string, Identity]>([
    ['the settings ask for no context', sound({ roleSettings: [settings('bastion', HUB)] })],
    ['the settings ask for another context', sound({ roleSettings: [settings('bastion', HUB, 'c2')] })],
    ['the settings hold at another scope only', sound({ roleSettings: [settings('bastion', APP, 'c1')] })],
    [
      'the context is not published',
      sound({ contexts: new Map([['c1', { id: 'c1', name: '', isAvailable: false }]]) }),
    ],
    ['no policy is about the context', sound({ policies: [] })],
    ['the policy is report-only', withPolicy('p', { state: 'enabledForReportingButNotEnforced' })],
    ['the policy excludes the person', withPolicy('p', { users: { excludeUsers: ['ALEX'] } })],
    ['the policy excludes a group the person is in', withPolicy('p', { users: { excludeGroups: ['users'] } })],
    ['the policy excludes a role', withPolicy('p', { users: { excludeRoles: ['r'] } })],
    ['the policy excludes guests', withPolicy('p', { users: { excludeGuestsOrExternalUsers: {} } })],
    ['the policy is not for everyone', withPolicy('p', { users: { includeUsers: ['alex'] } })],
    [
      'the policy holds on some platforms only',
      withPolicy('p', { conditions: { platforms: { includePlatforms: ['iOS'] } } }),
    ],
    ['the policy holds on a condition unknown here', withPolicy('p', { conditions: { moonPhase: 'full' } })],
    ['the policy is for some clients only', withPolicy('p', { conditions: { clientAppTypes: ['browser'] } })],
    ['the policy has a property unknown here', withPolicy('p', { unknown: { partialEnablementStrategy: 'half' } })],
    [
      'the policy takes something else under OR',
      withPolicy('p', {
        grantControls: { operator: 'OR', builtInControls: ['mfa'], authenticationStrength: { id: STRONG.id } },
      }),
    ],
    ['the policy asks for nothing', withPolicy('p', { grantControls: null })],
    [
      'the policy asks for a look-alike',
      sound({
        strengths: new Map([
          [STRONG.id, STRONG],
          ['custom', WEAK],
        ]),
        policies: [
          signInPolicy('p', {
            grantControls: { operator: 'OR', authenticationStrength: { id: 'custom', displayName: STRONG.name } },
          }),
        ],
      }),
    ],
    [
      'the strength lets weaker methods through',
      sound({ strengths: new Map([[STRONG.id, { ...STRONG, allowedCombinations: ['fido2', 'password,sms'] }]]) }),
    ],
  ])('does not hold where %s', (_, identity) => {
    expect(guarded(identity)).toEqual([false]);
  });

  test('holds where more is asked for on top of the strength', () => {
    const grantControls = {
      operator: 'AND',
      builtInControls: ['compliantDevice'],
      authenticationStrength: { id: STRONG.id },
    };
    expect(guarded(withPolicy('p', { grantControls }))).toEqual([true]);
  });

  test('one sound policy is enough, whatever another leaves out', () => {
    const policies = [signInPolicy('lax', { users: { excludeUsers: ['alex'] } }), signInPolicy('sound')];
    const chain = chainOf(sound({ policies }), 'bastion', { kind: 'context', context: 'c1' });
    expect(chain.eligible).toMatchObject([{ principal: 'alex', isGuarded: true, excludedBy: ['lax'] }]);
  });

  test('somebody who may join an excluded group counts as excluded', () => {
    const groups = [group('users', ['alex']), group('spared', [], { eligibleMembers: ['alex'] })];
    const policies = [signInPolicy('p', { users: { excludeGroups: ['spared'] } })];
    expect(guarded(sound({ groups, policies }))).toEqual([false]);
  });

  test('for the management API the sign-in itself is asked, not the activation', () => {
    const applications = { includeApplications: [MANAGEMENT], includeAuthenticationContextClassReferences: [] };
    const policies = [signInPolicy('p', { conditions: { applications } })];
    const target = { kind: 'application' as const, application: MANAGEMENT };
    const chain = chainOf(sound({ policies, roleSettings: [] }), 'bastion', target);
    expect(chain.eligible.map(({ isGuarded }) => isGuarded)).toEqual([true]);
    const excluded = [
      signInPolicy('p', { conditions: { applications: { ...applications, excludeApplications: [MANAGEMENT] } } }),
    ];
    expect(chainOf(sound({ policies: excluded }), 'bastion', target).eligible[0]?.isGuarded).toBe(false);
  });

  test('settings are asked for at every scope at which the role is given, and those of joined groups too', () => {
    const groups = [group('users', [], { eligibleMembers: ['alex'] })];
    const assignments = [eligible('users', 'bastion', HUB), assigned('users', 'bastion', APP)];
    const chain = chainOf(sound({ groups, assignments }), 'bastion', { kind: 'context', context: 'c1' });
    expect(chain.settings.map(({ scope, context }) => [scope, context])).toEqual([
      [APP, undefined],
      [HUB, 'c1'],
    ]);
    expect(chain.groupSettings).toEqual([{ group: 'users', as: 'member' }]);
    expect(chain.gaps.map(({ what, resource }) => [what, resource])).toEqual([['role-settings-not-read', APP]]);
  });

  test('a membership that has to be activated is guarded by the settings of the group', () => {
    const groups = [group('users', [], { eligibleMembers: ['alex'] })];
    const assignments = [assigned('users', 'bastion', HUB)];
    const ofGroup = { ...settings('', '/', 'c1'), role: undefined, group: { id: 'users', as: 'member' as const } };
    expect(guarded(sound({ groups, assignments }))).toEqual([false]);
    expect(guarded(sound({ groups, assignments, roleSettings: [ofGroup] }))).toEqual([true]);
  });

  test('groups and strengths that were not read are gaps', () => {
    const groups = [group('users', undefined), group('break-glass', undefined)];
    const { gaps } = chainOf(sound({ groups, strengths: new Map() }), 'bastion', { kind: 'context', context: 'c1' });
    expect(gaps.map(({ what }) => what).toSorted()).toEqual([
      'group-members-not-read',
      'group-members-not-read',
      'strength-not-read',
    ]);
  });
});
