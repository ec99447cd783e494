// Delivers events to functions the way Event Grid does: handshake, filters, one event per array, retries, dead letters.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from './clock';
import type { DeadLetter } from './dead-letter';
import { deadLetterOf } from './dead-letter';
import type { EventGridEvent } from './event';
import type { EventSubscription } from './event-filter';
import { checkSubscription, wants } from './event-filter';
import type { FaultState } from './fault-state';
import type { Random } from './random';
import { createRecent } from './recent';
import { isRetried, MAX_ATTEMPTS, TIME_TO_LIVE, waitAfter } from './retry-schedule';
import type { Endpoint } from './webhook';
import { post, shakeHands } from './webhook';

const SOON = 30_000;

interface Delivery {
  readonly event: EventGridEvent;
  readonly subscription: EventSubscription;
  readonly firstAt: number;
  attempts: number;
  lastAt: number;
  lastStatus?: number | undefined;
}

export interface DeliveryRecord {
  readonly eventId: string;
  readonly subscription: string;
  readonly function: string;
  readonly attempts: number;
  readonly at: string;
  readonly outcome: string;
}

export interface EventGrid {
  /** Takes an event that Azure raised and delivers it to every connected subscription that wants it. */
  readonly raise: (event: EventGridEvent) => void;
  /** The handshake with each function; throws when one does not answer with its validation code. */
  readonly connect: (baseUrl: string, key?: string) => Promise<void>;
  /** Resolves when nothing is in flight or due within 30 s. */
  readonly idle: () => Promise<void>;
  readonly records: () => {
    raised: readonly EventGridEvent[];
    delivered: readonly DeliveryRecord[];
    deadLettered: readonly (DeliveryRecord & { event: EventGridEvent })[];
    dropped: readonly DeliveryRecord[];
    inFlight: number;
    held: number;
    failedToStore: readonly string[];
  };
  /** Sends off what was held back on request. */
  readonly release: () => void;
  readonly reset: () => void;
}

/** An Event Grid that knows `subscriptions` and delivers nothing until it is connected. */
export function createEventGrid(
  subscriptions: readonly EventSubscription[],
  tools: {
    readonly clock: Clock;
    readonly random: Random;
    readonly faults: FaultState;
    readonly topic: () => string;
    readonly onDeadLetter?: ((letter: DeadLetter) => void | Promise<void>) | undefined;
  },
): EventGrid {
  const { clock, random, faults } = tools;
  const raised = createRecent<EventGridEvent>();
  const delivered = createRecent<DeliveryRecord>();
  const deadLettered = createRecent<DeliveryRecord & { event: EventGridEvent }>();
  const dropped = createRecent<DeliveryRecord>();
  let endpoint: Endpoint | undefined;
  let generation = new AbortController();
  let inFlight = 0;
  let held: (() => void)[] = [];
  const failedToStore = createRecent<string>();
  for (const subscription of subscriptions) checkSubscription(subscription);

  function isBusy(): boolean {
    return inFlight > 0 || clock.dueWithin(SOON) > 0;
  }

  function record(delivery: Delivery, outcome: string): DeliveryRecord {
    return {
      eventId: delivery.event.id,
      subscription: delivery.subscription.name,
      function: delivery.subscription.function,
      attempts: delivery.attempts,
      at: clock.now().toISOString(),
      outcome,
    };
  }

  async function attempt(delivery: Delivery, to: Endpoint): Promise<void> {
    const ours = generation;
    delivery.attempts += 1;
    delivery.lastAt = clock.now().getTime();
    delivery.lastStatus = undefined;
    inFlight += 1;
    let outcome: string;
    let retry = true;
    try {
      const response = await post(to, delivery.subscription, {
        type: 'Notification',
        attempt: delivery.attempts,
        event: delivery.event,
        signal: ours.signal,
      });
      await response.arrayBuffer();
      if (ours.signal.aborted) return;
      outcome = `${response.status}`;
      delivery.lastStatus = response.status;
      if (response.ok) {
        delivered.add(record(delivery, outcome));
        return;
      }
      retry = isRetried(response.status);
    } catch (error) {
      outcome = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    } finally {
      inFlight -= 1;
    }
    if (!ours.signal.aborted) again(delivery, to, outcome, retry);
  }

  function again(delivery: Delivery, to: Endpoint, outcome: string, retry: boolean): void {
    const expired = clock.now().getTime() - delivery.firstAt > TIME_TO_LIVE;
    if (!retry || expired || delivery.attempts >= MAX_ATTEMPTS) {
      deadLettered.add({ ...record(delivery, outcome), event: delivery.event });
      void store(delivery, retry && expired);
      return;
    }
    const jittered = waitAfter(delivery.attempts) * (1 + random.number() * 0.1) * faults.active().events.retryScale;
    schedule(delivery, to, jittered);
  }

  function schedule(delivery: Delivery, to: Endpoint, ms: number): void {
    const send = (): void => clock.after(ms, () => void attempt(delivery, to));
    if (faults.active().events.hold) held.push(send);
    else send();
  }

  async function store(delivery: Delivery, hasExpired: boolean): Promise<void> {
    const { event, subscription, attempts, lastStatus: status } = delivery;
    const [publishedAt, lastAttemptAt] = [new Date(delivery.firstAt), new Date(delivery.lastAt)];
    const failed = { event, subscription, attempts, publishedAt, lastAttemptAt, status, hasExpired };
    inFlight += 1;
    try {
      await tools.onDeadLetter?.(deadLetterOf(failed, clock.now(), random.guid()));
    } catch (error) {
      // As in Azure: a dead letter whose container does not take it is gone. Here it is said.
      failedToStore.add(`${event.id}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      inFlight -= 1;
    }
  }

  return {
    raise(event) {
      raised.add(event);
      const to = endpoint;
      if (!to) return;
      const { duplicate, delayMs, drop } = faults.active().events;
      for (const subscription of subscriptions.filter((each) => wants(each, event))) {
        for (let copy = 0; copy < duplicate; copy += 1) {
          const delivery = { event, subscription, firstAt: clock.now().getTime(), attempts: 0, lastAt: 0 };
          if (drop > 0 && random.number() < drop) dropped.add(record(delivery, 'dropped on request'));
          else schedule(delivery, to, delayMs[0] + random.number() * (delayMs[1] - delayMs[0]));
        }
      }
    },
    async connect(baseUrl, key) {
      const to = { baseUrl, key };
      for (const subscription of subscriptions) {
        await shakeHands(to, subscription, { topic: tools.topic(), random, clock, signal: generation.signal });
      }
      endpoint = to;
    },
    async idle() {
      while (isBusy()) await sleep(5);
    },
    records: () => ({
      raised: raised.list(),
      delivered: delivered.list(),
      deadLettered: deadLettered.list(),
      dropped: dropped.list(),
      inFlight,
      held: held.length,
      failedToStore: failedToStore.list(),
    }),
    release() {
      const waiting = held;
      held = [];
      for (const send of waiting) send();
    },
    reset() {
      held = [];
      generation.abort();
      generation = new AbortController();
      for (const list of [raised, delivered, deadLettered, dropped, failedToStore]) list.clear();
    },
  };
}
