/** One scope, people who change it, workers who look after it, and everything that may go wrong in between. */
import { type Call, newCalls } from './calls';
import type { Parts } from './protocol';
import type { Broken, Message, Worker, World } from './world';
import { portsOf, siteOf } from './world-ports';

/** How much of what may happen is let happen in one schedule. */
export interface Limits {
  /** How often a person changes the state. */
  readonly changes: number;
  /** How many workers may be at work at once. */
  readonly workers: number;
  /** Calls that fail, answers that are lost, writes that go on without us. */
  readonly faults: number;
  readonly crashes: number;
  /** How often time passes although somebody could go on. */
  readonly stalls: number;
  /** How often a worker is interrupted although it could go on. */
  readonly interruptions: number;
}

/** One thing that may happen next. */
export interface Step {
  readonly name: () => string;
  /** Rarely taken by a random schedule. */
  readonly isRare: boolean;
  readonly take: () => void;
}

export interface Model {
  /** What may happen next, the most ordinary first; none: everything is at rest. */
  readonly steps: () => readonly Step[];
  readonly broken: () => Broken | undefined;
  /** Whether everything is as it should be at rest. */
  readonly atRest: () => Broken | undefined;
}

/** Event Grid waits so long for an answer. */
const ANSWER_SECONDS = 30;
/** What a function gives itself: an event's, and a recheck's. */
const TIME_TO_LOOK = { event: 15, recheck: 240 };
const DELIVERED_AGAIN_SECONDS = 10;
/** How long a queue hides a message whose function died or failed. */
const HIDDEN_SECONDS = 30;

