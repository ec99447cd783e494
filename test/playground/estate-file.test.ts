import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { readFileSync } from 'node:fs';
import { guardsUnder, InputError, policyPath, readEstate } from '../../playground/estate-file';
import { at, listAt } from '../../playground/json';

const folder = mkdtempSync(join(tmpdir(), 'estate-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('playground/estate-file', () => {
  test.each([
    ['a section on sign-in', 'version: 1\nidentity:\n  context: c2\n', 'network,identity'],
    ['the kind of sign-in alone', 'version: 1\nsignIn: activation\n', 'network,identity'],
    ['JSON', '{"version":1,"identity":{}}', 'network,identity'],
    ['a comment about it', 'version: 1\n# identity: none\n', 'network'],
    ['nothing about it', 'version: 1\n', 'network'],
  ])('sign-in is guarded where the policy speaks of it: %s', (_, content, guards) => {
    expect(guardsUnder(file('policy.yaml', content))).toEqual({ GUARDRAIL_GUARDS: guards });
  });

  test.each([
    ['a list', '[{"id":"a"}]'],
    ['a page', '{"value":[{"id":"a"}]}'],
    ['an answer of Resource Graph', '{"data":[{"id":"a"}],"count":1}'],
    ['a template', '{"$schema":"s","resources":[{"id":"a"}]}'],
  ])('%s is an estate', (_, content) => {
    expect(readEstate(file('estate.json', content))).toEqual([{ id: 'a' }]);
  });

  test.each([
    ['{"a":1}', 'expected an array of ARM resources'],
    ['[1]', 'entry 0 is not a resource'],
    ['[', 'JSON'],
  ])('%s is refused with one line that names the file', (content, message) => {
    const path = file('bad.json', content);
    expect(() => readEstate(path)).toThrow(InputError);
    expect(() => readEstate(path)).toThrow(message);
    expect(() => readEstate(path)).toThrow(path);
  });

  test('a file that is not there is refused', () => {
    expect(() => readEstate('nowhere.json')).toThrow('nowhere.json: no such estate file');
    expect(() => policyPath('nowhere.yaml', 'hub-and-spoke')).toThrow('nowhere.yaml: no such policy file');
  });

  test.each(['hub-and-spoke', 'hub-and-spoke-loose', 'single-vnet'])(
    'the policy of %s pins a Bastion host of that estate',
    (name) => {
      const ids = readEstate(name).map((resource) => at(resource, 'id'));
      const path = policyPath(undefined, name);
      expect(path).toMatch(new RegExp(`/${name}\\.yaml$`));
      const policy: unknown = parse(readFileSync(path, 'utf8'));
      const pinned = listAt(policy, 'bastionHosts');
      expect(pinned).toHaveLength(1);
      expect(ids).toContain(pinned[0]);
    },
  );

  test('an estate of one’s own has the policy of the hub and spoke unless told', () => {
    expect(policyPath(undefined, 'mine.json')).toMatch(/hub-and-spoke\.yaml$/);
  });
});
