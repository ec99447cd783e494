/** What every write of sign-in settings works with, and the ways in which one can end. */
import type { Identity, ObjectId } from '../../identity/identity';
import type { SettingChange } from '../../remediation/outcome';
import type { Authorization, MayWrite } from './authorization';
import type { Graph } from './graph';
import { type ReadingBack, readBack } from './read-back';

export interface Writing extends ReadingBack {
  readonly arm: Authorization;
  readonly graph: Graph;
  readonly mayWrite: MayWrite;
  /** What was observed, with what this plan has written since. */
  readonly identity: Identity;
  /** `modifiedDateTime` of policies that this plan itself has written, as read back. */
  readonly ownPolicies: Map<ObjectId, string | undefined>;
  /** Throws for what would lock somebody out, given the identity with what has just been read in it. */
  readonly checkLaws: (now: Identity) => void;
}

/** How one write ended; that it failed or was stopped is thrown. */
export interface Written {
  readonly status: 'applied' | 'already' | 'superseded' | 'started';
  readonly requestIds: readonly string[];
  readonly changes: readonly SettingChange[];
}

export const ALREADY: Written = { status: 'already', requestIds: [], changes: [] };
export const SUPERSEDED: Written = { status: 'superseded', requestIds: [], changes: [] };

/** A write that must not be sent, whatever the plan says. */
export class WriteRefused extends Error {
  override readonly name = 'WriteRefused';
}

/** What was sent and accepted: applied once it is seen, started while it is not. */
export async function seenBy(
  writing: Writing,
  requestIds: readonly string[],
  changes: readonly SettingChange[],
  isThere: () => Promise<boolean>,
): Promise<Written> {
  const isSeen = await readBack(isThere, writing);
  return { status: isSeen ? 'applied' : 'started', requestIds, changes };
}
