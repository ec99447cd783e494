// Starts a local Azure on a loopback port and gives the real network client for it.
import { readFileSync } from 'node:fs';
import { NetworkManagementClient } from '@azure/arm-network';
import type { TokenCredential } from '@azure/identity';
import type { DeadLetter, EventSubscription, LocalAzure } from '../../../playground/azure';
import { createLocalAzure } from '../../../playground/azure';
import type { Listening } from '../../../playground/azure/listen';
import { listen } from '../../../playground/azure/listen';
import { textAt } from '../../../playground/azure/json';
import { identityToken, personToken } from '../../../playground/azure/token';

export const SUBSCRIPTION = '5ea1ab1e-0000-4000-8000-000000000001';
export const API = 'api-version=2026-01-01';

export interface Running {
  readonly azure: LocalAzure;
  readonly server: Listening;
  readonly client: NetworkManagementClient;
  /** Sends a raw request as `mallory`; a body makes it JSON. */
  readonly send: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answered>;
  readonly control: (method: string, path: string, body?: unknown) => Promise<Answered>;
  readonly stop: () => Promise<void>;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** The resources of one of the estates in playground/estates. */
export function estate(name: string): unknown[] {
  return JSON.parse(readFileSync(`${__dirname}/../../../playground/estates/${name}.json`, 'utf8'));
}

export function group(resourceGroup: string, type: string, name: string): string {
  return `/subscriptions/${SUBSCRIPTION}/resourceGroups/${resourceGroup}/providers/Microsoft.Network/${type}/${name}`;
}

/** A well-formed inbound rule body; `properties` overrides. */
export function ruleBody(properties: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    properties: {
      protocol: 'Tcp',
      sourcePortRange: '*',
      destinationPortRange: '3389',
      sourceAddressPrefix: 'Internet',
      destinationAddressPrefix: '*',
      access: 'Allow',
      priority: 110,
      direction: 'Inbound',
      ...properties,
    },
  };
}

/** The value without etags, which move with every write. */
export function withoutEtags(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll(/W\/\\"[^"]*"/g, ''));
}

/** Headers that make a request the managed identity's. */
export function asIdentity(): Record<string, string> {
  return { authorization: `Bearer ${identityToken('the-app', new Date(), 'https://management.azure.com/')}` };
}

/** The error code of a refusal. */
export function code(answer: Answered): string | undefined {
  return textAt(answer.body, 'error', 'code');
}

async function answered(response: Response): Promise<Answered> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}

/** Starts everything; the caller stops it. */
export async function start(
  options: {
    name?: string;
    resources?: unknown[];
    eventSubscriptions?: readonly EventSubscription[];
    now?: () => Date;
    onDeadLetter?: (letter: DeadLetter) => void | Promise<void>;
    identityRole?: unknown;
  } = {},
): Promise<Running> {
  const azure = createLocalAzure({
    estate: options.resources ?? estate(options.name ?? 'hub-and-spoke'),
    ...(options.eventSubscriptions ? { eventSubscriptions: options.eventSubscriptions } : {}),
    ...(options.now ? { now: options.now } : {}),
    ...(options.onDeadLetter ? { onDeadLetter: options.onDeadLetter } : {}),
    ...(options.identityRole ? { identityRole: options.identityRole } : {}),
  });
  const server = await listen(azure.fetch, { port: 0 });
  const token = personToken('mallory@contoso.example', new Date());
  const credential: TokenCredential = { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
  const client = new NetworkManagementClient(credential, SUBSCRIPTION, {
    endpoint: server.httpsUrl,
    tlsOptions: { ca: server.tlsCaPem },
  });

  async function send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answered> {
    const url = `${server.url}${path}${path.includes('api-version') ? '' : `${path.includes('?') ? '&' : '?'}${API}`}`;
    const payload = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    return await answered(
      await fetch(url, { method, headers: { authorization: `Bearer ${token}`, ...headers }, ...payload }),
    );
  }

  async function control(method: string, path: string, body?: unknown): Promise<Answered> {
    const payload = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    return await answered(await fetch(`${server.url}/playground/${path}`, { method, ...payload }));
  }

  async function stop(): Promise<void> {
    await azure.close();
    await server.close();
  }

  return { azure, server, client, send, control, stop };
}
