/** Serves HTTP-triggered functions: routes, the request as the worker carries it, and the answer. Keys are not asked for. */
import type { Dispatcher } from './dispatcher';
import type { AppFunction, HttpCookie, TriggerInput } from './model';

interface Route {
  readonly target: AppFunction;
  readonly methods: ReadonlySet<string>;
  readonly pattern: RegExp;
  readonly literals: number;
}

/** Answers a request for one of the functions under `/{prefix}`; undefined when no route and method match. */
export type HttpRoutes = (request: Request, dispatcher: Dispatcher) => Promise<Response | undefined>;

export function httpRoutes(functions: Iterable<AppFunction>, prefix: string): HttpRoutes {
  const routes = [...functions]
    .filter((target) => target.trigger.type.toLowerCase() === 'httptrigger')
    .map((target) => toRoute(target, prefix))
    .toSorted((one, other) => other.literals - one.literals);

  return async (request, dispatcher) => {
    const path = new URL(request.url).pathname.replaceAll(/^\/|\/$/g, '');
    for (const { target, methods, pattern } of routes) {
      const match = methods.has(request.method) ? pattern.exec(path) : null;
      if (match === null) continue;
      const input = await httpInput(request, match.groups ?? {});
      const result = await dispatcher.invoke(target, input, `${request.method} /${path}`);
      return result.ok ? toResponse(result.returnValue?.http, request.method) : new Response(null, { status: 500 });
    }
    return undefined;
  };
}

function toRoute(target: AppFunction, prefix: string): Route {
  const route = typeof target.trigger['route'] === 'string' ? target.trigger['route'] : target.name;
  const methods = Array.isArray(target.trigger['methods']) ? target.trigger['methods'] : ['GET', 'POST'];
  const segments = [...prefix.split('/'), ...route.split('/')].filter((segment) => segment !== '');
  return {
    target,
    methods: new Set(methods.map((method) => String(method).toUpperCase())),
    pattern: new RegExp(`^${segments.map(segmentPattern).join('')}$`, 'i'),
    literals: segments.filter((segment) => !segment.includes('{')).length,
  };
}

// {name}, {name?}, {*rest} and {name:int}; every other constraint matches any segment.
function segmentPattern(segment: string, index: number): string {
  const slash = index === 0 ? '' : '/';
  const parameter = /^\{(\*?)(\w+)(?::(\w+)[^}?]*)?(\??)\}$/.exec(segment);
  if (parameter === null) return slash + segment.replaceAll(/[.+^$()|[\]\\*?{}]/g, '\\$&');
  const [, rest, name = '', constraint, optional] = parameter;
  if (rest === '*') return `(?:${slash}(?<${name}>.*))?`;
  const value = `${slash}(?<${name}>${constraint === 'int' ? '-?\\d+' : '[^/]+'})`;
  return optional === '?' ? `(?:${value})?` : value;
}

async function httpInput(
  request: Request,
  groups: Readonly<Record<string, string | undefined>>,
): Promise<TriggerInput> {
  const body = new Uint8Array(await request.arrayBuffer());
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries(groups)) {
    if (value !== undefined) params[name] = decodeURIComponent(value);
  }
  const http = {
    url: request.url,
    method: request.method,
    headers: Object.fromEntries(request.headers),
    query: Object.fromEntries(new URL(request.url).searchParams),
    params,
    body: body.length === 0 ? null : { bytes: body },
  };
  return { value: { http }, metadata: {} };
}

interface HttpResult {
  readonly statusCode?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly HttpCookie[];
  readonly body?: { readonly bytes?: Uint8Array; readonly string?: string } | null;
}

// No value returned: 204 with an empty body, as the documentation of HTTP outputs says.
function toResponse(http: HttpResult | undefined, method: string): Response {
  if (http === undefined) return new Response(null, { status: 204 });
  const status = Number(http.statusCode ?? 200);
  const headers = new Headers(http.headers);
  for (const cookie of http.cookies ?? []) headers.append('set-cookie', cookieText(cookie));
  const bytes = http.body?.bytes ?? http.body?.string;
  const bare = method === 'HEAD' || status === 204 || status === 304;
  return new Response(bare || bytes === undefined ? null : Buffer.from(bytes), { status, headers });
}

function cookieText(cookie: HttpCookie): string {
  const parts = [`${cookie.name}=${encodeURIComponent(cookie.value)}`];
  const attributes = { domain: 'Domain', path: 'Path', maxAge: 'Max-Age' };
  for (const [key, label] of Object.entries(attributes)) {
    const value = nullable(cookie[key]);
    if (typeof value === 'string' || typeof value === 'number') parts.push(`${label}=${value}`);
  }
  if (nullable(cookie['secure']) === true) parts.push('Secure');
  if (nullable(cookie['httpOnly']) === true) parts.push('HttpOnly');
  const sameSite = { lax: 'Lax', strict: 'Strict', explicitNone: 'None' }[String(cookie['sameSite'])];
  if (sameSite !== undefined) parts.push(`SameSite=${sameSite}`);
  return parts.join('; ');
}

// The worker wraps optional attributes as {value: …}.
function nullable(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'value' in value ? value.value : undefined;
}
