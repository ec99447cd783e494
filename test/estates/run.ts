// Generated estates at the wire, as many as you like: repaired and held are counted, and every case that ends badly is told. Exit code 1 if any does.
// run: npm run soak -- [--estates 500] [--seed 1]
import { parseArgs } from 'node:util';
import { casesForTheWire, startWireEstates } from './at-the-wire';
import { createTally } from './tally';

const EVERY = 10;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { estates: { type: 'string', default: '500' }, seed: { type: 'string', default: '1' } },
  });
  const plans = casesForTheWire(Number(values.estates), Number(values.seed));
  const [first] = plans;
  if (!first) throw new Error('there is nothing to play: --estates wants a number above 0');
  const tally = createTally();
  const wire = await startWireEstates(first);
  let bad = 0;
  try {
    for (const [index, plan] of plans.entries()) {
      const { name, wrongs, repairs, held } = await wire.play(plan, index);
      tally.add(repairs, held);
      if (wrongs.length > 0) {
        bad += 1;
        console.error([`estate ${index + 1}: ${name}`, ...wrongs.map((wrong) => `    ${wrong}`)].join('\n'));
      }
      if ((index + 1) % EVERY === 0) console.error(`${index + 1} of ${plans.length}, ${bad} bad`);
    }
  } finally {
    await wire.close();
  }
  console.log(tally.line());
  console.log(bad === 0 ? 'all good' : `NOT all good: ${bad} of ${plans.length} end badly`);
  process.exitCode = bad === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
