// Who calls ARM, with which API version, and whether the request may go on: rate limits, roles, locks, policies.
import { ArmError } from './arm-error';
import { authorize, authorizeLinks } from './authorization';
import type { Call } from './call';
import { originOf } from './call';
import type { JsonObject } from './json';
import { sameText } from './json';
import { keptApart } from './kept-apart';
import { kindOf } from './kinds';
import { checkLocks } from './locks';
import { checkPolicies } from './policies';
import { resourceIdOf } from './resource-id';
import type { Target } from './target';
import { actorOf, TENANT_ID } from './token';
import type { World } from './world';

export type Anonymous = Omit<Call, 'actor' | 'apiVersion'>;

/** The request with its ids, before it is known who sends it. */
export function callOf(world: World, request: Request): Anonymous {
  const url = new URL(request.url);
  const requestId = world.random.guid();
  return {
    method: request.method,
    url,
    origin: originOf(request, url),
    headers: request.headers,
    requestId,
    correlationId: request.headers.get('x-ms-correlation-request-id') ?? requestId,
    clientRequestId: request.headers.get('x-ms-client-request-id') ?? requestId,
  };
}

/** Refuses without a bearer token or a well-formed API version. */
export function admit(call: Anonymous): Call {
  const actor = actorOf(call.headers.get('authorization'));
  if (!actor) {
    const challenge =
      `Bearer authorization_uri="https://login.microsoftonline.com/${TENANT_ID}", error="invalid_token", ` +
      'error_description="The authentication failed because of missing \'Authorization\' header."';
    const message = "Authentication failed. The 'Authorization' header is missing.";
    throw new ArmError(401, 'AuthenticationFailed', message, undefined, { 'www-authenticate': challenge });
  }
  const apiVersion = [...call.url.searchParams].find(([key]) => sameText(key, 'api-version'))?.[1] ?? '';
  if (apiVersion === '') {
    throw new ArmError(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  }
  if (!/^\d{4}-\d{2}-\d{2}(?:-[a-z]+(?:\.\d+)?)?$/i.test(apiVersion)) {
    throw new ArmError(400, 'InvalidApiVersionParameter', `The api-version '${apiVersion}' is invalid.`);
  }
  return { ...call, actor, apiVersion };
}

/** Takes a token from the caller's bucket, if buckets are on; the headers say what is left. */
export function spendRate(world: World, call: Call, target: Target): Record<string, string> {
  const limits = world.faults.active().rateLimits;
  if (!limits || !('subscription' in target)) return {};
  const { method, actor } = call;
  return world.rates.take(limits, { subscription: target.subscription, principal: actor.objectId, method });
}

/** What a request asks for: the resource type it touches and the scope at which the permission is needed. */
interface Asked {
  readonly type: string;
  readonly scope: string;
}

function spelt(type: string): string {
  return kindOf(type)?.type ?? type;
}

function childType(type: string, collection: string): string {
  const known = kindOf(type)?.children.find(({ name }) => sameText(name, collection))?.name;
  return `${spelt(type)}/${known ?? collection}`;
}

function askedOf(target: Target): Asked | undefined {
  switch (target.kind) {
    case 'listInSubscription':
      return { type: spelt(target.type), scope: `/subscriptions/${target.subscription}` };
    case 'listInGroup':
      return {
        type: spelt(target.type),
        scope: `/subscriptions/${target.subscription}/resourceGroups/${target.resourceGroup}`,
      };
    case 'group':
      return {
        type: 'Microsoft.Resources/subscriptions/resourceGroups',
        scope: `/subscriptions/${target.subscription}/resourceGroups/${target.resourceGroup}`,
      };
    case 'resource':
      return { type: spelt(target.type), scope: resourceIdOf(target, spelt(target.type), target.names) };
    case 'child':
    case 'children': {
      const type = keptApart(target)?.type ?? childType(target.type, target.collection);
      const scope = resourceIdOf(target, spelt(target.type), target.names);
      if (target.kind === 'children') return { type, scope };
      return { type, scope: `${scope}/${type.split('/').at(-1) ?? ''}/${target.child}` };
    }
    case 'lock':
    case 'locks':
      return { type: 'Microsoft.Authorization/locks', scope: target.scope };
    case 'operation':
      return {
        type: `Microsoft.Network/locations/${target.form === 'operations' ? 'operations' : 'operationResults'}`,
        scope: `/subscriptions/${target.subscription}`,
      };
    case 'subscriptions':
    case 'subscription':
    case 'groups':
    case 'groupAction':
    case 'unknown':
      // Everybody sees the subscriptions and groups in which they hold a role.
      return undefined;
  }
}

/** Refuses a read that the caller's roles or a deny assignment do not allow. */
export function admitRead(world: World, call: Call, target: Target): void {
  const asked = askedOf(target);
  if (asked) authorize(world, call.actor, { action: `${asked.type}/read`, scope: asked.scope });
}

/** Refuses an action (POST) such as `Microsoft.Network/networkManagers/commit` likewise, and under a ReadOnly lock. */
export function admitAction(world: World, call: Call, operation: string, scope: string): void {
  authorize(world, call.actor, { action: `${operation}/action`, scope });
  checkLocks(world, scope, 'action');
}

/** Refuses a write or delete in ARM's order: roles, permissions on what the body refers to, locks, policies. */
export function admitWrite(world: World, call: Call, target: Target, body: JsonObject): void {
  const asked = askedOf(target);
  if (!asked) return;
  const { type, scope } = asked;
  const verb = call.method === 'DELETE' ? 'delete' : 'write';
  const wanted = { action: `${type}/${verb}`, scope };
  authorize(world, call.actor, wanted);
  authorizeLinks(world, call.actor, wanted, body);
  // Locks are what governs; they are not governed by locks.
  if (target.kind === 'lock') return;
  checkLocks(world, scope, verb);
  const name = scope.split('/').at(-1) ?? '';
  checkPolicies(world, { method: call.method, id: scope, type, name, body });
}
