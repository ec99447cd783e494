import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readIdentity } from '../../../shared/identity/read';
import { ALEX, authorization, graph, OPS, ROLE, SUB } from './exported';

const NOW = new Date('2026-06-01T00:00:00Z');

function read(...entries: readonly unknown[]): ReturnType<typeof readIdentity> {
  return readIdentity(entries, NOW);
}

describe('the directory', () => {
  const alex = { id: ALEX.toUpperCase(), displayName: 'Alex', userPrincipalName: 'alex@contoso.example' };

  test.each([
    ['their own type', { '@odata.type': '#microsoft.graph.user', ...alex }],
    ['the context of their page', graph('users/$entity', alex)],
    ['a context with a selection', graph('users(id,displayName,memberOf(id))', alex)],
    ['the page itself', graph('users', { value: [alex] })],
    ['their structure', alex],
  ])('users are known by %s', (_, entry) => {
    expect(read(entry).identity.principals.get(ALEX)).toEqual({
      id: ALEX,
      kind: 'user',
      name: 'Alex',
      userName: 'alex@contoso.example',
    });
  });

  test('guests and disabled accounts are told', () => {
    const { principals } = read(
      { id: '1', userPrincipalName: 'a', userType: 'Guest' },
      { id: '2', userPrincipalName: 'pat_other.example#EXT#@contoso.example' },
      { id: '3', userPrincipalName: 'c', userType: 'Member', accountEnabled: false },
    ).identity;
    expect([...principals.values()].map(({ isGuest, isDisabled }) => [isGuest, isDisabled])).toEqual([
      [true, undefined],
      [true, undefined],
      [undefined, true],
    ]);
  });

  test('members come with the group in their context, and are principals too', () => {
    const { identity } = read(
      graph('groups', { id: OPS, displayName: 'ops' }),
      graph(`groups('${OPS}')/members`, { '@odata.type': '#microsoft.graph.user', ...alex }),
      graph(`groups('${OPS}')/owners`, { value: [{ '@odata.type': '#microsoft.graph.servicePrincipal', id: 'SP' }] }),
    );
    expect(identity.groups.get(OPS)).toMatchObject({ name: 'ops', members: [ALEX], owners: ['sp'] });
    expect(identity.principals.get('sp')?.kind).toBe('service-principal');
    expect(identity.principals.get(ALEX)?.userName).toBe('alex@contoso.example');
  });

  test('a group without a page of members is unknown inside, with an empty page it is empty', () => {
    const unread = read(graph('groups', { id: OPS, displayName: 'ops' })).identity.groups.get(OPS);
    const empty = read(graph(`groups('${OPS}')/members`, { value: [] })).identity.groups.get(OPS);
    expect([unread?.members, empty?.members]).toEqual([undefined, []]);
  });

  test('twenty expanded members may not be all, and are not taken for them', () => {
    const members = Array.from({ length: 20 }, (_, index) => ({ id: `m${index}` }));
    const many = read(graph('groups', { id: OPS, members }));
    const few = read(graph('groups', { id: OPS, members: members.slice(1) }));
    expect(many.gaps.map(({ what }) => what)).toEqual(['group-cut-off']);
    expect([many.identity.groups.get(OPS)?.members, few.identity.groups.get(OPS)?.members?.length]).toEqual([
      undefined,
      19,
    ]);
  });

  test('PIM for Groups tells who may join, who has joined, and what that takes', () => {
    const item = { groupId: OPS, principalId: ALEX, accessId: 'member' };
    const at = 'identityGovernance/privilegedAccess/group';
    const { identity } = read(
      graph(`${at}/eligibilityScheduleInstances`, item),
      graph(`${at}/eligibilityScheduleInstances`, {
        ...item,
        principalId: 'gone',
        endDateTime: '2026-05-01T00:00:00Z',
      }),
      graph(`${at}/assignmentScheduleInstances`, { ...item, accessId: 'owner', assignmentType: 'activated' }),
      graph('policies/roleManagementPolicyAssignments', {
        id: 'x',
        scopeId: OPS,
        scopeType: 'Group',
        roleDefinitionId: 'member',
        policyId: 'p',
        policy: { rules: [{ id: 'AuthenticationContext_EndUser_Assignment', isEnabled: true, claimValue: 'c1' }] },
      }),
    );
    expect(identity.groups.get(OPS)).toMatchObject({
      eligibleMembers: [ALEX],
      activatedOwners: [ALEX],
      eligibleOwners: [],
    });
    expect(identity.roleSettings).toMatchObject([{ group: { id: OPS, as: 'member' }, scope: '/' }]);
    expect(identity.roleSettings[0]?.effectiveRules.size).toBe(1);
  });
});

