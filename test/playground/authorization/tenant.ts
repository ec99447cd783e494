// Starts a local Azure with the tenant of the hub-and-spoke estate, and gives the real authorization client for it.
import { readFileSync } from 'node:fs';
import { AuthorizationManagementClient } from '@azure/arm-authorization';
import type { EventSubscription, LocalAzure } from '../../../playground/azure';
import { createLocalAzure } from '../../../playground/azure';
import type { JsonObject } from '../../../playground/azure/json';
import { listen } from '../../../playground/azure/listen';
import { identityToken, personToken } from '../../../playground/azure/token';
import identityRole from '../../../infra/roles/identity.json';
import networkRole from '../../../infra/roles/network.json';

export const SUBSCRIPTION = '5ea1ab1e-0000-4000-8000-000000000001';
export const SCOPE = `/subscriptions/${SUBSCRIPTION}`;
export const HUB = `${SCOPE}/resourceGroups/rg-hub`;
export const ROLE = `${SCOPE}/providers/Microsoft.Authorization/roleDefinitions/ba571000-0000-4000-8000-000000000001`;
export const READER = '/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7';
export const ALEX = 'a1e00000-0000-4000-8000-000000000001';
export const SAM = '5a000000-0000-4000-8000-000000000002';
export const KIM = 'c1000000-0000-4000-8000-000000000003';
export const APPROVERS = 'aa000000-0000-4000-8000-0000000000aa';
export const BASTION_USERS = 'ba570000-0000-4000-8000-0000000000ba';
export const IDENTITY_CLIENT_ID = '9a4dc11d-0000-4000-8000-000000000002';

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface Tenant {
  readonly azure: LocalAzure;
  /** As kim, who runs the tenant. */
  readonly client: AuthorizationManagementClient;
  /** A raw request, as kim unless `token` says otherwise; the path needs its api-version. */
  readonly send: (method: string, path: string, body?: unknown, token?: string) => Promise<Answered>;
  readonly control: (path: string, body: unknown) => Promise<Answered>;
  readonly stop: () => Promise<void>;
}

function json(path: string): unknown {
  return JSON.parse(readFileSync(`${__dirname}/../../../playground/estates/${path}.json`, 'utf8'));
}

/** A path below Microsoft.Authorization with the api-version of RBAC or of PIM. */
export function at(scope: string, rest: string): string {
  const version = /^role(?:Definitions|Assignments(?:\/|\?|$))|^deny/.test(rest) ? '2022-04-01' : '2020-10-01';
  return `${scope}/providers/Microsoft.Authorization/${rest}${rest.includes('?') ? '&' : '?'}api-version=${version}`;
}

/** A person's token. */
export function as(name: string): string {
  return personToken(`${name}@contoso.example`, new Date());
}

/** The token of a managed identity. */
export function asApplication(clientId: string): string {
  return identityToken(clientId, new Date(), 'https://management.azure.com/');
}

async function answered(response: Response): Promise<Answered> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}

/** Starts everything; the caller stops it. */
export async function startTenant(
  options: { rbac?: boolean; eventSubscriptions?: readonly EventSubscription[]; now?: () => Date } = {},
): Promise<Tenant> {
  const azure = createLocalAzure({
    estate: json('hub-and-spoke') as unknown[],
    directory: json('directory'),
    authorization: json('authorization') as JsonObject[],
    identityRole: networkRole,
    identityRoles: { [IDENTITY_CLIENT_ID]: identityRole },
    ...options,
  });
  const server = await listen(azure.fetch, { port: 0 });
  const token = as('kim');
  const client = new AuthorizationManagementClient(
    { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) },
    SUBSCRIPTION,
    {
      endpoint: server.httpsUrl,
      tlsOptions: { ca: server.tlsCaPem },
      retryOptions: { maxRetries: 0 },
    },
  );

  return {
    azure,
    client,
    async send(method, path, body, bearer = token) {
      const payload = body === undefined ? {} : { body: JSON.stringify(body) };
      const headers = { authorization: `Bearer ${bearer}` };
      return await answered(await fetch(`${server.url}${path}`, { method, headers, ...payload }));
    },
    control: async (path, body) =>
      await answered(await fetch(`${server.url}/playground/${path}`, { method: 'POST', body: JSON.stringify(body) })),
    async stop() {
      await azure.close();
      await server.close();
    },
  };
}

/** Everything that a paged list yields. */
export async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const each of list) found.push(each);
  return found;
}

/** The error code with which a call is refused; the answer's status is in front. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error && 'statusCode' in error && 'code' in error)
      return `${String(error.statusCode)} ${String(error.code)}`;
    throw error;
  }
  return 'not refused';
}
