// Preloaded into a process to let its time run faster: the clock it reads and the timers it sets, both by the same factor.
import { readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import promises from 'node:timers/promises';

/** `epoch` is the real time at which both clocks agree; the file holds what has been skipped since, in milliseconds. */
const { epoch, speed, file } = JSON.parse(process.env.TIME_LAPSE ?? '{"speed":1,"epoch":0,"file":""}');
const realNow = Date.now;
let skipped = 0;
let readAt = -1;

function now() {
  const real = realNow();
  if (real > readAt + 2) {
    readAt = real;
    skipped = Math.max(skipped, read());
  }
  return Math.floor(epoch + (real - epoch) * speed + skipped);
}

function read() {
  try {
    return Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    return 0;
  }
}

const RealDate = Date;
globalThis.Date = class Date extends RealDate {
  constructor(...parts) {
    super(...(parts.length === 0 ? [now()] : parts));
  }
  static now() {
    return now();
  }
};

for (const [owner, name] of [
  [globalThis, 'setTimeout'],
  [globalThis, 'setInterval'],
  [timers, 'setTimeout'],
  [timers, 'setInterval'],
]) {
  const real = owner[name];
  const scaled = (work, ms = 0, ...rest) => real(work, ms / speed, ...rest);
  owner[name] = Object.assign(scaled, real);
}
const realSleep = promises.setTimeout;
promises.setTimeout = (ms = 0, ...rest) => realSleep(ms / speed, ...rest);
syncBuiltinESMExports();
