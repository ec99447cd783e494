// The routes under /playground: reset, set, faults, clock, requests, state and tokens.
import { Hono } from 'hono';
import { z } from 'zod';
import { openSession } from './bastion-sessions';
import { EstateError } from './load';
import type { Faults } from './faults';
import { parseFaults } from './faults';
import { objectAt } from './json';
import type { Recent } from './recent';
import type { RequestRecord } from './requests';
import { personToken } from './token';
import { viewResource } from './view';
import type { World } from './world';

export interface Control {
  readonly world: World;
  readonly requests: Recent<RequestRecord>;
  readonly reset: (estate?: readonly unknown[]) => void;
  readonly notModelled: () => readonly string[];
  /** Returns why not, if not. */
  readonly replaceFaults: (faults: Faults) => string | undefined;
}

const resetBody = z.strictObject({ estate: z.array(z.unknown()).optional() });
const setBody = z.strictObject({
  id: z.string(),
  properties: z.record(z.string(), z.unknown()).optional(),
  remove: z.literal(true).optional(),
});
const sessionBody = z.strictObject({
  host: z.string(),
  machine: z.string(),
  user: z.string(),
  protocol: z.enum(['SSH', 'RDP']),
});
const clockBody = z.union([
  z.strictObject({ now: z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'is not a date') }),
  z.strictObject({ advanceMs: z.number().min(0) }),
]);

async function bodyOf(request: Request): Promise<unknown> {
  const text = await request.text();
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function bad(message: string): Response {
  return Response.json({ error: { code: 'BadControlRequest', message } }, { status: 400 });
}

function stateOf(control: Control): unknown {
  const { world } = control;
  return {
    now: world.clock.now().toISOString(),
    subscriptions: world.subscriptions(),
    resources: world.estate.all().map((stored) => viewResource(stored, world.estate, world.operations.running)),
    notModelled: control.notModelled(),
    events: world.events.records(),
    faults: world.faults.active(),
    locks: world.governance().locks,
  };
}

/**
 * The control routes. `POST /set` changes a resource as the platform would (`provisioningState` and all): no checks, no
 * operation, no event, properties merged at the top level. `POST /session` opens a session through a Bastion host. A body that cannot be read answers 400 with one
 * message and changes nothing.
 */
export function controlRoutes(control: Control): Hono {
  const { world, requests } = control;
  const routes = new Hono();

  routes.post('/reset', async (context) => {
    const body = resetBody.safeParse(await bodyOf(context.req.raw));
    if (!body.success) return bad('Nothing reset. The body must be empty or {"estate": [ARM resources]}.');
    try {
      control.reset(body.data.estate);
    } catch (error) {
      if (error instanceof EstateError) return bad(`Nothing reset. ${error.message}.`);
      throw error;
    }
    return context.json({ resources: world.estate.all().length, notModelled: control.notModelled() });
  });

  routes.post('/set', async (context) => {
    const body = setBody.safeParse(await bodyOf(context.req.raw));
    if (!body.success)
      return bad('Nothing set. The body must be {"id": "…", "properties": {…}} or {"id": "…", "remove": true}.');
    const { id, properties, remove } = body.data;
    const stored = world.estate.exactly(id);
    if (!stored) return bad(`Nothing set. There is no resource ${id} (children are set through their parent).`);
    if (remove) world.estate.remove(id);
    else {
      const merged = { ...objectAt(stored.body, 'properties'), ...properties };
      world.estate.put({ ...stored, body: { ...stored.body, properties: merged }, etag: world.newEtag() });
    }
    const now = world.estate.exactly(id);
    return context.json({ resource: now ? viewResource(now, world.estate, world.operations.running) : null });
  });

  routes.post('/faults', async (context) => {
    const value = await bodyOf(context.req.raw);
    if (value === undefined) return bad('Faults not changed. The body is not JSON.');
    const faults = parseFaults(value);
    if ('error' in faults) return bad(faults.error);
    const refused = control.replaceFaults(faults);
    if (refused !== undefined) return bad(refused);
    return context.json({ faults });
  });

  routes.post('/clock', async (context) => {
    const body = clockBody.safeParse(await bodyOf(context.req.raw));
    if (!body.success)
      return bad('Clock not moved. The body must be {"now": "<date>"} or {"advanceMs": <number, 0 or more>}.');
    if ('now' in body.data) world.clock.set(new Date(body.data.now));
    else world.clock.advance(body.data.advanceMs);
    return context.json({ now: world.clock.now().toISOString() });
  });

  routes.post('/session', async (context) => {
    const body = sessionBody.safeParse(await bodyOf(context.req.raw));
    if (!body.success)
      return bad('No session opened. The body must be {"host": "…", "machine": "…", "user": "…", "protocol": "SSH"}.');
    const { host: hostId, machine: machineId, user: userName, protocol } = body.data;
    const [host, machine] = [world.estate.exactly(hostId), world.estate.exactly(machineId)];
    if (!host || !machine) return bad(`No session opened. There is no ${host ? machineId : hostId}.`);
    const session = { sessionId: world.random.guid(), userName, protocol, startTime: world.clock.now() };
    return context.json({ session: openSession(world.estate, host, machine, session) });
  });

  routes.get('/requests', (context) => context.json(requests.list()));
  routes.delete('/requests', (context) => {
    requests.clear();
    return context.body(null, 204);
  });

  routes.get('/state', () => Response.json(stateOf(control)));

  routes.get('/token', (context) => {
    const name = context.req.query('as')?.trim();
    if (!name) return bad('No token issued. Say whose: /playground/token?as=NAME.');
    const token = personToken(name, world.clock.now(), context.req.query('resource'));
    const expires = String(Math.floor(world.clock.now().getTime() / 1000) + 86_400);
    if (context.req.header('accept')?.startsWith('text/plain')) return context.text(token);
    return context.json({ token, access_token: token, token_type: 'Bearer', expires_on: expires });
  });

  return routes;
}
