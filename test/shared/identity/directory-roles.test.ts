import { describe, expect, test } from '@jest/globals';
import { signInWriters } from '../../../shared/identity/directory-roles';
import { readIdentity } from '../../../shared/identity/read';
import { graph } from './exported';

const GLOBAL = '62e90394-69f5-4237-9190-012177145e10';

function read(...entries: readonly unknown[]): ReturnType<typeof readIdentity> {
  return readIdentity(entries, new Date('2026-06-01T00:00:00Z'));
}

describe('roles of the directory', () => {
  const role = graph('directoryRoles', { id: 'R1', roleTemplateId: GLOBAL, displayName: 'Globaler Administrator' });

  test('tell who can rewrite Conditional Access, members of nested groups and owners included', () => {
    const { identity, gaps } = read(
      role,
      graph('directoryRoles', { id: 'R2', roleTemplateId: 'reader' }),
      graph("directoryRoles('R2')/members", { value: [{ id: 'kim' }] }),
      graph("directoryRoles('R1')/members", { value: [{ id: 'alex' }, { id: 'ops' }] }),
      graph("groups('ops')/members", { value: [{ id: 'sam' }] }),
      graph("groups('ops')/owners", { value: [{ id: 'pat' }] }),
    );
    expect(gaps).toEqual([]);
    expect(signInWriters(identity).map(({ principal, role: of }) => `${principal}: ${of}`)).toEqual([
      'alex: Global Administrator',
      'pat: Global Administrator',
      'sam: Global Administrator',
    ]);
  });

  test('without their members, or not read at all, are unknown and not empty', () => {
    expect(read(role).identity.directoryRoles).toEqual([
      { id: 'r1', template: GLOBAL, name: 'Globaler Administrator' },
    ]);
    expect(read().identity.directoryRoles).toBeUndefined();
    expect(
      read(role, graph("directoryRoles('R1')/members", { value: [] })).identity.directoryRoles?.[0]?.members,
    ).toEqual([]);
  });

  test('without a template are a gap', () => {
    expect(read(graph('directoryRoles', { id: 'R1' })).gaps.map(({ what }) => what)).toEqual([
      'malformed-directory-role',
    ]);
  });
});
