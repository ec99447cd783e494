/** Connects to Microsoft Graph by its own client, with a signature that is given to the configured host and to no other. */
import type { TokenCredential } from '@azure/identity';
import type { Client, Context, Middleware } from '@microsoft/microsoft-graph-client';
import { objectOf } from '../../network/json';
import type { Endpoint } from '../endpoint';
import { azureErrorFrom } from '../error';

/** The version of Graph that is asked. */
export const VERSION = 'v1.0';

/** What no waiting helps against. */
export const NOT_PASSING: ReadonlySet<string> = new Set(['ForeignHost', 'NoCredential']);

/**
 * Opens the client. An error that it throws has the reason as its `code`: one of the above, `Timeout`, or the system's own as
 * in `ECONNREFUSED`.
 */
export async function connectGraph(
  endpoint: Endpoint,
  credential: TokenCredential | (() => Promise<TokenCredential>),
): Promise<Client> {
  // Loaded on first use: the app starts without it.
  const graph = await import('@microsoft/microsoft-graph-client');
  const signer = typeof credential === 'function' ? await credential() : credential;
  return graph.Client.initWithMiddleware({
    baseUrl: endpoint.actual,
    defaultVersion: VERSION,
    middleware: [signing(endpoint, signer), new graph.HTTPMessageHandler()],
    // A redirect would carry the token along.
    fetchOptions: { redirect: 'manual' },
  });
}

function signing(endpoint: Endpoint, credential: TokenCredential): Middleware {
  let next: Middleware | undefined;

  async function sign(context: Context): Promise<void> {
    const url = new URL(typeof context.request === 'string' ? context.request : context.request.url);
    if (url.origin !== endpoint.actual) throw named('ForeignHost', `${url.origin} is not ${endpoint.actual}`);
    const token = await credential.getToken(`${endpoint.canonical}/.default`);
    if (!token) throw named('NoCredential', 'no token could be had for Microsoft Graph');
    const headers = new Headers(context.options?.headers);
    headers.set('authorization', `Bearer ${token.token}`);
    context.options = { ...context.options, headers };
  }

  return {
    setNext(middleware) {
      next = middleware;
    },
    async execute(context: Context) {
      try {
        await sign(context);
        await next?.execute(context);
      } catch (error) {
        throw named(codeOf(error), error instanceof Error ? error.message : String(error));
      }
    },
  };
}

/** fetch says no more than that it failed; the reason is its cause. */
function codeOf(error: unknown): string {
  if (error instanceof Error && NOT_PASSING.has(error.name)) return error.name;
  const { code } = azureErrorFrom(error, 'reach', 'Graph');
  const { cause } = objectOf(error);
  return code === 'NoAnswer' && cause !== undefined ? azureErrorFrom(cause, 'reach', 'Graph').code : code;
}

function named(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}
