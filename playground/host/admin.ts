/** The admin endpoints: status, the list of functions, running one by hand, and (ours alone) waiting until idle. */
import { isObject, parseJson } from '../json';
import type { IndexingError } from './app-loader';
import type { Dispatcher } from './dispatcher';
import { eventGridInput } from './event-grid';
import type { AppFunction, TriggerInput } from './model';
import { queueInput } from './queue-message';
import { timerInput } from './timer';

export interface AdminOptions {
  readonly functions: ReadonlyMap<string, AppFunction>;
  readonly errors: readonly IndexingError[];
  readonly dispatcher: Dispatcher;
  /** What is still busy, as readable texts; empty means idle. */
  readonly busy: () => Promise<string[]>;
}

/**
 * Answers `/admin/...`; undefined for any other path. `GET /admin/host/idle?timeoutMs=` does not exist in the real host:
 * it answers `{"idle":true,"invocations":n}` once nothing runs and no trigger queue holds a message that could be taken
 * or waits for another try, and 504 `{"idle":false,"busy":[…]}` after the time (30,000 ms unless told).
 */
export async function handleAdmin(request: Request, options: AdminOptions): Promise<Response | undefined> {
  const url = new URL(request.url);
  const path = url.pathname.replace(/\/$/, '');
  if (request.method === 'GET' && path === '/admin/host/status') return status(options.errors);
  if (request.method === 'GET' && path === '/admin/host/ping') return new Response(null, { status: 200 });
  if (request.method === 'GET' && path === '/admin/host/idle') return idle(url, options);
  if (request.method === 'GET' && path === '/admin/functions') {
    return Response.json([...options.functions.values()].map(describeFunction));
  }
  const name = /^\/admin\/functions\/([^/]+)$/.exec(path)?.[1];
  if (name === undefined) return path.startsWith('/admin/') ? new Response(null, { status: 404 }) : undefined;
  const target = options.functions.get(decodeURIComponent(name));
  if (target === undefined) return new Response(null, { status: 404 });
  if (request.method === 'GET') return Response.json(describeFunction(target));
  if (request.method === 'POST') return run(request, target, options.dispatcher);
  return new Response(null, { status: 405 });
}

function status(errors: readonly IndexingError[]): Response {
  const state = errors.length === 0 ? 'Running' : 'Error';
  return Response.json({
    id: 'local',
    state,
    version: 'local',
    processUptime: Math.round(process.uptime() * 1000),
    errors: errors.map((error) => `${error.file}: ${error.message}`),
  });
}

function describeFunction(target: AppFunction): object {
  const bindings = Object.entries(target.bindings).map(([name, binding]) => ({ ...binding, name }));
  return { name: target.name, functionId: target.name, config: { name: target.name, bindings }, isDisabled: false };
}

// Fire and forget, as the real host does: 202 says that the run was accepted, not that it succeeded.
async function run(request: Request, target: AppFunction, dispatcher: Dispatcher): Promise<Response> {
  const body = parseJson(await request.text());
  if (!isObject(body)) {
    return Response.json({ message: 'The body must be JSON such as {"input":"text"}.' }, { status: 400 });
  }
  const input = body['input'];
  const text = typeof input === 'string' ? input : input === undefined || input === null ? '' : JSON.stringify(input);
  void dispatcher.invoke(target, manualInput(target, text), 'run by hand');
  return new Response(null, { status: 202 });
}

function manualInput(target: AppFunction, text: string): TriggerInput {
  const type = target.trigger.type.toLowerCase();
  if (type === 'timertrigger') return timerInput(false);
  if (type === 'queuetrigger') return queueInput(text);
  if (type === 'httptrigger') {
    const url = `http://localhost/api/${target.name}`;
    return { value: { http: { url, method: 'POST', headers: {}, body: { string: text } } }, metadata: {} };
  }
  const event = parseJson(text);
  return type === 'eventgridtrigger' && isObject(event)
    ? eventGridInput(event)
    : { value: { string: text }, metadata: {} };
}

async function idle(url: URL, options: AdminOptions): Promise<Response> {
  const wanted = Number(url.searchParams.get('timeoutMs') ?? 30_000);
  const deadline = performance.now() + (Number.isFinite(wanted) ? wanted : 30_000);
  for (;;) {
    const before = options.dispatcher.completed();
    const busy = await options.busy();
    const invocations = options.dispatcher.completed();
    if (busy.length === 0 && before === invocations) return Response.json({ idle: true, invocations });
    if (performance.now() >= deadline) return Response.json({ idle: false, busy }, { status: 504 });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
