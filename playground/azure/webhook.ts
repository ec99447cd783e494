// The webhook of a function app, spoken to as Event Grid does: validation handshake and notifications.
import type { Clock } from './clock';
import type { EventSubscription } from './event-filter';
import { textAt } from './json';
import type { Random } from './random';

const ACKNOWLEDGE_WITHIN = 30_000;

export interface Endpoint {
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

/** Posts one event as an array of one, and waits for an answer no longer than Event Grid does. */
export async function post(endpoint: Endpoint, subscription: EventSubscription, message: Message): Promise<Response> {
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

/** The validation handshake; throws when the function does not answer with its code. */
export async function shakeHands(
  to: Endpoint,
  subscription: EventSubscription,
  tools: { readonly topic: string; readonly random: Random; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  const { topic, random, clock, signal } = tools;
  const validationCode = random.guid().toUpperCase();
  const event = {
    id: random.guid(),
    topic,
    subject: '',
    data: { validationCode },
    eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
    eventTime: clock.now().toISOString(),
    metadataVersion: '1',
    dataVersion: '2',
  };
  const response = await post(to, subscription, { type: 'SubscriptionValidation', attempt: 0, event, signal });
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok && textAt(answer, 'validationResponse') === validationCode) return;
  throw new Error(
    `Event subscription ${subscription.name}: function ${subscription.function} did not answer the validation ` +
      `handshake with its code (status ${response.status}).`,
  );
}
