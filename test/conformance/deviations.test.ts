// The list of known deviations: what it excuses, and when it is outdated.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Deviation } from './deviations';
import { MOST_DEVIATIONS, covers, readDeviations, settle } from './deviations';
import type { Problem } from './problem';

const problem: Problem = {
  operation: 'Walls_Get',
  half: 'answer',
  where: 'body.properties.moat',
  what: 'is not declared',
};
const deviation: Deviation = {
  id: 'moats',
  operation: 'Walls_*',
  where: 'answer.body*.moat',
  what: 'is not declared',
  reason: 'Azure itself answers moats nowadays.',
};

function listOf(...list: readonly unknown[]): () => unknown {
  return () => {
    const folder = mkdtempSync(join(tmpdir(), 'deviations-'));
    try {
      writeFileSync(join(folder, 'deviations.json'), JSON.stringify(list));
      return readDeviations(join(folder, 'deviations.json'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}

describe('a deviation', () => {
  test('excuses what it speaks of, and nothing beside it', () => {
    expect(covers(deviation, problem)).toBe(true);
    expect(covers(deviation, { ...problem, operation: 'Gates_Get' })).toBe(false);
    expect(covers(deviation, { ...problem, half: 'request' })).toBe(false);
    expect(covers(deviation, { ...problem, where: 'body.properties.moats' })).toBe(false);
    expect(covers(deviation, { ...problem, what: 'must be string' })).toBe(false);
  });

  test('that nothing met is outdated, and a problem that none covers is new', () => {
    const other = { ...problem, where: 'body.tower' };
    expect(settle([problem, other], [deviation, { ...deviation, id: 'gates', operation: 'Gates_Get' }])).toEqual({
      listed: [problem],
      unlisted: [other],
      unmet: [{ ...deviation, id: 'gates', operation: 'Gates_Get' }],
    });
  });
});

describe('the list', () => {
  test('is refused when it is too long, misshapen or says one thing twice', () => {
    expect(listOf(deviation)()).toEqual([deviation]);
    expect(listOf(deviation, deviation)).toThrow('names the deviation moats twice');
    expect(listOf({ ...deviation, reason: '' })).toThrow();
    expect(listOf({ ...deviation, since: 'ever' })).toThrow();
    const many = Array.from({ length: MOST_DEVIATIONS + 1 }, (_, index) => ({ ...deviation, id: `moat-${index}` }));
    expect(listOf(...many)).toThrow();
  });

  test('of the local Azure is one that can be read', () => {
    expect(readDeviations(join(__dirname, '../../playground/deviations.json')).length).toBeLessThanOrEqual(
      MOST_DEVIATIONS,
    );
  });
});
