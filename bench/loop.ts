/** `npm run bench:loop`: event posted → repaired and verified, measured at the wire of a playground. */
import { parseArgs } from 'node:util';
import { availableEstates, type LoopOptions, measureLoop } from './loop/runs';
import { loopReport } from './loop/report';

const usage = 'usage: loop [--runs N] [--estate seed|big] [--arm-latency]';

class UsageError extends Error {}

function readOptions(args: readonly string[]): LoopOptions {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        runs: { type: 'string' },
        estate: { type: 'string', default: 'seed' },
        'arm-latency': { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const armLatency = values['arm-latency'];
  // With latencies a run takes seconds, and their spread is what the local Azure was told.
  const runs = Number(values.runs ?? (armLatency ? 30 : 200));
  if (!Number.isInteger(runs) || runs < 1) throw new UsageError(`--runs ${values.runs} is not a number of runs`);
  const estate = availableEstates.find((name) => name === values.estate);
  if (estate === undefined) throw new UsageError(`--estate ${values.estate} is none of ${availableEstates.join(', ')}`);
  return { runs, estate, armLatency };
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const result = await measureLoop(options, (line) => process.stderr.write(`${line}\n`));
  for (const line of loopReport(options, result)) process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(error instanceof UsageError ? `${message}\n${usage}\n` : `The bench failed: ${message}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
