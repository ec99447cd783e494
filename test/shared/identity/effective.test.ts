import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { matchesAction } from '../../../shared/identity/action-pattern';
import { unreadGroups, unreadRoles } from '../../../shared/identity/blind-spots';
import { can, holdersOf } from '../../../shared/identity/effective';
import { covers, type DenyAssignment, type Identity, scopeKeyOf } from '../../../shared/identity/identity';
import {
  APP,
  assigned,
  eligible,
  group,
  HOST,
  HUB,
  MACHINE,
  permission,
  role,
  SUBSCRIPTION,
  tenant,
  user,
} from './people';

const READ = 'Microsoft.Network/bastionHosts/read';
const users = [user('alex'), user('sam'), user('kim')];

function deny(rest: Partial<DenyAssignment>): DenyAssignment {
  return {
    resource: 'deny',
    scope: SUBSCRIPTION,
    doesNotApplyToChildScopes: false,
    permissions: [permission(['*'])],
    principals: ['alex'],
    excludedPrincipals: [],
    ...rest,
  };
}

function readers(identity: Identity): string[] {
  return holdersOf(identity, { actions: [READ] }, HOST).map(({ principal }) => principal);
}

describe('who can do something at a place', () => {
  test.each([
    ['the resource itself', HOST],
    ['its resource group', HUB],
    ['the subscription', SUBSCRIPTION],
    ['a management group', '/providers/microsoft.management/managementgroups/m'],
    ['the tenant', '/'],
  ])('whoever has the role on %s can', (_, scope) => {
    expect(readers(tenant({ users, assignments: [assigned('alex', 'reader', scopeKeyOf(scope))] }))).toEqual(['alex']);
  });

  test.each([
    ['another resource group', APP],
    ['a resource group whose name only begins the same', `${HUB}-2`],
    ['another subscription', '/subscriptions/6'],
  ])('whoever has the role on %s cannot', (_, scope) => {
    expect(readers(tenant({ users, assignments: [assigned('alex', 'reader', scope)] }))).toEqual([]);
  });

  test('both ways of writing a subscription are one', () => {
    const scope = scopeKeyOf('/providers/Microsoft.Subscription/subscriptions/5');
    expect(readers(tenant({ users, assignments: [assigned('alex', 'reader', scope)] }))).toEqual(['alex']);
  });

  test('several assignments that each give a part give the whole', () => {
    const roles = [
      role('one', permission([READ])),
      role('two', permission(['Microsoft.Compute/virtualMachines/read'])),
    ];
    const assignments = [
      assigned('alex', 'one', HUB),
      assigned('alex', 'two', SUBSCRIPTION),
      assigned('sam', 'one', HUB),
    ];
    const wants = { actions: [READ, 'Microsoft.Compute/virtualMachines/read'] };
    const holders = holdersOf(tenant({ users, roles, assignments }), wants, HOST);
    expect(holders.map(({ principal, via }) => [principal, via.map((way) => way.assignment.role)])).toEqual([
      ['alex', ['two', 'one']],
    ]);
  });

  test('the least that it takes counts: what stands by itself before what has to be activated', () => {
    const assignments = [
      eligible('alex', 'owner', HUB),
      assigned('alex', 'reader', HUB),
      eligible('sam', 'reader', HUB),
    ];
    const identity = tenant({ users, assignments });
    const all = holdersOf(identity, { actions: [READ] }, HOST, ['assigned', 'eligible']);
    expect(all.map(({ principal, holding }) => `${principal} ${holding}`)).toEqual(['alex assigned', 'sam eligible']);
    expect(readers(identity)).toEqual(['alex']);
  });

  test('a standing assignment to a group that one only may join has to be activated', () => {
    const groups = [group('ops', ['alex'], { eligibleMembers: ['sam'], owners: ['kim'] })];
    const identity = tenant({ users, groups, assignments: [assigned('ops', 'reader', HUB)] });
    expect(readers(identity)).toEqual(['alex', 'kim']);
    const eligibleOnes = holdersOf(identity, { actions: [READ] }, HOST, ['eligible']);
    expect(eligibleOnes.map(({ principal, via }) => [principal, via[0]?.membership])).toEqual([
      ['sam', [{ group: 'ops', as: 'eligible-member' }]],
    ]);
  });

  test('a condition does not count as narrowing, but is said', () => {
    const assignments = [assigned('alex', 'reader', HUB, { condition: '@Resource[x] StringEquals 1' })];
    const [holder] = holdersOf(tenant({ users, assignments }), { actions: [READ] }, HOST);
    expect(holder).toMatchObject({ principal: 'alex', isConditional: true });
    const both = tenant({ users, assignments: [...assignments, assigned('alex', 'reader', SUBSCRIPTION)] });
    expect(holdersOf(both, { actions: [READ] }, HOST)[0]?.isConditional).toBe(false);
  });

  test('any number of actions can be asked about', () => {
    const actions = Array.from({ length: 70 }, (_, index) => `Microsoft.Network/kind${index}/read`);
    const roles = [role('most', permission(actions.slice(1)))];
    const assignments = [assigned('alex', 'most', HUB), assigned('sam', 'reader', HUB)];
    const holders = holdersOf(tenant({ users, roles, assignments }), { actions }, HOST);
    expect(holders.map(({ principal }) => principal)).toEqual(['sam']);
  });

  test('data actions are held apart from actions', () => {
    const login = 'Microsoft.Compute/virtualMachines/login/action';
    const roles = [role('login', permission([], { dataActions: [login] }))];
    const identity = tenant({
      users,
      roles,
      assignments: [assigned('alex', 'login', APP), assigned('sam', 'owner', '/')],
    });
    expect(can(identity, 'alex', login, MACHINE, 'dataActions')).toBe(true);
    expect(can(identity, 'sam', login, MACHINE, 'dataActions')).toBe(false);
    expect(can(identity, 'sam', login, MACHINE)).toBe(true);
  });
});

