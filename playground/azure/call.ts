// One ARM request with everything that its answer and its event need to know about it.
import type { Actor } from './token';

export interface Call {
  readonly method: string;
  readonly url: URL;
  /** Scheme and host for absolute URLs in the answer: the caller's own, or those of a proxy that forwarded it. */
  readonly origin: string;
  readonly headers: Headers;
  readonly actor: Actor;
  readonly requestId: string;
  readonly correlationId: string;
  readonly clientRequestId: string;
  readonly apiVersion: string;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The origin a caller sees: `X-Forwarded-Proto` and `X-Forwarded-Host` when given, else the request's own. */
export function originOf(request: Request, url: URL): string {
  const host = request.headers.get('x-forwarded-host') ?? url.host;
  const scheme = request.headers.get('x-forwarded-proto') ?? url.protocol.replace(/:$/, '');
  return `${scheme}://${host}`;
}
