import { describe, expect, test } from '@jest/globals';
import { bastionRoleOnlyEligible } from '../../../shared/controls/bastion-role-only-eligible';
import type { Checked } from '../../../shared/controls/control';
import type { Finding } from '../../../shared/finding';
import type { Identity, RoleAssignment } from '../../../shared/identity/identity';
import {
  ALEX,
  APP,
  assigned,
  BASTION_ROLE,
  BASTION_TEAM,
  BASTION_USERS,
  BREAK_GLASS_USER,
  eligible,
  endless,
  GUARDRAIL,
  GUEST,
  HUB,
  KIM,
  NOW,
  signInAs,
  SUBSCRIPTION,
  tenant,
  withAssignments,
  unread,
  withGroup,
} from '../../tenant';
import { repaired } from './sign-in-controls';

function look(identity: Identity, policy = signInAs()): Checked {
  return bastionRoleOnlyEligible.check(identity, policy, NOW);
}

function check(identity: Identity, policy = signInAs()): readonly Finding[] {
  return look(identity, policy).findings;
}

const withMore = (...added: readonly RoleAssignment[]): Identity => withAssignments(tenant(), ...added);
const active = (principal: string, extra: Partial<RoleAssignment> = {}): RoleAssignment =>
  assigned(principal, BASTION_ROLE, HUB, extra);
const STANDING = { principal: ALEX, owner: 'kim', reviewBy: '2026-12-31' };
const ANYBODY = signInAs({ bastionRole: {} });

describe('bastion-role-only-eligible', () => {
  test.each<[string, Identity, ReturnType<typeof signInAs>]>([
    ['a named group that is eligible', tenant(), signInAs()],
    [
      'a current activation',
      withMore(active(ALEX, { holding: 'activated', inPim: true, end: '2026-03-02T17:00:00Z' })),
      signInAs(),
    ],
    ['a user where the policy names no principals', { ...tenant(), assignments: [eligible(ALEX, HUB)] }, ANYBODY],
    ['standing access that the policy lists', withMore(active(ALEX)), signInAs({ allowedStanding: [STANDING] })],
    [
      'the same, listed for a scope above',
      withMore(active(ALEX)),
      signInAs({ allowedStanding: [{ ...STANDING, scope: SUBSCRIPTION }] }),
    ],
    [
      'somebody active in another role',
      withMore(assigned(KIM, 'e1e10000-0000-4000-8000-0000000000e1', HUB)),
      signInAs(),
    ],
    [
      'guests where the policy takes them',
      withGroup(tenant(), BASTION_TEAM, (before) => ({ ...before, members: [GUEST] })),
      signInAs({ eligibility: { guests: true } }),
    ],
    [
      'an active assignment where the management API is guarded',
      withMore(active(ALEX)),
      signInAs({ signIn: 'management-api' }),
    ],
  ])('allows %s', (_, identity, policy) => {
    expect(check(identity, policy)).toEqual([]);
  });

  test.each<[string, Identity, ReturnType<typeof signInAs>, string]>([
    [
      'a permanent active assignment',
      withMore(active(ALEX)),
      signInAs(),
      'alex@contoso.example has Bastion Users on rg-hub: active without activating',
    ],
    [
      'one that ends, and is not activated',
      withMore(active(ALEX, { end: '2026-03-31T00:00:00Z', inPim: true })),
      signInAs(),
      'active without activating',
    ],
    [
      'one that begins later',
      withMore(active(ALEX, { holding: 'planned', start: '2026-04-01T00:00:00Z' })),
      signInAs(),
      'active from 2026-04-01T00:00:00Z on',
    ],
    [
      'a group that is active',
      withMore(active(BASTION_TEAM)),
      signInAs(),
      'grp-bastion-team has Bastion Users on rg-hub',
    ],
    [
      'standing access listed for another place',
      withMore(active(ALEX)),
      signInAs({ allowedStanding: [{ ...STANDING, scope: APP }] }),
      'active without activating',
    ],
    [
      'eligibility without end',
      { ...tenant(), assignments: [endless(eligible(BASTION_USERS, HUB))] },
      signInAs(),
      'eligible without end',
    ],
    [
      'eligibility for years',
      withMore(eligible(BASTION_USERS, APP, { end: '2030-01-01T00:00:00Z' })),
      signInAs(),
      'eligible for longer than P365D',
    ],
    [
      'a group that the policy does not name',
      { ...tenant(), assignments: [eligible(BASTION_TEAM, HUB)] },
      ANYBODY,
      'eligible without being named',
    ],
    ['a service principal', withMore(eligible(GUARDRAIL, HUB)), signInAs(), 'eligible without being named'],
    [
      'somebody who is gone from the directory',
      withMore(eligible('dead0000-0000-4000-8000-000000000000', HUB)),
      ANYBODY,
      'eligible without being named',
    ],
    [
      'a place nobody approved of',
      { ...tenant(), assignments: [eligible(BASTION_USERS, '/subscriptions/other')] },
      signInAs(),
      'eligible where the policy approves of nobody',
    ],
    ['a guest who is eligible', { ...tenant(), assignments: [eligible(GUEST, HUB)] }, ANYBODY, 'eligible as a guest'],
    [
      'a guest deep inside the group',
      withGroup(tenant(), BASTION_TEAM, (before) => ({ ...before, members: [GUEST] })),
      signInAs(),
      'the guest guest@contoso.example is in it',
    ],
  ])('finds %s', (_, identity, policy, title) => {
    expect(check(identity, policy).map((finding) => finding.title)).toContainEqual(expect.stringContaining(title));
  });

  test('shows how the holder gets around the activation', () => {
    expect(check(withMore(active(ALEX)))[0]?.evidence.paths).toEqual([
      'alex@contoso.example is active Bastion Users on rg-hub and can open Bastion there without activating anything',
    ]);
  });

  test('takes away what is active now and what is planned, once a person approves', () => {
    const identity = withMore(active(ALEX), active(ALEX, { holding: 'planned', inPim: true }));
    const [finding, ...others] = check(identity);
    const remedy = finding?.remedies[0];
    expect(others).toEqual([]);
    expect(remedy?.needsApproval).toBeDefined();
    expect(remedy?.actions).toMatchObject([
      { holding: 'assigned', inPim: false },
      { holding: 'planned', inPim: true },
    ]);
    expect(remedy && repaired(identity, remedy).assignments).toEqual(tenant().assignments);
  });

  test('never takes anything from the guardrail itself, and leaves break-glass accounts to a person', () => {
    expect(check(withMore(active(GUARDRAIL)))[0]?.remedies).toEqual([]);
    const policy = signInAs({ breakGlass: [BREAK_GLASS_USER] });
    expect(check(withMore(active(BREAK_GLASS_USER)), policy)[0]?.remedies[0]?.needsPerson).toBeDefined();
  });

  test('is the same finding when an end is edited to another wrong one, and another for another person', () => {
    const [forYears] = check(withMore(eligible(BASTION_USERS, APP, { end: '2030-01-01T00:00:00Z' })));
    const [forDecades] = check(withMore(eligible(BASTION_USERS, APP, { end: '2050-01-01T00:00:00Z' })));
    expect(forDecades?.fingerprint).toBe(forYears?.fingerprint);
    expect(check(withMore(active(ALEX)))[0]?.fingerprint).not.toBe(check(withMore(active(KIM)))[0]?.fingerprint);
  });

  test('is a gap where the members of the group were not read', () => {
    expect(look(withGroup(tenant(), BASTION_TEAM, unread)).gaps.map(({ what }) => what)).toEqual([
      'group-members-not-read',
    ]);
  });
});
