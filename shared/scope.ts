/** What one reconcile is responsible for; also the key of everything stored about it. */

export type Scope = { readonly kind: 'network'; readonly subscriptionId: string };

/** A scope as a storage key: lower case, letters, digits and hyphens only. */
export function scopeKey(scope: Scope): string {
  return `${scope.kind}-${scope.subscriptionId.toLowerCase()}`;
}
