/** docs/permissions.md names every permission there is and what it is for; UPDATE_DOCS=1 writes its tables anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import identityRole from '../../infra/roles/identity.json';
import networkRole from '../../infra/roles/network.json';
import { partOf, tableOf, withParts } from './parts';
import { GRAPH_PURPOSES, IDENTITY_PURPOSES, NETWORK_PURPOSES, purposeOf } from './purposes';

const ROOT = resolve(__dirname, '../..');
const PATH = join(ROOT, 'docs/permissions.md');
const SCRIPT = readFileSync(join(ROOT, 'infra/grant-graph-roles.sh'), 'utf8');

/** The words of a list in the script, as in `reader_roles="A B"` over several lines. */
function listInScript(name: string): string[] {
  const text = new RegExp(`^${name}="([^"]*)"`, 'm').exec(SCRIPT)?.[1] ?? '';
  return text.split(/\s+/).filter((word) => word !== '');
}

const LISTS = {
  network: { permissions: networkRole.permissions.flatMap(({ actions }) => actions), purposes: NETWORK_PURPOSES },
  identity: { permissions: identityRole.permissions.flatMap(({ actions }) => actions), purposes: IDENTITY_PURPOSES },
  reader: { permissions: [...listInScript('reader_roles'), 'Mail.Send'], purposes: GRAPH_PURPOSES },
  writer: { permissions: listInScript('writer_roles'), purposes: GRAPH_PURPOSES },
};
const NAMES = ['network', 'identity', 'reader', 'writer'] as const;

const TABLES = Object.fromEntries(
  NAMES.map((name) => {
    const { permissions, purposes } = LISTS[name];
    const rows = permissions.map((each) => [`\`${each}\``, purposeOf(each, purposes) ?? '']);
    return [name, tableOf(['Permission', 'What for'], rows)];
  }),
);

if (process.env.UPDATE_DOCS) writeFileSync(PATH, withParts(readFileSync(PATH, 'utf8'), TABLES));

describe('docs/permissions.md', () => {
  test.each(NAMES)('%s: every permission has a purpose', (name) => {
    const { permissions, purposes } = LISTS[name];
    expect(permissions.length).toBeGreaterThan(0);
    expect(permissions.filter((each) => purposeOf(each, purposes) === undefined)).toEqual([]);
  });

  test.each(NAMES)('%s: the table is what the files say', (name) => {
    expect(partOf(readFileSync(PATH, 'utf8'), name)).toBe(TABLES[name]);
  });

  test('the script grants whatever a gap may name as missing', () => {
    const source = readFileSync(join(ROOT, 'shared/azure/identity/not-read.ts'), 'utf8');
    const named = [...source.matchAll(/\b[A-Z]\w+\.(?:Read|ReadWrite)\.\w+\b/g)].map(([permission]) => permission);
    const granted = [...listInScript('reader_roles'), ...listInScript('writer_roles')];
    // Directory.Read.All reads what these read.
    const covered = ['GroupMember.Read.All', 'User.Read.All', 'Organization.Read.All', 'RoleManagement.Read.Directory'];
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((each) => !granted.includes(each) && !covered.includes(each))).toEqual([]);
  });

  test('no list lets an identity write what the other one guards', () => {
    expect(LISTS.reader.permissions.filter((each) => each.includes('ReadWrite'))).toEqual([]);
    expect(LISTS.network.permissions.filter((each) => /Authorization\//.test(each))).toEqual([]);
    const writes = LISTS.identity.permissions.filter((each) => !each.endsWith('/read'));
    expect(writes.filter((each) => !each.startsWith('Microsoft.Authorization/'))).toEqual([]);
  });
});
