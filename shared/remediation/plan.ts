/** What is going to be done, in order, and what is held back, each with its reason. Holds are data, so they can be shown. */
import type { Finding, Remedy } from '../finding';
import type { Gap } from '../network/network';
import type { AccessPolicy, Mode } from '../policy/policy';
import type { Orders, RecentWrite } from './restraint';
import type { Action } from '../action';

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

/** What a plan is made from, besides what was seen. */
export interface PlanningInput {
  readonly gaps: readonly Gap[];
  readonly policy: AccessPolicy;
  /** No control may do more than this. */
  readonly ceiling: Mode;
  readonly findings: readonly Finding[];
  /** What a person has said about this scope. */
  readonly orders: Orders;
  readonly recentWrites: readonly RecentWrite[];
  readonly now: Date;
  /** Remedies that Azure would not take, as `refusalKey` names them. */
  readonly refused: ReadonlyMap<string, string>;
  /** What evaluating the baseline under today's policy finds; undefined before the first look: then all is standing. */
  readonly baseline: readonly Finding[] | undefined;
  /** The accepted state itself, as raw resources, for putting back what drifted. */
  readonly accepted?: readonly unknown[];
  /** The subscriptions that are guarded: what a repair uncovers in another one is planned for there. */
  readonly guarded?: readonly string[];
  /** What made us look. */
  readonly causes: readonly Reason[];
}

/** What made us look, as far as a plan asks: whether somebody's change was about a resource. */
export type Reason =
  | { readonly kind: 'change' | 'noticed'; readonly change: { readonly resourceId: string } }
  | { readonly kind: 'sweep' | 'person' | 'audit' };

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
  /** That there was more to plan than one look may take: somebody has to look again. */
  readonly isPartial?: true;
}

/** The plan's actions in the order they are to be applied. */
export function actionsOf(plan: Plan): readonly Action[] {
  return plan.repairs.flatMap((repair) => repair.remedy.actions);
}