/** A world at rest. Every schedule of the same choices goes the same way. */
export function newModel(parts: Parts, limits: Limits): Model {
  const calls = newCalls();
  const lease = parts.lease.newLease(() => world.time);
  const world: World = {
    calls,
    lease,
    time: 0,
    state: 0,
    handled: 0,
    seen: 0,
    marks: 0,
    mark: undefined,
    messages: [],
    broken: undefined,
  };
  const left = { ...limits };
  let workers: Worker[] = [];
  let started = 0;
  let last = 0;

  function begin(message: Message): void {
    started += 1;
    const worker: Worker = { id: started, message, startedAt: world.time, isOver: false };
    workers.push(worker);
    last = worker.id;
    world.messages = world.messages.filter((other) => other !== message);
    const until = new Date((world.time + TIME_TO_LOOK[message.kind]) * 1000);
    const act = message.kind === 'event' ? parts.work.onEvent : parts.work.onRecheck;
    act(parts.look, portsOf(world, worker), siteOf(world, worker), until).then(
      () => end(worker, true),
      () => end(worker, false),
    );
  }

  function end(worker: Worker, isGood: boolean): void {
    worker.isOver = true;
    if (worker.hold?.isRenewing) {
      world.broken ??= { property: 'stuck scope', how: `${worker.id} is over and renews its lease for ever` };
    }
    const { message } = worker;
    const isLate = message.kind === 'event' && world.time > worker.startedAt + ANSWER_SECONDS;
    if (!isGood || isLate) again(message);
    else if (message.kind === 'event' && !world.mark && world.seen < message.change) {
      world.broken ??= {
        property: 'empty promise',
        how: `change ${message.change} is acknowledged, no mark, no look`,
      };
    }
  }

  function again(message: Message): void {
    const seconds = message.kind === 'event' ? DELIVERED_AGAIN_SECONDS : HIDDEN_SECONDS;
    world.messages.push({ ...message, dueAt: world.time + seconds });
  }

  function crash(worker: Worker): void {
    left.crashes -= 1;
    calls.drop(worker.id);
    if (worker.hold) worker.hold.isRenewing = false;
    if (!worker.isOver) again(worker.message);
    worker.isOver = true;
  }

  function pass(to: number): void {
    world.time = to;
    lease.renew();
  }

  /** Nobody has anything to do until then. */
  function wait(to: number): void {
    const { crashes, faults, stalls } = limits;
    const isFine = left.crashes === crashes && left.faults === faults && left.stalls === stalls;
    if (world.mark && isFine)
      world.broken ??= { property: 'late look', how: 'nothing went wrong, and the mark has to wait' };
    pass(to);
  }

  function moments(): number[] {
    const hold = lease.current();
    const all = [
      ...world.messages.map(({ dueAt }) => dueAt),
      ...(hold ? [hold.endsAt, hold.renewedAt + 49, hold.endsAt - 1] : []),
    ];
    return [...new Set(all)].filter((moment) => moment > world.time).toSorted((a, b) => a - b);
  }

  function callSteps(): Step[] {
    const waiting = calls.waiting();
    const ofLast = waiting.filter((call) => call.worker === last);
    const isFree = ofLast.length === 0;
    const others = isFree || left.interruptions > 0 ? waiting.filter((call) => call.worker !== last) : [];
    return [...ofLast, ...others].flatMap((call) => stepsOf(call, call.worker === last || isFree));
  }

  function stepsOf(call: Call, isFree: boolean): Step[] {
    const ways = call.ways.filter(({ isFault }) => !isFault || left.faults > 0);
    return ways.map((way) => ({
      name: () => `worker ${call.worker}: ${call.what}${way.how}`,
      isRare: way.isFault,
      take() {
        if (!isFree) left.interruptions -= 1;
        if (way.isFault) left.faults -= 1;
        last = call.worker;
        way.take();
      },
    }));
  }

  function arrivals(isBusy: boolean): Step[] {
    if (isBusy && left.interruptions === 0) return [];
    const pay = (): void => {
      if (isBusy) left.interruptions -= 1;
    };
    const due = workers.filter(({ isOver }) => !isOver).length < limits.workers ? world.messages : [];
    // Of messages that are alike it does not matter which comes first.
    const distinct = new Map(
      due.filter(({ dueAt }) => dueAt <= world.time).map((message) => [nameOf(message), message]),
    );
    const steps = [...distinct].map(([name, message]) => ({
      name: () => `worker ${started + 1} starts on ${name}`,
      isRare: false,
      take() {
        pay();
        begin(message);
      },
    }));
    if (left.changes === 0) return steps;
    const change = {
      name: () => `a person makes change ${world.state + 1}`,
      isRare: false,
      take() {
        pay();
        left.changes -= 1;
        world.state += 1;
        world.messages.push({ kind: 'event', change: world.state, dueAt: world.time });
      },
    };
    return [...steps, change];
  }

  function mishaps(isBusy: boolean): Step[] {
    const steps: Step[] = [];
    const alive = new Set(calls.waiting().map((call) => call.worker));
    for (const worker of workers.filter(({ id }) => left.crashes > 0 && alive.has(id))) {
      steps.push({ name: () => `worker ${worker.id} dies`, isRare: true, take: () => crash(worker) });
    }
    if (!isBusy || left.stalls === 0) return steps;
    for (const moment of moments().slice(0, 2)) {
      steps.push({
        name: () => `time passes until ${moment} s`,
        isRare: true,
        take() {
          left.stalls -= 1;
          pass(moment);
        },
      });
    }
    const hold = lease.current();
    if (!hold?.isRenewing) return steps;
    const hangs = (): void => {
      left.stalls -= 1;
      hold.isRenewing = false;
    };
    return [...steps, { name: () => `worker ${hold.worker} renews no more`, isRare: true, take: hangs }];
  }

  return {
    broken: () => world.broken,
    steps() {
      workers = workers.filter(({ isOver, id }) => !isOver || calls.waiting().some((call) => call.worker === id));
      const isBusy = calls.waiting().length > 0;
      const steps = [...callSteps(), ...arrivals(isBusy), ...mishaps(isBusy)];
      if (steps.length > 0) return steps;
      const [next] = moments();
      return next === undefined
        ? []
        : [{ name: () => `time goes on to ${next} s`, isRare: false, take: () => wait(next) }];
    },
    atRest() {
      if (world.handled !== world.state)
        return { property: 'nobody looks', how: `change ${world.state} is in force, ${world.handled} was dealt with` };
      if (world.mark) return { property: 'nobody looks', how: 'a mark is left' };
      return lease.current() && { property: 'stuck scope', how: 'the lease is still held' };
    },
  };
}

function nameOf({ kind, change }: Message): string {
  return kind === 'event' ? `event ${change}` : 'a recheck';
}
