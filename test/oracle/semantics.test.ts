// docs/semantics.md names a test for every statement: each of them must exist.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const root = join(__dirname, '../..');
const page = readFileSync(join(root, 'docs/semantics.md'), 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('| ') && !/^\| (Statement|Open) \|/.test(line));
const named = [...page.matchAll(/`(test\/[^`]+\.test\.ts) › ([^`]+)`/g)].map(([, file = '', name = '']) => ({
  file,
  name,
}));

describe('the page on semantics', () => {
  test('names a test in every row', () => {
    expect(rows.length).toBeGreaterThan(20);
    expect(named).toHaveLength(rows.length);
  });

  test.each(named)('$file: $name', ({ file, name }) => {
    const path = join(root, file);
    expect(existsSync(path)).toBe(true);
    const text = readFileSync(path, 'utf8');
    expect(text.includes(`'${name}'`) || text.includes(`\`${name}\``)).toBe(true);
  });
});
