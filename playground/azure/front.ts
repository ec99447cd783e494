// Between the wire and the services: faults on request, and a record of every request.
import type { FaultRule } from './faults';
import type { Recent } from './recent';
import type { RequestRecord } from './requests';
import { actorName, actorOf } from './token';
import { wait } from './wait';
import type { World } from './world';

/** A response with this header stands for a connection that is cut without an answer. */
export const CUT_CONNECTION = 'x-playground-cut-connection';

export type Handler = (
  request: Request,
  keep: (body: unknown) => void,
  rule: FaultRule | undefined,
) => Response | Promise<Response>;

function cut(): Response {
  return new Response('The connection is cut on request.', { status: 502, headers: { [CUT_CONNECTION]: '1' } });
}

function instead(rule: FaultRule): Response | undefined {
  if (rule.reset) return cut();
  const { respond } = rule;
  if (!respond) return undefined;
  const headers = {
    ...respond.headers,
    ...(respond.retryAfter === undefined ? {} : { 'retry-after': String(respond.retryAfter) }),
  };
  const code = respond.code ?? 'InjectedFault';
  const body = respond.body ?? { error: { code, message: respond.message ?? `Injected fault: ${code}.` } };
  if ([204, 205, 304].includes(respond.status)) return new Response(null, { status: respond.status, headers });
  return Response.json(body, { status: respond.status, headers });
}

/** Wraps a service: applies the matching fault, answers, and records what happened. */
export function withFaultsAndLog(world: World, requests: Recent<RequestRecord>) {
  return async function front(request: Request, handler: Handler): Promise<Response> {
    const started = performance.now();
    const url = new URL(request.url);
    const actor = actorName(actorOf(request.headers.get('authorization')));
    const conditional = request.headers.has('if-match');
    const met = world.faults.take({ method: request.method, path: url.pathname, actor, conditional });
    const rule = met?.rule;
    let kept: unknown;
    if (rule?.delayMs) await wait(rule.delayMs);
    const early = rule && !rule.after ? instead(rule) : undefined;
    const carriedOut = early ?? (await handler(request, (body) => (kept = body), rule));
    const response = (rule?.after ? instead(rule) : undefined) ?? carriedOut;
    const body = response.body ? await response.arrayBuffer() : undefined;
    requests.add({
      method: request.method,
      path: url.pathname + url.search,
      status: response.headers.has(CUT_CONNECTION) ? 0 : response.status,
      ms: Math.round((performance.now() - started) * 1000) / 1000,
      actor,
      bytes: body?.byteLength ?? 0,
      at: world.clock.now().toISOString(),
      ...(met ? { fault: met.name } : {}),
      ...(kept === undefined ? {} : { body: kept }),
    });
    return new Response(body, { status: response.status, headers: response.headers });
  };
}
