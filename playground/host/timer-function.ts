/** Turns a timer trigger's binding into a running timer. */
import { setTimeout as delay } from 'node:timers/promises';
import { textAt } from '../json';
import type { Dispatcher } from './dispatcher';
import type { AppFunction } from './model';
import { parseNcrontab, type Schedule } from './ncrontab';
import { parseTimeSpan, resolveSettings } from './settings';
import { startTimer, type TimerClock } from './timer';
import { timerStatusBlob } from './timer-status';

const hostId = 'playground';

/** Starts the timer of `target`. Throws when its schedule is neither NCRONTAB nor a time span. */
export function startTimerFunction(
  target: AppFunction,
  around: {
    readonly environment: NodeJS.ProcessEnv;
    readonly dispatcher: Dispatcher;
    readonly log: (level: string, text: string) => void;
  },
): () => Promise<void> {
  const schedule = parseSchedule(resolveSettings(textAt(target.trigger, 'schedule'), around.environment));
  const storage = around.environment['AzureWebJobsStorage'];
  const isMonitored = target.trigger['useMonitor'] !== false && storage !== undefined && !isFrequent(schedule);
  const timer = startTimer({
    schedule,
    runOnStartup: target.trigger['runOnStartup'] === true,
    store: isMonitored ? timerStatusBlob(storage, hostId, target.name) : undefined,
    invoke: (input) => around.dispatcher.invoke(target, input, 'timer'),
    clock: systemClock,
    failed: (error) => around.log('error', `The timer of ${target.name} stopped: ${String(error)}`),
  });
  return timer.stop;
}

const systemClock: TimerClock = {
  now: () => new Date(),
  sleep: async (milliseconds, signal) => {
    // The only way this rejects is the abort that ends the wait.
    await delay(milliseconds, undefined, { signal }).catch(() => {});
  },
};

function parseSchedule(text: string): Schedule {
  const span = parseTimeSpan(text);
  if (span === undefined) return parseNcrontab(text);
  return { next: (after) => new Date(after.getTime() + span) };
}

// The real host does not monitor schedules that fire more than once a minute.
function isFrequent(schedule: Schedule): boolean {
  const first = schedule.next(new Date());
  const second = first && schedule.next(first);
  return first !== undefined && second !== undefined && second.getTime() - first.getTime() < 60_000;
}
