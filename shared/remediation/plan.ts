/** What is going to be done, in order, and what is held back, each with its reason. Holds are data, so they can be shown. */
import type { Finding, Remedy } from '../finding';
import type { NetworkAction } from '../network/action';

export const HOLD_REASONS = [
  'off',
  'report-only',
  'needs-approval',
  'standing',
  'bastion-not-observed',
  'needs-a-person',
  'not-proven',
  'gap',
  'halted',
  'breaker-open',
  'locked',
] as const;
export type HoldReason = (typeof HOLD_REASONS)[number];

export interface Hold {
  readonly reason: HoldReason;
  /** One sentence for the alert: why nothing is done and what a person can do. */
  readonly detail: string;
}

export interface HeldFinding {
  readonly finding: Finding;
  readonly hold: Hold;
}

/** One law of the proof and how it came out, in a sentence. */
export interface ProofFact {
  readonly claim: string;
  readonly holds: boolean;
  readonly detail: string;
}

export interface PlannedRepair {
  readonly finding: Finding;
  readonly remedy: Remedy;
  readonly proof: readonly ProofFact[];
  /** Candidates that came first and why each was not taken. */
  readonly rejected: readonly { readonly title: string; readonly why: string }[];
}

export interface Plan {
  readonly repairs: readonly PlannedRepair[];
  readonly held: readonly HeldFinding[];
}

/** The plan's actions in the order they are to be applied. */
export function actionsOf(plan: Plan): readonly NetworkAction[] {
  return plan.repairs.flatMap((repair) => repair.remedy.actions);
}
