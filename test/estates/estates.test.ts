/** Whole estates, drifted in several ways at once and repaired on the model: judged by an evaluator of its own. */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { drifted, arbitraryCase, nameOfCase } from './case';
import { createTally } from './tally';
import { judgeOnModel } from './on-model';

const CASES = Number(process.env.ESTATES ?? 25);
/** A second look costs as much as the first: every so many cases is enough to catch a plan that has no end. */
const AGAIN = 5;
const seed = Number(process.env.SEED ?? 20261123);

describe(`over ${CASES} generated estates, each with up to five edits`, () => {
  test('what drifted is repaired or held for a reason the table knows, and nothing else is lost, gained or changed', async () => {
    const tally = createTally();
    for (const [index, plan] of fc.sample(arbitraryCase(), { seed, numRuns: CASES }).entries()) {
      const course = await drifted(plan);
      const { wrongs, repairs, held } = judgeOnModel(course, index % AGAIN === 0);
      if (wrongs.length > 0)
        throw new Error(`after ${nameOfCase(course)}:\n${wrongs.join('\n')}\n${JSON.stringify(plan)}`);
      tally.add(repairs, held);
    }
    process.stderr.write(`estates on the model: ${tally.line()}\n`);
    expect(tally.repaired()).toBeGreaterThan(CASES / 2);
  }, 300_000);
});
