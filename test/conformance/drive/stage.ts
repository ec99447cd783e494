// Where the driver works: the local Azure on a loopback port, the real clients for it, and a record of all traffic.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NetworkManagementClient } from '@azure/arm-network';
import { createLocalAzure } from '../../../playground/azure';
import type { JsonObject } from '../../../playground/azure/json';
import { listAt } from '../../../playground/azure/json';
import { listen } from '../../../playground/azure/listen';
import { personToken } from '../../../playground/azure/token';
import type { Exchange } from '../exchange';
import { deployedEventSubscriptions, eventGridResources } from '../../../playground/event-subscriptions';
import { recording } from '../exchange';
import { vault } from './vault';

export const SUBSCRIPTION = '5ea1ab1e-0000-4000-8000-000000000001';
export const LOCATION = 'westeurope';
/** The resource group in which everything is made that the estate lacks. */
export const GROUP = 'rg-conformance';
export const NETWORK_API = '2026-01-01';
export const DENY_ASSIGNMENT = 'c0f00000-0000-4000-8000-0000000000de';

export interface Sent {
  readonly method: string;
  /** From the root, with the query; `api-version` included. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Received {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface Stage {
  readonly client: NetworkManagementClient;
  readonly credential: { readonly getToken: () => Promise<{ token: string; expiresOnTimestamp: number }> };
  /** With `tlsOptions`, what makes an Azure client speak to the local Azure. */
  readonly endpoint: string;
  readonly tlsOptions: { readonly ca: string };
  /** A signed request without any client library. */
  readonly send: (request: Sent) => Promise<Received>;
  readonly control: (path: string, body: unknown) => Promise<void>;
  readonly exchanges: readonly Exchange[];
  /** Remembers how to take away what was made; the last made goes first. */
  readonly leave: (undo: () => PromiseLike<unknown>) => void;
  readonly cleanUp: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** The one thing that clients only read and the estate lacks: on a group that nothing is deleted from here. */
function denyAssignment(): JsonObject {
  const scope = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app`;
  return {
    id: `${scope}/providers/Microsoft.Authorization/denyAssignments/${DENY_ASSIGNMENT}`,
    name: DENY_ASSIGNMENT,
    type: 'Microsoft.Authorization/denyAssignments',
    properties: {
      denyAssignmentName: 'Not from the conformance drive',
      scope,
      permissions: [{ actions: ['Microsoft.Storage/*/delete'], notActions: [] }],
    },
  };
}

/** Starts the local Azure with the hub-and-spoke estate and its tenant, from the folder of estates. */
export async function startStage(folder: string): Promise<Stage> {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
  const azure = createLocalAzure({
    estate: [
      ...listAt({ estate: read('hub-and-spoke') }, 'estate'),
      vault(SUBSCRIPTION),
      ...eventGridResources(SUBSCRIPTION, deployedEventSubscriptions()),
    ],
    directory: read('directory'),
    authorization: [...listAt({ estate: read('authorization') }, 'estate'), denyAssignment()],
  });
  const exchanges: Exchange[] = [];
  const server = await listen(
    recording(azure.fetch, (exchange) => exchanges.push(exchange)),
    { port: 0 },
  );
  const token = personToken('conformance@contoso.example', new Date());
  const credential = { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
  const tlsOptions = { ca: server.tlsCaPem };
  const undone: (() => PromiseLike<unknown>)[] = [];

  return {
    client: new NetworkManagementClient(credential, SUBSCRIPTION, { endpoint: server.httpsUrl, tlsOptions }),
    credential,
    endpoint: server.httpsUrl,
    tlsOptions,
    exchanges,
    async send({ method, path, body, headers = {} }) {
      const json = body === undefined ? {} : { body: JSON.stringify(body) };
      const contentType: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
      const answer = await fetch(`${server.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...contentType, ...headers },
        ...json,
      });
      const text = await answer.text();
      return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) };
    },
    async control(path, body) {
      const answer = await fetch(`${server.url}/playground/${path}`, { method: 'POST', body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(`/playground/${path} answered ${answer.status}: ${await answer.text()}`);
    },
    leave: (undo) => void undone.push(undo),
    async cleanUp() {
      const broken: string[] = [];
      for (const undo of undone.splice(0).toReversed()) {
        try {
          await undo();
        } catch (error) {
          broken.push(error instanceof Error ? error.message : String(error));
        }
      }
      if (broken.length > 0) throw new Error(broken.join('; '));
    },
    async stop() {
      await azure.close();
      await server.close();
    },
  };
}

/** The id of a network resource in the driver's own resource group; `names` as `vnet-a/subnets/default`. */
export function idOf(type: string, path: string, group = GROUP): string {
  return `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers/Microsoft.Network/${type}/${path}`;
}
