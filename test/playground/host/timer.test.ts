import { describe, expect, test } from '@jest/globals';
import type { InvocationResult } from '../../../playground/host/dispatcher';
import { parseNcrontab } from '../../../playground/host/ncrontab';
import {
  type ScheduleStatus,
  startTimer,
  type TimerClock,
  type TimerStatusStore,
} from '../../../playground/host/timer';
import { at, parseJson } from '../../../playground/json';

const done: InvocationResult = { ok: true, returnValue: undefined };

/** A clock that jumps to the end of each sleep, and a timer on it that is stopped after `runs` runs. */
async function runTimer(options: {
  schedule: string;
  start: string;
  runs: number;
  takes?: number;
  runOnStartup?: boolean;
  stored?: ScheduleStatus;
}): Promise<{ runs: { at: string; isPastDue: unknown }[]; stored: ScheduleStatus | undefined }> {
  let now = new Date(options.start).getTime();
  let stored = options.stored;
  const runs: { at: string; isPastDue: unknown }[] = [];
  const store: TimerStatusStore = {
    read: async () => stored,
    write: async (status) => {
      stored = status;
    },
  };
  const clock: TimerClock = {
    now: () => new Date(now),
    sleep: async (milliseconds) => {
      now += milliseconds;
    },
  };
  await new Promise<void>((resolve, reject) => {
    const timer = startTimer({
      schedule: parseNcrontab(options.schedule),
      runOnStartup: options.runOnStartup ?? false,
      store,
      clock,
      failed: reject,
      invoke: async (input) => {
        runs.push({ at: new Date(now).toISOString(), isPastDue: at(parseJson(input.value.json ?? ''), 'IsPastDue') });
        now += options.takes ?? 0;
        if (runs.length === options.runs) void timer.stop().then(resolve);
        return done;
      },
    });
  });
  return { runs, stored };
}

describe('playground/host/timer', () => {
  test('runs at each occurrence and keeps when it ran and is due next', async () => {
    const { runs, stored } = await runTimer({ schedule: '0 */5 * * * *', start: '2026-11-23T10:01:00Z', runs: 2 });
    expect(runs.map((run) => run.at)).toEqual(['2026-11-23T10:05:00.000Z', '2026-11-23T10:10:00.000Z']);
    expect(stored).toMatchObject({ Last: '2026-11-23T10:10:00.000Z', Next: '2026-11-23T10:15:00.000Z' });
  });

  test('a run that outlasts the next occurrence does not overlap it: the next is computed after the run', async () => {
    const options = { schedule: '0 * * * * *', start: '2026-11-23T10:00:30Z', runs: 2, takes: 90_000 };
    const { runs } = await runTimer(options);
    expect(runs.map((run) => run.at)).toEqual(['2026-11-23T10:01:00.000Z', '2026-11-23T10:03:00.000Z']);
  });

  test('runOnStartup runs at once, not past due', async () => {
    const { runs } = await runTimer({
      schedule: '0 0 * * * *',
      start: '2026-11-23T10:20:00Z',
      runs: 1,
      runOnStartup: true,
    });
    expect(runs).toEqual([{ at: '2026-11-23T10:20:00.000Z', isPastDue: false }]);
  });

  test('an occurrence missed while the host was down runs once at the start, past due', async () => {
    const stored = { Last: '2026-11-23T09:00:00Z', Next: '2026-11-23T10:00:00Z', LastUpdated: '2026-11-23T09:00:00Z' };
    const { runs } = await runTimer({ schedule: '0 0 * * * *', start: '2026-11-23T10:20:00Z', runs: 2, stored });
    expect(runs).toEqual([
      { at: '2026-11-23T10:20:00.000Z', isPastDue: true },
      { at: '2026-11-23T11:00:00.000Z', isPastDue: false },
    ]);
  });

  test('a wait longer than the longest sleep is slept in parts', async () => {
    const { runs } = await runTimer({ schedule: '0 0 0 1 1 *', start: '2026-02-01T00:00:00', runs: 1 });
    expect(runs[0]?.at).toBe(new Date('2027-01-01T00:00:00').toISOString());
  });
});
