/** Tries reads again that ARM throttles without a Retry-After: the client's own retries leave those alone. */
import type { RetryStrategy } from '@azure/core-rest-pipeline';

/** The n-th pause is twice the one before; writes are left to whoever has to ask before each of them. */
export function bareThrottlingStrategy(firstPauseMs: number, longestPauseMs: number): RetryStrategy {
  return {
    name: 'bareThrottlingStrategy',
    retry({ retryCount, response }) {
      const isBare = response?.status === 429 && !response.headers.has('retry-after');
      if (!isBare || response.request.method !== 'GET') return { skipStrategy: true };
      return { retryAfterInMs: Math.min(longestPauseMs, firstPauseMs * 2 ** retryCount) };
    },
  };
}
