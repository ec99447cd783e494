import { describe, expect, test } from '@jest/globals';
import { readIdentity } from '../../../shared/identity/read';
import { ALEX, authorization, held, OPS, SUB } from './exported';

const NOW = new Date('2026-06-01T00:00:00Z');
const ORIGIN = `${SUB}/providers/Microsoft.Authorization/roleAssignments/r1`;

function lines(...entries: readonly unknown[]): string[] {
  const { identity, gaps } = readIdentity(entries, NOW);
  expect(gaps).toEqual([]);
  return identity.assignments.map(
    ({ holding, inPim, end, scope }) => `${holding}${inPim ? ' in PIM' : ''}${end ? ` until ${end}` : ''} at ${scope}`,
  );
}

const AT = `at ${SUB.toLowerCase()}`;

describe('assignments', () => {
  test.each<[string, readonly unknown[], string[]]>([
    ['outside PIM are assigned', [held('roleAssignments', 'r1')], [`assigned ${AT}`]],
    [
      'that PIM mentions as well are one, without end if it names none',
      [
        held('roleAssignments', 'r1'),
        held('roleAssignmentScheduleInstances', 'i1', { originRoleAssignmentId: ORIGIN, assignmentType: 'Assigned' }),
      ],
      [`assigned ${AT}`],
    ],
    [
      'behind an activation are the activation',
      [
        held('roleAssignments', 'r1'),
        held('roleAssignmentScheduleInstances', 'i1', {
          originRoleAssignmentId: ORIGIN.toUpperCase(),
          roleAssignmentScheduleId: `${SUB}/providers/Microsoft.Authorization/roleAssignmentSchedules/s1`,
          assignmentType: 'Activated',
          endDateTime: '2026-06-01T08:00:00Z',
        }),
      ],
      [`activated in PIM until 2026-06-01T08:00:00Z ${AT}`],
    ],
    [
      'beside an activation, but not behind it, stand by themselves',
      [
        held('roleAssignments', 'r2'),
        held('roleAssignmentScheduleInstances', 'i1', { originRoleAssignmentId: ORIGIN, assignmentType: 'Activated' }),
      ],
      [`activated ${AT}`, `assigned ${AT}`],
    ],
    [
      'that begin later are planned',
      [held('roleAssignmentSchedules', 's1', { assignmentType: 'Assigned', startDateTime: '2026-07-01T00:00:00Z' })],
      [`planned in PIM ${AT}`],
    ],
    [
      'that may be activated are eligible, also from later on, for as long as any of them says',
      [
        held('roleEligibilityScheduleInstances', 'e1', { endDateTime: '2026-07-01T00:00:00Z' }),
        held('roleEligibilitySchedules', 'e2', {
          startDateTime: '2026-07-01T00:00:00Z',
          endDateTime: '2026-09-01T00:00:00Z',
        }),
      ],
      [`eligible in PIM until 2026-09-01T00:00:00Z ${AT}`],
    ],
    ['that have ended are none', [held('roleEligibilitySchedules', 'e1', { endDateTime: '2026-06-01T00:00:00Z' })], []],
    [
      'are the same at both forms of a subscription',
      [
        held('roleAssignments', 'r1', { scope: `/providers/Microsoft.Subscription${SUB}` }),
        held('roleAssignmentScheduleInstances', 'i1', { assignmentType: 'Assigned' }),
      ],
      [`assigned ${AT}`],
    ],
    [
      'that somebody has by a group are told of the group alone',
      [
        held('roleEligibilityScheduleInstances', 'e1', { memberType: 'Group' }),
        held('roleEligibilityScheduleInstances', 'e2', { principalId: OPS, principalType: 'Group' }),
      ],
      [`eligible in PIM ${AT}`],
    ],
  ])('%s', (_, entries, expected) => {
    expect(lines(...entries)).toEqual(expected);
  });

  test('as az prints them are flattened, and a deleted principal stays without a kind', () => {
    const { identity } = readIdentity(
      [
        {
          id: ORIGIN,
          type: 'Microsoft.Authorization/roleAssignments',
          principalId: ALEX,
          principalName: '',
          principalType: 'Unknown',
          roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/x`,
          scope: SUB,
        },
      ],
      NOW,
    );
    expect(identity.principals.get(ALEX)).toEqual({ id: ALEX, kind: 'unknown', name: ALEX });
    expect(identity.assignments).toMatchObject([{ role: 'x', principal: ALEX, holding: 'assigned' }]);
  });

  test('with a condition lose it where the same is held without one', () => {
    const entries = [held('roleAssignments', 'r1', { condition: 'x' }), held('roleAssignments', 'r2')];
    expect(readIdentity(entries, NOW).identity.assignments[0]?.condition).toBeUndefined();
  });

  test('that name no principal are a gap, and a date that is none is said and not believed', () => {
    const broken = held('roleAssignments', 'r1', { principalId: null });
    const odd = held('roleEligibilitySchedules', 'e1', { endDateTime: 'yesterday' });
    const { identity, gaps } = readIdentity([broken, odd], NOW);
    expect(gaps.map(({ what }) => what)).toEqual(['malformed-role-assignment', 'bad-date']);
    expect(identity.assignments).toMatchObject([{ holding: 'eligible' }]);
  });
});

describe('requests', () => {
  const request = {
    requestType: 'SelfActivate',
    scheduleInfo: { startDateTime: '2026-05-31T20:00:00Z', expiration: { type: 'AfterDuration', duration: 'PT8H' } },
  };

  test('that were granted are activations, with the end that their duration gives', () => {
    const granted = held('roleAssignmentScheduleRequests', 'q1', { ...request, status: 'Provisioned' });
    const denied = held('roleAssignmentScheduleRequests', 'q2', { ...request, status: 'Denied' });
    const { activations, pendingRequests } = readIdentity([granted, denied], NOW).identity;
    expect(activations).toMatchObject([
      { principal: ALEX, at: '2026-05-31T20:00:00Z', end: '2026-06-01T04:00:00.000Z' },
    ]);
    expect(pendingRequests).toEqual([]);
  });

  test('that wait are pending and no activation', () => {
    const waiting = held('roleAssignmentScheduleRequests', 'q1', { ...request, status: 'PendingApproval' });
    const { activations, pendingRequests } = readIdentity([waiting], NOW).identity;
    expect([activations, pendingRequests]).toEqual([[], [expect.stringContaining('q1')]]);
  });

  test('and their instances are one activation', () => {
    const granted = held('roleAssignmentScheduleRequests', 'q1', {
      ...request,
      status: 'Provisioned',
      targetRoleAssignmentScheduleId: 's1',
    });
    const instance = authorization('roleAssignmentScheduleInstances', 'i1', {
      scope: SUB,
      roleDefinitionId: 'x',
      principalId: ALEX,
      assignmentType: 'Activated',
      roleAssignmentScheduleId: `${SUB}/providers/Microsoft.Authorization/roleAssignmentSchedules/S1`,
      startDateTime: '2026-05-31T20:00:00Z',
    });
    expect(readIdentity([instance, granted], NOW).identity.activations).toHaveLength(1);
    expect(readIdentity([granted, instance], NOW).identity.activations).toHaveLength(1);
  });
});
