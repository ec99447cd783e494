// Where a role, an assignment or a setting holds: scopes in their one spelling, and which of them lies below which.
import { ArmError } from '../azure/arm-error';
import type { JsonObject } from '../azure/json';
import { sameText } from '../azure/json';
import { isWithin } from '../azure/resource-id';
import type { World } from '../azure/world';

/** The scope of the whole tenant. */
export const TENANT_SCOPE = '/';

const SUBSCRIPTION_PROVIDER = /^\/providers\/Microsoft\.Subscription(?=\/subscriptions\/)/i;
const MANAGEMENT_GROUP = /^\/providers\/Microsoft\.Management\/managementGroups\/([^/]+)$/i;

/** One spelling for `/subscriptions/…`, `/providers/Microsoft.Subscription/subscriptions/…` and doubled slashes. */
export function canonicalScope(written: string): string {
  const single = `/${written}`.replace(/\/{2,}/g, '/').replace(/\/+$/, '');
  return single.replace(SUBSCRIPTION_PROVIDER, '') || TENANT_SCOPE;
}

/** The subscription that a canonical scope lies in, if any. */
export function subscriptionOf(scope: string): string | undefined {
  return /^\/subscriptions\/([^/]+)/i.exec(scope)?.[1];
}

/** True when `scope` is `ancestor` or below it. The local tenant has no tree of management groups: each holds everything. */
export function isAtOrBelow(scope: string, ancestor: string): boolean {
  if (ancestor === TENANT_SCOPE || isWithin(scope, ancestor)) return true;
  return MANAGEMENT_GROUP.test(ancestor) && subscriptionOf(scope) !== undefined;
}

/** A scope as PIM shows it beside its id. */
export function scopeView(scope: string): JsonObject {
  const managementGroup = MANAGEMENT_GROUP.exec(scope)?.[1];
  if (managementGroup) return { id: scope, displayName: managementGroup, type: 'managementgroup' };
  const parts = scope.split('/');
  const name = parts.at(-1) ?? '';
  if (parts.length <= 3) return { id: scope, displayName: 'Playground', type: 'subscription' };
  if (parts.length === 5) return { id: scope, displayName: name, type: 'resourcegroup' };
  return { id: scope, displayName: name, type: 'resource' };
}

/** Refuses with 404 a scope whose subscription or resource group does not exist; below that nobody looks. */
export function checkScope(world: World, scope: string): void {
  const subscription = subscriptionOf(scope);
  if (subscription === undefined) return;
  if (!world.subscriptions().some((id) => sameText(id, subscription)))
    throw new ArmError(404, 'SubscriptionNotFound', `The subscription '${subscription}' could not be found.`);
  const [, group] = /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)/i.exec(scope) ?? [];
  if (group && !world.estate.group(subscription, group))
    throw new ArmError(404, 'ResourceGroupNotFound', `Resource group '${group}' could not be found.`);
}
