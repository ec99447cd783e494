/** A Microsoft Graph client that sends its token, and what it carries, to the configured host and to nowhere else. */
import type { TokenCredential } from '@azure/identity';
import type { Client, Context, Middleware } from '@microsoft/microsoft-graph-client';
import { type Endpoint, endpointOf } from '../azure/endpoint';
import { azureErrorFrom } from '../azure/error';
import { objectOf, textOf } from '../network/json';

const PUBLIC_CLOUD = 'https://graph.microsoft.com';
const RETRIES = 2;
const RETRY_DELAY_SECONDS = 1;
/** Whoever asks for a longer wait gets the failure instead, and the outbox waits. */
const LONGEST_WAIT_SECONDS = 3;
const UNREACHED = 'GraphUnreached';

export interface GraphOptions {
  /** GUARDRAIL_GRAPH_ENDPOINT, validated: an origin. */
  readonly graphEndpoint: string;
  readonly credential: TokenCredential | (() => Promise<TokenCredential>);
}

/** Sends one POST to a path below `/v1.0` and gives the raw answer, whatever its status; rejects only without an answer. */
export type GraphPost = (path: string, body: unknown, signal: AbortSignal) => Promise<Response>;

/**
 * Opens a way to Graph; nothing is loaded or signed in before the first call. What Graph throttles (429, 503, 504) is
 * repeated twice unless Graph asks for a wait of more than 3 s. Redirects are not followed.
 */
export function graphPost(options: GraphOptions): GraphPost {
  let client: Client | undefined;
  return async (path, body, signal) => {
    // Loaded on first use: most installations never call Graph from a channel.
    const graph = await import('@microsoft/microsoft-graph-client');
    client ??= await connect(graph, options);
    const request = client.api(path).options({ signal }).responseType(graph.ResponseType.RAW);
    const answer: unknown = await request.post(body);
    if (answer instanceof Response) return answer;
    throw unreached('NoAnswer');
  };
}

type GraphPackage = typeof import('@microsoft/microsoft-graph-client');

async function connect(graph: GraphPackage, { graphEndpoint, credential }: GraphOptions): Promise<Client> {
  const endpoint = endpointOf(graphEndpoint, PUBLIC_CLOUD);
  const signer = typeof credential === 'function' ? await credential() : credential;
  const retries = new graph.RetryHandlerOptions(RETRY_DELAY_SECONDS, RETRIES, (_delay, _attempt, _to, _how, answer) => {
    const asked = answer.headers.get('retry-after');
    return asked === null || Number(asked) <= LONGEST_WAIT_SECONDS;
  });
  return graph.Client.initWithMiddleware({
    baseUrl: endpoint.actual,
    middleware: [signing(endpoint, signer), new graph.RetryHandler(retries), new graph.HTTPMessageHandler()],
    fetchOptions: { redirect: 'manual' },
  });
}

/**
 * Why a request got no answer, in one word: `NoCredential`, `Timeout`, `ForeignHost`, the system's own code as in
 * `ECONNREFUSED`, or `NoAnswer`.
 */
export function graphReason(error: unknown): string {
  // Graph's client wraps what was thrown, and keeps its name (as the code) and message only.
  const { name, code, message, cause } = objectOf(error);
  if (name === UNREACHED || code === UNREACHED) return textOf(message) ?? 'NoAnswer';
  const own = azureErrorFrom(error, 'reach', 'Graph').code;
  // fetch says no more than that it failed; the reason is its cause.
  return own === 'NoAnswer' && cause !== undefined ? azureErrorFrom(cause, 'reach', 'Graph').code : own;
}

function unreached(reason: string): Error {
  const error = new Error(reason);
  error.name = UNREACHED;
  return error;
}

function signing(endpoint: Endpoint, credential: TokenCredential): Middleware {
  let next: Middleware | undefined;

  async function sign(context: Context): Promise<void> {
    const url = new URL(typeof context.request === 'string' ? context.request : context.request.url);
    if (url.origin !== endpoint.actual) throw unreached('ForeignHost');
    const { signal } = context.options ?? {};
    const token = await credential.getToken(`${endpoint.canonical}/.default`, signal ? { abortSignal: signal } : {});
    if (!token) throw unreached('NoCredential');
    const headers = new Headers(context.options?.headers);
    headers.set('authorization', `Bearer ${token.token}`);
    context.options = { ...context.options, headers };
  }

  return {
    setNext(middleware) {
      next = middleware;
    },
    async execute(context) {
      try {
        await sign(context);
        await next?.execute(context);
      } catch (error) {
        throw unreached(graphReason(error));
      }
    },
  };
}
