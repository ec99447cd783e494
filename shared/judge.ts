/** What a state that was seen shows under the policy, whichever kind of scope it is of. */
import { evaluate, evaluateIdentity } from './controls';
import type { Checked } from './controls/control';
import { readIdentity } from './identity/read';
import { EMPTY_NETWORK } from './network/network';
import { readNetwork } from './network/read';
import type { AccessPolicy } from './policy/policy';
import type { Snapshot } from './ports';
import type { Scope } from './scope';

/** Evaluates what was observed. */
export function judge({ scope, network, identity, takenAt }: Snapshot, policy: AccessPolicy): Checked {
  // Of a scope that could not be read at all the gap says everything.
  if (scope.kind === 'network') return network === EMPTY_NETWORK ? NOTHING : evaluate(network, policy);
  return identity ? evaluateIdentity(identity, policy, takenAt) : NOTHING;
}

const NOTHING: Checked = { findings: [], gaps: [], skipped: [] };

/** Evaluates a state that was stored as raw resources; `now` is for what ends by a date. */
export function judgeStored(scope: Scope, resources: readonly unknown[], policy: AccessPolicy, now: Date): Checked {
  if (scope.kind === 'network') return evaluate(readNetwork(resources).network, policy);
  return evaluateIdentity(readIdentity(resources, now).identity, policy, now);
}
