/** A local Azure with a tenant on it, for the tests of what is written: the guardrail and somebody else, both at the wire. */
import { createLocalAzure, type LocalAzure } from '../../../playground/azure';
import { type Listening, listen } from '../../../playground/azure/listen';
import { identityToken } from '../../../playground/azure/token';
import { azureTenant, type TenantOptions } from '../../../shared/azure/tenant';
import type { NetworkAction } from '../../../shared/network/action';
import { isObject, type JsonObject, listOf, objectOf, propertiesOf } from '../../../shared/network/json';
import { readNetwork } from '../../../shared/network/read';
import type { Snapshot, Tenant, WriteTurn } from '../../../shared/ports';
import type { Outcome } from '../../../shared/remediation/outcome';
import { BASTION_HOST, hubAndSpoke, type Resource, SUBSCRIPTION } from '../../estate';
import { FREE_TURN } from './fixture';

export interface Stage {
  readonly tenant: Tenant;
  observe(): Promise<Snapshot>;
  apply(snapshot: Snapshot, ...actions: readonly NetworkAction[]): Promise<readonly Outcome[]>;
  /** Somebody else's request, straight to ARM; throws when it is refused. */
  arm(method: string, id: string, body?: unknown): Promise<JsonObject>;
  /** The resource with its properties changed by somebody else. */
  edit(id: string, change: (properties: JsonObject) => Resource): Promise<JsonObject>;
  control(path: string, body: unknown): Promise<JsonObject>;
  /** The guardrail's writes so far, as `PUT /path → status`, resources by their last two names. */
  writes(): Promise<string[]>;
  close(): Promise<void>;
}

export interface Staging {
  readonly estate?: readonly Resource[];
  readonly pinned?: readonly string[];
  readonly identityRole?: unknown;
  readonly turn?: WriteTurn;
  readonly options?: Pick<TenantOptions, 'flushConnections' | 'expectsEvents'>;
}

const API = 'api-version=2026-01-01';
const CLIENT = 'the-guardrail';

/** `rg/type/name` as an id of Microsoft.Network. */
export function idOf(group: string, path: string): string {
  return `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers/Microsoft.Network/${path}`;
}

/** Starts it on `estate`; whoever starts it closes it. */
export async function stage({ estate = hubAndSpoke(), ...staging }: Staging = {}): Promise<Stage> {
  const { pinned = [BASTION_HOST], identityRole, turn = FREE_TURN, options = {} } = staging;
  const azure: LocalAzure = createLocalAzure({
    estate,
    ...(identityRole !== undefined && { identityRole, rbac: true }),
  });
  const server: Listening = await listen(azure.fetch, { port: 0 });
  const token = identityToken(CLIENT, new Date(), 'https://management.azure.com/');
  const tenant = azureTenant({
    armEndpoint: server.url,
    credential: { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) },
    readNetwork,
    now: () => new Date(),
    retries: { maxRetries: 0, retryDelayInMs: 1, maxRetryDelayInMs: 1 },
    ...options,
  });

  const arm: Stage['arm'] = (method, id, body) => send(method, `${server.url}${id}?${API}`, body);
  return {
    tenant,
    observe: () =>
      tenant.observe(
        { kind: 'network', subscriptionId: SUBSCRIPTION },
        pinned.map((id) => id.toLowerCase()),
      ),
    apply: (snapshot, ...actions) => tenant.apply(snapshot, actions, turn),
    arm,
    async edit(id, change) {
      const resource = await arm('GET', id);
      return arm('PUT', id, {
        ...resource,
        properties: { ...propertiesOf(resource), ...change(propertiesOf(resource)) },
      });
    },
    control: (path, body) => send('POST', `${server.url}/playground/${path}`, body),
    async writes() {
      const { value } = await send('GET', `${server.url}/playground/requests`);
      return listOf(value)
        .map(objectOf)
        .filter(({ method, actor }) => method !== 'GET' && actor === CLIENT)
        .map(({ method, path, status }) => `${String(method)} ${nameIn(String(path))} → ${String(status)}`);
    },
    async close() {
      await azure.close();
      await server.close();
    },
  };
}

async function send(method: string, url: string, body?: unknown): Promise<JsonObject> {
  const headers = { authorization: 'Bearer somebody', 'content-type': 'application/json' };
  const response = await fetch(url, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  const text = await response.text();
  const answer: unknown = text === '' ? {} : JSON.parse(text);
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
  return isObject(answer) ? answer : { value: answer };
}

function nameIn(path: string): string {
  return (path.split('?')[0] ?? '').split('/').slice(-2).join('/');
}
