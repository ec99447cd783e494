import { describe, expect, test } from '@jest/globals';
import { CONTROL_IDS } from '../../../shared/controls';
import { nearest } from '../../../shared/policy/nearest';
import { parsePolicy } from '../../../shared/policy/parse';
import { readPolicy } from '../../../shared/policy/policy';

function problemsOf(text: string): string[] {
  const result = parsePolicy(text, CONTROL_IDS);
  return result.ok ? [] : result.problems.map(({ path, message }) => `${path}: ${message}`);
}

describe('a mistake in a policy', () => {
  test.each([
    [
      'a wrong value, at the value',
      'version: 1\nallowedSources: everybody',
      /^allowedSources: .*\(line 2, column 17\)$/,
    ],
    ['an entry of a list', 'version: 1\nbastionHosts:\n  - bas-hub', /^bastionHosts\.0: .*\(line 3, column 5\)$/],
    [
      'a field there is not, at its name',
      'version: 1\nbastion:\n  shareableLink: true',
      /^bastion\.shareableLink: there is no such field; did you mean shareableLinks\? \(line 3, column 3\)$/,
    ],
    [
      'a control there is not, with the one that was meant',
      'version: 1\ncontrols:\n  subnet-has-nsgs: report',
      /^controls\.subnet-has-nsgs: there is no such control; did you mean subnet-has-nsg\? \(line 3, column 3\)$/,
    ],
    [
      'a control that resembles none, with all there are',
      'version: 1\ncontrols: { firewall: report }',
      /^controls\.firewall: there is no such control; known: admin-ports-only-from-bastion, /,
    ],
    [
      'what was left out, where it should stand',
      'version: 1\nadditionalSources:\n  - sources: [10.0.0.1]\n    reviewBy: 2027-01-31',
      /^additionalSources\.0\.owner: it is missing \(line 3, column 5\)$/,
    ],
    [
      'a day that is not in the calendar',
      'version: 1\nadditionalSources:\n  - { sources: [10.0.0.1], owner: kim, reviewBy: 2027-02-29 }',
      /^additionalSources\.0\.reviewBy: there is no such day as 2027-02-29 \(line 3, column 50\)$/,
    ],
    [
      'a range across families',
      'version: 1\nadditionalSources: [{ sources: ["10.0.0.1-fd00::1"], owner: kim, reviewBy: 2027-01-31 }]',
      /different families/,
    ],
    [
      'an exception for everybody',
      'version: 1\nadditionalSources: [{ sources: ["::/0"], owner: kim, reviewBy: 2027-01-31 }]',
      /^additionalSources\.0\.sources\.0: '::\/0' is everybody/,
    ],
    [
      'a spoke that is said in two ways',
      'version: 1\ntopology: { spokes: [{ name: vnet-*, vnet: x }] }',
      /^topology\.spokes\.0\.?.*: /,
    ],
    ['the version, where all is missing', '{}', /^version: it is missing$/],
    ['in JSON too', '{\n  "version": 1,\n  "baselineDays": 0\n}', /^baselineDays: .*\(line 3, column 19\)$/],
  ])('has its place: %s', (_, text, message) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });

  test('stands where an alias is used, and not where its text is', () => {
    const text = 'version: 1\nbastionHosts: &none []\ncontrols: *none';
    expect(problemsOf(text).join('\n')).toMatch(/^controls: .*\(line 3, column 11\)$/);
  });

  test('comes in the order of the file', () => {
    const text = 'controls: { a: report }\nbaselineDays: 0\nversion: 3';
    expect(problemsOf(text).map((problem) => problem.split(':')[0])).toEqual(['controls.a', 'baselineDays', 'version']);
  });

  test('has no line where there is no text', () => {
    const result = readPolicy({ version: 1, baselineDays: 0 }, CONTROL_IDS);
    expect(!result.ok && result.problems[0]?.message).toMatch(/^Too small/);
  });
});

describe('the name that was meant', () => {
  test.each([
    ['topologie', 'topology'],
    ['BASTION', 'bastion'],
    ['x', undefined],
    ['something-else-entirely', undefined],
    ['b'.repeat(100_000), undefined],
  ])('%#', (word, meant) => {
    expect(nearest(word, ['bastion', 'topology', 'identity'])).toBe(meant);
  });
});
