// Starts a local Azure with the tenant of playground/estates/directory.json and asks it as different people.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLocalAzure } from '../../../playground/azure';
import type { JsonObject } from '../../../playground/azure/json';
import { isObject, listAt, textAt } from '../../../playground/azure/json';
import { listen } from '../../../playground/azure/listen';
import { identityToken, personToken } from '../../../playground/azure/token';

export const ID = {
  tenant: '7e4a4700-0000-4000-8000-000000000001',
  alex: 'a1e00000-0000-4000-8000-000000000001',
  sam: '5a000000-0000-4000-8000-000000000002',
  kim: 'c1000000-0000-4000-8000-000000000003',
  guest: '90e50000-0000-4000-8000-000000000004',
  breakGlass1: 'b9000000-0000-4000-8000-000000000001',
  breakGlassGroup: 'b9b90000-0000-4000-8000-0000000000b9',
  bastionUsers: 'ba570000-0000-4000-8000-0000000000ba',
  bastionTeam: 'ba571111-0000-4000-8000-0000000000bb',
  policy: '0f0f0f0f-0000-4000-8000-0000000000c1',
  phishingResistant: '00000000-0000-0000-0000-000000000004',
  network: '2ef8d3bb-9ef4-4e13-86e2-e3cb55bce74b',
  identity: '9a4dc11d-0000-4000-8000-000000000002',
} as const;

export const POLICIES = '/identity/conditionalAccess/policies';
export const CONTEXTS = '/identity/conditionalAccess/authenticationContextClassReferences';
export const STRENGTHS = '/policies/authenticationStrengthPolicies';

/** When the tests take place. */
export const NOW = new Date('2026-03-02T09:00:00Z');

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export type Who = 'mallory' | 'alex@contoso.example' | 'network' | 'identity' | 'stranger' | 'nobody';

export interface Tenant {
  readonly url: string;
  /** Sends a request below /v1.0, as mallory unless told. */
  readonly ask: (method: string, path: string, body?: unknown, who?: Who) => Promise<Answered>;
  /** The entries of all pages of a list. */
  readonly all: (path: string, who?: Who) => Promise<JsonObject[]>;
  readonly control: (method: string, path: string, body?: unknown) => Promise<Answered>;
  readonly stop: () => Promise<void>;
}

/** The tenant as JSON; `changes` take the place of whole lists. */
export function tenantJson(changes: JsonObject = {}): JsonObject {
  const path = join(__dirname, '../../../playground/estates/directory.json');
  const read: unknown = JSON.parse(readFileSync(path, 'utf8'));
  return { ...(isObject(read) ? read : {}), ...changes };
}

function tokenOf(who: Who): string | undefined {
  const resource = 'https://graph.microsoft.com/';
  if (who === 'nobody') return undefined;
  if (who === 'network' || who === 'identity') return identityToken(ID[who], NOW, resource);
  return who === 'stranger' ? identityToken('another-app', NOW, resource) : personToken(who, NOW, resource);
}

async function answered(response: Response): Promise<Answered> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}

async function send(method: string, url: string, body?: unknown, token?: string): Promise<Answered> {
  const payload = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const headers = new Headers(token === undefined ? {} : { authorization: `Bearer ${token}` });
  return await answered(await fetch(url, { method, headers, ...payload }));
}

/** Starts everything; the caller stops it. The clock stands at NOW until the control moves it. */
export async function startTenant(changes: JsonObject = {}): Promise<Tenant> {
  const azure = createLocalAzure({ estate: [], directory: tenantJson(changes), now: () => NOW });
  const server = await listen(azure.fetch, { port: 0 });

  async function ask(method: string, path: string, body?: unknown, who: Who = 'mallory'): Promise<Answered> {
    return await send(method, `${server.url}/v1.0${path}`, body, tokenOf(who));
  }

  async function all(path: string, who: Who = 'mallory'): Promise<JsonObject[]> {
    const found: JsonObject[] = [];
    let next: string | undefined = `${server.url}/v1.0${path}`;
    while (next !== undefined) {
      const { body } = await send('GET', next, undefined, tokenOf(who));
      found.push(...listAt(body, 'value'));
      next = textAt(body, '@odata.nextLink');
    }
    return found;
  }

  return {
    url: server.url,
    ask,
    all,
    control: async (method, path, body) => await send(method, `${server.url}/playground/${path}`, body),
    async stop() {
      await azure.close();
      await server.close();
    },
  };
}

/** The error code of a refusal, after its status. */
export function refusal({ status, body }: Answered): string {
  return `${status} ${textAt(body, 'error', 'code') ?? ''}`;
}
