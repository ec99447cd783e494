/** Counts what the storm led to, from the logs of the local Azure: a witness that knows nothing of the guardrail. */
import { at, isObject, listAt, textAt } from '../../playground/json';
import { ruleLines } from '../../playground/stories/rules';
import { legitimateNames } from './drift';
import type { StormLogs } from './play';

export interface StormCounts {
  /** Events of what the people wrote, and how many of them the function has acknowledged. */
  readonly events: number;
  readonly acknowledged: number;
  /** Deliveries that had to be made again. */
  readonly redelivered: number;
  /** Groups whose rules are what they were, and the legitimate new ones. */
  readonly repaired: number;
  readonly writes: number;
  readonly groupsWritten: number;
  readonly observations: number;
  readonly reads: number;
  readonly throttled: number;
  /** Alerts of the channel that has fewest. */
  readonly alerts: number;
  /** From the first event being sent to the last acknowledged one, and to the answer to the last write. */
  readonly arrivedMs: number;
  readonly repairedMs: number;
}

interface Call {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly at: number;
}

/** The counts of these logs. */
export function countStorm(logs: StormLogs): StormCounts {
  const calls = callsOfApp(logs);
  const writes = calls.filter(({ method }) => method !== 'GET');
  const written = writes.filter(({ status }) => status < 300);
  const ids = idsOfPeople(logs);
  const delivered = listAt(logs.after, 'events', 'delivered').filter((each) => ids.has(textAt(each, 'eventId')));
  const since = (times: readonly number[]): number => Math.max(logs.startedAt, ...times) - logs.startedAt;
  return {
    events: ids.size,
    acknowledged: new Set(delivered.map((each) => textAt(each, 'eventId'))).size,
    redelivered: delivered.filter((each) => Number(at(each, 'attempts')) > 1).length,
    repaired: logs.groups.filter((group) => isRepaired(logs, group)).length,
    writes: writes.length,
    groupsWritten: new Set(written.map(({ url }) => url)).size,
    observations: calls.filter(({ method, url }) => method === 'GET' && isFirstPage(url)).length,
    reads: calls.length - writes.length,
    throttled: calls.filter(({ status }) => status === 429).length,
    alerts: Math.min(logs.alerts.teams, logs.alerts.mail),
    arrivedMs: since(delivered.map((each) => Date.parse(textAt(each, 'at')))),
    repairedMs: since(written.map((call) => call.at)),
  };
}

function callsOfApp({ requests, people }: StormLogs): Call[] {
  const records = Array.isArray(requests) ? requests.filter(isObject) : [];
  return records.flatMap((record) => {
    const actor = record['actor'];
    if (typeof actor !== 'string' || people.includes(actor)) return [];
    const url = textAt(record, 'path').toLowerCase();
    return [
      { method: textAt(record, 'method'), url, status: Number(record['status']), at: Date.parse(textAt(record, 'at')) },
    ];
  });
}

/** Every wave of reads asks for the list of security groups once. */
function isFirstPage(url: string): boolean {
  return /^\/subscriptions\/[^/]+\/providers\/microsoft\.network\/networksecuritygroups\?(?!.*skiptoken)/.test(url);
}

function idsOfPeople({ after, people }: StormLogs): ReadonlySet<string> {
  const events = listAt(after, 'events', 'raised');
  return new Set(
    events
      .filter((event) => people.includes(textAt(event, 'data', 'claims', 'name')))
      .map((event) => textAt(event, 'id')),
  );
}

function isRepaired({ before, after }: StormLogs, group: string): boolean {
  const was = ruleLines(resourceIn(before, group));
  const is = ruleLines(resourceIn(after, group));
  const names = [...was.keys(), ...legitimateNames()];
  return (
    is.size === names.length && names.every((name) => is.has(name) && (was.get(name) ?? is.get(name)) === is.get(name))
  );
}

function resourceIn(state: unknown, id: string): unknown {
  return listAt(state, 'resources').find((resource) => textAt(resource, 'id').toLowerCase() === id.toLowerCase());
}
