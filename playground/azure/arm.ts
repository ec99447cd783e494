// The front of Azure Resource Manager: who calls, which API version, which target, and the answer's headers.
import { ArmError, errorBody, notModelled } from './arm-error';
import type { Answer, Call } from './call';
import { originOf } from './call';
import type { JsonObject } from './json';
import { isObject, sameText, textAt } from './json';
import { read } from './read';
import type { Target } from './target';
import { targetOf } from './target';
import { actorOf, TENANT_ID } from './token';
import { wait } from './wait';
import type { World } from './world';
import { deleteResource, patchResource, putResource } from './write';
import { deleteChild, putChild } from './write-child';

function callOf(world: World, request: Request): Omit<Call, 'actor' | 'apiVersion'> {
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

function admit(call: Omit<Call, 'actor' | 'apiVersion'>): Call {
  const actor = actorOf(call.headers.get('authorization'));
  if (!actor) {
    const challenge =
      `Bearer authorization_uri="https://login.microsoftonline.com/${TENANT_ID}", error="invalid_token", ` +
      'error_description="The authentication failed because of missing \'Authorization\' header."';
    throw new ArmError(
      401,
      'AuthenticationFailed',
      "Authentication failed. The 'Authorization' header is missing.",
      undefined,
      {
        'www-authenticate': challenge,
      },
    );
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

async function jsonBody(request: Request): Promise<JsonObject> {
  const text = await request.text();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ArmError(
      400,
      'InvalidRequestContent',
      'The request content was invalid and could not be deserialized: it is not JSON.',
    );
  }
  if (isObject(value)) return value;
  throw new ArmError(
    400,
    'InvalidRequestContent',
    'The request content was invalid and could not be deserialized: it is not a JSON object.',
  );
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
  return { status: standing ? 200 : 201, body: read(world, call, target).body };
}

async function write(world: World, call: Call, target: Target, request: Request): Promise<Answer> {
  const total = world.faults.latency('write');
  // Retry-After speaks whole seconds: only those are spent as a running operation, the rest before the answer.
  const running = Math.floor(total / 1000) * 1000;
  const body = request.method === 'DELETE' ? {} : await jsonBody(request);
  await wait(total - running);
  const { method } = request;
  if (target.kind === 'resource' && method === 'PUT') return putResource(world, call, target, body, running);
  if (target.kind === 'resource' && method === 'PATCH') return patchResource(world, call, target, body, running);
  if (target.kind === 'resource' && method === 'DELETE') return deleteResource(world, call, target, running);
  if (target.kind === 'child' && method === 'PUT') return putChild(world, call, target, body, running);
  if (target.kind === 'child' && method === 'DELETE') return deleteChild(world, call, target, running);
  if (target.kind === 'group' && method === 'PUT') return putGroup(world, target, body, call);
  throw notModelled(`${method} ${call.url.pathname}`);
}

async function dispatch(world: World, call: Call, request: Request): Promise<Answer> {
  let path: string;
  try {
    path = decodeURIComponent(call.url.pathname);
  } catch {
    throw new ArmError(400, 'InvalidRequestUri', 'The request URI is malformed.');
  }
  const target = targetOf(path);
  checkSubscription(world, target);
  if (request.method !== 'GET') {
    if (!['PUT', 'PATCH', 'DELETE'].includes(request.method)) throw notModelled(`${request.method} ${path}`);
    return await write(world, call, target, request);
  }
  await wait(world.faults.latency('read'));
  return read(world, call, target);
}

/** Answers one ARM request; refusals come in ARM's error shape, and every answer carries the request's ids. */
export async function answerArm(world: World, request: Request): Promise<Response> {
  const call = callOf(world, request);
  const ids = {
    'x-ms-request-id': call.requestId,
    'x-ms-correlation-request-id': call.correlationId,
    'x-ms-client-request-id': call.clientRequestId,
    'cache-control': 'no-cache',
  };
  try {
    const { status, body, headers } = await dispatch(world, admit(call), request);
    const all = { ...ids, ...headers };
    return body === undefined
      ? new Response(null, { status, headers: all })
      : Response.json(body, { status, headers: all });
  } catch (error) {
    if (!(error instanceof ArmError)) throw error;
    return Response.json(errorBody(error), { status: error.status, headers: { ...ids, ...error.headers } });
  }
}
