import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Group } from '../../../shared/identity/identity';
import { expander } from '../../../shared/identity/membership';
import { group, tenant, user } from './people';

function whoIsIn(top: string, groups: readonly Group[]): Record<string, string[]> {
  const { paths } = expander(tenant({ groups, users: [user('alex'), user('sam'), user('kim')] }))(top);
  const lines: Record<string, string[]> = {};
  for (const { principal, holding, chain } of paths) {
    const steps = chain.map((step) => `${step.as} of ${step.group}`).join(', ');
    lines[principal] = [...(lines[principal] ?? []), `${holding}: ${steps}`];
  }
  return lines;
}

describe('who is in a group', () => {
  test('members of nested groups are, and circles end', () => {
    const groups = [group('a', ['b', 'alex']), group('b', ['c', 'a']), group('c', ['sam', 'b'])];
    expect(whoIsIn('a', groups)).toEqual({
      alex: ['assigned: member of a'],
      sam: ['assigned: member of a, member of b, member of c'],
    });
  });

  test('owners may add themselves, which is said of those who are no members', () => {
    const groups = [group('a', ['b', 'alex'], { owners: ['alex', 'kim'] }), group('b', [], { owners: ['sam'] })];
    expect(whoIsIn('a', groups)).toEqual({
      alex: ['assigned: member of a'],
      kim: ['assigned: owner of a'],
      sam: ['assigned: member of a, owner of b'],
    });
  });

  test('PIM for Groups tells those who may join from those who have just joined', () => {
    const pim = { eligibleMembers: ['alex', 'b'], activatedMembers: ['alex'] };
    const groups = [group('a', ['alex'], pim), group('b', ['sam'], { eligibleOwners: ['kim'] })];
    expect(whoIsIn('a', groups)).toEqual({
      alex: ['activated: activated-member of a', 'eligible: eligible-member of a'],
      sam: ['eligible: eligible-member of a, member of b'],
      kim: ['eligible: eligible-member of a, eligible-owner of b'],
    });
  });

  test('a group whose members were not read stands for itself, and is said', () => {
    const groups = [group('a', ['b']), group('b', undefined)];
    const { paths, unread } = expander(tenant({ groups }))('a');
    expect(paths.map(({ principal }) => principal)).toEqual(['b']);
    expect(unread).toEqual(['b']);
  });

  test('everybody at once is as good as step by step, but told in steps where they are known', () => {
    const groups = [
      group('a', ['b'], { transitiveMembers: ['b', 'c', 'alex', 'sam'] }),
      group('b', ['alex']),
      group('c', undefined),
    ];
    const { paths, unread } = expander(tenant({ groups }))('a');
    expect(paths.map(({ principal, chain }) => [principal, chain.length])).toEqual([
      ['alex', 2],
      ['sam', 1],
    ]);
    expect(unread).toEqual([]);
  });

  test('agrees with adding members until nothing changes', () => {
    const ids = ['a', 'b', 'c', 'd', 'alex', 'sam', 'kim'];
    const members = fc.subarray(ids);
    fc.assert(
      fc.property(members, members, members, members, (a, b, c, d) => {
        const groups = [group('a', a), group('b', b), group('c', c), group('d', d)];
        const direct = new Map(groups.map((each) => [each.id, each.members ?? []]));
        let reached = new Set(direct.get('a'));
        for (let size = -1; size !== reached.size; ) {
          size = reached.size;
          reached = new Set([...reached, ...[...reached].flatMap((id) => direct.get(id) ?? [])]);
        }
        const people = [...reached].filter((id) => !direct.has(id)).toSorted();
        expect(Object.keys(whoIsIn('a', groups)).toSorted()).toEqual(people);
      }),
    );
  });
});
