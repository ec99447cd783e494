/** Carries out changes of sign-in settings: one after the other, in the order of the plan, and none after one that failed. */
import { type IdentityAction, identityTargetOf } from '../../identity/action';
import { identityAfter } from '../../identity/after';
import { EMPTY_IDENTITY, type Identity } from '../../identity/identity';
import { lockOutFacts } from '../../identity/lock-out';
import type { AccessPolicy } from '../../policy/policy';
import type { Snapshot, WriteTurn } from '../../ports';
import type { Outcome } from '../../remediation/outcome';
import { azureErrorFrom, isRefusal } from '../error';
import type { Authorization } from './authorization';
import type { Graph } from './graph';
import { sentenceOf } from './not-read';
import { removeAssignment } from './remove-assignment';
import { writeContext } from './write-context';
import { createPolicy, patchPolicy } from './write-policy';
import { writeRole } from './write-role';
import { writeRoleSettings } from './write-role-settings';
import { WriteStopped } from './write-stopped';
import { WriteRefused, type Writing, type Written } from './writing';

export interface Writers {
  readonly arm: Authorization;
  readonly graph: Graph;
  readonly policy: AccessPolicy;
  readonly now: () => Date;
  readonly pause: (ms: number) => Promise<void>;
}

/** One outcome for each action. Never throws about the world. */
export async function apply(
  writers: Writers,
  snapshot: Snapshot,
  actions: readonly IdentityAction[],
  turn: WriteTurn,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const ownPolicies: Writing['ownPolicies'] = new Map();
  let identity = snapshot.identity ?? EMPTY_IDENTITY;
  for (const action of actions) {
    const resource = identityTargetOf(action);
    const last = outcomes.at(-1);
    if (last && last.status !== 'applied' && last.status !== 'already') {
      const why = `the write before it did not succeed (${last.resource})`;
      outcomes.push({ resource, requestIds: [], changes: [], status: 'stopped', why });
      continue;
    }
    const writing: Writing = {
      ...writers,
      ownPolicies,
      identity,
      until: turn.until,
      mayWrite: () => reasonNotTo(turn, writers.now),
      checkLaws: (now) => checkLaws(now, action, writers.policy),
    };
    outcomes.push(await outcomeOf(action, resource, writing));
    identity = identityAfter(identity, action);
  }
  return outcomes;
}

async function outcomeOf(action: IdentityAction, resource: string, writing: Writing): Promise<Outcome> {
  try {
    const { status, requestIds, changes } = await carryOut(action, writing);
    return { resource, requestIds, changes, status };
  } catch (thrown) {
    const { requestId } = azureErrorFrom(thrown, 'change', resource);
    return { resource, requestIds: requestId ? [requestId] : [], changes: [], ...endingOf(thrown, resource) };
  }
}

function carryOut(action: IdentityAction, writing: Writing): Promise<Written> {
  switch (action.kind) {
    case 'publish-context':
      return writeContext(action, writing);
    case 'patch-conditional-access':
      return patchPolicy(action, writing);
    case 'create-conditional-access':
      return createPolicy(action, writing);
    case 'patch-role-settings':
      return writeRoleSettings(action, writing);
    case 'remove-assignment':
      return removeAssignment(action, writing);
    case 'restore-role':
      return writeRole(action, writing);
  }
}

type Ending =
  | { readonly status: 'stopped'; readonly why: string }
  | { readonly status: 'superseded' }
  | { readonly status: 'failed'; readonly why: string; readonly retryable: boolean; readonly refusal?: boolean };

function endingOf(thrown: unknown, resource: string): Ending {
  if (thrown instanceof WriteStopped) return { status: 'stopped', why: thrown.message };
  if (thrown instanceof WriteRefused) {
    const why = `Could not change ${resource}: ${thrown.message}. Nothing was written; a person has to.`;
    return { status: 'failed', why, retryable: false };
  }
  const error = azureErrorFrom(thrown, 'change', resource);
  const isChange = error.operation === 'change';
  // Gone since it was read: what was planned no longer fits, so nothing is insisted upon.
  if (error.status === 412 || (isChange && error.status === 404)) return { status: 'superseded' };
  const isRefused = isChange && isRefusal(error);
  const why = sentenceOf(error);
  return { status: 'failed', why, retryable: error.retryable && !isRefused, ...(isRefused && { refusal: true }) };
}

/** A person's halt that cannot be read may be there: then nothing is written. */
async function reasonNotTo(turn: WriteTurn, now: () => Date): Promise<string | undefined> {
  if (now() >= turn.until) return 'the time of this run was over before it could be sent';
  try {
    return await turn.mayWrite();
  } catch (error) {
    return `whether it may be written could not be asked: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** The laws of the proof once more, on what has just been read: a lock-out cannot be taken back from inside. */
function checkLaws(identity: Identity, action: IdentityAction, { identity: wanted }: AccessPolicy): void {
  const guarded = { breakGlass: wanted.breakGlass, ownIdentities: wanted.guardrailIdentities };
  const broken = lockOutFacts(identity, [action], guarded).find(({ holds }) => !holds);
  if (broken) throw new WriteRefused(`the law '${broken.claim}' would not hold: ${broken.detail}`);
}
