// What may go wrong on request: the shape of `POST /playground/faults`, and what each part of it means.
import { z } from 'zod';
import { SCHEDULED_KINDS } from './fault-schedule';
import { parsePolicyRule } from './policy-rule';
import { PUBLISHED_LIMITS } from './rate-limit';

function isPattern(text: string): boolean {
  try {
    return Boolean(new RegExp(text, 'i'));
  } catch {
    return false;
  }
}

const milliseconds = z.number().min(0).max(3_600_000);
const everywhere = z.string().startsWith('/').default('/');
const actions = z.array(z.string());

const match = z
  .strictObject({
    method: z.string().optional(),
    path: z.string().refine(isPattern, 'is not a regular expression').optional(),
    actor: z.string().optional(),
  })
  .default({});

const operation = z.strictObject({
  ms: milliseconds.optional(),
  fail: z
    .strictObject({
      code: z.string().default('InternalServerError'),
      message: z.string().default('An error occurred.'),
    })
    .optional(),
  takesEffect: z.boolean().default(true),
});

const rule = z
  .strictObject({
    match,
    times: z.int().min(1).optional(),
    probability: z.number().min(0).max(1).optional(),
    after: z.boolean().optional(),
    reset: z.boolean().optional(),
    delayMs: milliseconds.optional(),
    staleMs: milliseconds.optional(),
    operation: operation.optional(),
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
  .refine(
    (value) =>
      value.reset || value.respond || value.operation || value.delayMs !== undefined || value.staleMs !== undefined,
    'needs respond, reset, delayMs, staleMs or operation',
  );

const schedule = z.strictObject({
  seed: z.int(),
  rate: z.number().min(0).max(1),
  kinds: z
    .array(z.enum(SCHEDULED_KINDS))
    .min(1)
    .default([...SCHEDULED_KINDS]),
  limit: z.int().min(0).optional(),
  match,
  retryAfter: z.number().min(0).default(1),
  delayMs: milliseconds.default(200),
  operationMs: milliseconds.default(1000),
  staleMs: milliseconds.default(500),
});

const bucket = z.strictObject({ size: z.number().min(1), perSecond: z.number().min(0) });
const limits = z.strictObject({
  reads: bucket.default(PUBLISHED_LIMITS.reads),
  writes: bucket.default(PUBLISHED_LIMITS.writes),
  deletes: bucket.default(PUBLISHED_LIMITS.deletes),
});

const policy = z.strictObject({
  name: z.string().min(1),
  displayName: z.string().optional(),
  scope: everywhere,
  policyRule: z.unknown().transform((value, context) => {
    try {
      return parsePolicyRule(value);
    } catch (error) {
      context.issues.push({
        code: 'custom',
        message: error instanceof Error ? error.message : 'invalid',
        input: value,
      });
      return z.NEVER;
    }
  }),
});

const schema = z.strictObject({
  latencyMs: z
    .strictObject({
      read: milliseconds.default(0),
      write: milliseconds.default(0),
      jitter: z.number().min(0).max(1).default(0),
    })
    .default({ read: 0, write: 0, jitter: 0 }),
  rules: z.array(rule).default([]),
  schedule: schedule.optional(),
  staleReads: z.strictObject({ ms: milliseconds }).default({ ms: 0 }),
  pageSize: z.int().min(1).max(10_000).default(100),
  busyStatus: z.union([z.literal(409), z.literal(429)]).default(429),
  rateLimits: z.union([z.boolean().transform((on) => (on ? PUBLISHED_LIMITS : undefined)), limits]).optional(),
  rbac: z.boolean().default(false),
  roles: z
    .array(z.strictObject({ principal: z.string(), actions, notActions: actions.default([]), scope: everywhere }))
    .default([]),
  denyAssignments: z
    .array(
      z.strictObject({
        name: z.string(),
        actions,
        notActions: actions.default([]),
        scope: everywhere,
        principals: z.array(z.string()).default([]),
        except: z.array(z.string()).default([]),
      }),
    )
    .default([]),
  locks: z
    .array(
      z.strictObject({
        scope: z.string().startsWith('/subscriptions/'),
        level: z.enum(['CanNotDelete', 'ReadOnly']),
        name: z.string().default('playground-lock'),
      }),
    )
    .default([]),
  policies: z.array(policy).default([]),
  events: z
    .strictObject({
      duplicate: z.int().min(1).max(100).default(1),
      delayMs: z
        .union([milliseconds.transform((ms): [number, number] => [ms, ms]), z.tuple([milliseconds, milliseconds])])
        .default([0, 0]),
      drop: z.number().min(0).max(1).default(0),
      retryScale: z.number().min(0).max(1).default(1),
      hold: z.boolean().default(false),
    })
    .default({ duplicate: 1, delayMs: [0, 0], drop: 0, retryScale: 1, hold: false }),
});

/**
 * The active faults. Every part is optional; `{}` means none.
 * - `latencyMs`: `read` delays every read; `write` is how long a write takes until it is done. What a write takes beyond
 *   whole seconds passes before its answer, the whole seconds while its operation is InProgress. `jitter` (0 to 1) varies both.
 * - `rules`: the first that matches (`method`; `path`, a regular expression over the path; `actor`) applies, `times` times
 *   (default: always) and with `probability` (default 1). `respond` answers in the request's place, `reset` cuts the
 *   connection, `delayMs` waits; with `after` the request is carried out first and only its answer is lost. `staleMs`
 *   lets a read see the estate as it was; `operation` lets a write's operation take `ms` and, with `fail`, end Failed,
 *   what was written standing or (`takesEffect: false`) undone.
 * - `schedule`: faults of the given `kinds` strike a share `rate` of ARM's requests. Which ones depends on `seed`, method,
 *   path and how often that was asked before, not on who came first, so that a run replays; `limit` ends it.
 * - `staleReads.ms`: reads see the estate as it was that long ago.
 * - `pageSize`: resources per page of a list. `busyStatus`: how a write is refused while another operation runs.
 * - `rateLimits`: true for ARM's published token buckets, or buckets of one's own.
 * - `rbac`: the managed identity is held to the role that the playground knows for it. `roles`, `denyAssignments`, `locks`,
 *   `policies`: as the same entries in an estate, everywhere unless a `scope` says where; `identity` names the app.
 * - `events`: each delivered `duplicate` times, after a random delay within `delayMs` (which reorders them), dropped with
 *   probability `drop`; `retryScale` shortens the retry schedule; `hold` keeps all back until it is false again.
 */
export type Faults = z.output<typeof schema>;
export type FaultRule = Faults['rules'][number];
export type FaultSchedule = NonNullable<Faults['schedule']>;

export const NO_FAULTS: Faults = schema.parse({});

/** Reads a fault set; the error is one sentence that names every problem. */
export function parseFaults(value: unknown): Faults | { readonly error: string } {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.') || 'faults'}: ${issue.message}`);
  return { error: `Faults not changed. ${problems.join('; ')}` };
}

/** How far back a read may be asked to look, in milliseconds. */
export function longestStaleness({ staleReads, rules, schedule: scheduled }: Faults): number {
  const planned = scheduled?.kinds.includes('stale') ? scheduled.staleMs : 0;
  return Math.max(staleReads.ms, planned, ...rules.map((each) => each.staleMs ?? 0));
}
