// A clock that can be moved, and timers that come due early when it is moved forward.

export interface Clock {
  readonly now: () => Date;
  /** Moves the clock so that it shows `to` and goes on from there. */
  readonly set: (to: Date) => void;
  readonly advance: (ms: number) => void;
  /** Runs `task` after `ms` milliseconds of this clock. */
  readonly after: (ms: number, task: () => void) => void;
  /** How many timers come due within `ms` milliseconds. */
  readonly dueWithin: (ms: number) => number;
  /** Forgets every timer and every move. */
  readonly reset: () => void;
}

interface Timer {
  readonly task: () => void;
  dueAt: number;
  handle?: NodeJS.Timeout;
}

/** A clock over `base`; timers count real time, shortened by every forward move. */
export function createClock(base: () => Date): Clock {
  let offsetMs = 0;
  const timers = new Set<Timer>();

  function arm(timer: Timer): NodeJS.Timeout {
    return setTimeout(
      () => {
        timers.delete(timer);
        timer.task();
      },
      Math.max(0, timer.dueAt - performance.now()),
    );
  }

  function advance(ms: number): void {
    offsetMs += ms;
    if (ms <= 0) return;
    for (const timer of timers) {
      clearTimeout(timer.handle);
      timer.dueAt -= ms;
      timer.handle = arm(timer);
    }
  }

  function now(): Date {
    return new Date(base().getTime() + offsetMs);
  }

  return {
    now,
    advance,
    set: (to) => advance(to.getTime() - now().getTime()),
    after(ms, task) {
      const timer: Timer = { task, dueAt: performance.now() + ms };
      timer.handle = arm(timer);
      timers.add(timer);
    },
    dueWithin(ms) {
      const limit = performance.now() + ms;
      return [...timers].filter((timer) => timer.dueAt <= limit).length;
    },
    reset() {
      for (const timer of timers) clearTimeout(timer.handle);
      timers.clear();
      offsetMs = 0;
    },
  };
}
