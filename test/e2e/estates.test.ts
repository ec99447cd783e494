/** Generated estates at the wire: drifted in several ways at once by a person and repaired by the built app. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { casesForTheWire, startWireEstates, type WireEstates } from '../estates/at-the-wire';
import { createTally } from '../estates/tally';

// Every test waits for a whole playground to come to rest, on whatever machine it runs.
jest.setTimeout(30_000);

const count = Number(process.env['WIRE_ESTATES'] ?? 5);
const plans = casesForTheWire(count, Number(process.env['SEED'] ?? 20261125));

describe(`${count} generated estates at the wire`, () => {
  const tally = createTally();
  let wire: WireEstates;

  beforeAll(async () => {
    const [first] = plans;
    if (first) wire = await startWireEstates(first);
  });
  afterAll(async () => {
    await wire.close();
    process.stderr.write(`estates at the wire: ${tally.line()}\n`);
  });

  test.each(plans.map((plan, index) => [index + 1, plan] as const))(
    'estate %i is repaired or held',
    async (index, plan) => {
      const course = await wire.play(plan, index);
      tally.add(course.repairs, course.held);
      expect([course.name, ...course.wrongs]).toEqual([course.name]);
    },
  );
});
