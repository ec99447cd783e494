/** Reads one repair out of the request log of the local Azure: a witness that knows nothing of the guardrail's own clock. */
import { at, isObject, listAt, textAt } from '../../playground/json';

/** How often ARM was called. */
export interface Calls {
  readonly lists: number;
  readonly reads: number;
  readonly polls: number;
  readonly writes: number;
}

/** Milliseconds of each step, and the calls it took. The log's times are whole milliseconds: each step is right to one. */
export interface RepairRecord {
  /** From the event being posted to the function's first read. */
  readonly started: number;
  readonly observed: number;
  /** Evaluated, planned, proven, and the intent put on record. */
  readonly planned: number;
  readonly applied: number;
  readonly verified: number;
  /** From verified to the last channel having the alert. */
  readonly told: number;
  /** From the event being posted to the end of the read that shows the repair. */
  readonly total: number;
  readonly callsUntilVerified: Calls;
  /** The look that the event of the guardrail's own write leads to. */
  readonly callsAfter: Calls;
}

interface Call {
  readonly kind: keyof Calls;
  readonly path: string;
  readonly status: number;
  readonly startedAt: number;
  readonly endedAt: number;
}

export interface RunLogs {
  /** What GET /playground/requests, /state and /inbox answered once everything was at rest. */
  readonly requests: unknown;
  readonly state: unknown;
  readonly inbox: unknown;
  /** The names of those whose calls do not count. */
  readonly people: readonly string[];
  /** Whose write was the drift, and the group that had to be repaired. */
  readonly actor: string;
  readonly group: string;
}

/** The repair in these logs. Throws, saying what is missing, when there was none. */
export function readRepair(logs: RunLogs): RepairRecord {
  const postedAt = eventTime(logs);
  const calls = callsOf(logs).filter((call) => call.endedAt >= postedAt);
  const group = logs.group.toLowerCase();
  const write = calls.find((call) => call.kind === 'writes' && call.path === group && call.status < 300);
  if (write === undefined) throw new Error('the guardrail wrote nothing that ARM accepted');
  const reread = calls.findLast(
    (call) => call.kind === 'reads' && call.path === group && call.endedAt >= write.endedAt,
  );
  if (reread === undefined) throw new Error('the repair was not looked at again');
  const wave = calls.filter((call) => call.kind === 'lists' && call.endedAt <= write.startedAt);
  if (wave.length === 0) throw new Error('the guardrail wrote without a look');
  const firstRead = Math.min(...wave.map((call) => call.startedAt));
  const lastRead = Math.max(...wave.map((call) => call.endedAt));
  const until = calls.filter((call) => call.endedAt <= reread.endedAt);
  return {
    started: firstRead - postedAt,
    observed: lastRead - firstRead,
    planned: write.startedAt - lastRead,
    applied: appliedAt(calls, write, reread) - write.startedAt,
    verified: reread.endedAt - appliedAt(calls, write, reread),
    told: toldAt(logs.inbox) - reread.endedAt,
    total: reread.endedAt - postedAt,
    callsUntilVerified: count(until),
    callsAfter: count(calls.filter((call) => !until.includes(call))),
  };
}

/** A write that ARM answers at once ends with its answer; one that goes on ends with the last poll. */
function appliedAt(calls: readonly Call[], write: Call, reread: Call): number {
  const polls = calls.filter((call) => call.kind === 'polls' && call.endedAt <= reread.endedAt);
  return Math.max(write.endedAt, ...polls.map((call) => call.endedAt));
}

function eventTime({ state, actor }: RunLogs): number {
  const raised = listAt(state, 'events', 'raised').findLast(
    (event) => textAt(event, 'data', 'claims', 'name') === actor,
  );
  const time = Date.parse(textAt(raised, 'eventTime'));
  if (Number.isNaN(time)) throw new Error(`no event names ${actor}`);
  return time;
}

function toldAt(inbox: unknown): number {
  const times = ['teams', 'mail'].map((channel) => Date.parse(textAt(listAt(inbox, channel).at(-1), 'receivedAt')));
  if (times.some(Number.isNaN)) throw new Error('a channel was not told');
  return Math.max(...times);
}

function callsOf({ requests, people }: RunLogs): Call[] {
  const records = Array.isArray(requests) ? requests.filter(isObject) : [];
  return records.flatMap((record) => {
    const actor = record['actor'];
    if (typeof actor !== 'string' || people.includes(actor)) return [];
    const path = (textAt(record, 'path').split('?', 1)[0] ?? '').toLowerCase();
    const endedAt = Date.parse(textAt(record, 'at'));
    const startedAt = endedAt - Number(at(record, 'ms'));
    return [
      { kind: kindOf(textAt(record, 'method'), path), path, status: Number(record['status']), startedAt, endedAt },
    ];
  });
}

function kindOf(method: string, path: string): keyof Calls {
  if (method !== 'GET') return 'writes';
  if (/\/(operations|operationresults)\//.test(path)) return 'polls';
  return /^\/subscriptions\/[^/]+\/providers\/[^/]+\/[^/]+$/.test(path) ? 'lists' : 'reads';
}

function count(calls: readonly Call[]): Calls {
  const of = (kind: keyof Calls): number => calls.filter((call) => call.kind === kind).length;
  return { lists: of('lists'), reads: of('reads'), polls: of('polls'), writes: of('writes') };
}
