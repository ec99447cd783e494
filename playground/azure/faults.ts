// What may go wrong on request: latency, refusals, cut connections, stale reads, small pages, unreliable events.
import { z } from 'zod';
import type { Random } from './random';

function isPattern(text: string): boolean {
  try {
    return Boolean(new RegExp(text, 'i'));
  } catch {
    return false;
  }
}

const milliseconds = z.number().min(0).max(3_600_000);

const rule = z
  .strictObject({
    match: z
      .strictObject({
        method: z.string().optional(),
        path: z.string().refine(isPattern, 'is not a regular expression').optional(),
        actor: z.string().optional(),
      })
      .default({}),
    times: z.int().min(1).optional(),
    probability: z.number().min(0).max(1).optional(),
    after: z.boolean().optional(),
    reset: z.boolean().optional(),
    delayMs: milliseconds.optional(),
    respond: z
      .strictObject({
        status: z.int().min(200).max(599),
        code: z.string().optional(),
        message: z.string().optional(),
        retryAfter: z.number().min(0).optional(),
        headers: z.record(z.string(), z.string()).optional(),
        body: z.unknown().optional(),
      })
      .optional(),
  })
  .refine((value) => value.reset || value.respond || value.delayMs !== undefined, 'needs respond, reset or delayMs');

const schema = z.strictObject({
  latencyMs: z
    .strictObject({
      read: milliseconds.default(0),
      write: milliseconds.default(0),
      jitter: z.number().min(0).max(1).default(0),
    })
    .default({ read: 0, write: 0, jitter: 0 }),
  rules: z.array(rule).default([]),
  staleReads: z.strictObject({ ms: milliseconds }).default({ ms: 0 }),
  pageSize: z.int().min(1).max(10_000).default(100),
  events: z
    .strictObject({
      duplicate: z.int().min(1).max(100).default(1),
      delayMs: z
        .union([milliseconds.transform((ms): [number, number] => [ms, ms]), z.tuple([milliseconds, milliseconds])])
        .default([0, 0]),
      drop: z.number().min(0).max(1).default(0),
      retryScale: z.number().min(0).max(1).default(1),
    })
    .default({ duplicate: 1, delayMs: [0, 0], drop: 0, retryScale: 1 }),
});

/**
 * The active faults. Every part is optional; `{}` means none.
 * - `latencyMs`: `read` delays every read; `write` is how long a write takes until it is done. What a write takes beyond
 *   whole seconds passes before its answer, the whole seconds while its operation is InProgress. `jitter` (0 to 1) varies both.
 * - `rules`: the first that matches (`method`; `path`, a regular expression over the path; `actor`) applies, `times` times
 *   (default: always) and with `probability` (default 1). `respond` answers in the request's place, `reset` cuts the
 *   connection, `delayMs` waits; with `after` the request is carried out first and only its answer is lost.
 * - `staleReads.ms`: reads see the estate as it was that long ago.
 * - `pageSize`: resources per page of a list.
 * - `events`: each delivered `duplicate` times, after a random delay within `delayMs` (which reorders them), dropped with
 *   probability `drop`; `retryScale` shortens the retry schedule.
 */
export type Faults = z.output<typeof schema>;
export type FaultRule = Faults['rules'][number];

export const NO_FAULTS: Faults = schema.parse({});

/** Reads a fault set; the error is one sentence that names every problem. */
export function parseFaults(value: unknown): Faults | { readonly error: string } {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.') || 'faults'}: ${issue.message}`);
  return { error: `Faults not changed. ${problems.join('; ')}` };
}

export interface FaultState {
  readonly active: () => Faults;
  readonly replace: (faults: Faults) => void;
  /** The rule that applies to a request, counted as used. */
  readonly take: (method: string, path: string, actor: string | null) => FaultRule | undefined;
  /** A latency in milliseconds, varied by the jitter. */
  readonly latency: (kind: 'read' | 'write') => number;
}

/** No faults to begin with. */
export function createFaults(random: Random): FaultState {
  let faults = NO_FAULTS;
  let left = new Map<FaultRule, number>();

  return {
    active: () => faults,
    replace(next) {
      faults = next;
      left = new Map(next.rules.map((each) => [each, each.times ?? Number.POSITIVE_INFINITY]));
    },
    take(method, path, actor) {
      for (const candidate of faults.rules) {
        const { match } = candidate;
        const remaining = left.get(candidate) ?? 0;
        if (remaining <= 0) continue;
        if (match.method !== undefined && match.method.toUpperCase() !== method) continue;
        if (match.path !== undefined && !new RegExp(match.path, 'i').test(path)) continue;
        if (match.actor !== undefined && match.actor !== actor) continue;
        if (candidate.probability !== undefined && random.number() >= candidate.probability) continue;
        left.set(candidate, remaining - 1);
        return candidate;
      }
      return undefined;
    },
    latency(kind) {
      const { jitter, [kind]: ms } = faults.latencyMs;
      return ms === 0 ? 0 : Math.round(ms * (1 + jitter * (2 * random.number() - 1)));
    },
  };
}
