/** What one reconcile is responsible for; also the key of everything stored about it. */

/** A subscription's network. */
export interface NetworkScope {
  readonly kind: 'network';
  readonly subscriptionId: string;
}

/** The tenant's sign-in settings, and the role settings of every guarded subscription. */
export interface IdentityScope {
  readonly kind: 'identity';
  readonly tenantId: string;
}

export type Scope = NetworkScope | IdentityScope;

/** A scope as a storage key: lower case, letters, digits and hyphens only. */
export function scopeKey(scope: Scope): string {
  return `${scope.kind}-${ownerOf(scope).toLowerCase()}`;
}

/** The id of the subscription or the tenant. */
export function ownerOf(scope: Scope): string {
  return scope.kind === 'network' ? scope.subscriptionId : scope.tenantId;
}

/** The scope in words, for logs and messages. */
export function nameOfScope(scope: Scope): string {
  return scope.kind === 'network' ? `subscription ${scope.subscriptionId}` : `tenant ${scope.tenantId}`;
}

/**
 * Whether the resource belongs to another guarded subscription than the scope's: what a scope is linked to is seen by its
 * look, and judged by its own subscription's.
 */
export function isElsewhere(resource: string, scope: Scope, guarded: readonly string[]): boolean {
  if (scope.kind !== 'network') return false;
  const [, owner] = /^\/subscriptions\/([^/]+)/i.exec(resource) ?? [];
  if (owner === undefined || owner.toLowerCase() === scope.subscriptionId.toLowerCase()) return false;
  return guarded.some((id) => id.toLowerCase() === owner.toLowerCase());
}

/** The root of everything in the scope, as an id. */
export function rootOf(scope: Scope): string {
  return scope.kind === 'network' ? `/subscriptions/${scope.subscriptionId}` : `/tenants/${scope.tenantId}`;
}
