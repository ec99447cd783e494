/** Measures the steps of a run, in milliseconds of the clock it is given. */

export interface Timing {
  readonly step: string;
  readonly ms: number;
}

export interface Stopwatch {
  time<T>(step: string, work: () => Promise<T>): Promise<T>;
  timeNow<T>(step: string, work: () => T): T;
  timings(): readonly Timing[];
}

/** A stopwatch that has measured nothing yet. */
export function stopwatch(now: () => Date): Stopwatch {
  const timings: Timing[] = [];
  const note = (step: string, since: Date): void => {
    timings.push({ step, ms: now().getTime() - since.getTime() });
  };
  return {
    async time(step, work) {
      const since = now();
      const result = await work();
      note(step, since);
      return result;
    },
    timeNow(step, work) {
      const since = now();
      const result = work();
      note(step, since);
      return result;
    },
    timings: () => timings,
  };
}
