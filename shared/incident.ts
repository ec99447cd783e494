/** The record of one drift: what was found, what was planned and proven, what was done, and who was told. */
import type { Change } from './change';
import type { Finding } from './finding';
import type { HeldFinding, PlannedRepair } from './remediation/plan';
import type { Outcome } from './remediation/outcome';
import type { Gap } from './network/network';
import type { Scope } from './scope';

/** What made the guardrail look. */
export type Cause =
  | { readonly kind: 'change'; readonly change: Change }
  /** An event made us look, but what we found is elsewhere: its actor has nothing to do with it. */
  | { readonly kind: 'noticed'; readonly change: Change }
  /** Nobody told us: `missed` counts the drifts that came without an event. */
  | { readonly kind: 'sweep'; readonly missed?: number }
  | { readonly kind: 'person'; readonly command: string }
  /** The directory's audit log told that somebody changed what guards the sign-in. */
  | {
      readonly kind: 'audit';
      readonly activity: string;
      readonly target: string;
      readonly actor: string;
      readonly time: string;
    };

/**
 * - `open`: recorded before anything is written; a later run finds out how it ended
 * - `repaired`: applied, looked at again, gone
 * - `held`: nothing was written, on purpose
 * - `failed`: a write was tried and the finding is still there
 */
export type IncidentStatus = 'open' | 'repaired' | 'held' | 'failed';

export interface Incident {
  readonly id: string;
  readonly scope: Scope;
  readonly cause: Cause;
  readonly policyHash: string;
  readonly status: IncidentStatus;
  /** The number of the lease under which it was last written. */
  readonly fence: number;
  /** ISO 8601. */
  readonly openedAt: string;
  readonly closedAt?: string;
  readonly findings: readonly Finding[];
  readonly repairs: readonly PlannedRepair[];
  readonly held: readonly HeldFinding[];
  readonly outcomes: readonly Outcome[];
  readonly gaps: readonly Gap[];
  /** Milliseconds of each step of the run, in order: observe, evaluate, plan, apply, verify. */
  readonly timings: readonly { readonly step: string; readonly ms: number }[];
}
