/** `npm run bench:storm`: 2,000 events about 200 drifted groups within ten seconds, counted at the wire of a playground. */
import { stormReport } from './storm/report';
import { playStorm } from './storm/play';

/** Fails when a count is off; what a time is depends on the machine. */
async function main(): Promise<void> {
  const { lines, isRight } = stormReport(await playStorm((line) => process.stderr.write(`${line}\n`)));
  for (const line of lines) process.stdout.write(`${line}\n`);
  if (!isRight) process.exitCode = 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`The bench failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
