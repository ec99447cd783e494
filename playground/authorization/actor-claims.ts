// What a bearer token says about how its bearer signed in, which no other part of the local Azure asks about.
import type { Call } from '../azure/call';
import type { JsonObject } from '../azure/json';
import { isObject } from '../azure/json';

/** The claims of the request's token; empty when it is no JWT. */
export function actorClaims({ headers }: Call): JsonObject {
  const payload = headers.get('authorization')?.split('.')[1] ?? '';
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return isObject(claims) ? claims : {};
  } catch {
    // Any bearer token is accepted here, in whatever shape.
    return {};
  }
}
