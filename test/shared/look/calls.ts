/** Calls that wait to be let through: the only places where one worker can overtake another, or die, or be refused. */

/** One way in which a waiting call can come out. */
export interface Way {
  readonly how: string;
  /** A fault is rationed; the ordinary way is not. */
  readonly isFault: boolean;
  /** Does what the call does, at once and whole, and lets its worker go on. */
  readonly take: () => void;
}

export interface Call {
  readonly worker: number;
  readonly what: string;
  readonly ways: readonly Way[];
}

/** What a call may do besides working: `fault` names it. */
export interface Spare<T> {
  readonly fault: string;
  readonly effect: () => T;
}

export interface Calls {
  readonly waiting: () => readonly Call[];
  /** Waits until the scheduler lets it through; `effect` happens then. A thrown error is the call's error. */
  readonly make: <T>(worker: number, what: string, effect: () => T, spare?: readonly Spare<T>[]) => Promise<T>;
  /** The worker is dead: nothing it waits for ever happens. */
  readonly drop: (worker: number) => void;
}

/** No call is waiting yet. */
export function newCalls(): Calls {
  let waiting: Call[] = [];
  return {
    waiting: () => waiting,
    make: (worker, what, effect, spare = []) =>
      new Promise((resolve, reject) => {
        const way = (how: string, isFault: boolean, act: () => Parameters<typeof resolve>[0]): Way => ({
          how,
          isFault,
          take() {
            waiting = waiting.filter((other) => other !== call);
            try {
              resolve(act());
            } catch (error) {
              reject(error);
            }
          },
        });
        const call: Call = {
          worker,
          what,
          ways: [
            way('', false, effect),
            way(' fails', true, () => refuse(what)),
            ...spare.map(({ fault, effect: other }) => way(` ${fault}`, true, other)),
          ],
        };
        waiting.push(call);
      }),
    drop(worker) {
      waiting = waiting.filter((call) => call.worker !== worker);
    },
  };
}

function refuse(what: string): never {
  throw new Error(`${what} failed`);
}
