/** The webhook through which Event Grid reaches a function: handshake, notifications, unsubscribe. */
import { at, isObject, type JsonObject, parseJson, textAt } from '../json';
import type { Dispatcher } from './dispatcher';
import type { AppFunction, TriggerInput, TypedData } from './model';

const path = /^\/runtime\/webhooks\/([^/]+)\/?$/i;
const methods = new Set(['GET', 'PUT', 'POST', 'DELETE', 'OPTIONS']);

/** True when `request` is for this webhook, whatever the casing of the extension's name. */
export function isEventGridRequest(request: Request): boolean {
  const extension = path.exec(new URL(request.url).pathname)?.[1];
  return extension?.toLowerCase() === 'eventgrid' && methods.has(request.method);
}

/**
 * Answers one delivery as the Event Grid extension does. All events of a batch run in parallel, one invocation each; 202
 * when every one succeeded, 500 with the first message when one failed (Event Grid then sends the whole batch again).
 */
export async function handleEventGrid(
  request: Request,
  functions: ReadonlyMap<string, AppFunction>,
  dispatcher: Dispatcher,
): Promise<Response> {
  const name = new URL(request.url).searchParams.get('functionName') ?? '';
  const target = functions.get(name);
  if (target?.trigger.type.toLowerCase() !== 'eventgridtrigger') {
    return new Response(`cannot find function: '${name}'`, { status: 404 });
  }
  if (request.method === 'OPTIONS') return allowOrigin(request);

  const kind = request.headers.get('aeg-event-type')?.toLowerCase();
  if (kind === 'subscriptionvalidation') return validate(await request.text());
  if (kind === 'notification') return notify(await request.text(), target, dispatcher);
  if (kind === 'unsubscribe') return new Response(null, { status: 202 });
  return new Response(null, { status: 400 });
}

/** What the worker receives for one event: the event as a string, and as metadata `data` and every plain property. */
export function eventGridInput(event: JsonObject): TriggerInput {
  const metadata: Record<string, TypedData> = {};
  for (const [key, value] of Object.entries(event)) {
    if (Array.isArray(value) || value === null) continue;
    metadata[key] = typeof value === 'string' ? { string: value } : { json: JSON.stringify(value) };
  }
  return { value: { string: JSON.stringify(event) }, metadata };
}

// CloudEvents handshake: only Event Grid's own hosts are echoed.
function allowOrigin(request: Request): Response {
  const origin = request.headers.get('webhook-request-origin') ?? '';
  const known = /(^|\.)eventgrid\.azure\.net$/i.test(origin);
  return new Response(null, {
    status: 200,
    headers: { 'Webhook-Allowed-Origin': known ? origin : 'eventgrid.azure.net' },
  });
}

function validate(body: string): Response {
  const code = at(parseJson(body), 0, 'data', 'validationCode');
  if (typeof code !== 'string') return new Response('no validationCode in the request', { status: 400 });
  return Response.json({ validationResponse: code });
}

async function notify(body: string, target: AppFunction, dispatcher: Dispatcher): Promise<Response> {
  const parsed = parseJson(body);
  const events: unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  if (!events.every(isObject)) {
    return new Response('a notification is one event or an array of events', { status: 400 });
  }
  const results = await Promise.all(
    events.map((event) => dispatcher.invoke(target, eventGridInput(event), describeEvent(event))),
  );
  const failed = results.find((result) => !result.ok);
  if (failed === undefined || failed.ok) return new Response(null, { status: 202 });
  return new Response(`Exception while executing function: ${target.name}. ${failed.error.message}`, { status: 500 });
}

function describeEvent(event: JsonObject): string {
  const what = textAt(event, 'data', 'operationName') || textAt(event, 'eventType') || 'an event without a type';
  const where = textAt(event, 'subject').replace(/^.*\/providers\/[^/]+\//i, '');
  return `${what} on ${where || 'no subject'}`;
}
