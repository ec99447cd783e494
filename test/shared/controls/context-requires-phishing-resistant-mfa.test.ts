import { describe, expect, test } from '@jest/globals';
import { contextRequiresPhishingResistantMfa } from '../../../shared/controls/context-requires-phishing-resistant-mfa';
import type { Checked } from '../../../shared/controls/control';
import type { Finding } from '../../../shared/finding';
import { EMPTY_IDENTITY, type Identity } from '../../../shared/identity/identity';
import type { JsonObject } from '../../../shared/network/json';
import {
  ALEX,
  BREAK_GLASS,
  KIM,
  NOW,
  SAM,
  SIGN_IN_POLICY,
  signInAs,
  signInPolicy,
  STRENGTH,
  tenant,
  withConditions,
  withPolicy,
} from '../../tenant';
import { repaired } from './sign-in-controls';

const OTHER = 'e1e10000-0000-4000-8000-0000000000e1';
const MANAGEMENT_API = '797f4846-ba00-4fd7-ba43-dac1f8f63013';

function look(identity: Identity, policy = signInAs()): Checked {
  return contextRequiresPhishingResistantMfa.check(identity, policy, NOW);
}

function check(identity: Identity, policy = signInAs()): readonly Finding[] {
  return look(identity, policy).findings;
}

const grant = (changes: JsonObject): Identity =>
  withPolicy(tenant(), (before) => ({ ...before, grantControls: { ...before.grantControls, ...changes } }));
const state = (value: string): Identity => withPolicy(tenant(), (before) => ({ ...before, state: value }));
const conditions = (changes: JsonObject): Identity => withConditions(tenant(), changes);
const withAnother = (extra: Parameters<typeof signInPolicy>[0], identity = tenant()): Identity => ({
  ...identity,
  policies: [...identity.policies, signInPolicy({ id: OTHER, name: 'Another', ...extra })],
});

function patches(identity: Identity): readonly unknown[] {
  return check(identity)[0]?.remedies[0]?.actions ?? [];
}

function patch(changes: JsonObject): readonly unknown[] {
  return [{ kind: 'patch-conditional-access', policy: SIGN_IN_POLICY, changes }];
}

const API = signInAs({ signIn: 'management-api' });
const forApi = (applications: JsonObject): Identity =>
  withConditions(tenant(), { applications: { includeAuthenticationContextClassReferences: [], ...applications } });

