/** One ARM network client per subscription, each with the raw JSON policy in its pipeline. */
import type { NetworkManagementClient } from '@azure/arm-network';
import type { HttpClient } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { endpointOf } from './endpoint';
import { rawJsonPolicy, writeTurnPolicy } from './exchange';

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

export type NetworkClients = (subscriptionId: string) => Promise<NetworkManagementClient>;

export const RETRIES: Retries = { maxRetries: 4, retryDelayInMs: 400, maxRetryDelayInMs: 8_000 };

/** Gives the client for a subscription; nothing is loaded or signed in before the first call. */
export function networkClients(options: ClientOptions): NetworkClients {
  const endpoint = endpointOf(options.armEndpoint);
  const clients = new Map<string, Promise<NetworkManagementClient>>();

  async function create(subscriptionId: string): Promise<NetworkManagementClient> {
    // Loaded on first use: they are most of the bundle, and the app starts without them.
    const [{ NetworkManagementClient }, { bearerTokenAuthenticationPolicyName }, { guardedHttpClient }, credential] =
      await Promise.all([
        import('@azure/arm-network'),
        import('@azure/core-rest-pipeline'),
        import('./wire'),
        typeof options.credential === 'function' ? options.credential() : options.credential,
      ]);
    const client = new NetworkManagementClient(credential, subscriptionId, {
      endpoint: endpoint.canonical,
      credentials: { scopes: [`${endpoint.canonical}/.default`] },
      httpClient: guardedHttpClient(endpoint, options.httpClient),
      retryOptions: options.retries ?? RETRIES,
    });
    // Before signing, because a link to a loopback endpoint over http would be refused there.
    client.pipeline.addPolicy(rawJsonPolicy(endpoint), { beforePolicies: [bearerTokenAuthenticationPolicyName] });
    client.pipeline.addPolicy(writeTurnPolicy(), { afterPhase: 'Retry' });
    return client;
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
