/** What happens to an event: the one entry for the function app and for `guardrail receive`. */
import { type Change, readChange } from './change';
import type { RunReport } from './guardrail';
import type { Cause } from './incident';
import type { Scope } from './scope';

/** The composed guardrail, as far as triggers need it. */
export interface Watch {
  readonly settings: {
    readonly subscriptions: readonly string[];
    /** The tenant whose sign-in settings are guarded here, if they are. */
    readonly tenantId?: string;
    readonly guards?: readonly Scope['kind'][];
  };
  /** `seconds` is how long the caller can wait; what is not done by then goes on by itself. */
  readonly reconcile: (scope: Scope, cause: Cause, seconds: number) => Promise<RunReport>;
}

/** Event Grid waits 30 s for an answer; half of that leaves room for a slow start. */
const EVENT_SECONDS = 15;

export type Received =
  | { readonly kind: 'reconciled'; readonly change: Change; readonly report: RunReport }
  | { readonly kind: 'ignored'; readonly why: string }
  | { readonly kind: 'malformed'; readonly problems: readonly string[] };

/**
 * Looks at what an event is about. An event that is not ours or that nobody can read is acknowledged with one line in
 * the log, because it would be the same the next time; only what `watch` or the reconcile throws leaves this function,
 * so that the event is delivered again. `watch` is asked for only when there is something to look at.
 */
export async function receive(
  event: unknown,
  watch: () => Promise<Watch>,
  log: (line: string) => void,
): Promise<Received> {
  const reading = readChange(event);
  if (reading.kind === 'malformed') {
    log(`Malformed event acknowledged: ${reading.problems.join('; ')}.`);
    return reading;
  }
  if (reading.kind === 'ignored') {
    log(`Event ignored: ${reading.why}.`);
    return reading;
  }
  const { change } = reading;
  const { settings, reconcile } = await watch();
  const subscriptionId = settings.subscriptions.find((id) => id.toLowerCase() === change.subscriptionId.toLowerCase());
  if (!subscriptionId) {
    const why = `${change.resourceId} is in a subscription that is not in GUARDRAIL_SUBSCRIPTIONS`;
    log(`Event ignored: ${why}.`);
    return { kind: 'ignored', why };
  }
  const scope = scopeFor(change, subscriptionId, settings);
  if (!scope) {
    const why = `${change.resourceId} is about sign-in settings, which are not guarded here (GUARDRAIL_TENANT)`;
    log(`Event ignored: ${why}.`);
    return { kind: 'ignored', why };
  }
  const report = await reconcile(scope, { kind: 'change', change }, EVENT_SECONDS);
  log(`${change.operation} on ${change.resourceId}: ${summaryOf(report)}.`);
  return { kind: 'reconciled', change, report };
}

/** A change of roles is about sign-in, every other about the subscription's network. */
function scopeFor(
  { operation }: Change,
  subscriptionId: string,
  { tenantId, guards = ['network'] }: Watch['settings'],
): Scope | undefined {
  if (!/^microsoft\.authorization\//i.test(operation))
    return guards.includes('network') ? { kind: 'network', subscriptionId } : undefined;
  return tenantId === undefined ? undefined : { kind: 'identity', tenantId };
}

/** A run's result in a few words for the log. */
export function summaryOf({ looked, findings, gaps, incident }: RunReport): string {
  if (looked === 'busy') return 'somebody else is looking and will see it';
  const counts = `${findings.length} finding${findings.length === 1 ? '' : 's'}, ${gaps.length} gap${gaps.length === 1 ? '' : 's'}`;
  const rest = looked === 'later' ? ', goes on soon' : '';
  return `${counts}${incident ? `, incident ${incident.id} ${incident.status}` : ''}${rest}`;
}
