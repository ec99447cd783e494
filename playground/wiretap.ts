/** Watches the requests to the local Azure, to tell people and tests who changed what and when. */
import { at, parseJson, textAt } from './json';

/** One write that ARM or Graph answered. */
export interface ObservedWrite {
  /** Milliseconds on the monotonic clock, when the answer was ready. */
  readonly at: number;
  /** The name in the bearer token. */
  readonly actor: string;
  /** True when the token came from the managed identity endpoint, that is, when the app wrote. */
  readonly byApp: boolean;
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

// Among ARM's POST actions are many that only read, and some of Graph's.
const writes = new Set(['PUT', 'PATCH', 'DELETE']);
const creations = /^\/(?:v1\.0|beta)\/(?:identity\/conditionalAccess\/policies|policies\/|groups\/|users$)/i;

function isWrite(method: string, path: string): boolean {
  if (method === 'POST') return creations.test(path);
  return writes.has(method) && /^\/(?:subscriptions|providers|v1\.0|beta)\//i.test(path);
}

type Fetch = (request: Request) => Response | Promise<Response>;

/**
 * Passes every request on to `fetch` unchanged and tells `onWrite` about the writes among them; ARM's answer is passed
 * on once `look`, if there is one, has seen what the write left.
 */
export function tapWrites(
  fetch: Fetch,
  identityPath: string,
  onWrite: (write: ObservedWrite) => void,
  look?: (write: ObservedWrite) => Promise<void>,
): Fetch {
  const appTokens = new Set<string>();

  async function rememberToken(answer: Response): Promise<Response> {
    const token = textAt(parseJson(await answer.clone().text()), 'access_token');
    if (token !== '') appTokens.add(token);
    return answer;
  }

  return async (request) => {
    const path = new URL(request.url).pathname;
    const answer = await fetch(request);
    if (path === identityPath) return rememberToken(answer);
    if (!isWrite(request.method, path)) return answer;
    const token = request.headers.get('authorization')?.replace(/^bearer\s+/i, '') ?? '';
    const write: ObservedWrite = {
      at: performance.now(),
      actor: actorOf(token),
      byApp: appTokens.has(token),
      method: request.method,
      path,
      status: answer.status,
    };
    onWrite(write);
    await look?.(write);
    return answer;
  };
}

/** The name that a token's payload carries; the token itself, shortened, when it carries none. */
export function actorOf(token: string): string {
  const payload = parseJson(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  for (const claim of ['name', 'upn', 'unique_name', 'oid', 'appid']) {
    const value = at(payload, claim);
    if (typeof value === 'string' && value !== '') return value;
  }
  return token === '' ? 'nobody' : `bearer ${token.slice(0, 12)}`;
}
