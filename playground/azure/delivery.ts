// Delivers events to functions the way Event Grid does: handshake, filters, one event per array, retries, dead letters.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from './clock';
import type { EventGridEvent } from './event';
import type { EventSubscription } from './event-filter';
import { checkSubscription, wants } from './event-filter';
import type { FaultState } from './faults';
import { textAt } from './json';
import type { Random } from './random';
import { createRecent } from './recent';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Waits before the second, third, … attempt; the last one repeats. Source: Event Grid delivery and retry. */
const RETRY_WAITS = [
  10 * SECOND,
  30 * SECOND,
  MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
];
const MAX_ATTEMPTS = 30;
const TIME_TO_LIVE = 24 * HOUR;
const ACKNOWLEDGE_WITHIN = 30 * SECOND;
/** An Azure function endpoint that answers so is not asked again. */
const NOT_RETRIED = [400, 403, 413];
const SOON = 30 * SECOND;

interface Delivery {
  readonly event: EventGridEvent;
  readonly subscription: EventSubscription;
  readonly firstAt: number;
  attempts: number;
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
  };
  readonly reset: () => void;
}

interface Endpoint {
  readonly baseUrl: string;
  readonly key: string | undefined;
}

function webhookUrl(endpoint: Endpoint, subscription: EventSubscription): string {
  const url = new URL('runtime/webhooks/eventgrid', `${endpoint.baseUrl.replace(/\/+$/, '')}/`);
  url.searchParams.set('functionName', subscription.function);
  if (endpoint.key) url.searchParams.set('code', endpoint.key);
  return url.href;
}

interface Message {
  readonly type: 'Notification' | 'SubscriptionValidation';
  readonly attempt: number;
  readonly event: unknown;
  readonly signal: AbortSignal;
}

async function post(endpoint: Endpoint, subscription: EventSubscription, message: Message): Promise<Response> {
  return await fetch(webhookUrl(endpoint, subscription), {
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'aeg-event-type': message.type,
      'aeg-subscription-name': subscription.name.toUpperCase(),
      'aeg-delivery-count': String(message.attempt),
      'aeg-data-version': '2',
      'aeg-metadata-version': '1',
    },
    body: JSON.stringify([message.event]),
    signal: AbortSignal.any([message.signal, AbortSignal.timeout(ACKNOWLEDGE_WITHIN)]),
  });
}

/** An Event Grid that knows `subscriptions` and delivers nothing until it is connected. */
export function createEventGrid(
  subscriptions: readonly EventSubscription[],
  tools: { readonly clock: Clock; readonly random: Random; readonly faults: FaultState; readonly topic: () => string },
): EventGrid {
  const { clock, random, faults } = tools;
  const raised = createRecent<EventGridEvent>();
  const delivered = createRecent<DeliveryRecord>();
  const deadLettered = createRecent<DeliveryRecord & { event: EventGridEvent }>();
  const dropped = createRecent<DeliveryRecord>();
  let endpoint: Endpoint | undefined;
  let generation = new AbortController();
  let inFlight = 0;
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
      if (response.ok) {
        delivered.add(record(delivery, outcome));
        return;
      }
      retry = !NOT_RETRIED.includes(response.status);
    } catch (error) {
      outcome = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    } finally {
      inFlight -= 1;
    }
    if (!ours.signal.aborted) again(delivery, to, outcome, retry);
  }

  function again(delivery: Delivery, to: Endpoint, outcome: string, retry: boolean): void {
    const wait = RETRY_WAITS[Math.min(delivery.attempts, RETRY_WAITS.length) - 1] ?? 12 * HOUR;
    const expired = clock.now().getTime() - delivery.firstAt > TIME_TO_LIVE;
    if (!retry || expired || delivery.attempts >= MAX_ATTEMPTS) {
      deadLettered.add({ ...record(delivery, outcome), event: delivery.event });
      return;
    }
    const jittered = wait * (1 + random.number() * 0.1) * faults.active().events.retryScale;
    schedule(delivery, to, jittered);
  }

  function schedule(delivery: Delivery, to: Endpoint, ms: number): void {
    clock.after(ms, () => void attempt(delivery, to));
  }

  return {
    raise(event) {
      raised.add(event);
      const to = endpoint;
      if (!to) return;
      const { duplicate, delayMs, drop } = faults.active().events;
      for (const subscription of subscriptions.filter((each) => wants(each, event))) {
        for (let copy = 0; copy < duplicate; copy += 1) {
          const delivery = { event, subscription, firstAt: clock.now().getTime(), attempts: 0 };
          if (drop > 0 && random.number() < drop) dropped.add(record(delivery, 'dropped on request'));
          else schedule(delivery, to, delayMs[0] + random.number() * (delayMs[1] - delayMs[0]));
        }
      }
    },
    async connect(baseUrl, key) {
      const to = { baseUrl, key };
      for (const subscription of subscriptions) {
        const validationCode = random.guid().toUpperCase();
        const validation = {
          id: random.guid(),
          topic: tools.topic(),
          subject: '',
          data: { validationCode },
          eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
          eventTime: clock.now().toISOString(),
          metadataVersion: '1',
          dataVersion: '2',
        };
        const response = await post(to, subscription, {
          type: 'SubscriptionValidation',
          attempt: 0,
          event: validation,
          signal: generation.signal,
        });
        const answer: unknown = await response.json().catch(() => undefined);
        if (!response.ok || textAt(answer, 'validationResponse') !== validationCode) {
          throw new Error(
            `Event subscription ${subscription.name}: function ${subscription.function} did not answer the validation ` +
              `handshake with its code (status ${response.status}).`,
          );
        }
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
    }),
    reset() {
      generation.abort();
      generation = new AbortController();
      for (const list of [raised, delivered, deadLettered, dropped]) list.clear();
    },
  };
}
