/**
 * Raw JSON through a typed client. The models of @azure/arm-network drop every property they do not know, so reading a
 * security group and writing it back would lose what a newer API version put there. Here the client keeps what it is
 * good at (paths, API version, sign-in, retries, following an operation to its end) while the bodies pass it by: answers
 * are kept as they came and the client is handed only what steers it, and what is written is exactly the JSON given.
 *
 * Calls run in parallel on one client; AsyncLocalStorage tells whose answer it is, at every poll.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { PipelinePolicy, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import { isObject, textOf } from '../network/json';
import { parsed, refusalIn, unexpectedAnswer } from './answer';
import type { Endpoint } from './endpoint';

export interface Exchange {
  /** What is to be written, instead of what the typed client would send. */
  readonly body?: unknown;
  /** Every resource that came back; the last one is the newest. */
  readonly resources: unknown[];
  /** ARM's request ids, in the order of the answers. */
  readonly requestIds: string[];
  /** Why an operation that was accepted did not succeed. */
  failure?: { readonly code: string; readonly message: string };
  /** Asked before every sending of a write, the first and each retry: why it must not be sent, if it must not. */
  readonly mayWrite?: () => Promise<string | undefined>;
  /** What is known of the write that was sent last; undefined while none was. */
  write?: WriteState;
  /** The resource as it was last read by a GET. */
  read?: unknown;
}

/** - `stopped`: not sent; - `sent`: no answer yet; - `accepted`; - `refused`: perhaps to be sent again */
export type WriteState =
  | { readonly state: 'stopped'; readonly why: string }
  | { readonly state: 'sent' | 'accepted' }
  | { readonly state: 'refused'; readonly status: number; readonly code: string; readonly message: string };

/**
 * For one call with its retries: a hanging connection or a Retry-After of minutes must not outlast the function, and
 * whoever called can come back later.
 */
const CALL_TIME_LIMIT_MS = 60_000;
const RESOURCE_PATH =
  /\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/(?!locations\/)[^/]+\/[^/]+(?:\/[^/]+\/[^/]+)*$/i;

const current = new AsyncLocalStorage<Exchange>();

/** Runs a call of the typed client with `exchange` gathering what goes over the wire; kept even when the call throws. */
export async function inExchange(exchange: Exchange, call: () => Promise<unknown>): Promise<Exchange> {
  // Awaited inside: a poller starts polling only then, and its polls belong to this exchange too.
  await current.run(exchange, async () => {
    await call();
  });
  return exchange;
}

/** An empty exchange; `body` replaces what a PUT would send, if `mayWrite` lets it. */
export function newExchange(body?: unknown, mayWrite?: Exchange['mayWrite']): Exchange {
  const given = { ...(body !== undefined && { body }), ...(mayWrite && { mayWrite }) };
  return { ...given, resources: [], requestIds: [] };
}

/** The policy that has to stand after the client's retries, so that no retry of a write goes out unasked. */
export function writeTurnPolicy(): PipelinePolicy {
  return {
    name: 'writeTurn',
    async sendRequest(request, next) {
      const exchange = current.getStore();
      if (!exchange || request.method === 'GET') return next(request);
      const why = await exchange.mayWrite?.();
      if (why !== undefined) {
        exchange.write = { state: 'stopped', why };
        throw new Error(why);
      }
      exchange.write = { state: 'sent' };
      const response = await next(request);
      exchange.write =
        response.status < 300
          ? { state: 'accepted' }
          : { state: 'refused', status: response.status, ...refusalIn(response) };
      return response;
    },
  };
}

/**
 * The policy that has to be in the client's pipeline, once per call, for `inExchange` to work. Links that name the
 * loopback endpoint itself are read as links to the canonical host.
 */
export function rawJsonPolicy(endpoint: Endpoint): PipelinePolicy {
  return {
    name: 'rawJson',
    async sendRequest(request, next) {
      const exchange = current.getStore();
      if (request.url.startsWith(`${endpoint.actual}/`)) {
        request.url = `${endpoint.canonical}${request.url.slice(endpoint.actual.length)}`;
      }
      request.abortSignal = withTimeLimit(request.abortSignal);
      if (!exchange) return next(request);
      if (request.method === 'PUT' && exchange.body !== undefined) request.body = JSON.stringify(exchange.body);
      const response = await next(request);
      const requestId = response.headers.get('x-ms-request-id');
      if (requestId) exchange.requestIds.push(requestId);
      return response.status < 300 ? keep(exchange, request, response) : response;
    },
  };
}

/** Not the client's own time limit, which leaves a timer running after a connection that failed. */
function withTimeLimit(signal: PipelineRequest['abortSignal']): AbortSignal {
  const limit = AbortSignal.timeout(CALL_TIME_LIMIT_MS);
  return signal instanceof AbortSignal ? AbortSignal.any([signal, limit]) : limit;
}

function keep(exchange: Exchange, request: PipelineRequest, response: PipelineResponse): PipelineResponse {
  const { pathname } = new URL(request.url);
  if (RESOURCE_PATH.test(pathname)) return keepResource(exchange, request, response);
  const body = parsed(response.bodyAsText);
  if (isObject(body) && textOf(body.status) && isObject(body.error)) {
    exchange.failure = {
      code: textOf(body.error.code) ?? 'OperationFailed',
      message: textOf(body.error.message) ?? '',
    };
  }
  return response;
}

function keepResource(exchange: Exchange, request: PipelineRequest, response: PipelineResponse): PipelineResponse {
  const body = parsed(response.bodyAsText);
  if (!isObject(body)) {
    // An accepted write may answer without a body; a read may not.
    if (request.method !== 'GET') return response;
    throw unexpectedAnswer(response, new URL(request.url).pathname, 'the answer is not a JSON object');
  }
  exchange.resources.push(body);
  if (request.method === 'GET') exchange.read = body;
  const properties = isObject(body.properties) ? { provisioningState: body.properties.provisioningState } : {};
  return { ...response, bodyAsText: JSON.stringify({ id: body.id, properties }) };
}
