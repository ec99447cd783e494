// The route /playground/directory: what the tenant holds, and how the directory answers.
import { Hono } from 'hono';
import { z } from 'zod';
import type { Directory } from './directory';
import { USUAL_CONDITIONS } from './directory';
import { DirectoryError } from './load';

const conditionsBody = z.strictObject({
  limits: z.enum(['real', 'off']).default(USUAL_CONDITIONS.limits),
  staleReads: z
    .union([z.int().min(0).max(1000), z.array(z.enum(['old', 'new'])).max(1000)])
    .default(USUAL_CONDITIONS.staleReads as number),
});

async function bodyOf(request: Request): Promise<unknown> {
  try {
    return JSON.parse(await request.text());
  } catch {
    return undefined;
  }
}

function bad(message: string): Response {
  return Response.json({ error: { code: 'BadControlRequest', message } }, { status: 400 });
}

/**
 * `GET` answers the tenant as JSON, `PUT` puts another in its place (nothing is audited), and `POST` sets the conditions:
 * `limits` (`real` or `off`) and `staleReads` (how many reads after a write see the old state, or a pattern of `old` and
 * `new`); what is left out is as usual. A body that cannot be read answers 400 and changes nothing.
 */
export function directoryControl(directory: Directory): Hono {
  const routes = new Hono();
  routes.get('/', (context) => context.json({ ...directory.conditions(), directory: directory.snapshot() }));
  routes.put('/', async (context) => {
    const body = await bodyOf(context.req.raw);
    try {
      directory.restore(body ?? null);
    } catch (error) {
      if (error instanceof DirectoryError) return bad(error.message);
      throw error;
    }
    return context.body(null, 204);
  });
  routes.post('/', async (context) => {
    const body = conditionsBody.safeParse(await bodyOf(context.req.raw));
    if (!body.success) {
      return bad(
        'Nothing changed. The body must be {"limits": "real" or "off", "staleReads": number or ["old", "new", …]}.',
      );
    }
    directory.setConditions(body.data);
    return context.json(body.data);
  });
  return routes;
}
