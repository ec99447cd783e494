// Microsoft Graph, so far only as much as sending mail; the rest is refused in Graph's own error shape.
import { actorOf } from './token';
import type { World } from './world';

function refusal(world: World, status: number, code: string, message: string): Response {
  const requestId = world.random.guid();
  const innerError = {
    date: world.clock.now().toISOString().slice(0, 19),
    'request-id': requestId,
    'client-request-id': requestId,
  };
  return Response.json({ error: { code, message, innerError } }, { status, headers: { 'request-id': requestId } });
}

/** The answer to a Graph request; a mail's JSON is handed to `keep`. */
export async function answerGraph(world: World, request: Request, keep: (body: unknown) => void): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (!actorOf(request.headers.get('authorization'))) {
    return refusal(world, 401, 'InvalidAuthenticationToken', 'Access token is empty.');
  }
  if (request.method !== 'POST' || !/^\/v1\.0\/users\/[^/]+\/sendMail$/i.test(pathname)) {
    return refusal(
      world,
      501,
      'NotImplemented',
      `The local Azure does not model ${request.method} ${pathname} of Microsoft Graph.`,
    );
  }
  try {
    keep(JSON.parse(await request.text()));
  } catch {
    return refusal(world, 400, 'BadRequest', 'Unable to read JSON request payload.');
  }
  return new Response(null, { status: 202 });
}
