/** What a run is given, what one look of it has seen, and what the run has learnt so far. */
import type { Finding } from './finding';
import type { Cause, Incident } from './incident';
import type { Gap } from './network/network';
import type { AccessPolicy, Mode } from './policy/policy';
import type { Lease, Snapshot } from './ports';
import type { Outcome } from './remediation/outcome';
import type { Plan } from './remediation/plan';
import type { Orders } from './remediation/restraint';
import { RetryableError } from './retryable-error';
import type { Scope } from './scope';
import type { Stopwatch } from './stopwatch';

export interface RunInput {
  readonly policy: AccessPolicy;
  readonly ceiling: Mode;
  readonly guarded?: readonly string[];
  readonly scope: Scope;
  readonly causes: readonly Cause[];
  readonly lease: Lease;
  readonly until: Date;
  /** Incidents that were recorded before and not told to everybody by the time the run began. */
  readonly unsent: () => Promise<readonly Incident[]>;
}

export interface Run {
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
  readonly incident?: Incident;
  /** Azure is not done with what we wrote, or there was no time to write it all: somebody has to look again soon. */
  readonly again: boolean;
}

/** What the run has learnt so far, over its looks. */
export interface Progress {
  readonly watch: Stopwatch;
  readonly outcomes: Outcome[];
  /** Remedies that Azure refused, with its reason. */
  readonly refused: Map<string, string>;
}

/** One look: what was seen, what is to be done, and what is known of it already. */
export interface Look {
  readonly snapshot: Snapshot;
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
  readonly known: ReadonlySet<string>;
  readonly orders: Orders;
  readonly plan: Plan;
}

/** The incident with what this run has done about it so far. */
export function soFar(incident: Incident, { outcomes }: Progress): Incident {
  return { ...incident, outcomes: [...incident.outcomes, ...outcomes] };
}

/** Whoever has lost the lease must not write anything down either: somebody else has seen more since. Throws. */
export function insistOnLease({ lease }: RunInput): void {
  if (!lease.isHeld()) throw new RetryableError('the lease was lost; whoever has it now finds out how things stand');
}
