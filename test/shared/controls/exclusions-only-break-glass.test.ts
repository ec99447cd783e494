import { describe, expect, test } from '@jest/globals';
import type { Checked } from '../../../shared/controls/control';
import { exclusionsOnlyBreakGlass } from '../../../shared/controls/exclusions-only-break-glass';
import type { Finding } from '../../../shared/finding';
import type { Identity } from '../../../shared/identity/identity';
import type { JsonObject } from '../../../shared/network/json';
import {
  ALEX,
  BASTION_TEAM,
  BREAK_GLASS,
  BREAK_GLASS_USER,
  eligible,
  HUB,
  KIM,
  NOW,
  SAM,
  SIGN_IN_POLICY,
  signInAs,
  tenant,
  withAssignments,
  withConditions,
  unread,
  withGroup,
} from '../../tenant';
import { repaired } from './sign-in-controls';

const ADMINS = 'ad000000-0000-4000-8000-0000000000ad';

function look(identity: Identity, policy = signInAs()): Checked {
  return exclusionsOnlyBreakGlass.check(identity, policy, NOW);
}

function check(identity: Identity, policy = signInAs()): readonly Finding[] {
  return look(identity, policy).findings;
}

const users = (changes: JsonObject): Identity => withConditions(tenant(), { users: changes });
const joining = (id: string, group = BREAK_GLASS): Identity =>
  withGroup(tenant(), group, (before) => ({ ...before, members: [...(before.members ?? []), id] }));
const disabled = (): Identity => {
  const identity = tenant();
  const principals = new Map(identity.principals);
  const before = principals.get(BREAK_GLASS_USER);
  if (before) principals.set(BREAK_GLASS_USER, { ...before, isDisabled: true });
  return { ...identity, principals };
};

