/** What the pages on running the guardrail point to is there: files, headings, npm scripts and settings. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import packageJson from '../../package.json';
import { CONTROL_IDS } from '../../shared/controls';
import { SETTINGS } from '../../shared/settings';

const ROOT = resolve(__dirname, '../..');
const PAGES = [
  'SECURITY.md',
  'bench/README.md',
  ...['deploy', 'identity', 'operate', 'permissions', 'semantics', 'threat-model'].map((name) => `docs/${name}.md`),
];

function read(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

/** As GitHub makes them: lower case, blanks to hyphens, everything else but letters, digits and hyphens left out. */
function anchorsIn(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('the pages on running the guardrail', () => {
  test.each(PAGES)('%s: every link leads to a file, and to a heading in it', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
    const dead = links.filter(([, file = '', anchor]) => {
      const path = file === '' ? join(ROOT, page) : resolve(ROOT, page, '..', file);
      if (!existsSync(path)) return true;
      return anchor !== undefined && !anchorsIn(readFileSync(path, 'utf8')).includes(anchor);
    });
    expect(dead.map(([link]) => link)).toEqual([]);
  });

  test.each(PAGES)('%s: names only scripts, settings and controls that exist', (page) => {
    const text = read(page);
    const named = (pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, name = '']) => name);
    const scripts = named(/npm run (?:--silent )?([\w:-]+)/g).filter((name) => !(name in packageJson.scripts));
    const known = SETTINGS.map(({ name }) => name);
    const settings = named(/\b(GUARDRAIL_[A-Z_]+)/g).filter((name) => !known.includes(name));
    expect({ scripts, settings }).toEqual({ scripts: [], settings: [] });
  });

  test('identity.md has a row for every control on the sign-in', () => {
    const rows = [...read('docs/identity.md').matchAll(/^\| `([\w-]+)` \|/gm)].map(([, id = '']) => id);
    expect(rows.filter((id) => !CONTROL_IDS.includes(id))).toEqual([]);
    expect(CONTROL_IDS.slice(CONTROL_IDS.indexOf('bastion-role-exact'))).toEqual(rows);
  });
});
