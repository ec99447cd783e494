// The roles of the guardrail's managed identities, when they are held to them.
import type { Grant } from './governance';
import { permissionsOf } from './governance';

/**
 * The grants, everywhere, of the managed identity (`role`, as in a role definition) and of further ones by client id. Whoever
 * has a role of their own has that alone.
 */
export function identityGrants(role: unknown, others: Readonly<Record<string, unknown>> = {}): readonly Grant[] {
  const except = Object.keys(others);
  const own = role ? permissionsOf(role).map((each) => ({ ...each, principal: 'identity', except, scope: '/' })) : [];
  const theirs = Object.entries(others).flatMap(([principal, theirRole]) =>
    permissionsOf(theirRole).map((each) => ({ ...each, principal, scope: '/' })),
  );
  return [...own, ...theirs];
}
