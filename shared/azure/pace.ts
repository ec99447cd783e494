/** Keeps within ARM's rates: slows down when ARM says that little is left, before it refuses anything. */
import type { PipelinePolicy } from '@azure/core-rest-pipeline';

/**
 * What ARM refills per second for one principal in one subscription. Source:
 * https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling
 */
const REFILL = { reads: 25, writes: 10 } as const;
/** From here on requests go out at the rate of the refill; what is left is for those on their way already. */
const RESERVE = 40;

type Kind = keyof typeof REFILL;

/** `now` and the pause are in milliseconds. Has to stand after the client's retries, so that each is counted. */
export function pacePolicy(now: () => number = Date.now, pause: (ms: number) => Promise<void> = wait): PipelinePolicy {
  const left: Record<Kind, number> = { reads: Number.POSITIVE_INFINITY, writes: Number.POSITIVE_INFINITY };
  const free: Record<Kind, number> = { reads: 0, writes: 0 };
  return {
    name: 'pace',
    async sendRequest(request, next) {
      const kind = request.method === 'GET' ? 'reads' : 'writes';
      if (left[kind] < RESERVE) {
        const turn = Math.max(now(), free[kind]);
        free[kind] = turn + 1000 / REFILL[kind];
        if (turn > now()) await pause(turn - now());
      }
      const response = await next(request);
      const remaining = response.headers.get(`x-ms-ratelimit-remaining-subscription-${kind}`);
      if (remaining !== undefined && /^\d+$/.test(remaining)) left[kind] = Number(remaining);
      return response;
    },
  };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
