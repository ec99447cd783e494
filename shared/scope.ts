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

/** The root of everything in the scope, as an id. */
export function rootOf(scope: Scope): string {
  return scope.kind === 'network' ? `/subscriptions/${scope.subscriptionId}` : `/tenants/${scope.tenantId}`;
}
