// The front of the local directory: who asks, which call it is, may they, and the answer with its headers.
import type { JsonObject } from '../azure/json';
import { isObject } from '../azure/json';
import type { Actor } from '../azure/token';
import type { BatchedAnswer } from './batch';
import { answerBatch } from './batch';
import { authorizeCall } from './caller';
import type { Directory } from './directory';
import { badRequest, GraphError, graphErrorBody, notModelled } from './graph-error';
import { routeOf } from './routes';

export interface GraphRequest {
  readonly method: string;
  readonly url: URL;
  readonly origin: string;
  readonly actor: Actor;
  /** The body as text; empty without one. */
  readonly text: string;
  readonly clientRequestId: string | null;
}

export interface GraphSurroundings {
  readonly directory: Directory;
  readonly now: () => Date;
  readonly guid: () => string;
  readonly pageSize: number;
  readonly staleMs: number;
}

interface Answered {
  readonly status: number;
  readonly body?: unknown;
}

interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly body: unknown;
}

function jsonOf(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    );
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw badRequest('The request URI is malformed.');
  }
}

function bodyOf(asked: Asked): JsonObject {
  if (['GET', 'DELETE'].includes(asked.method)) return {};
  if (isObject(asked.body)) return asked.body;
  throw badRequest('Empty Payload. JSON content expected.');
}

function answerOne(around: GraphSurroundings, request: GraphRequest, asked: Asked): Answered {
  const { directory } = around;
  const path = /^\/v1\.0(\/.*)$/i.exec(decoded(asked.url.pathname))?.[1];
  const found = path === undefined ? undefined : routeOf(asked.method, path);
  if (!found) throw notModelled(`${asked.method} ${asked.url.pathname}`);
  const { route, parameters } = found;
  authorizeCall(directory.state(), request.actor, route.needs, route.service);
  if (directory.conditions().limits === 'real') directory.limits.take(route.service);
  const answer = route.answer({
    method: asked.method,
    url: asked.url,
    origin: request.origin,
    parameters,
    body: bodyOf(asked),
    actor: request.actor,
    state: asked.method === 'GET' ? directory.seen(around.staleMs) : directory.state(),
    now: around.now(),
    guid: around.guid,
    pageSize: around.pageSize,
    correlationId: around.guid(),
  });
  if (answer.next) directory.commit(answer.next);
  return answer.body === undefined ? { status: answer.status } : { status: answer.status, body: answer.body };
}

function refused(around: GraphSurroundings, request: GraphRequest, answer: () => Answered): BatchedAnswer {
  const requestId = around.guid();
  const clientRequestId = request.clientRequestId ?? requestId;
  const headers = { 'request-id': requestId, 'client-request-id': clientRequestId };
  try {
    return { ...answer(), headers };
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    return { status: error.status, headers, body: graphErrorBody(error, requestId, clientRequestId, around.now()) };
  }
}

function batched(around: GraphSurroundings, request: GraphRequest): Answered {
  const body = answerBatch(jsonOf(request.text), (part) =>
    refused(around, request, () => {
      const url = `${request.origin}/v1.0/${part.url.replace(/^\//, '')}`;
      if (!URL.canParse(url)) throw badRequest(`Invalid URL '${part.url}' in the batch.`);
      return answerOne(around, request, { method: part.method, url: new URL(url), body: part.body });
    }),
  );
  return { status: 200, body };
}

/** Answers one request of Graph v1.0; refusals come in Graph's error shape, calls that are not modelled 501. */
export function answerDirectory(around: GraphSurroundings, request: GraphRequest): Response {
  const { method, url, text } = request;
  const isBatch = method === 'POST' && /^\/v1\.0\/(?:\$|%24)batch$/i.test(url.pathname);
  const { status, headers, body } = refused(around, request, () =>
    isBatch ? batched(around, request) : answerOne(around, request, { method, url, body: jsonOf(text) }),
  );
  const all = { ...headers, 'odata-version': '4.0' };
  return body === undefined
    ? new Response(null, { status, headers: all })
    : Response.json(body, { status, headers: all });
}
