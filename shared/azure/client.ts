/** One way to ARM per subscription: the typed network client for writing, and raw reads over the same pipeline. */
import type { NetworkManagementClient } from '@azure/arm-network';
import type { HttpClient, PipelineResponse } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { bareThrottlingStrategy } from './bare-throttling';
import { endpointOf } from './endpoint';
import { rawJsonPolicy, writeTurnPolicy } from './exchange';
import { pacePolicy } from './pace';

export interface Retries {
  readonly maxRetries: number;
  readonly retryDelayInMs: number;
  readonly maxRetryDelayInMs: number;
}

export interface ClientOptions {
  /** GUARDRAIL_ARM_ENDPOINT, validated. */
  readonly armEndpoint: string;
  readonly credential: TokenCredential | (() => Promise<TokenCredential>);
  /** For throttling, server errors and broken connections; a Retry-After of ARM goes before. */
  readonly retries?: Retries;
  /** What sends a request once it is known to go to the right host. */
  readonly httpClient?: HttpClient;
}

/**
 * Writes go through the typed client, which follows an operation to its end. Reads do not: its models drop what they do
 * not know, and one malformed item would cost a whole list.
 */
export interface ArmClient {
  readonly network: NetworkManagementClient;
  /** GET of a path with its query, or of a whole URL as a nextLink is; signed, retried and guarded. Any status returns. */
  readonly get: (pathOrUrl: string) => Promise<PipelineResponse>;
  /** POST of an empty request to a path with its query, for what ARM lists by an action. Any status returns. */
  readonly post: (path: string) => Promise<PipelineResponse>;
}

export type ArmClients = (subscriptionId: string) => Promise<ArmClient>;

export const RETRIES: Retries = { maxRetries: 4, retryDelayInMs: 400, maxRetryDelayInMs: 8_000 };

/** Gives the client for a subscription; nothing is loaded or signed in before the first call. */
export function armClients(options: ClientOptions): ArmClients {
  const endpoint = endpointOf(options.armEndpoint);
  const clients = new Map<string, Promise<ArmClient>>();

  async function create(subscriptionId: string): Promise<ArmClient> {
    // Loaded on first use: they are most of the bundle, and the app starts without them.
    const [{ NetworkManagementClient }, pipelines, wire, credential] = await Promise.all([
      import('@azure/arm-network'),
      import('@azure/core-rest-pipeline'),
      import('./wire'),
      typeof options.credential === 'function' ? options.credential() : options.credential,
    ]);
    const retries = options.retries ?? RETRIES;
    const httpClient = wire.guardedHttpClient(endpoint, options.httpClient);
    const network = new NetworkManagementClient(credential, subscriptionId, {
      endpoint: endpoint.canonical,
      credentials: { scopes: [`${endpoint.canonical}/.default`] },
      httpClient,
      retryOptions: retries,
    });
    // Before signing, because a link to a loopback endpoint over http would be refused there.
    const beforePolicies = [pipelines.bearerTokenAuthenticationPolicyName];
    network.pipeline.addPolicy(rawJsonPolicy(endpoint), { beforePolicies });
    network.pipeline.addPolicy(writeTurnPolicy(), { afterPhase: 'Retry' });
    // Before that: nothing may take time between asking whether to write and writing.
    network.pipeline.addPolicy(pacePolicy(), { afterPhase: 'Retry', beforePolicies: ['writeTurn'] });
    const bareThrottling = bareThrottlingStrategy(retries.retryDelayInMs, retries.maxRetryDelayInMs);
    const throttled = pipelines.retryPolicy([bareThrottling], { maxRetries: retries.maxRetries });
    network.pipeline.addPolicy(throttled, { phase: 'Retry' });
    return {
      network,
      get(pathOrUrl) {
        const url = pathOrUrl.startsWith('/') ? `${endpoint.canonical}${pathOrUrl}` : pathOrUrl;
        return network.pipeline.sendRequest(httpClient, pipelines.createPipelineRequest({ url }));
      },
      post(path) {
        const url = `${endpoint.canonical}${path}`;
        const headers = pipelines.createHttpHeaders({ 'content-type': 'application/json' });
        const request = pipelines.createPipelineRequest({ url, method: 'POST', headers, body: '{}' });
        return network.pipeline.sendRequest(httpClient, request);
      },
    };
  }

  return (subscriptionId) => {
    const known = clients.get(subscriptionId);
    if (known) return known;
    const created = create(subscriptionId);
    clients.set(subscriptionId, created);
    // A sign-in that failed once may succeed later.
    created.catch(() => clients.delete(subscriptionId));
    return created;
  };
}
