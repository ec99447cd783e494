/** Waits until a playground has come to rest: deliveries made, queues empty, no invocation running, nothing owed. */
import { at, listAt } from './json';

/** What `GET /playground/idle` answers. */
export type IdleAnswer =
  | { readonly idle: true; readonly waitedMs: number }
  | { readonly idle: false; readonly waitedMs: number; readonly busy: readonly string[] };

export interface IdleSources {
  /** Resolves when no Event Grid delivery is in flight or due soon. */
  readonly deliveriesIdle: () => Promise<void>;
  /** The local host's address. */
  readonly hostUrl: () => string;
  /** What the app owes although nothing of it can be seen, as readable texts. */
  readonly due: () => Promise<readonly string[]>;
}

/** How often we look whether the app still owes something. */
const askAgainMs = 100;

/**
 * Waits for rest, at most `timeoutMs`. A run may write, the write raises an event, and the event starts another run: so
 * rest is two quiet looks at deliveries and host with no invocation between them.
 */
export async function waitUntilIdle(sources: IdleSources, timeoutMs: number): Promise<IdleAnswer> {
  const started = performance.now();
  const left = (): number => timeoutMs - (performance.now() - started);
  let invocations = -1;
  let busy: readonly string[] = [];
  while (left() > 0) {
    if (!(await endsWithin(sources.deliveriesIdle(), left()))) {
      busy = ['Event Grid deliveries are under way'];
      break;
    }
    const host = await askHost(sources.hostUrl(), left());
    const due = host.busy.length === 0 ? await sources.due() : [];
    if (due.length > 0) {
      busy = due;
      invocations = -1;
      await new Promise((resolve) => setTimeout(resolve, Math.min(askAgainMs, Math.max(0, left()))));
      continue;
    }
    if (host.busy.length === 0 && host.invocations === invocations) {
      return { idle: true, waitedMs: Math.round(performance.now() - started) };
    }
    invocations = host.invocations;
    busy = host.busy.length > 0 ? host.busy : busy;
  }
  return { idle: false, waitedMs: Math.round(performance.now() - started), busy };
}

async function askHost(url: string, timeoutMs: number): Promise<{ invocations: number; busy: string[] }> {
  try {
    const answer: unknown = await (await fetch(`${url}/admin/host/idle?timeoutMs=${Math.max(0, timeoutMs)}`)).json();
    return { invocations: Number(at(answer, 'invocations') ?? -1), busy: listAt(answer, 'busy').map(String) };
  } catch {
    // Killed on purpose or being restarted: not idle, and worth another look while there is time.
    await new Promise((resolve) => setTimeout(resolve, 50));
    return { invocations: -1, busy: ['the local host does not answer'] };
  }
}

async function endsWithin(work: Promise<void>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), Math.max(0, milliseconds));
  });
  try {
    return await Promise.race([work.then(() => true), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
