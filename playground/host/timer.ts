/** Runs a timer-triggered function at its times: no overlap, past due once at the start, its status kept. */
import type { InvocationResult } from './dispatcher';
import type { TriggerInput } from './model';
import type { Schedule } from './ncrontab';

/** When a timer last ran and is due next, as the real host stores it. */
export interface ScheduleStatus {
  readonly Last: string;
  readonly Next: string;
  readonly LastUpdated: string;
}

export interface TimerStatusStore {
  read(): Promise<ScheduleStatus | undefined>;
  write(status: ScheduleStatus): Promise<void>;
}

/** The clock a timer lives by; injected so that tests can turn it. */
export interface TimerClock {
  now(): Date;
  /** Resolves after `milliseconds`, or as soon as `signal` aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export interface TimerOptions {
  readonly schedule: Schedule;
  readonly runOnStartup: boolean;
  /** Undefined: the timer is not monitored, and nothing is ever past due. */
  readonly store: TimerStatusStore | undefined;
  readonly invoke: (input: TriggerInput) => Promise<InvocationResult>;
  readonly clock: TimerClock;
  /** Hears the one error that ends the timer: its status could not be read or written. */
  readonly failed: (error: unknown) => void;
}

const longestSleep = 2 ** 31 - 1;

/** Starts the timer; `stop` ends the waiting and lets a run in progress finish. */
export function startTimer(options: TimerOptions): { readonly stop: () => Promise<void> } {
  const { clock, schedule, store } = options;
  const abort = new AbortController();
  const stopped = (): boolean => abort.signal.aborted;

  async function run(isPastDue: boolean, status: ScheduleStatus | undefined): Promise<ScheduleStatus | undefined> {
    const started = clock.now();
    await options.invoke(timerInput(isPastDue, status));
    const next = schedule.next(clock.now());
    if (store === undefined || next === undefined) return undefined;
    const written = statusOf(started, next, clock.now());
    await store.write(written);
    return written;
  }

  async function loop(): Promise<void> {
    let status = await store?.read();
    const isPastDue = status !== undefined && clock.now() > new Date(status.Next);
    if (isPastDue || options.runOnStartup) status = await run(isPastDue, status);
    while (!stopped()) {
      const next = schedule.next(clock.now());
      if (next === undefined) return;
      await sleepUntil(next);
      if (!stopped()) status = await run(false, status);
    }
  }

  // A timer may fire a few milliseconds early, and a sleep has a longest length.
  async function sleepUntil(time: Date): Promise<void> {
    for (let left = remaining(time); left > 0 && !stopped(); left = remaining(time)) {
      await clock.sleep(Math.min(left, longestSleep), abort.signal);
    }
  }

  function remaining(time: Date): number {
    return time.getTime() - clock.now().getTime();
  }

  const looping = loop().catch(options.failed);
  return {
    stop: async () => {
      abort.abort();
      await looping;
    },
  };
}

/** What the worker receives for one tick; the library lower-cases the names. */
export function timerInput(isPastDue: boolean, status?: ScheduleStatus): TriggerInput {
  const payload = { Schedule: { AdjustForDST: true }, ScheduleStatus: status ?? null, IsPastDue: isPastDue };
  return { value: { json: JSON.stringify(payload) }, metadata: {} };
}

function statusOf(last: Date, next: Date, updated: Date): ScheduleStatus {
  return { Last: last.toISOString(), Next: next.toISOString(), LastUpdated: updated.toISOString() };
}
