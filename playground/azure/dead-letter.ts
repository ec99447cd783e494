// A dead letter as Event Grid writes it: a blob with an array of one event and the story of its delivery.
import type { EventGridEvent } from './event';
import type { EventSubscription } from './event-filter';
import { isRetried } from './retry-schedule';

export interface DeadLetter {
  readonly container: string;
  /** Name of the blob within the container. */
  readonly path: string;
  readonly body: string;
}

export interface FailedDelivery {
  readonly event: EventGridEvent;
  readonly subscription: EventSubscription;
  readonly attempts: number;
  readonly publishedAt: Date;
  readonly lastAttemptAt: Date;
  /** Status of the last answer; undefined when there was none. */
  readonly status: number | undefined;
  readonly hasExpired: boolean;
}

export const DEFAULT_CONTAINER = 'dead-letters';

const OUTCOMES: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  408: 'TimedOut',
  413: 'PayloadTooLarge',
  429: 'Busy',
  503: 'Busy',
};

function outcomeOf(status: number | undefined): string {
  if (status === undefined) return 'TimedOut';
  return OUTCOMES[status] ?? 'GenericError';
}

function reasonOf({ status, hasExpired }: FailedDelivery): string {
  if (hasExpired) return 'TimeToLiveExceeded';
  const isFinal = status !== undefined && !isRetried(status);
  return isFinal ? `UndeliverableDueToHttp${outcomeOf(status)}` : 'MaxDeliveryAttemptsExceeded';
}

/**
 * The blob of a delivery that has failed for good. Its name starts with the event subscription's in capitals, then year,
 * month, day and hour without leading zeros (UTC). Source: Event Grid, set dead-letter location and retry policy. Azure
 * writes it some five minutes after the last attempt; here it comes at once.
 */
export function deadLetterOf(failed: FailedDelivery, now: Date, guid: string): DeadLetter {
  const hours = [now.getUTCFullYear(), now.getUTCMonth() + 1, now.getUTCDate(), now.getUTCHours()].join('/');
  const entry = {
    ...failed.event,
    deadLetterReason: reasonOf(failed),
    deliveryAttempts: failed.attempts,
    lastDeliveryOutcome: outcomeOf(failed.status),
    ...(failed.status === undefined ? {} : { lastHttpStatusCode: failed.status }),
    publishTime: failed.publishedAt.toISOString(),
    lastDeliveryAttemptTime: failed.lastAttemptAt.toISOString(),
  };
  return {
    container: failed.subscription.deadLetterContainer ?? DEFAULT_CONTAINER,
    path: `${failed.subscription.name.toUpperCase()}/${hours}/${guid}.json`,
    body: JSON.stringify([entry]),
  };
}
