// Faults that strike at random and yet replay: whether a request is struck depends on the seed and on what is asked.
import { createHash } from 'node:crypto';
import type { FaultRule, FaultSchedule } from './faults';

export const SCHEDULED_KINDS = [
  'throttled',
  'throttledBare',
  'conflict',
  'precondition',
  'serverError',
  'resetBefore',
  'resetAfter',
  'errorAfter',
  'slow',
  'slowOperation',
  'failedOperation',
  'stale',
] as const;

export type ScheduledKind = (typeof SCHEDULED_KINDS)[number];

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly actor: string | null;
  /** True when the request carries If-Match: without it nothing answers 412. */
  readonly conditional: boolean;
}

export interface Struck {
  readonly kind: ScheduledKind;
  readonly rule: FaultRule;
}

const SERVER_ERRORS = [
  [500, 'InternalServerError'],
  [502, 'BadGateway'],
  [503, 'ServiceUnavailable'],
  [504, 'GatewayTimeout'],
] as const;

/** Three numbers in [0, 1) that only the text decides. */
function numbersFrom(text: string): readonly [number, number, number] {
  const digest = createHash('sha256').update(text).digest();
  const at = (offset: number): number => digest.readUInt32BE(offset) / 4_294_967_296;
  return [at(0), at(4), at(8)];
}

function isPolling(path: string): boolean {
  return /\/operation(?:s|results)\/[^/]+$/i.test(path);
}

function fits(kind: ScheduledKind, { method, path, conditional }: Asked): boolean {
  const isWrite = method !== 'GET';
  if (kind === 'precondition') return isWrite && conditional;
  if (['conflict', 'errorAfter', 'slowOperation', 'failedOperation'].includes(kind)) return isWrite;
  return kind !== 'stale' || (!isWrite && !isPolling(path));
}

function ruleFor(kind: ScheduledKind, schedule: FaultSchedule, number: number): FaultRule {
  const match = {};
  const { retryAfter, delayMs, operationMs, staleMs } = schedule;
  const [status, code] = SERVER_ERRORS[Math.floor(number * SERVER_ERRORS.length)] ?? SERVER_ERRORS[0];
  switch (kind) {
    case 'throttled':
      return { match, respond: { status: 429, code: 'TooManyRequests', retryAfter } };
    case 'throttledBare':
      return { match, respond: { status: 429, code: 'TooManyRequests' } };
    case 'conflict':
      return { match, respond: { status: 409, code: 'AnotherOperationInProgress' } };
    case 'precondition':
      return { match, respond: { status: 412, code: 'PreconditionFailed' } };
    case 'serverError':
      return { match, respond: { status, code } };
    case 'resetBefore':
      return { match, reset: true };
    case 'resetAfter':
      return { match, reset: true, after: true };
    case 'errorAfter':
      return { match, respond: { status, code }, after: true };
    case 'slow':
      return { match, delayMs };
    case 'slowOperation':
      return { match, operation: { ms: operationMs, takesEffect: true } };
    case 'failedOperation':
      return {
        match,
        operation: {
          fail: { code: 'InternalServerError', message: 'An error occurred.' },
          takesEffect: number < 0.5,
        },
      };
    case 'stale':
      return { match, staleMs };
  }
}

/** The schedule's judgement over requests in any order; keeps count of what was asked and struck. */
export function createFaultSchedule(schedule: FaultSchedule): (asked: Asked) => Struck | undefined {
  const times = new Map<string, number>();
  let left = schedule.limit ?? Number.POSITIVE_INFINITY;
  return (asked) => {
    if (left <= 0 || !asked.path.startsWith('/subscriptions')) return undefined;
    // Operation ids differ from run to run.
    const path = isPolling(asked.path) ? asked.path.replace(/[^/]+$/, '*') : asked.path;
    const key = `${asked.method} ${path.toLowerCase()}`;
    const time = times.get(key) ?? 0;
    times.set(key, time + 1);
    const [whether, which, how] = numbersFrom(`${schedule.seed} ${key} ${time}`);
    const kinds = schedule.kinds.filter((kind) => fits(kind, asked));
    const kind = kinds[Math.floor(which * kinds.length)];
    if (whether >= schedule.rate || kind === undefined) return undefined;
    left -= 1;
    return { kind, rule: ruleFor(kind, schedule, how) };
  };
}