describe('exclusions-only-break-glass', () => {
  test.each<[string, Identity, ReturnType<typeof signInAs>]>([
    ['the break-glass group', tenant(), signInAs()],
    [
      'a break-glass account by itself',
      users({ excludeGroups: [], excludeUsers: [BREAK_GLASS_USER] }),
      signInAs({ breakGlass: [BREAK_GLASS_USER] }),
    ],
    ['the group in other casing', users({ excludeGroups: [BREAK_GLASS.toUpperCase()] }), signInAs()],
    ['kim in the break-glass group, who may activate nothing', joining(KIM), signInAs()],
    [
      'an eligible break-glass account where the management API is guarded',
      withConditions(joining(SAM), {
        applications: { includeApplications: ['All'], includeAuthenticationContextClassReferences: [] },
      }),
      signInAs({ signIn: 'management-api' }),
    ],
  ])('allows %s', (_, identity, policy) => {
    expect(look(identity, policy)).toEqual({ findings: [], gaps: [], skipped: [] });
  });

  test.each<[string, Identity, ReturnType<typeof signInAs>, string]>([
    [
      'a group slipped in',
      users({ excludeGroups: [BREAK_GLASS, BASTION_TEAM] }),
      signInAs(),
      'excludes group grp-bastion-team',
    ],
    ['a user slipped in', users({ excludeUsers: [ALEX] }), signInAs(), 'excludes user alex@contoso.example'],
    [
      'guests as a list entry',
      users({ excludeUsers: ['GuestsOrExternalUsers'] }),
      signInAs(),
      'excludes user guestsorexternalusers',
    ],
    [
      'guests as a setting',
      users({ excludeGuestsOrExternalUsers: { guestOrExternalUserTypes: 'b2bCollaborationGuest' } }),
      signInAs(),
      'excludes guests b2bCollaborationGuest',
    ],
    ['a directory role', users({ excludeRoles: [ADMINS] }), signInAs(), 'everybody with the directory role'],
    [
      'client applications',
      withConditions(tenant(), { clientApplications: { excludeServicePrincipals: [ADMINS] } }),
      signInAs(),
      'excludes client applications',
    ],
    [
      'a break-glass group that is covered',
      users({ excludeGroups: [] }),
      signInAs(),
      'no longer excludes break-glass grp-break-glass',
    ],
    [
      'an eligible person in the break-glass group',
      joining(SAM),
      signInAs(),
      'sam@contoso.example is excluded from the sign-in policy by group grp-break-glass',
    ],
    ['an eligible person nested inside it', joining(BASTION_TEAM), signInAs(), 'alex@contoso.example is excluded'],
    [
      'a break-glass account that is eligible',
      withAssignments(tenant(), eligible(BREAK_GLASS_USER, HUB)),
      signInAs(),
      'break-glass-1@contoso.example is excluded',
    ],
    [
      'a break-glass group with nobody usable in it',
      disabled(),
      signInAs(),
      'Nobody who can sign in stands behind break-glass grp-break-glass',
    ],
    [
      'a break-glass account that is gone',
      tenant(),
      signInAs({ breakGlass: [BREAK_GLASS, ADMINS] }),
      `behind break-glass ${ADMINS}`,
    ],
  ])('finds %s', (_, identity, policy, title) => {
    expect(check(identity, policy).map((finding) => finding.title)).toContainEqual(expect.stringContaining(title));
  });

  test('repairs every exclusion by one and the same patch, which leaves the break-glass group excluded', () => {
    const broken = users({ excludeGroups: [BREAK_GLASS, BASTION_TEAM], excludeUsers: [ALEX] });
    const remedies = check(broken).map((finding) => finding.remedies[0]);
    expect(remedies).toHaveLength(2);
    expect(remedies[0]?.actions).toEqual(remedies[1]?.actions);
    expect(remedies[0]?.actions).toEqual([
      {
        kind: 'patch-conditional-access',
        policy: SIGN_IN_POLICY,
        changes: {
          conditions: {
            users: {
              includeUsers: ['All'],
              excludeUsers: [],
              includeGroups: [],
              excludeGroups: [BREAK_GLASS],
              includeRoles: [],
              excludeRoles: [],
              includeGuestsOrExternalUsers: null,
              excludeGuestsOrExternalUsers: null,
            },
          },
        },
      },
    ]);
    expect(remedies[0] && check(repaired(broken, remedies[0]))).toEqual([]);
  });

  test('is held for a person once the break-glass accounts are gone', () => {
    const broken = withConditions(disabled(), { users: { excludeGroups: [BREAK_GLASS, BASTION_TEAM] } });
    const slipped = check(broken).find(({ title }) => title.includes('grp-bastion-team'));
    expect(slipped?.remedies[0]?.needsPerson).toContain('lock everybody out');
  });

  test('takes the eligibility from a break-glass account, once a person approves', () => {
    const broken = withAssignments(tenant(), eligible(BREAK_GLASS_USER, HUB));
    const remedy = check(broken)[0]?.remedies[0];
    expect(remedy?.needsApproval).toBeDefined();
    expect(remedy && check(repaired(broken, remedy))).toEqual([]);
  });

  test('shows who activates without being asked', () => {
    const [finding] = check(users({ excludeGroups: [BREAK_GLASS, BASTION_TEAM] }));
    expect(finding?.evidence.paths).toContain(
      'alex@contoso.example may activate Bastion Users on rg-app and rg-hub and is asked for nothing, because group grp-bastion-team is excluded',
    );
  });

  test.each<[string, Identity, ReturnType<typeof signInAs>, string]>([
    ['no break-glass account named', users({ excludeGroups: [] }), signInAs({ breakGlass: [] }), 'no-break-glass'],
    [
      'members of an excluded group that were not read',
      withGroup(tenant(), BREAK_GLASS, unread),
      signInAs(),
      'group-members-not-read',
    ],
  ])('has a gap for %s', (_, identity, policy, what) => {
    expect(look(identity, policy).gaps.map((gap) => gap.what)).toEqual([what]);
  });
});
