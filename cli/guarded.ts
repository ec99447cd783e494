/** `--subscription` of the commands on the guardrail itself: which scopes are meant. */
import type { Guardrail } from '../shared/compose';
import type { Scope } from '../shared/scope';
import { subscriptionProblems } from './input/live';

export type Guarded =
  | { readonly ok: true; readonly scopes: readonly Scope[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/** The subscriptions named, each once, or every one the settings name; a problem for each that is not guarded. */
export function guardedScopes({ settings }: Pick<Guardrail, 'settings'>, wanted: readonly string[] = []): Guarded {
  const wrong = subscriptionProblems(wanted);
  if (wrong.length > 0) return { ok: false, problems: wrong };
  const guarded = settings.subscriptions.map((id) => id.toLowerCase());
  const ids = wanted.length > 0 ? [...new Set(wanted.map((id) => id.toLowerCase()))] : guarded;
  const foreign = ids.filter((id) => !guarded.includes(id));
  if (foreign.length > 0) {
    return { ok: false, problems: foreign.map((id) => `--subscription: ${id} is not in GUARDRAIL_SUBSCRIPTIONS`) };
  }
  const networks: Scope[] = !settings.guards.includes('network')
    ? []
    : ids.map((subscriptionId) => ({ kind: 'network', subscriptionId }));
  // The tenant's sign-in settings are meant whenever nobody asked for certain subscriptions.
  const { tenantId } = settings;
  const identity: Scope[] = wanted.length === 0 && tenantId !== undefined ? [{ kind: 'identity', tenantId }] : [];
  return { ok: true, scopes: [...networks, ...identity] };
}

/** The scope's owner as JSON has it: a network's subscription, or the tenant. */
export function ownerIn(scope: Scope): { readonly subscription: string } | { readonly tenant: string } {
  return scope.kind === 'network' ? { subscription: scope.subscriptionId } : { tenant: scope.tenantId };
}