describe('deny assignments', () => {
  const groups = [group('ops', ['alex', 'sam']), group('unread', undefined)];
  const assignments = [assigned('alex', 'owner', SUBSCRIPTION), assigned('sam', 'owner', SUBSCRIPTION)];

  test.each<[string, Partial<DenyAssignment>, string[]]>([
    ['deny whoever they name', {}, ['sam']],
    ['deny the members of a group', { principals: ['ops'] }, []],
    [
      'deny everyone but those spared',
      { principals: ['00000000-0000-0000-0000-000000000000'], excludedPrincipals: ['sam'] },
      ['sam'],
    ],
    ['do not reach below, where they say so', { doesNotApplyToChildScopes: true }, ['alex', 'sam']],
    [
      'do not deny their own exceptions',
      { permissions: [permission(['*'], { notActions: ['*/read'] })] },
      ['alex', 'sam'],
    ],
    ['do not hold elsewhere', { scope: APP }, ['alex', 'sam']],
    [
      'do not count where it is unknown whom they spare',
      { principals: ['ops'], excludedPrincipals: ['unread'] },
      ['alex', 'sam'],
    ],
  ])('%s', (_, rest, expected) => {
    expect(readers(tenant({ users, groups, assignments, denyAssignments: [deny(rest)] }))).toEqual(expected);
  });
});

describe('what was not read', () => {
  test('a group with unknown members stands for them, and is a gap', () => {
    const groups = [group('ops', undefined), group('idle', undefined)];
    const roles = [role('nothing', permission(['Microsoft.Storage/*']))];
    const assignments = [assigned('ops', 'reader', HUB), assigned('idle', 'nothing', HUB)];
    const identity = tenant({ groups, roles, assignments });
    expect(readers(identity)).toEqual(['ops']);
    const gaps = unreadGroups(identity, 'ops');
    expect(gaps.map(({ what, resource }) => `${what} ${resource}`)).toEqual(['group-members-not-read ops']);
  });

  test('an assigned role without a definition is a gap', () => {
    const assignments = [assigned('alex', 'lost', HUB), assigned('alex', 'lost', APP), assigned('alex', 'reader', HUB)];
    expect(unreadRoles(tenant({ users, assignments }), assignments)).toMatchObject([
      { what: 'role-not-read', resource: 'lost' },
    ]);
  });
});

/** Everything again, the long way round: for one person, by walking all groups, assignments and permissions. */
function canNaively(identity: Identity, person: string, action: string, place: string): boolean {
  const mine = new Set([person]);
  for (let size = 0; size !== mine.size; ) {
    size = mine.size;
    for (const each of identity.groups.values()) if (each.members?.some((id) => mine.has(id))) mine.add(each.id);
  }
  const given = identity.assignments.some(({ principal, scope, role: id }) => {
    if (!mine.has(principal) || !covers(scope, place)) return false;
    const permissions = identity.roles.get(id)?.permissions ?? [];
    return permissions.some(
      ({ actions, notActions }) =>
        actions.some((by) => matchesAction(by, action)) && !notActions.some((by) => matchesAction(by, action)),
    );
  });
  const isDenied = identity.denyAssignments.some(
    ({ scope, principals, permissions }) =>
      covers(scope, place) &&
      principals.some((id) => mine.has(id)) &&
      permissions.some(({ actions }) => actions.some((by) => matchesAction(by, action))),
  );
  return given && !isDenied;
}

describe('effective actions', () => {
  test('agree with the long way round', () => {
    const people = ['alex', 'sam', 'kim'];
    const ids = ['g', 'h', 'i', ...people];
    const scope = fc.constantFrom('/', SUBSCRIPTION, HUB, APP, scopeKeyOf(HOST));
    const pattern = fc.constantFrom(
      '*',
      '*/read',
      READ,
      'Microsoft.Network/*',
      '*/bastionHosts/*',
      'Microsoft.Compute/*',
    );
    const some = fc.record({
      actions: fc.array(pattern, { maxLength: 2 }),
      notActions: fc.array(pattern, { maxLength: 1 }),
    });
    const permissions = fc.array(
      some.map(({ actions, notActions }) => permission(actions, { notActions })),
      { maxLength: 2 },
    );
    const assignment = fc
      .tuple(fc.constantFrom(...ids), fc.constantFrom('r', 's'), scope)
      .map(([principal, to, at]) => assigned(principal, to, at));
    const denial = fc
      .tuple(fc.constantFrom(...ids), scope, pattern)
      .map(([principal, at, by]) => deny({ principals: [principal], scope: at, permissions: [permission([by])] }));
    const members = fc.subarray(ids);
    fc.assert(
      fc.property(
        fc.tuple(members, members, members),
        fc.tuple(permissions, permissions),
        fc.array(assignment, { maxLength: 5 }),
        fc.array(denial, { maxLength: 1 }),
        ([g, h, i], [r, s], assignments, denyAssignments) => {
          const groups = [group('g', g), group('h', h), group('i', i)];
          const identity = tenant({
            users,
            groups,
            roles: [role('r', ...r), role('s', ...s)],
            assignments,
            denyAssignments,
          });
          const expected = people.filter((person) => canNaively(identity, person, READ, scopeKeyOf(HOST))).toSorted();
          expect(readers(identity)).toEqual(expected);
        },
      ),
      { numRuns: 300 },
    );
  });
});
