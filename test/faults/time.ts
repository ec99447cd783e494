/** One clock for the app, its storage and the local Azure, that runs faster than real time and can be moved forward. */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '../../playground/project-root';

export interface Time {
  /** How many seconds pass in one real second. */
  readonly speed: number;
  readonly now: () => Date;
  /** Lets `ms` milliseconds pass at once for every process on this clock. */
  readonly skip: (ms: number) => void;
  /** What has been skipped so far, in milliseconds. */
  readonly skipped: () => number;
  /** What a Node process needs in its environment to live in this time. */
  readonly environment: Readonly<Record<string, string>>;
  readonly close: () => void;
}

/**
 * A lease lasts a minute and a safety net waits longer: in real time, a sweep over a hundred deaths would take hours. Nothing of
 * the app is told to be quicker; its clock and its timers run faster, those of the storage emulator with them.
 */
export function startTime(speed: number): Time {
  const folder = mkdtempSync(join(tmpdir(), 'time-lapse-'));
  const file = join(folder, 'skipped');
  const epoch = Date.now();
  const preload = pathToFileURL(join(projectRoot(), 'test/faults/time-lapse.mjs')).href;
  let total = 0;
  return {
    speed,
    now: () => new Date(Math.floor(epoch + (Date.now() - epoch) * speed + total)),
    skip(ms) {
      total += ms;
      // Readers never see half a number.
      writeFileSync(`${file}.new`, String(total));
      renameSync(`${file}.new`, file);
    },
    skipped: () => total,
    environment: { NODE_OPTIONS: `--import="${preload}"`, TIME_LAPSE: JSON.stringify({ epoch, speed, file }) },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
