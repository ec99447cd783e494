/** Whom the policy lets do without activation what others activate. */
import { covers, type ObjectId, type ScopeKey, scopeKeyOf } from '../identity/identity';
import type { AccessPolicy } from '../policy/policy';

/** Whether the principal may hold something at this scope for good: named in the policy for it, or for a scope above. */
export function isAllowedStanding(principal: ObjectId, scope: ScopeKey, { identity }: AccessPolicy): boolean {
  return identity.allowedStanding.some(
    (each) => each.principal === principal && (each.scope === undefined || covers(scopeKeyOf(each.scope), scope)),
  );
}
