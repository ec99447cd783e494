/** A model that finds nothing wrong proves little until it has found what was put there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type Explored, exploreRandomly } from './explore';
import { PLANTED } from './planted';
import { loadParts } from './protocol';

const SCHEDULES = 30_000;

function caught({ failure, schedules }: Explored): string {
  return failure
    ? `${failure.property}, seed ${failure.seed}, ${failure.steps.length} steps`
    : `nothing in ${schedules}`;
}

describe('shared/look with a bug planted in it', () => {
  for (const { bug, edits, breaks } of PLANTED) {
    test(`is caught: ${bug}`, async () => {
      const explored = await exploreRandomly(loadParts(edits), 1, SCHEDULES);
      process.stderr.write(`planted: ${bug}: ${caught(explored)}\n`);
      expect(explored.failure?.property ?? caught(explored)).toBe(breaks);
    }, 60_000);
  }

  test('is listed in docs/concurrency.md, with the promise it breaks', () => {
    const page = readFileSync(join(__dirname, '../../../docs/concurrency.md'), 'utf8');
    const listed = page.split('\n').filter((line) => PLANTED.some(({ bug }) => line.startsWith(`| ${bug} |`)));
    expect(listed).toEqual(PLANTED.map(({ bug, breaks }) => `| ${bug} | ${breaks} |`));
  });
});
