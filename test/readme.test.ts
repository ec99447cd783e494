/** The README tells the truth: its generated parts are what the code says, and what it names exists. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { CONTROLS } from '../shared/controls';
import { parsePolicy } from '../shared/policy/parse';
import { SETTINGS } from '../shared/settings';

const ROOT = resolve(__dirname, '..');
const PATH = join(ROOT, 'README.md');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const GENERATED: Readonly<Record<string, string>> = {
  controls: table(
    ['Control', 'Holds when', 'Why'],
    CONTROLS.map((control) => [
      `\`${control.id}\``,
      control.title,
      `${control.why} ${control.references.map((reference, index) => `[${index + 1}](${reference})`).join(' ')}`,
    ]),
  ),
  settings: table(
    ['Setting', 'Default', 'Secret', 'Meaning'],
    SETTINGS.map((setting) => [
      `\`${setting.name}\``,
      setting.default ?? '**required**',
      setting.secret ? 'yes' : '',
      setting.meaning,
    ]),
  ),
};

function partOf(readme: string, name: string): string {
  return new RegExp(`<!-- ${name} -->\n([\\s\\S]*?)<!-- /${name} -->`).exec(readme)?.[1]?.trim() ?? '(no such part)';
}

if (process.env.UPDATE_README) {
  let readme = readFileSync(PATH, 'utf8');
  for (const [name, text] of Object.entries(GENERATED)) {
    readme = readme.replace(
      new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`),
      (_, open: string, close: string) => `${open}\n${text}\n\n${close}`,
    );
  }
  writeFileSync(PATH, readme);
}

const readme = readFileSync(PATH, 'utf8');

describe('the README', () => {
  test.each(Object.keys(GENERATED))('lists the %s as the code has them', (name) => {
    expect(partOf(readme, name)).toBe(GENERATED[name]);
  });

  test('names only npm scripts and files that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const documents = [
      'README.md',
      'CONTRIBUTING.md',
      ...['cli', 'deploy', 'semantics', 'concurrency', 'playground'].map((name) => `docs/${name}.md`),
    ];
    for (const document of documents) {
      const text = readFileSync(join(ROOT, document), 'utf8');
      const named = [...text.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map((match) => match[1] ?? '');
      expect({ document, missing: named.filter((name) => !(name in scripts)) }).toEqual({ document, missing: [] });
      const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map((match) => match[1] ?? '');
      const dead = links.filter((link) => !existsSync(resolve(ROOT, document, '..', link)));
      expect({ document, dead }).toEqual({ document, dead: [] });
    }
  });

  test('shows a policy that the guardrail accepts', () => {
    const yaml = /```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    const filled = yaml.replace('/subscriptions/…/', '/subscriptions/00000000-0000-0000-0000-000000000000/');
    expect(
      parsePolicy(
        filled,
        CONTROLS.map((control) => control.id),
      ),
    ).toMatchObject({ ok: true });
  });
});
