// Unsigned tokens in the shape of JWTs, so that whoever bears one can be named in the events of what they write.
import { createHash } from 'node:crypto';
import type { JsonObject } from './json';
import { isObject, textAt } from './json';

export const TENANT_ID = '7e4a4700-0000-4000-8000-000000000001';
const CLI_APP_ID = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';

/** Who bears a token, as far as the token says. */
export interface Actor {
  readonly objectId: string;
  readonly kind: 'User' | 'ServicePrincipal';
  readonly appId?: string;
  readonly name?: string;
  readonly upn?: string;
  readonly address: string;
}

/** The same name always gives the same GUID. */
export function derivedGuid(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function issue(claims: JsonObject, now: Date, resource: string): string {
  const seconds = Math.floor(now.getTime() / 1000);
  const payload = {
    aud: resource,
    iss: `https://sts.windows.net/${TENANT_ID}/`,
    iat: seconds,
    nbf: seconds,
    exp: seconds + 86_400,
    tid: TENANT_ID,
    ver: '1.0',
    ...claims,
  };
  return `${encode({ typ: 'JWT', alg: 'none' })}.${encode(payload)}.unsigned`;
}

/** A person's token; `name` becomes the name and the user principal name. */
export function personToken(name: string, now: Date, resource = 'https://management.azure.com/'): string {
  const claims = {
    oid: derivedGuid(name),
    name,
    upn: name,
    unique_name: name,
    appid: CLI_APP_ID,
    idtyp: 'user',
    ipaddr: '203.0.113.40',
  };
  return issue(claims, now, resource);
}

/** The token of a managed identity. */
export function identityToken(clientId: string, now: Date, resource: string): string {
  const claims = {
    oid: derivedGuid(`${clientId}/principal`),
    sub: derivedGuid(`${clientId}/principal`),
    appid: clientId,
    idtyp: 'app',
  };
  return issue(claims, now, resource);
}

function claimsOf(token: string): JsonObject {
  try {
    const decoded: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return isObject(decoded) ? decoded : {};
  } catch {
    // Any bearer token is accepted; one that is no JWT simply says nothing about its bearer.
    return {};
  }
}

/** Who sends the request; undefined without a bearer token. */
export function actorOf(authorization: string | null): Actor | undefined {
  const token = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) return undefined;
  const claims = claimsOf(token);
  const name = textAt(claims, 'name');
  const upn = textAt(claims, 'upn');
  const appId = textAt(claims, 'appid');
  return {
    objectId: textAt(claims, 'oid') ?? derivedGuid(token),
    kind: textAt(claims, 'idtyp') === 'app' ? 'ServicePrincipal' : 'User',
    address: textAt(claims, 'ipaddr') ?? '127.0.0.1',
    ...(appId ? { appId } : {}),
    ...(name ? { name } : {}),
    ...(upn ? { upn } : {}),
  };
}

/** The shortest name for a log line. */
export function actorName(actor: Actor | undefined): string | null {
  return actor ? (actor.name ?? actor.appId ?? actor.objectId) : null;
}
