/** A way to ARM for what @azure/arm-authorization manages: its pipeline for raw reads and writes, signed and guarded. */
import type { AuthorizationManagementClient } from '@azure/arm-authorization';
import type { PipelineResponse } from '@azure/core-rest-pipeline';
import { isObject, type JsonObject } from '../../network/json';
import { parsed, refusalIn, refusedRead, unexpectedAnswer } from '../answer';
import { bareThrottlingStrategy } from '../bare-throttling';
import { type ClientOptions, RETRIES } from '../client';
import { endpointOf } from '../endpoint';
import { azureErrorFrom } from '../error';
import { inExchange, newExchange, rawJsonPolicy, writeTurnPolicy } from '../exchange';
import { pacePolicy } from '../pace';
import { WriteStopped } from './write-stopped';

export interface Authorization {
  /** GET of a path with its query, or of a nextLink; the JSON object. Throws AzureError. */
  readonly read: (pathOrUrl: string) => Promise<JsonObject>;
  /** The same; undefined for what does not exist. */
  readonly readIfThere: (pathOrUrl: string) => Promise<JsonObject | undefined>;
  /** Runs a write; throws WriteStopped when it was not to be sent, else AzureError. Gives ARM's request ids. */
  readonly write: (resource: string, mayWrite: MayWrite, send: Send) => Promise<readonly string[]>;
}

export type MayWrite = () => Promise<string | undefined>;

/** What writes: the typed client where its models lose nothing, `raw` where they would. */
export type Send = (client: AuthorizationManagementClient, raw: SendRaw) => Promise<unknown>;

export type SendRaw = (method: 'PUT' | 'PATCH' | 'POST', path: string, body?: JsonObject) => Promise<void>;

/** Opens the way; nothing is loaded or signed in before the first request. */
export function authorizationAt(options: ClientOptions): Authorization {
  let opened: ReturnType<typeof connect> | undefined;
  function connection(): ReturnType<typeof connect> {
    opened ??= connect(options).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  }

  async function read(pathOrUrl: string): Promise<JsonObject> {
    const resource = pathOrUrl.split('?')[0] ?? pathOrUrl;
    try {
      const response = await (await connection()).send('GET', pathOrUrl);
      if (response.status >= 300) throw refusedRead(response, resource);
      const body = parsed(response.bodyAsText);
      if (!isObject(body)) throw unexpectedAnswer(response, resource, 'the answer is not a JSON object');
      return body;
    } catch (thrown) {
      throw azureErrorFrom(thrown, 'read', resource);
    }
  }

  return {
    read,
    async readIfThere(pathOrUrl) {
      try {
        return await read(pathOrUrl);
      } catch (thrown) {
        const error = azureErrorFrom(thrown, 'read', pathOrUrl);
        if (error.status === 404) return undefined;
        throw error;
      }
    },
    async write(resource, mayWrite, send) {
      const { client, send: sendRequest } = await connection();
      const exchange = newExchange(undefined, mayWrite);
      const raw: SendRaw = async (method, path, body) => {
        const response = await sendRequest(method, path, body);
        if (response.status < 300) return;
        const { code, message } = refusalIn(response);
        throw azureErrorFrom({ statusCode: response.status, code, message, response }, 'change', resource);
      };
      try {
        await inExchange(exchange, async () => await send(client, raw));
        return exchange.requestIds;
      } catch (thrown) {
        if (exchange.write?.state === 'stopped') throw new WriteStopped(exchange.write.why);
        throw azureErrorFrom(thrown, 'change', resource);
      }
    },
  };
}

interface Connection {
  readonly client: AuthorizationManagementClient;
  readonly send: (
    method: 'GET' | 'PUT' | 'PATCH' | 'POST',
    pathOrUrl: string,
    body?: JsonObject,
  ) => Promise<PipelineResponse>;
}

async function connect(options: ClientOptions): Promise<Connection> {
  // Loaded on first use: the app starts without them.
  const [{ AuthorizationManagementClient }, pipelines, wire, credential] = await Promise.all([
    import('@azure/arm-authorization'),
    import('@azure/core-rest-pipeline'),
    import('../wire'),
    typeof options.credential === 'function' ? options.credential() : options.credential,
  ]);
  const endpoint = endpointOf(options.armEndpoint);
  const retries = options.retries ?? RETRIES;
  const httpClient = wire.guardedHttpClient(endpoint, options.httpClient);
  // Scopes are given with every call: the subscription of the client itself is never used.
  const client = new AuthorizationManagementClient(credential, '', {
    endpoint: endpoint.canonical,
    credentialScopes: [`${endpoint.canonical}/.default`],
    httpClient,
    retryOptions: retries,
  });
  // The same order as for the network: links before signing, pace and turn after the retries.
  const beforePolicies = [pipelines.bearerTokenAuthenticationPolicyName];
  client.pipeline.addPolicy(rawJsonPolicy(endpoint), { beforePolicies });
  client.pipeline.addPolicy(writeTurnPolicy(), { afterPhase: 'Retry' });
  client.pipeline.addPolicy(pacePolicy(), { afterPhase: 'Retry', beforePolicies: ['writeTurn'] });
  const bareThrottling = bareThrottlingStrategy(retries.retryDelayInMs, retries.maxRetryDelayInMs);
  client.pipeline.addPolicy(pipelines.retryPolicy([bareThrottling], { maxRetries: retries.maxRetries }), {
    phase: 'Retry',
  });
  return {
    client,
    send(method, pathOrUrl, body) {
      const url = pathOrUrl.startsWith('/') ? `${endpoint.canonical}${pathOrUrl}` : pathOrUrl;
      const request = pipelines.createPipelineRequest({ url, method });
      if (body !== undefined) {
        request.body = JSON.stringify(body);
        request.headers.set('Content-Type', 'application/json');
      }
      return client.pipeline.sendRequest(httpClient, request);
    },
  };
}