describe('context-requires-phishing-resistant-mfa', () => {
  test.each<[string, Identity, ReturnType<typeof signInAs>]>([
    ['the policy as it should be', tenant(), signInAs()],
    ['the same policy, pinned', tenant(), signInAs({ conditionalAccessPolicy: SIGN_IN_POLICY })],
    ['annotations of the transport', conditions({ 'platforms@odata.context': 'https://graph' }), signInAs()],
    [
      'a compliant device on top of the strength',
      grant({ operator: 'AND', builtInControls: ['compliantDevice'] }),
      signInAs(),
    ],
    [
      'other contexts beside ours',
      conditions({ applications: { includeAuthenticationContextClassReferences: ['c1', 'c2'] } }),
      signInAs(),
    ],
    ['a policy for another context that is off', withAnother({ state: 'disabled' }), signInAs()],
    ['the management API for everybody', forApi({ includeApplications: [MANAGEMENT_API] }), API],
    ['every application for everybody', forApi({ includeApplications: ['All'] }), API],
    [
      'a session of some hours where the management API is guarded',
      withPolicy(forApi({ includeApplications: [MANAGEMENT_API] }), (before) => ({ ...before, sessionControls: null })),
      API,
    ],
    ['a tenant of which nothing was read', EMPTY_IDENTITY, signInAs()],
  ])('allows %s', (_, identity, policy) => {
    expect(look(identity, policy)).toEqual({ findings: [], gaps: [], skipped: [] });
  });

  test.each<[string, Identity, ReturnType<typeof signInAs>, string]>([
    ['a policy that is off', state('disabled'), signInAs(), 'state is off'],
    ['a policy that only reports', state('enabledForReportingButNotEnforced'), signInAs(), 'state is report-only'],
    ['a state nobody knows', state('unknownFutureValue'), signInAs(), 'state is unknownFutureValue'],
    ['no policy at all', { ...tenant(), policies: [] }, signInAs(), 'No Conditional Access policy asks'],
    [
      'a policy for another context only',
      conditions({ applications: { includeAuthenticationContextClassReferences: ['c2'] } }),
      signInAs(),
      'No Conditional Access policy asks',
    ],
    [
      'a pinned policy that has lost the context',
      conditions({ applications: { includeAuthenticationContextClassReferences: [] } }),
      signInAs({ conditionalAccessPolicy: SIGN_IN_POLICY }),
      'authentication contexts is',
    ],
    ['a policy for no users', conditions({ users: { includeUsers: ['None'] } }), signInAs(), 'users is ["None"]'],
    [
      'a policy for one group',
      conditions({ users: { includeUsers: [], includeGroups: [OTHER] } }),
      signInAs(),
      'users is []',
    ],
    [
      'a way to narrow users that nobody knows',
      conditions({ users: { includeShoeSize: [44] } }),
      signInAs(),
      'condition users.includeShoeSize',
    ],
    [
      'a filter on applications',
      conditions({ applications: { applicationFilter: { mode: 'include', rule: 'x' } } }),
      signInAs(),
      'condition applications.applicationFilter',
    ],
    [
      'user actions',
      conditions({ applications: { includeUserActions: ['urn:user:registersecurityinfo'] } }),
      signInAs(),
      'user actions is',
    ],
    [
      'locations',
      conditions({ locations: { includeLocations: ['All'], excludeLocations: ['AllTrusted'] } }),
      signInAs(),
      'condition locations',
    ],
    [
      'a filter on devices',
      conditions({ devices: { deviceFilter: { mode: 'exclude', rule: 'x' } } }),
      signInAs(),
      'condition devices',
    ],
    [
      'authentication flows',
      conditions({ authenticationFlows: { transferMethods: 'deviceCodeFlow' } }),
      signInAs(),
      'condition authenticationFlows',
    ],
    ['no client types', conditions({ clientAppTypes: [] }), signInAs(), 'condition clientAppTypes'],
    [
      'no grant',
      withPolicy(tenant(), (before) => ({ ...before, grantControls: null })),
      signInAs(),
      'authentication strength is no strength',
    ],
    [
      'another built-in strength',
      grant({ authenticationStrength: { id: '00000000-0000-0000-0000-000000000002' } }),
      signInAs(),
      'authentication strength is 00000000-0000-0000-0000-000000000002',
    ],
    [
      'a strength whose copy takes passwords',
      grant({ authenticationStrength: { id: STRENGTH, allowedCombinations: ['fido2', 'password,sms'] } }),
      signInAs(),
      'methods of the strength is password,sms',
    ],
    [
      'terms of use instead of the strength',
      grant({ termsOfUse: [OTHER] }),
      signInAs(),
      'alternatives to the strength is or',
    ],
    [
      'no session control',
      withPolicy(tenant(), (before) => ({ ...before, sessionControls: null })),
      signInAs(),
      'sign-in frequency is not asked',
    ],
    ['a second policy for the context', withAnother({}), signInAs(), "'Another' is about context c1 as well"],
    [
      'a policy that blocks the context',
      withAnother({ grantControls: { operator: 'OR', builtInControls: ['block'] } }),
      signInAs(),
      "'Another' blocks sign-ins",
    ],
    ['no policy on the management API', tenant(), API, 'phishing-resistant sign-in to the Azure management API'],
    [
      'the management API excluded',
      forApi({ includeApplications: ['All', MANAGEMENT_API], excludeApplications: [MANAGEMENT_API] }),
      API,
      'excluded applications is',
    ],
  ])('finds %s', (_, identity, policy, title) => {
    expect(check(identity, policy).map((finding) => finding.title)).toContainEqual(expect.stringContaining(title));
  });

  test('takes a policy by what it does, never by its name', () => {
    const alike = signInPolicy({ id: OTHER, name: 'Bastion activation', state: 'disabled' });
    expect(check({ ...tenant(), policies: [alike, ...tenant().policies] })).toEqual([]);
  });

  test('is as grave as the role is in use', () => {
    expect(check(state('disabled'))[0]?.severity).toBe('critical');
    expect(check({ ...state('disabled'), assignments: [] })[0]?.severity).toBe('high');
  });

  test('patches the one setting that is off, with explicit empties', () => {
    expect(patches(state('disabled'))).toEqual(patch({ state: 'enabled' }));
    expect(patches(conditions({ platforms: { includePlatforms: ['iOS'] } }))).toEqual(
      patch({ conditions: { platforms: null } }),
    );
    expect(patches(conditions({ signInRiskLevels: ['high'] }))).toEqual(
      patch({ conditions: { signInRiskLevels: [] } }),
    );
    expect(patches(grant({ builtInControls: ['mfa'] }))).toEqual(
      patch({
        grantControls: {
          operator: 'OR',
          builtInControls: [],
          customAuthenticationFactors: [],
          termsOfUse: [],
          authenticationStrength: { id: STRENGTH },
        },
      }),
    );
  });

  test('enables a policy only together with what it has to ask, and of whom', () => {
    const broken = withConditions(state('disabled'), {
      users: { excludeGroups: [] },
      applications: { includeApplications: ['All'] },
    });
    expect(check(broken)[0]?.remedies[0]?.actions).toMatchObject([
      {
        changes: {
          state: 'enabled',
          conditions: {
            users: { includeUsers: ['All'], excludeGroups: [BREAK_GLASS] },
            applications: { includeApplications: [] },
          },
        },
      },
    ]);
  });

  test('keeps what is asked on top of the strength', () => {
    const broken = grant({
      operator: 'AND',
      builtInControls: ['mfa', 'compliantDevice'],
      authenticationStrength: null,
    });
    const changes = { grantControls: { operator: 'AND', builtInControls: ['compliantDevice'] } };
    expect(check(broken)[0]?.remedies[0]?.actions).toMatchObject([{ changes }]);
  });

  test('creates a policy that is enabled and excludes the break-glass accounts', () => {
    const { whatIf: _, ...broken }: Identity = { ...tenant(), policies: [] };
    const remedy = check(broken)[0]?.remedies[0];
    expect(remedy?.actions).toMatchObject([
      {
        kind: 'create-conditional-access',
        body: { state: 'enabled', conditions: { users: { excludeGroups: [BREAK_GLASS], excludeUsers: [] } } },
      },
    ]);
    expect(remedy && check(repaired(broken, remedy))).toEqual([]);
  });

  test('never bends somebody’s policy for all applications to what is wanted for one', () => {
    const weak = withPolicy(forApi({ includeApplications: ['All'] }), (before) => ({
      ...before,
      grantControls: { operator: 'OR', builtInControls: ['mfa'] },
    }));
    const [finding] = check(weak, API);
    expect(finding?.remedies[0]?.actions[0]?.kind).toBe('create-conditional-access');
    expect(finding?.remedies[0]?.needsApproval).toBeDefined();
  });

  test.each<[string, ReturnType<typeof signInAs>]>([
    ['no break-glass account is named', signInAs({ breakGlass: [] })],
    ['a break-glass account does not resolve', signInAs({ breakGlass: [BREAK_GLASS, OTHER] })],
  ])('leaves every repair to a person where %s', (_, policy) => {
    expect(check(state('disabled'), policy)[0]?.remedies[0]?.needsPerson).toContain('lock everybody out');
    expect(check({ ...tenant(), policies: [] }, policy)[0]?.remedies[0]?.needsPerson).toContain('lock everybody out');
  });

  test('tells whom Microsoft’s what-if leaves out, for those only who may activate the role', () => {
    const whatIf = [ALEX, KIM].map((user) => ({ user, context: 'c1', policies: [] as string[] }));
    const identity = { ...tenant(), whatIf: [...whatIf, { user: SAM, context: 'c1', policies: [SIGN_IN_POLICY] }] };
    expect(check(identity).map((finding) => finding.evidence.paths)).toEqual([
      ['alex@contoso.example may activate Bastion Users and is not asked for phishing-resistant MFA'],
    ]);
  });

  test('is one finding for one setting, whatever wrong value it has', () => {
    const [off] = check(state('disabled'));
    const [reporting] = check(state('enabledForReportingButNotEnforced'));
    expect(reporting?.fingerprint).toBe(off?.fingerprint);
    expect(check(conditions({ locations: {} }))[0]?.fingerprint).not.toBe(off?.fingerprint);
  });

  test.each<[string, Identity, ReturnType<typeof signInAs>, string]>([
    ['a pinned policy that is gone', tenant(), signInAs({ conditionalAccessPolicy: OTHER }), 'stale-pin'],
    [
      'a strength of which nothing was read',
      { ...grant({ authenticationStrength: { id: STRENGTH } }), strengths: new Map() },
      signInAs(),
      'strength-unread',
    ],
    [
      'Conditional Access that was not read',
      { ...tenant(), policies: [], strengths: new Map(), contexts: new Map() },
      signInAs(),
      'conditional-access-unread',
    ],
  ])('has a gap for %s', (_, identity, policy, what) => {
    const { findings, gaps } = look(identity, policy);
    expect(findings).toEqual([]);
    expect(gaps.map((gap) => gap.what)).toEqual([what]);
  });
});
