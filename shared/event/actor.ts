/** Who is behind an event, as its claims say. */
import { type EventRecord, field, isRecord, shown } from './field';

export interface Actor {
  readonly name?: string;
  readonly objectId?: string;
  readonly appId?: string;
  readonly address?: string;
}

const LONGEST_EMBEDDED_JSON = 65_536;
const IDENTITY = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/';
const OBJECT_ID = 'http://schemas.microsoft.com/identity/claims/objectidentifier';

/** Who did it, from the claims; a service principal has neither name nor upn, and `httpRequest` may be missing or empty. */
export function readActor(data: EventRecord): Actor {
  const claims = embedded(field(data, 'claims'));
  const authorization = embedded(field(data, 'authorization'));
  const evidence = embedded(field(authorization, 'evidence') ?? field(authorization, 'Evidence'));
  const httpRequest = embedded(field(data, 'httpRequest'));
  const name =
    shown(field(claims, 'name')) ?? shown(field(claims, `${IDENTITY}name`)) ?? shown(field(claims, `${IDENTITY}upn`));
  const principal = shown(field(evidence, 'principalId')) ?? shown(field(evidence, 'PrincipalId'));
  const objectId = shown(field(claims, OBJECT_ID)) ?? principal;
  const appId = shown(field(claims, 'appid'));
  const address = shown(field(claims, 'ipaddr')) ?? shown(field(httpRequest, 'clientIpAddress'));
  return { ...(name && { name }), ...(objectId && { objectId }), ...(appId && { appId }), ...(address && { address }) };
}

/** Some publishers send these objects as JSON inside a text. */
function embedded(value: unknown): EventRecord {
  if (isRecord(value)) return value;
  if (typeof value !== 'string' || value.length > LONGEST_EMBEDDED_JSON) return {};
  try {
    const parsed: unknown = JSON.parse(value);
    return isRecord(parsed) ? parsed : {};
  } catch {
    return {};
  }
}
