// ARM's throttling: token buckets for reads, writes and deletes of one principal in one subscription.
import { ArmError } from './arm-error';
import type { Clock } from './clock';

export type RateClass = 'reads' | 'writes' | 'deletes';

export interface Bucket {
  readonly size: number;
  readonly perSecond: number;
}

export type RateLimits = Readonly<Record<RateClass, Bucket>>;

/** Source: "Understand how Azure Resource Manager throttles requests" (subscription scope, per principal). */
export const PUBLISHED_LIMITS: RateLimits = {
  reads: { size: 250, perSecond: 25 },
  writes: { size: 200, perSecond: 10 },
  deletes: { size: 200, perSecond: 10 },
};

interface Level {
  readonly tokens: number;
  readonly at: number;
}

export interface RateLimiter {
  /** Takes a token and returns what is left, as headers; refuses with 429 and Retry-After when there is none. */
  readonly take: (
    limits: RateLimits,
    request: { readonly subscription: string; readonly principal: string; readonly method: string },
  ) => Record<string, string>;
  readonly reset: () => void;
}

function classOf(method: string): RateClass {
  if (method === 'GET') return 'reads';
  return method === 'DELETE' ? 'deletes' : 'writes';
}

/** Full buckets for everybody. */
export function createRateLimiter(clock: Clock): RateLimiter {
  const levels = new Map<string, Level>();
  return {
    take(limits, { subscription, principal, method }) {
      const kind = classOf(method);
      const { size, perSecond } = limits[kind];
      const key = `${kind} ${subscription} ${principal}`.toLowerCase();
      const now = clock.now().getTime();
      const before = levels.get(key) ?? { tokens: size, at: now };
      const elapsed = Math.max(0, now - before.at) / 1000;
      const tokens = Math.min(size, before.tokens + elapsed * perSecond);
      if (tokens < 1) {
        const seconds = perSecond > 0 ? Math.max(1, Math.ceil((1 - tokens) / perSecond)) : 3600;
        throw new ArmError(
          429,
          'TooManyRequests',
          `The number of ${kind} for subscription '${subscription}' by principal '${principal}' exceeds its limit. ` +
            `Please try again after '${seconds}' seconds.`,
          undefined,
          { 'retry-after': String(seconds), [`x-ms-ratelimit-remaining-subscription-${kind}`]: '0' },
        );
      }
      levels.set(key, { tokens: tokens - 1, at: now });
      return { [`x-ms-ratelimit-remaining-subscription-${kind}`]: String(Math.floor(tokens - 1)) };
    },
    reset: () => levels.clear(),
  };
}
