/** One tenant out of two: each scope is looked at and written to by the part that knows it, with its own identity. */
import type { Tenant } from './ports';
import { nameOfScope, type Scope } from './scope';

/** Networks go to `network` and sign-in settings to `identity`; neither ever sees the other's scope or credential. */
export function tenantOfScope(network: Tenant, identity: Tenant | undefined): Tenant {
  const of = (scope: Scope): Tenant => {
    const tenant = scope.kind === 'network' ? network : identity;
    if (!tenant) throw new Error(`${nameOfScope(scope)} is not guarded here: set GUARDRAIL_TENANT`);
    return tenant;
  };
  return {
    observe: (scope, pinned) => of(scope).observe(scope, pinned),
    apply: (snapshot, actions, turn) => of(snapshot.scope).apply(snapshot, actions, turn),
    lookAgain: (snapshot, resources) => of(snapshot.scope).lookAgain(snapshot, resources),
  };
}
