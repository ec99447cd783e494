/** Keeps within Graph's limits, which are per tenant and whose refusals do not say when to come back. */
import { setTimeout } from 'node:timers/promises';

export interface Waiting {
  /** Milliseconds of any clock that only goes forward. */
  readonly clock: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

/** What was given, and the process's own clock and timers for what was not. */
export function waitingWith({ clock = () => performance.now(), pause = wait }: Partial<Waiting>): Waiting {
  return { clock, pause };
}

async function wait(ms: number): Promise<void> {
  await setTimeout(ms);
}

/** Waits until one more request may be sent. */
export type Pace = () => Promise<void>;

/** Room for the time that requests are on their way, which is not the same for two of them. */
const MARGIN = 1.05;

/** At the most so many requests in so many milliseconds, in the order in which they were asked for. */
export function paceOf(requests: number, perMs: number, { clock, pause }: Waiting): Pace {
  const sent: number[] = [];
  let last: Promise<void> = Promise.resolve();
  async function turn(): Promise<void> {
    const oldest = sent.length < requests ? undefined : sent.shift();
    const free = oldest === undefined ? clock() : oldest + perMs * MARGIN;
    if (free > clock()) await pause(free - clock());
    sent.push(clock());
  }
  return () => {
    const next = last.then(turn);
    last = next.catch(() => undefined);
    return next;
  };
}

export interface GraphPaces {
  readonly conditionalAccess: Pace;
  readonly audit: Pace;
}

/** https://learn.microsoft.com/graph/throttling-limits: Conditional Access and named locations; audit logs. */
export function graphPaces(waiting: Waiting): GraphPaces {
  return { conditionalAccess: paceOf(1, 1000, waiting), audit: paceOf(5, 10_000, waiting) };
}
