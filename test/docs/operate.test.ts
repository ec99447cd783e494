/** docs/operate.md knows every reason to hold a repair back; UPDATE_DOCS=1 writes its table anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { HOLD_REASONS } from '../../shared/remediation/plan';
import { HOLD_ADVICE } from './hold-advice';
import { partOf, tableOf, withParts } from './parts';

const PATH = resolve(__dirname, '../../docs/operate.md');
const TABLE = tableOf(
  ['Held because', 'What it means', 'What to do'],
  HOLD_REASONS.map((reason) => [`\`${reason}\``, HOLD_ADVICE[reason].means, HOLD_ADVICE[reason].todo]),
);

if (process.env.UPDATE_DOCS) writeFileSync(PATH, withParts(readFileSync(PATH, 'utf8'), { holds: TABLE }));

describe('docs/operate.md', () => {
  test('says of every reason to hold a repair back what it means and what to do', () => {
    expect(partOf(readFileSync(PATH, 'utf8'), 'holds')).toBe(TABLE);
  });
});
