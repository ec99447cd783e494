// The managed identity endpoint of App Service and Azure Functions (api-version 2019-08-01).
import type { World } from './world';
import { derivedGuid, identityToken } from './token';

const CLIENT_ID = derivedGuid('bastion-guardrail identity');

function refusal(status: number, message: string): Response {
  return Response.json({ statusCode: status, message }, { status });
}

/** A token for the function app, to whoever knows the secret header. */
export function answerIdentity(world: World, request: Request, secret: string): Response {
  const query = new URL(request.url).searchParams;
  if (request.method !== 'GET') return refusal(405, 'Only GET is allowed.');
  if (request.headers.get('x-identity-header') !== secret)
    return refusal(401, 'The X-IDENTITY-HEADER header is missing or wrong.');
  const resource = query.get('resource');
  if (!resource) return refusal(400, 'The resource parameter is missing.');
  if (!query.get('api-version')) return refusal(400, 'The api-version parameter is missing.');
  const now = world.clock.now();
  const clientId = query.get('client_id') ?? CLIENT_ID;
  return Response.json({
    access_token: identityToken(clientId, now, resource),
    expires_on: String(Math.floor(now.getTime() / 1000) + 86_400),
    resource,
    token_type: 'Bearer',
    client_id: clientId,
  });
}