describe('roles and their settings', () => {
  const permissions = [{ actions: ['*/read'], notActions: [], dataActions: [], notDataActions: [] }];

  test('are read nested as ARM writes them and flattened as az does', () => {
    const nested = authorization('roleDefinitions', ROLE, {
      roleName: 'Bastion Users',
      type: 'CustomRole',
      permissions,
      assignableScopes: [SUB],
    });
    const flat = {
      id: `/providers/Microsoft.Authorization/roleDefinitions/r`,
      type: 'Microsoft.Authorization/roleDefinitions',
      roleName: 'Reader',
      roleType: 'BuiltInRole',
      permissions,
      assignableScopes: ['/'],
    };
    const { roles } = read(nested, flat).identity;
    expect([...roles.values()].map(({ id, name, isCustom }) => [id, name, isCustom])).toEqual([
      [ROLE, 'Bastion Users', true],
      ['r', 'Reader', false],
    ]);
  });

  test('join the policy with the assignment that says what it is for, whichever form its scope has', () => {
    const policyId = `/providers/Microsoft.Subscription${SUB}/providers/Microsoft.Authorization/roleManagementPolicies/p1`;
    const rule = { id: 'Expiration_EndUser_Assignment', maximumDuration: 'PT8H' };
    const assignment = authorization('roleManagementPolicyAssignments', 'p1_x', {
      scope: SUB,
      roleDefinitionId: ROLE,
      policyId,
      effectiveRules: [{ ...rule, maximumDuration: 'PT4H' }],
    });
    const policy = authorization('roleManagementPolicies', 'p1', { scope: SUB, rules: [rule] });
    const [settings] = read(assignment, policy).identity.roleSettings;
    expect(settings).toMatchObject({ role: ROLE, scope: SUB.toLowerCase() });
    expect(settings?.rules.get(rule.id)?.maximumDuration).toBe('PT8H');
    expect(settings?.effectiveRules.get(rule.id)?.maximumDuration).toBe('PT4H');
    expect(read(assignment).identity.roleSettings[0]?.rules.get(rule.id)?.maximumDuration).toBe('PT4H');
  });

  test('without any rules are a gap', () => {
    const bare = authorization('roleManagementPolicyAssignments', 'p1_x', {
      scope: SUB,
      roleDefinitionId: ROLE,
      policyId: 'p1',
    });
    expect(read(bare).gaps.map(({ what }) => what)).toEqual(['role-settings-not-read']);
  });

  test('a deny assignment with a condition denies nothing, and is said', () => {
    const properties = { scope: SUB, permissions, principals: [{ id: ALEX }], excludePrincipals: [{ id: OPS }] };
    const plain = read(authorization('denyAssignments', 'd1', properties));
    expect(plain.identity.denyAssignments).toMatchObject([{ principals: [ALEX], excludedPrincipals: [OPS] }]);
    const conditional = read(authorization('denyAssignments', 'd1', { ...properties, condition: 'x' }));
    expect([conditional.identity.denyAssignments, conditional.gaps.length]).toEqual([[], 1]);
  });
});

