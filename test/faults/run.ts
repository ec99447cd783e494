// Every death and hundreds of bad days: the app killed at each boundary of a repair, and random schedules of faults. Exit code 1 if any ends badly.
// run: npm run faults -- [--only kills|schedules] [--schedules 200] [--worlds 2]; SEED=n plays one schedule again.
import { parseArgs } from 'node:util';
import { sweepDeaths } from './kill-sweep';
import { playAll } from './play-sweep';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      schedules: { type: 'string', default: '200' },
      worlds: { type: 'string', default: '2' },
    },
  });
  const seed = process.env['SEED'];
  const count = Number(values.schedules);
  const worlds = Number(values.worlds);
  const seeds = seed === undefined ? Array.from({ length: count }, (_, index) => index + 1) : [Number(seed)];
  const started = performance.now();
  let isGood = true;
  if (seed === undefined && values.only !== 'schedules') {
    const swept = await sweepDeaths(worlds, console.error);
    for (const line of swept.lines) console.log(line);
    isGood &&= swept.isGood;
  }
  if (values.only !== 'kills') {
    const played = await playAll(worlds, seeds, console.error);
    for (const line of ['', ...played.lines]) console.log(line);
    isGood &&= played.isGood;
  }
  console.log(`\n${isGood ? 'all good' : 'NOT all good'}, ${Math.round((performance.now() - started) / 1000)} s`);
  process.exitCode = isGood ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
