/** The ports of one worker in the model: every call waits its turn, and then happens whole. */
import type { Lease } from '../../../shared/ports';
import type { LookPorts, Site } from './model-work';
import type { Worker, World } from './world';

/** A write that has not arrived by then never does: no longer than the lease's margin. */
const WRITE_SECONDS = 10;

/** What a worker of the protocol needs. */
export function portsOf(world: World, worker: Worker): LookPorts {
  const { calls } = world;
  const call = <T>(what: string, effect: () => T): Promise<T> =>
    calls.make(worker.id, what, effect, [{ fault: 'works, but its answer is lost', effect: () => lost(effect) }]);
  return {
    now: () => new Date(world.time * 1000),
    // Waiting touches nothing: what may happen meanwhile happens at the gates before and after it.
    pause: () => Promise.resolve(),
    marks: {
      raise: () =>
        call('raise the mark', () => {
          world.marks += 1;
          world.mark = { etag: String(world.marks), causes: [] };
        }),
      read: () => calls.make(worker.id, 'read the mark', () => world.mark),
      clear: (_, known) =>
        call('clear the mark', () => {
          if (world.mark?.etag !== known) return false;
          world.mark = undefined;
          return true;
        }),
    },
    leases: { acquire: () => calls.make(worker.id, 'take the lease', () => taken(world, worker)) },
    rechecks: {
      put: (_, seconds) =>
        call(`ask for a recheck in ${seconds} s`, () => {
          world.messages.push({ kind: 'recheck', change: 0, dueAt: world.time + seconds });
        }),
    },
  };
}

function taken({ calls, lease }: World, worker: Worker): Lease | undefined {
  const hold = lease.acquire(worker.id);
  if (!hold) return undefined;
  worker.hold = hold;
  return {
    fence: hold.fence,
    isHeld: () => lease.isHeld(hold),
    release() {
      hold.isRenewing = false;
      return calls.make(worker.id, 'release the lease', () => lease.release(hold));
    },
  };
}

/** The live state as the worker gets at it. */
export function siteOf(world: World, worker: Worker): Site {
  return {
    observe: () =>
      world.calls.make(worker.id, 'observe', () => {
        world.seen = Math.max(world.seen, world.state);
        return world.state;
      }),
    write(seen) {
      const sentAt = world.time;
      const whole = (): boolean => {
        arrive(world, worker, sentAt);
        world.handled = seen;
        return false;
      };
      const unfinished = (): boolean => {
        arrive(world, worker, sentAt);
        return true;
      };
      return world.calls.make(worker.id, `write ${seen}`, whole, [{ fault: 'goes on without us', effect: unfinished }]);
    },
  };
}

function arrive(world: World, worker: Worker, sentAt: number): void {
  if (world.time > sentAt + WRITE_SECONDS) throw new Error('the write never arrived');
  const holder = world.lease.current()?.worker;
  if (holder === undefined || holder === worker.id) return;
  world.broken ??= { property: 'two writers', how: `${worker.id} writes while ${holder} has the lease` };
}

function lost(effect: () => unknown): never {
  effect();
  throw new Error('the answer was lost');
}
