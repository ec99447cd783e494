// The front of Azure Resource Manager: which target, may it, and the answer with its headers.
import { authorizationPath } from '../authorization/authorization-path';
import { answerAuthorization } from '../authorization/router';
import { subscriptionOf } from '../authorization/scope';
import { admit, admitRead, admitWrite, callOf, spendRate } from './admission';
import { ArmError, errorBody, notModelled } from './arm-error';
import type { Answer, Call } from './call';
import type { FaultRule } from './faults';
import type { JsonObject } from './json';
import { isObject, sameText, textAt } from './json';
import { keptApart } from './kept-apart';
import { deleteLock, putLock } from './locks';
import type { OperationPlan } from './operations';
import { read } from './read';
import type { Target } from './target';
import { targetOf } from './target';
import { askedAction, GROUP_TYPE, takeAction } from './take-action';
import { wait } from './wait';
import type { World } from './world';
import { deleteResource, patchResource, putResource } from './write';
import { deleteChild, putChild } from './write-child';
import { raiseManagement } from './traces';

async function jsonBody(request: Request, mayBeEmpty = false): Promise<JsonObject> {
  const text = await request.text();
  if (mayBeEmpty && text.trim() === '') return {};
  const message = 'The request content was invalid and could not be deserialized:';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ArmError(400, 'InvalidRequestContent', `${message} it is not JSON.`);
  }
  if (isObject(value)) return value;
  throw new ArmError(400, 'InvalidRequestContent', `${message} it is not a JSON object.`);
}

function checkSubscription(world: World, target: Target): void {
  if (!('subscription' in target)) return;
  if (world.subscriptions().some((id) => sameText(id, target.subscription))) return;
  throw new ArmError(404, 'SubscriptionNotFound', `The subscription '${target.subscription}' could not be found.`);
}

function putGroup(world: World, target: Extract<Target, { kind: 'group' }>, body: JsonObject, call: Call): Answer {
  const standing = world.estate.group(target.subscription, target.resourceGroup);
  const location = textAt(body, 'location') ?? standing?.location;
  if (!location) throw new ArmError(400, 'LocationRequired', 'The location property is required for this definition.');
  world.estate.putGroup({
    subscription: target.subscription,
    name: standing?.name ?? target.resourceGroup,
    location,
    tags: body.tags,
  });
  raiseManagement(world, call, { type: GROUP_TYPE, verb: 'write', created: !standing });
  return { status: standing ? 200 : 201, body: read(world, call, target).body };
}

function carryOut(world: World, call: Call, target: Target, body: JsonObject, plan: OperationPlan): Answer {
  const method = call.method;
  if (target.kind === 'group' && method === 'PUT') return putGroup(world, target, body, call);
  if (target.kind === 'lock' && method === 'PUT') return putLock(world, call, target, body);
  if (target.kind === 'lock' && method === 'DELETE') return deleteLock(world, call, target);
  const resource = target.kind === 'resource' ? target : target.kind === 'child' ? keptApart(target) : undefined;
  if (resource && method === 'PUT') return putResource(world, call, resource, body, plan);
  if (resource && method === 'PATCH') return patchResource(world, call, resource, body, plan);
  if (resource && method === 'DELETE') return deleteResource(world, call, resource, plan);
  if (target.kind === 'child' && method === 'PUT') return putChild(world, call, target, body, plan);
  if (target.kind === 'child' && method === 'DELETE') return deleteChild(world, call, target, plan);
  throw notModelled(`${method} ${call.url.pathname}`);
}

function planOf(fault: FaultRule['operation'], running: number): OperationPlan {
  return {
    ms: fault?.ms ?? running,
    ...(fault?.fail ? { failure: fault.fail, takesEffect: fault.takesEffect } : {}),
  };
}

async function write(
  world: World,
  call: Call,
  target: Target,
  request: Request,
  fault: FaultRule['operation'],
): Promise<Answer> {
  const total = world.faults.latency('write');
  // Retry-After speaks whole seconds: only those are spent as a running operation, the rest before the answer.
  const running = Math.floor(total / 1000) * 1000;
  const body = request.method === 'DELETE' ? {} : await jsonBody(request);
  await wait(total - running);
  admitWrite(world, call, target, body);
  return carryOut(world, call, target, body, planOf(fault, running));
}

async function act(
  world: World,
  call: Call,
  target: Target,
  request: Request,
  fault: FaultRule['operation'],
): Promise<Answer> {
  const asked = askedAction(target);
  if (!asked) throw notModelled(`POST ${call.url.pathname}`);
  const { isLongRunning, mayLackBody } = asked.action;
  const body = await jsonBody(request, mayLackBody);
  const total = world.faults.latency(isLongRunning ? 'write' : 'read');
  const running = isLongRunning ? Math.floor(total / 1000) * 1000 : 0;
  await wait(total - running);
  return takeAction(world, call, asked, body, planOf(fault, running));
}

async function dispatch(
  world: World,
  call: Call,
  target: Target,
  request: Request,
  fault: FaultRule | undefined,
): Promise<Answer> {
  checkSubscription(world, target);
  if (request.method === 'POST') return await act(world, call, target, request, fault?.operation);
  if (['PUT', 'PATCH', 'DELETE'].includes(request.method))
    return await write(world, call, target, request, fault?.operation);
  if (request.method !== 'GET') throw notModelled(`${request.method} ${call.url.pathname}`);
  await wait(world.faults.latency('read'));
  admitRead(world, call, target);
  return read(world, call, target, fault?.staleMs);
}

function decodedPath(call: { readonly url: URL }): string {
  try {
    return decodeURIComponent(call.url.pathname);
  } catch {
    throw new ArmError(400, 'InvalidRequestUri', 'The request URI is malformed.');
  }
}

/** What a request at a scope of Microsoft.Authorization counts against: the subscription, or nothing. */
function subscriptionTarget(scope: string): Target {
  const subscription = subscriptionOf(scope);
  return subscription === undefined ? { kind: 'unknown', path: scope } : { kind: 'subscription', subscription };
}

/**
 * Answers one ARM request; refusals come in ARM's error shape, and every answer carries the request's ids. `fault` may
 * make a read stale or a write's operation slow or fail.
 */
export async function answerArm(world: World, request: Request, fault?: FaultRule): Promise<Response> {
  const anonymous = callOf(world, request);
  const ids: Record<string, string> = {
    'x-ms-request-id': anonymous.requestId,
    'x-ms-correlation-request-id': anonymous.correlationId,
    'x-ms-client-request-id': anonymous.clientRequestId,
    'cache-control': 'no-cache',
  };
  try {
    const call = admit(anonymous);
    const path = decodedPath(call);
    const authorization = authorizationPath(path);
    const target = authorization ? subscriptionTarget(authorization.scope) : targetOf(path);
    Object.assign(ids, spendRate(world, call, target));
    const { status, body, headers } = authorization
      ? await answerAuthorization(world, call, authorization, {
          readBody: () => jsonBody(request),
          staleMs: fault?.staleMs,
        })
      : await dispatch(world, call, target, request, fault);
    const all = { ...ids, ...headers };
    return body === undefined
      ? new Response(null, { status, headers: all })
      : Response.json(body, { status, headers: all });
  } catch (error) {
    if (!(error instanceof ArmError)) throw error;
    return Response.json(errorBody(error), { status: error.status, headers: { ...ids, ...error.headers } });
  }
}
