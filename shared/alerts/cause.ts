/** Who changed what, and how the guardrail came to look, as labelled facts. */
import type { Change } from '../change';
import type { Cause, Incident } from '../incident';
import { nameOf } from '../network/network';

export interface Fact {
  readonly label: string;
  readonly value: string;
}

/** Who, what, where and when, as far as it is known; nothing is invented for what the event left out. */
export function causeFacts(cause: Cause): Fact[] {
  if (cause.kind === 'change') return changeFacts(cause.change);
  if (cause.kind === 'noticed') return noticedFacts(cause.change);
  if (cause.kind === 'audit') return auditFacts(cause);
  if (cause.kind === 'person') return [{ label: 'Found by', value: `a person running: ${cause.command}` }];
  return [{ label: 'Found by', value: 'the periodic sweep: no event named who changed it (see the activity log)' }];
}

function auditFacts({ activity, target, actor, time }: Extract<Cause, { kind: 'audit' }>): Fact[] {
  return [
    { label: 'Changed by', value: actor },
    { label: 'Change', value: `${activity} on ${target}, as the directory’s audit log says` },
    { label: 'At', value: time },
  ];
}

function noticedFacts({ operation, resourceId }: Change): Fact[] {
  const value = `looking after ${operation} on ${nameOf(resourceId)}, which is something else: who changed this is not known yet`;
  return [{ label: 'Found by', value }];
}

function changeFacts({ actor, operation, resourceId, time, correlationId }: Change): Fact[] {
  const facts: [string, string | undefined][] = [
    ['Changed by', actor.name ?? 'not named in the event'],
    ['Object id', actor.objectId],
    ['App id', actor.appId],
    ['From address', actor.address],
    ['Change', `${operation} on ${nameOf(resourceId)}`],
    ['Resource', resourceId],
    ['At', time],
    ['Correlation id', correlationId],
  ];
  return facts.flatMap(([label, value]) => (value === undefined || value === '' ? [] : [{ label, value }]));
}

/**
 * `1.3 s from the change, 0.4 s from the first look (observe 80 ms, plan 2 ms)`; undefined while the incident is open.
 * Azure's clock and ours may differ: a negative time is not shown.
 */
export function timeTaken({ cause, openedAt, closedAt, timings }: Incident): string | undefined {
  if (closedAt === undefined) return undefined;
  const changed = cause.kind === 'change' ? Date.parse(closedAt) - Date.parse(cause.change.time) : Number.NaN;
  const looked = Date.parse(closedAt) - Date.parse(openedAt);
  const parts = [
    ...(changed >= 0 ? [`${seconds(changed)} from the change`] : []),
    ...(looked >= 0 ? [`${seconds(looked)} from the first look`] : []),
  ];
  const steps = timings.map(({ step, ms }) => `${step} ${Math.round(ms)} ms`).join(', ');
  return `${parts.join(', ') || 'unknown'}${steps === '' ? '' : ` (${steps})`}`;
}

function seconds(ms: number): string {
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}
