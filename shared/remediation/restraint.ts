/** What holds the guardrail back besides the proof: a person's standing words, and what it has written lately. */
import type { ResourceKey } from '../network/network';

/** A person's standing words about a scope. */
export interface Orders {
  /** Set by `halt`: nothing is written. The text says who and why. */
  readonly halted?: string;
  /** Fingerprints whose repair a person approved. */
  readonly approved: ReadonlySet<string>;
}

/** A write the guardrail made. */
export interface RecentWrite {
  readonly resource: ResourceKey;
  /** ISO 8601. */
  readonly at: string;
  /** That it was a part of what one drift takes: the rest is the same repair going on, and no fight. */
  readonly isPart?: true;
}
