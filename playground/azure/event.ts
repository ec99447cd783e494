// The Event Grid event that Azure raises for one operation that has ended, in the Event Grid schema.
import type { Actor } from './token';
import { TENANT_ID } from './token';

export interface EventGridEvent {
  readonly subject: string;
  readonly eventType: string;
  readonly eventTime: string;
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly dataVersion: string;
  readonly metadataVersion: string;
  readonly topic: string;
}

export interface CompletedOperation {
  /** The id of the target, as the caller wrote it. */
  readonly target: string;
  readonly subscription: string;
  /** Such as `Microsoft.Network/networkSecurityGroups/securityRules`. */
  readonly type: string;
  readonly verb: 'write' | 'delete' | 'action';
  readonly failed: boolean;
  readonly created: boolean;
  readonly actor: Actor;
  readonly correlationId: string;
  readonly clientRequestId: string;
  readonly method: string;
  readonly url: string;
}

const EVENT_TYPES = { write: 'Write', delete: 'Delete', action: 'Action' } as const;
const CLAIMS = 'http://schemas.microsoft.com/identity/claims';
const SOAP_CLAIMS = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';

function claimsFor(actor: Actor, now: Date): Record<string, string> {
  const seconds = Math.floor(now.getTime() / 1000);
  return {
    aud: 'https://management.core.windows.net/',
    iss: `https://sts.windows.net/${TENANT_ID}/`,
    iat: String(seconds),
    nbf: String(seconds),
    exp: String(seconds + 3600),
    ...(actor.appId ? { appid: actor.appId, appidacr: actor.kind === 'User' ? '0' : '2' } : {}),
    ipaddr: actor.address,
    ...(actor.name ? { name: actor.name } : {}),
    [`${CLAIMS}/objectidentifier`]: actor.objectId,
    [`${CLAIMS}/tenantid`]: TENANT_ID,
    [`${SOAP_CLAIMS}/nameidentifier`]: actor.objectId,
    ...(actor.upn ? { [`${SOAP_CLAIMS}/name`]: actor.upn, [`${SOAP_CLAIMS}/upn`]: actor.upn } : {}),
    ver: '1.0',
  };
}

/**
 * The event of an operation that has ended. `httpRequest` is there for updates and deletes only. Source: "Azure subscription as
 * an Event Grid source"; that a child write carries the child's id follows from its rule for the subject.
 */
export function operationEvent(operation: CompletedOperation, id: string, now: Date): EventGridEvent {
  const { target, subscription, type, verb, actor, failed } = operation;
  const operationName = `${type}/${verb}`;
  return {
    subject: target,
    eventType: `Microsoft.Resources.Resource${EVENT_TYPES[verb]}${failed ? 'Failure' : 'Success'}`,
    eventTime: now.toISOString(),
    id,
    data: {
      authorization: {
        scope: target,
        action: operationName,
        evidence: { role: 'Contributor', principalId: actor.objectId.replaceAll('-', ''), principalType: actor.kind },
      },
      claims: claimsFor(actor, now),
      correlationId: operation.correlationId,
      ...(operation.created
        ? {}
        : {
            httpRequest: {
              clientRequestId: operation.clientRequestId,
              clientIpAddress: actor.address,
              method: operation.method,
              url: operation.url,
            },
          }),
      resourceProvider: type.split('/')[0],
      resourceUri: target,
      operationName,
      status: failed ? 'Failed' : 'Succeeded',
      subscriptionId: subscription,
      tenantId: TENANT_ID,
    },
    dataVersion: '2',
    metadataVersion: '1',
    topic: `/subscriptions/${subscription}`,
  };
}
