/**
 * Who looks when: one worker at a time per scope, and no event after which nobody looks. docs/concurrency.md gives the
 * reasoning; the letters are its steps.
 */
import type { Cause } from './incident';
import type { Lease, Mark, Ports } from './ports';
import type { Scope } from './scope';

/** What a lease lasts unless it is renewed, in seconds: the longest that Blob Storage gives. */
export const LEASE_SECONDS = 60;
/** When the safety net looks: after the lease of a worker that died would have run out. */
const SAFETY_NET_SECONDS = LEASE_SECONDS + 10;
/** How soon a look goes on that ran out of time, or that waits for Azure to finish a write. */
const GO_ON_SECONDS = 5;
/** How long a look that failed is left alone, in seconds. */
const TRY_AGAIN_SECONDS = 30;

type LookPorts = Pick<Ports, 'marks' | 'leases' | 'rechecks' | 'now' | 'pause'>;

/** How one piece of work under the lease ended. */
export interface Worked {
  /** The work is not done: keep the mark and look again soon. */
  readonly again: boolean;
}

/** - `done`: no mark is left; - `busy`: somebody else is at it and will see the mark; - `later`: a recheck will go on */
export type Looked = 'done' | 'busy' | 'later';

/** (a), (b): once this has returned, an event may be acknowledged, because somebody will look. */
export async function promiseLook(ports: LookPorts, scope: Scope, cause: Cause): Promise<void> {
  await Promise.all([ports.marks.raise(scope, cause), ports.rechecks.put(scope, SAFETY_NET_SECONDS)]);
}

/**
 * (c) to (f): looks until no mark is left, unless somebody else is looking already or time runs out. `work` reads the
 * live state after it has been called, so whatever was changed before the mark was read is seen. What `work` throws
 * leaves this function with the mark still up.
 */
export async function lookWhileMarked(
  ports: LookPorts,
  scope: Scope,
  until: Date,
  work: (mark: Mark, lease: Lease) => Promise<Worked>,
): Promise<Looked> {
  do {
    const lease = await ports.leases.acquire(scope);
    if (!lease) return 'busy';
    try {
      let raised = 0;
      for (let mark = await ports.marks.read(scope); mark; mark = await ports.marks.read(scope)) {
        if (ports.now() >= until) return await goOnLater(ports, scope);
        const { again } = await work(mark, lease);
        if (again) return await goOnLater(ports, scope);
        if (await ports.marks.clear(scope, mark.etag)) continue;
        await ports.pause(breathingSpace(raised++, until.getTime() - ports.now().getTime()));
      }
    } finally {
      await lease.release();
    }
    // A mark raised between the last read and the release was seen by nobody: its owner found the lease taken.
  } while (await ports.marks.read(scope));
  return 'done';
}

/**
 * How long to wait before the next look, in milliseconds. The echo of our own write is looked at at once; where marks
 * keep coming, one look serves all that came while it waited.
 */
function breathingSpace(raisedBefore: number, left: number): number {
  if (raisedBefore < 1) return 0;
  return Math.max(0, Math.min(FIRST_PAUSE_MS * 2 ** (raisedBefore - 1), LONGEST_PAUSE_MS, left));
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 8_000;

async function goOnLater(ports: LookPorts, scope: Scope): Promise<Looked> {
  await ports.rechecks.put(scope, GO_ON_SECONDS);
  return 'later';
}

/**
 * A recheck: looks if there is a mark, and puts itself back while somebody else is at it, who may yet die, and when the
 * look fails, because a message that fails too often would be set aside with the mark still up. Returns what went wrong.
 */
export async function recheck(
  ports: LookPorts,
  scope: Scope,
  until: Date,
  work: (mark: Mark, lease: Lease) => Promise<Worked>,
): Promise<string | undefined> {
  try {
    if (!(await ports.marks.read(scope))) return undefined;
    const looked = await lookWhileMarked(ports, scope, until, work);
    if (looked === 'busy') await ports.rechecks.put(scope, SAFETY_NET_SECONDS);
    return undefined;
  } catch (error) {
    await ports.rechecks.put(scope, TRY_AGAIN_SECONDS);
    return error instanceof Error ? error.message : String(error);
  }
}