describe('sign-in settings', () => {
  const policy = { id: 'P1', displayName: 'MFA', state: 'enabled', conditions: { users: {} }, grantControls: null };

  test('are known without annotations by their structure', () => {
    const { identity } = read(
      policy,
      { id: 'c1', displayName: 'Bastion', isAvailable: true },
      { id: 'S', displayName: 'strong', policyType: 'builtIn', allowedCombinations: ['fido2'] },
    );
    expect(identity.policies.map(({ id }) => id)).toEqual(['p1']);
    expect(identity.contexts.get('c1')?.isAvailable).toBe(true);
    expect(identity.strengths.get('s')?.isBuiltIn).toBe(true);
  });

  test('what a policy holds beyond this model is kept', () => {
    const { policies } = read({ ...policy, partialEnablementStrategy: 'half', templateId: 'x', other: null }).identity;
    expect(policies[0]?.unknown).toEqual({ partialEnablementStrategy: 'half' });
  });

  test('what-if counts enabled policies only, and its answers are never taken for policies', () => {
    const request = { signInIdentity: { userId: ALEX }, signInContext: { authenticationContextValue: 'C1' } };
    const value = [
      { ...policy, policyApplies: true },
      { ...policy, id: 'P2', policyApplies: true, state: 'enabledForReportingButNotEnforced' },
      { ...policy, id: 'P3', policyApplies: false },
    ];
    const { identity } = read(graph('Collection(microsoft.graph.whatIfAnalysisResult)', { request, value }));
    expect(identity.whatIf).toEqual([{ user: ALEX, context: 'c1', policies: ['p1'] }]);
    expect(identity.policies).toEqual([]);
    expect(read().identity.whatIf).toBeUndefined();
  });
});

describe('assets', () => {
  const vm = `${SUB}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm`;
  const nic = `${SUB}/resourceGroups/rg/providers/Microsoft.Network/networkInterfaces/nic`;
  const machine = {
    id: vm,
    type: 'Microsoft.Compute/virtualMachines',
    properties: { storageProfile: { osDisk: { osType: 'Linux' } } },
  };

  test('a machine knows its interfaces from either side, and its extensions by their type', () => {
    const extension = {
      id: `${vm}/extensions/login`,
      properties: { type: 'AADSSHLoginForLinux', provisioningState: 'Succeeded' },
    };
    const failed = {
      id: `${vm}/extensions/other`,
      properties: { type: 'AADLoginForWindows', provisioningState: 'Failed' },
    };
    const { assets } = read(
      machine,
      { id: nic, properties: { virtualMachine: { id: vm.toUpperCase() } } },
      extension,
      failed,
    ).identity;
    expect(assets[0]).toMatchObject({
      operatingSystem: 'linux',
      interfaces: [nic],
      extensions: ['AADSSHLoginForLinux'],
    });
  });

  test('a machine without extensions is told from one whose extensions nobody read', () => {
    const [none] = read({ ...machine, resources: [] }).identity.assets;
    const [unread] = read(machine).identity.assets;
    expect([none?.extensions, unread?.extensions]).toEqual([[], undefined]);
  });
});

describe('anything at all', () => {
  test('is read without failing, whatever stands where', () => {
    const names = [
      'id',
      'type',
      'properties',
      '@odata.type',
      '@odata.context',
      'value',
      'conditions',
      'members',
      'request',
    ];
    const kinds = [
      'Microsoft.Authorization/roleAssignments',
      '#microsoft.graph.group',
      "x#groups('g')/members",
      '#users',
    ];
    const leaf = fc.oneof(fc.constantFrom(...kinds, '', null, 1, true), fc.constant([]));
    const tree = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...names), tie('node'), { maxKeys: 4 }),
      ),
    })).node;
    fc.assert(fc.property(fc.array(tree, { maxLength: 4 }), (entries) => readIdentity(entries, NOW).gaps.length >= 0));
  });

  test('of other kinds is passed over', () => {
    const { gaps } = read(
      null,
      7,
      'x',
      [],
      { id: '/x' },
      { type: 'Microsoft.Network/networkSecurityGroups', id: '/n' },
      graph('users', { value: [] }),
    );
    expect(gaps).toEqual([]);
  });
});
