/** Everything the guardrail may do, as data. */
import { type IdentityAction, identityTargetOf } from './identity/action';
import { type NetworkAction, targetOf } from './network/action';
import type { ResourceKey } from './network/network';

export type Action = NetworkAction | IdentityAction;

const IDENTITY_KINDS: ReadonlySet<string> = new Set<IdentityAction['kind']>([
  'publish-context',
  'patch-conditional-access',
  'create-conditional-access',
  'patch-role-settings',
  'remove-assignment',
  'restore-role',
]);

export function isIdentityAction(action: Action): action is IdentityAction {
  return IDENTITY_KINDS.has(action.kind);
}

export function isNetworkAction(action: Action): action is NetworkAction {
  return !isIdentityAction(action);
}

/** What an action changes: the key under which its outcome is reported. */
export function targetKeyOf(action: Action): ResourceKey {
  return isIdentityAction(action) ? identityTargetOf(action) : targetOf(action);
}
