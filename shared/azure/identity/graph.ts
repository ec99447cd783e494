/** A way to Microsoft Graph that sends its token to the configured host only, keeps to the limits and backs off by itself. */
import type { TokenCredential } from '@azure/identity';
import type { Client } from '@microsoft/microsoft-graph-client';
import { isObject, objectOf, textOf } from '../../network/json';
import { parsed } from '../answer';
import { type Endpoint, endpointOf } from '../endpoint';
import { AzureError, azureErrorFrom, isPassing } from '../error';
import { connectGraph, NOT_PASSING, VERSION } from './graph-connection';
import type { GraphPaces, Waiting } from './pace';
import { WriteStopped } from './write-stopped';

const PUBLIC_CLOUD = 'https://graph.microsoft.com';
const CALL_TIME_LIMIT_MS = 30_000;
/** Pauses of 1, 2, 4, 8 and 16 s: half a minute in all, whatever Graph does not say. */
const FIRST_PAUSE_MS = 1000;
const MOST_TRIES = 6;
/** For one request in all, also where Graph itself says for how long: the whole look has little more time than that. */
const LONGEST_WAIT_MS = 45_000;
const PACED =
  /^\/identity\/conditionalAccess\/(?:policies|authenticationContextClassReferences|namedLocations|evaluate)/i;

export interface GraphOptions {
  /** GUARDRAIL_GRAPH_ENDPOINT, validated: an origin. */
  readonly graphEndpoint: string;
  readonly credential: TokenCredential | (() => Promise<TokenCredential>);
  readonly paces: GraphPaces;
  readonly waiting: Waiting;
}

export interface GraphRequest {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below `/v1.0`, with its query encoded; or a whole nextLink. */
  readonly path: string;
  readonly body?: unknown;
  /** Of a write: asked directly before each sending, a repeated one too, for a reason not to. */
  readonly mayWrite?: () => Promise<string | undefined>;
}

export interface GraphAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly requestId?: string;
}

/**
 * Sends one request and gives the answer below 300. Throws AzureError for any other answer and for none, and
 * WriteStopped for a write that was not to be sent. A POST that may have been carried out is not sent again.
 */
export type Graph = (request: GraphRequest) => Promise<GraphAnswer>;

/** Opens the way; nothing is loaded or signed in before the first request. */
export function graphAt(options: GraphOptions): Graph {
  const { paces, waiting } = options;
  const endpoint = endpointOf(options.graphEndpoint, PUBLIC_CLOUD);
  let client: Promise<Client> | undefined;
  function opened(): Promise<Client> {
    client ??= connectGraph(endpoint, options.credential).catch((error: unknown) => {
      client = undefined;
      throw error;
    });
    return client;
  }

  return async (request) => {
    const path = pathIn(request.path, endpoint);
    const resource = resourceOf(path);
    for (let tries = 1, waitedMs = 0; ; tries++) {
      if (PACED.test(path)) await paces.conditionalAccess();
      else if (path.startsWith('/auditLogs/')) await paces.audit();
      try {
        const connection = await opened();
        // Nothing that takes time may come between asking and sending.
        const reason = await request.mayWrite?.();
        if (reason !== undefined) throw new WriteStopped(reason);
        return await sendOnce(connection, path, resource, request);
      } catch (thrown) {
        if (thrown instanceof WriteStopped) throw thrown;
        const error = errorOf(thrown, verbOf(request), resource);
        const pauseMs = pauseAfter(thrown, tries);
        waitedMs += pauseMs;
        if (tries >= MOST_TRIES || waitedMs > LONGEST_WAIT_MS || !mayRepeat(error, request)) throw error;
        await waiting.pause(pauseMs);
      }
    }
  };
}

/** The path without the query: what messages call the thing that was asked for. */
export function resourceOf(path: string): string {
  return decodeURIComponent(path.split('?')[0] ?? path);
}

function verbOf({ method, mayWrite }: GraphRequest): string {
  return method === 'GET' || !mayWrite ? 'read' : 'change';
}

/** A refusal for being too fast was not carried out; after a failure of the service nobody knows. */
function mayRepeat({ status, retryable }: AzureError, { method, mayWrite }: GraphRequest): boolean {
  if (status === 429) return true;
  const isCreation = method === 'POST' && mayWrite !== undefined;
  return retryable && !isCreation;
}

function pauseAfter(thrown: unknown, tries: number): number {
  const asked = thrown instanceof Refused ? thrown.retryAfterMs : undefined;
  return asked ?? FIRST_PAUSE_MS * 2 ** (tries - 1);
}

/** Keeps Retry-After beside the error, which has no place for it. */
class Refused extends Error {
  constructor(
    readonly error: AzureError,
    readonly retryAfterMs: number | undefined,
  ) {
    super(error.message);
  }
}

function errorOf(thrown: unknown, operation: string, resource: string): AzureError {
  if (thrown instanceof Refused) return thrown.error;
  // Graph's client keeps of what was thrown below it the message and, as the code, the name.
  const { code, message } = objectOf(thrown);
  const reason = textOf(code) ?? azureErrorFrom(thrown, operation, resource).code;
  const facts = { operation, resource, code: reason, retryable: !NOT_PASSING.has(reason) };
  return new AzureError(facts, textOf(message) ?? '');
}

async function sendOnce(client: Client, path: string, resource: string, request: GraphRequest): Promise<GraphAnswer> {
  const { ResponseType } = await import('@microsoft/microsoft-graph-client');
  const call = client
    .api(path)
    .options({ signal: AbortSignal.timeout(CALL_TIME_LIMIT_MS) })
    .responseType(ResponseType.RAW);
  const { method, body } = request;
  const response: unknown = await (method === 'GET'
    ? call.get()
    : method === 'POST'
      ? call.post(body)
      : call.patch(body));
  if (!(response instanceof Response)) throw new Error('no answer came');
  const text = await response.text();
  const requestId = response.headers.get('request-id') ?? undefined;
  const answer = { status: response.status, body: parsed(text), ...(requestId && { requestId }) };
  if (response.status < 300) return answer;
  const asked = Number(response.headers.get('retry-after') ?? Number.NaN);
  throw new Refused(refusal(answer, verbOf(request), resource), Number.isFinite(asked) ? asked * 1000 : undefined);
}

/** Graph's own code and message in a refusal. */
export function refusal({ status, body, requestId }: GraphAnswer, operation: string, resource: string): AzureError {
  const error = isObject(body) ? objectOf(body.error) : {};
  const code = textOf(error.code) ?? 'UnexpectedAnswer';
  const retryable = [408, 429, 500, 502, 503, 504].includes(status) || isPassing(code);
  return new AzureError({ operation, resource, status, code, requestId, retryable }, textOf(error.message) ?? '');
}

/** Graph's links name the host that was asked or the public one; any other is not followed. */
function pathIn(pathOrUrl: string, endpoint: Endpoint): string {
  if (pathOrUrl.startsWith('/')) return pathOrUrl;
  const url = URL.canParse(pathOrUrl) ? new URL(pathOrUrl) : undefined;
  const isOurs = url?.origin === endpoint.actual || url?.origin === endpoint.canonical;
  if (url && isOurs && url.pathname.toLowerCase().startsWith(`/${VERSION}/`)) {
    return `${url.pathname.slice(VERSION.length + 1)}${url.search}`;
  }
  const facts = { operation: 'read', resource: url ? `${url.origin}${url.pathname}` : 'a link', code: 'ForeignHost' };
  throw new AzureError(
    { ...facts, retryable: false },
    `the address is not at ${endpoint.canonical}, so nothing was sent`,
  );
}
