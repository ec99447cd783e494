// Microsoft Graph at the wire: takes mail itself, and hands everything else to the directory.
import { badRequest, GraphError, graphErrorBody } from '../directory/graph-error';
import { answerDirectory } from '../directory/router';
import { originOf } from './call';
import type { FaultRule } from './faults';
import { actorOf } from './token';
import type { World } from './world';

function refusal(world: World, error: GraphError): Response {
  const requestId = world.random.guid();
  const body = graphErrorBody(error, requestId, requestId, world.clock.now());
  return Response.json(body, { status: error.status, headers: { 'request-id': requestId } });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The answer to a Graph request; the JSON of a mail or of a change is handed to `keep`. `fault` may make a read stale. */
export async function answerGraph(
  world: World,
  request: Request,
  keep: (body: unknown) => void,
  fault?: FaultRule,
): Promise<Response> {
  const url = new URL(request.url);
  const actor = actorOf(request.headers.get('authorization'));
  if (!actor) return refusal(world, new GraphError(401, 'InvalidAuthenticationToken', 'Access token is empty.'));
  const text = await request.text();
  const body = text === '' ? undefined : parsed(text);
  if (body !== undefined) keep(body);
  if (request.method === 'POST' && /^\/v1\.0\/users\/[^/]+\/sendMail$/i.test(url.pathname)) {
    if (body !== undefined) return new Response(null, { status: 202 });
    return refusal(world, badRequest('Unable to read JSON request payload.'));
  }
  const faults = world.faults.active();
  return answerDirectory(
    {
      directory: world.directory,
      now: world.clock.now,
      guid: world.random.guid,
      pageSize: faults.pageSize,
      staleMs: Math.max(faults.staleReads.ms, fault?.staleMs ?? 0),
    },
    {
      method: request.method,
      url,
      origin: originOf(request, url),
      actor,
      text,
      clientRequestId: request.headers.get('client-request-id'),
    },
  );
}
