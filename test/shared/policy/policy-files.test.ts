/** What is published about the policy is what validates it: the JSON Schema for editors, the page, and the examples. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020';
import { parse } from 'yaml';
import { CONTROL_IDS } from '../../../shared/controls';
import { parsePolicy } from '../../../shared/policy/parse';
import type { AccessPolicy } from '../../../shared/policy/policy';
import { fieldsOf, policyJsonSchema } from './policy-schema';

const ROOT = join(__dirname, '../../..');
const SCHEMA = join(ROOT, 'docs/policy-schema.json');
const PAGE = join(ROOT, 'docs/policy.md');
const EXAMPLES = join(ROOT, 'examples/policies');
const PART = /(<!-- fields -->\n)[\s\S]*?(<!-- \/fields -->)/;

function table(): string {
  const rows = fieldsOf(policyJsonSchema()).map(({ name, default: standard, meaning }) => [
    `\`${name}\``,
    standard,
    meaning,
  ]);
  return [['Field', 'Default', 'Meaning'], ['---', '---', '---'], ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
}

if (process.env.UPDATE_POLICY_DOCS) {
  writeFileSync(SCHEMA, `${JSON.stringify(policyJsonSchema(), null, 2)}\n`);
  const page = readFileSync(PAGE, 'utf8');
  writeFileSync(
    PAGE,
    page.replace(PART, (_, open: string, close: string) => `${open}\n${table()}\n\n${close}`),
  );
}

const page = readFileSync(PAGE, 'utf8');
const isAllowed = new Ajv2020({ strict: true, strictRequired: false, allErrors: true }).compile(policyJsonSchema());

function load(text: string): AccessPolicy {
  const result = parsePolicy(text, CONTROL_IDS);
  if (!result.ok) throw new Error(result.problems.map(({ path, message }) => `${path}: ${message}`).join('\n'));
  return result.policy;
}

describe('the published schema of the policy', () => {
  test('is made from the one that validates (UPDATE_POLICY_DOCS=1 writes it anew)', () => {
    expect(JSON.parse(readFileSync(SCHEMA, 'utf8'))).toEqual(policyJsonSchema());
  });

  test('describes every field', () => {
    const silent = fieldsOf(policyJsonSchema()).filter(({ meaning }) => meaning === '(no description)');
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  test.each([
    ['a misspelt field', { version: 1, bastionHost: [] }],
    ['a misspelt control', { version: 1, controls: { 'admin-ports': 'report' } }],
    ['a repair of what only ever reports', { version: 1, controls: { 'no-standing-bypass': 'remediate' } }],
    [
      'a source without an owner',
      { version: 1, additionalSources: [{ sources: ['10.0.0.1'], reviewBy: '2027-01-31' }] },
    ],
    ['a version there is not', { version: 2 }],
  ])('underlines %s', (_, data) => {
    expect(isAllowed(data)).toBe(false);
  });

  test('takes ids in any casing, as the guardrail does', () => {
    const id = '/SUBSCRIPTIONS/s/resourcegroups/rg/providers/microsoft.network/BASTIONHOSTS/b';
    expect(isAllowed({ version: 1, bastionHosts: [id] })).toBe(true);
    expect(load(JSON.stringify({ version: 1, bastionHosts: [id] })).bastionHosts).toEqual([id.toLowerCase()]);
  });
});

describe('the page on the policy', () => {
  test('lists the fields as the schema has them', () => {
    expect(PART.exec(page)?.[0]).toBe(`<!-- fields -->\n\n${table()}\n\n<!-- /fields -->`);
  });

  test('leads to files that exist', () => {
    const links = [...page.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map((match) => match[1] ?? '');
    expect(links.length).toBeGreaterThan(3);
    expect(links.filter((link) => !existsSync(resolve(PAGE, '..', link)))).toEqual([]);
  });

  test('shows only what the guardrail accepts', () => {
    const shown = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
    expect(shown.length).toBeGreaterThan(5);
    for (const text of shown)
      expect(load(/^version:/m.test(text) ? text : `version: 1\n${text}`).hash).toMatch(/^\w{16}$/);
  });
});

describe('the example policies', () => {
  const names = readdirSync(EXAMPLES);
  const example = (name: string): string => readFileSync(join(EXAMPLES, name), 'utf8');

  test.each(names)('%s is accepted, also by an editor, and tells the editor where its schema is', (name) => {
    const text = example(name);
    expect(text).toMatch(/^# yaml-language-server: \$schema=\.\.\/\.\.\/docs\/policy-schema\.json\n/);
    expect(load(text).bastionHosts.length).toBeGreaterThan(0);
    isAllowed(parse(text));
    expect(isAllowed.errors ?? []).toEqual([]);
  });

  test('a bank records every session, lets nobody in from outside, and repairs nothing without a second person', () => {
    const { bastion, controls, identity, publicIps } = load(example('bank.yaml'));
    expect(bastion).toMatchObject({
      minimumSku: 'Premium',
      client: 'browser',
      sessionRecording: true,
      privateOnly: true,
    });
    expect(Object.values(controls)).not.toContain('remediate');
    expect(identity.activation.approvers?.length).toBeGreaterThan(0);
    expect(identity.breakGlass.length).toBeGreaterThan(1);
    expect(publicIps.kinds).not.toContain('bastion');
  });

  test('a small team repairs its network and only hears about its sign-in', () => {
    const { controls, identity } = load(example('small-team.yaml'));
    expect(controls['admin-ports-only-from-bastion']).toBe('remediate');
    expect(controls['context-requires-phishing-resistant-mfa'] ?? 'report').toBe('report');
    expect(identity.breakGlass).toEqual([]);
  });

  test('the hub and spoke of the article asks for a phishing-resistant sign-in at activation', () => {
    const { bastion, identity } = load(example('article.yaml'));
    expect(bastion.minimumSku).toBe('Standard');
    expect(identity).toMatchObject({ signIn: 'activation', context: 'c1', bastionRole: { name: 'Bastion Users' } });
  });
});
