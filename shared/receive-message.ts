/** What happens to a message of one of our own queues. */
import { isObject, textOf } from './network/json';
import { nameOfScope, ownerOf, type Scope } from './scope';

/** The composed guardrail, as far as the queues need it. */
export interface QueueWatch {
  readonly settings: { readonly subscriptions: readonly string[]; readonly tenantId?: string };
  readonly reconcileAgain: (scope: Scope, seconds: number) => Promise<void>;
  readonly deliverAlert: (scope: Scope, id: string) => Promise<void>;
}

/** host.json gives a function five minutes. */
const RECHECK_SECONDS = 240;
const LONGEST_SHOWN = 200;
/** It becomes part of a blob's name. */
const INCIDENT_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

type Log = (line: string) => void;

/** Looks again at the scope that the message names. One that nobody can read, or that is not guarded, is acknowledged. */
export async function receiveRecheck(message: unknown, watch: () => Promise<QueueWatch>, log: Log): Promise<void> {
  const scope = scopeIn(message);
  if (!scope) return log(`Malformed message of guardrail-recheck acknowledged: ${shown(message)}`);
  const { settings, reconcileAgain } = await watch();
  const guarded = guardedScope(scope, settings);
  if (!guarded) return log(notGuarded(scope));
  await reconcileAgain(guarded, RECHECK_SECONDS);
}

/** Delivers what is owed about the incident that the message names. Throws when the queue should try again. */
export async function receiveAlert(message: unknown, watch: () => Promise<QueueWatch>, log: Log): Promise<void> {
  const incident = incidentIn(message);
  if (!incident) return log(`Malformed message of guardrail-alerts acknowledged: ${shown(message)}`);
  const { settings, deliverAlert } = await watch();
  const guarded = guardedScope(incident.scope, settings);
  if (!guarded) return log(notGuarded(incident.scope));
  await deliverAlert(guarded, incident.id);
}

/** The Functions library has parsed the message's JSON already. */
function scopeIn(message: unknown): Scope | undefined {
  if (!isObject(message) || !isObject(message.scope)) return undefined;
  const { kind } = message.scope;
  const subscriptionId = textOf(message.scope.subscriptionId);
  const tenantId = textOf(message.scope.tenantId);
  if (kind === 'network' && subscriptionId !== undefined) return { kind, subscriptionId };
  return kind === 'identity' && tenantId !== undefined ? { kind, tenantId } : undefined;
}

function incidentIn(message: unknown): { readonly scope: Scope; readonly id: string } | undefined {
  const scope = scopeIn(message);
  const id = isObject(message) ? textOf(message.incidentId) : undefined;
  return scope && id !== undefined && INCIDENT_ID.test(id) ? { scope, id } : undefined;
}

/** The scope as the settings spell it. */
function guardedScope(scope: Scope, { subscriptions, tenantId }: QueueWatch['settings']): Scope | undefined {
  const guarded = scope.kind === 'network' ? subscriptions : [tenantId ?? ''];
  const known = guarded.find((id) => id.toLowerCase() === ownerOf(scope).toLowerCase());
  if (known === undefined) return undefined;
  return scope.kind === 'network' ? { kind: 'network', subscriptionId: known } : { kind: 'identity', tenantId: known };
}

function notGuarded(scope: Scope): string {
  const setting = scope.kind === 'network' ? 'GUARDRAIL_SUBSCRIPTIONS' : 'GUARDRAIL_TENANT';
  return `Message acknowledged: ${nameOfScope(scope).slice(0, LONGEST_SHOWN)} is not in ${setting}.`;
}

function shown(message: unknown): string {
  return (JSON.stringify(message) ?? String(message)).slice(0, LONGEST_SHOWN);
}
