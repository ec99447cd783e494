/** A blob lease as the model has it: 60 s by the server's clock, renewed at a third, trusted with a margin. */

/** One worker's hold on the scope. Times are in seconds. */
export interface Hold {
  readonly worker: number;
  readonly fence: number;
  /** When the server gives it to the next who asks. */
  endsAt: number;
  /** When the last renewal that worked was sent. */
  renewedAt: number;
  isRenewing: boolean;
  isReleased: boolean;
}

export interface ModelLease {
  readonly current: () => Hold | undefined;
  readonly acquire: (worker: number) => Hold | undefined;
  /** Whether the worker may be sure of it, by its own knowledge alone. */
  readonly isHeld: (hold: Hold) => boolean;
  readonly release: (hold: Hold) => void;
  /** Time has passed: whoever renews has renewed when it was due. */
  readonly renew: () => void;
}

const LASTS = 60;
const RENEW_EVERY = 20;
/** A write sent with less than this to go could arrive too late. */
const MARGIN = 10;

/** A scope that nobody has leased yet; `now` is the time in seconds. */
export function newLease(now: () => number): ModelLease {
  let hold: Hold | undefined;
  let fence = 0;
  return {
    current: () => (hold && hold.endsAt > now() ? hold : undefined),
    acquire(worker) {
      if (hold && hold.endsAt > now()) return undefined;
      fence += 1;
      hold = { worker, fence, endsAt: now() + LASTS, renewedAt: now(), isRenewing: true, isReleased: false };
      return hold;
    },
    isHeld: (held) => !held.isReleased && now() < held.renewedAt + LASTS - MARGIN,
    release(held) {
      held.isRenewing = false;
      held.isReleased = true;
      if (hold === held) hold = undefined;
    },
    renew() {
      if (!hold) return;
      for (let due = hold.renewedAt + RENEW_EVERY; hold.isRenewing && due <= now(); due += RENEW_EVERY) {
        if (due >= hold.endsAt) return;
        hold.renewedAt = due;
        hold.endsAt = due + LASTS;
      }
    },
  };
}
