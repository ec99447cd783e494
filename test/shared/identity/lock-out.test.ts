import { describe, expect, test } from '@jest/globals';
import type { IdentityAction } from '../../../shared/identity/action';
import type { Identity } from '../../../shared/identity/identity';
import { lockOutFacts } from '../../../shared/identity/lock-out';
import { assigned, eligible, group, HUB, signInPolicy, SUBSCRIPTION, tenant, user } from './people';

const GUARDED = { breakGlass: ['break-glass'], ownIdentities: ['guardrail'] };

function estate(rest: Parameters<typeof tenant>[0] = {}): Identity {
  return tenant({
    users: [user('breaker'), user('alex'), { id: 'guardrail', kind: 'service-principal', name: 'guardrail' }],
    groups: [group('break-glass', ['inner']), group('inner', ['breaker'])],
    contexts: new Map([['c1', { id: 'c1', name: '', isAvailable: true }]]),
    policies: [signInPolicy('p', { state: 'disabled', users: { excludeGroups: ['break-glass'] } })],
    ...rest,
  });
}

function broken(identity: Identity, actions: readonly IdentityAction[], guarded = GUARDED): string[] {
  return lockOutFacts(identity, actions, guarded)
    .filter(({ holds }) => !holds)
    .map(({ claim }) => claim);
}

function patch(changes: object): IdentityAction {
  return { kind: 'patch-conditional-access', policy: 'p', changes: { ...changes } };
}

function removal(principal: string, role = 'owner', scope = SUBSCRIPTION): IdentityAction {
  return { kind: 'remove-assignment', assignment: 'x', scope, role, principal, holding: 'assigned', inPim: false };
}

const ENABLE = patch({ state: 'enabled' });
const EXIST = 'break-glass accounts exist';
const EXCLUDED = 'break-glass accounts stay excluded';

describe('before a policy is written', () => {
  test('everything holds where break-glass accounts exist and are excluded', () => {
    expect(lockOutFacts(estate(), [ENABLE], GUARDED).map(({ holds }) => holds)).toEqual([true, true, true]);
  });

  test.each<[string, Identity, IdentityAction, typeof GUARDED, string[]]>([
    ['no break-glass account is named', estate(), ENABLE, { ...GUARDED, breakGlass: [] }, [EXIST]],
    ['a break-glass id is unknown', estate(), ENABLE, { ...GUARDED, breakGlass: ['gone'] }, [EXIST, EXCLUDED]],
    ['the group is empty', estate({ groups: [group('break-glass', [])] }), ENABLE, GUARDED, [EXIST]],
    ['its members were not read', estate({ groups: [group('break-glass', undefined)] }), ENABLE, GUARDED, [EXIST]],
    [
      'its only member is disabled',
      estate({ users: [user('breaker', { isDisabled: true })] }),
      ENABLE,
      GUARDED,
      [EXIST],
    ],
    [
      'one only may join the group',
      estate({ groups: [group('break-glass', [], { eligibleMembers: ['breaker'] })] }),
      ENABLE,
      GUARDED,
      [EXIST],
    ],
    [
      'the policy would cover them',
      estate(),
      patch({ state: 'enabled', conditions: { users: { excludeGroups: [] } } }),
      GUARDED,
      [EXCLUDED],
    ],
    [
      'the policy stays off',
      estate(),
      patch({ conditions: { platforms: null } }),
      GUARDED,
      ['a policy is left enforced, never report-only'],
    ],
    [
      'the policy becomes report-only',
      estate(),
      patch({ state: 'enabledForReportingButNotEnforced' }),
      GUARDED,
      ['a policy is left enforced, never report-only'],
    ],
    [
      'a new one leaves nobody out',
      estate(),
      {
        kind: 'create-conditional-access',
        name: 'n',
        body: { state: 'enabled', conditions: { users: { includeUsers: ['All'] } } },
      },
      GUARDED,
      [EXCLUDED],
    ],
  ])('nothing is written where %s', (_, identity, action, guarded, expected) => {
    expect(broken(identity, [action], guarded)).toEqual(expected);
  });

  test('excluding the accounts themselves is as good as excluding their group', () => {
    const changes = { state: 'enabled', conditions: { users: { excludeGroups: [], excludeUsers: ['breaker'] } } };
    expect(broken(estate(), [patch(changes)])).toEqual([]);
  });
});

describe('before settings are written', () => {
  const rule = { id: 'AuthenticationContext_EndUser_Assignment', isEnabled: true, claimValue: 'c2' };
  const ask: IdentityAction = { kind: 'patch-role-settings', scope: HUB, role: 'bastion', rules: [rule] };

  test('the context they ask for has to be published, if need be by an action before', () => {
    expect(broken(estate(), [ask])).toEqual(['the context that activation will ask for can be met']);
    expect(broken(estate(), [{ kind: 'publish-context', context: 'c2', name: 'n' }, ask])).toEqual([]);
  });
});

describe('before an assignment is removed', () => {
  test('it must not be the guardrail itself, nor a group it is in', () => {
    const groups = [group('break-glass', ['breaker']), group('robots', ['guardrail'])];
    const identity = estate({ groups, assignments: [assigned('robots', 'owner', SUBSCRIPTION)] });
    const claim = "the guardrail's own identities keep their roles";
    expect(broken(identity, [removal('guardrail')])).toEqual([claim]);
    expect(broken(identity, [removal('robots')])).toEqual([claim]);
    expect(broken(identity, [removal('alex')])).toEqual([]);
  });

  test('it must not be the last way of the break-glass accounts, but may be one of two', () => {
    const last = estate({ assignments: [assigned('break-glass', 'owner', SUBSCRIPTION)] });
    expect(broken(last, [removal('break-glass')])).toEqual(['the last break-glass path stays']);
    const two = estate({ assignments: [...last.assignments, assigned('breaker', 'owner', '/')] });
    expect(broken(two, [removal('break-glass')])).toEqual([]);
    expect(broken(two, [removal('break-glass'), removal('breaker', 'owner', '/')])).toEqual([
      'the last break-glass path stays',
    ]);
  });

  test('what they would have to activate is no way of theirs', () => {
    const identity = estate({ assignments: [eligible('break-glass', 'owner', SUBSCRIPTION)] });
    const action: IdentityAction = {
      ...removal('break-glass'),
      kind: 'remove-assignment',
      holding: 'eligible',
    } as IdentityAction;
    expect(broken(identity, [action])).toEqual([]);
  });
});
