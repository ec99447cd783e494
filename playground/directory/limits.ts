// Graph's throttling as far as identity settings meet it: per tenant, for all applications together.
import type { Clock } from '../azure/clock';
import type { Service } from './caller';
import { GraphError } from './graph-error';

interface Window {
  readonly requests: number;
  readonly ms: number;
}

/** Source: "Microsoft Graph service-specific throttling limits". None of the two answers with Retry-After. */
const LIMITS: Readonly<Partial<Record<Service, Window>>> = {
  conditionalAccess: { requests: 1, ms: 1000 },
  audit: { requests: 5, ms: 10_000 },
};

export interface GraphLimits {
  /** Counts a request; throws GraphError 429 when the window of the service is full. */
  readonly take: (service: Service) => void;
  readonly reset: () => void;
}

export function createGraphLimits(clock: Clock): GraphLimits {
  const taken = new Map<Service, number[]>();
  return {
    take(service) {
      const window = LIMITS[service];
      if (!window) return;
      const now = clock.now().getTime();
      const recent = (taken.get(service) ?? []).filter((at) => at > now - window.ms && at <= now);
      taken.set(service, recent);
      if (recent.length >= window.requests) throw new GraphError(429, 'TooManyRequests', 'Too Many Requests');
      recent.push(now);
    },
    reset: () => taken.clear(),
  };
}
