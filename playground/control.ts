/** The part of the control API that the playground answers itself; everything else goes on to the local Azure. */
import type { IdleAnswer } from './idle';
import type { Inbox } from './inbox';
import { at, isObject, parseJson } from './json';

type Fetch = (request: Request) => Response | Promise<Response>;

export interface ControlOptions {
  readonly azure: Fetch;
  readonly inbox: Inbox;
  readonly idle: (timeoutMs: number) => Promise<IdleAnswer>;
  /** Called after the local Azure has been reset: brings the app back to its first look, of the networks only if told. */
  readonly afterReset: (how: ResetKind) => Promise<void>;
}

export interface ResetKind {
  readonly networkOnly: boolean;
  /** Whether the estate is another one than the playground began with. */
  readonly isOther: boolean;
}

const longestWait = 600_000;

/**
 * `GET /playground/idle?timeoutMs=` (30,000 unless told; 504 with what is still busy), `GET` and `DELETE
 * /playground/inbox`, the keys `teams` and `smtp` of `POST /playground/faults`, and the second half of `POST
 * /playground/reset`, in which `?look=network` leaves sign-in settings out of the first look. A bad request is answered 400 with one message and changes nothing.
 */
export function withControl(options: ControlOptions): Fetch {
  return async (request) => {
    const url = new URL(request.url);
    switch (`${request.method} ${url.pathname}`) {
      case 'GET /playground/idle':
        return idle(url, options);
      case 'GET /playground/inbox':
        return Response.json(options.inbox.read());
      case 'DELETE /playground/inbox':
        options.inbox.clear();
        return new Response(null, { status: 204 });
      case 'POST /playground/faults':
        return faults(request, options);
      case 'POST /playground/reset':
        return reset(request, url, options);
      default:
        return options.azure(request);
    }
  };
}

async function idle(url: URL, options: ControlOptions): Promise<Response> {
  const timeoutMs = Number(url.searchParams.get('timeoutMs') ?? 30_000);
  if (!Number.isFinite(timeoutMs) || timeoutMs < 0 || timeoutMs > longestWait) {
    return badRequest(`timeoutMs is not a number from 0 to ${longestWait}`);
  }
  const answer = await options.idle(timeoutMs);
  return Response.json(answer, { status: answer.idle ? 200 : 504 });
}

// The set of faults is one: when the local Azure refuses its part, the inbox gets back what it had.
async function faults(request: Request, options: ControlOptions): Promise<Response> {
  const body = parseJson(await request.text());
  if (!isObject(body)) return badRequest('the body is not a JSON object of faults');
  const { teams, smtp, ...rest } = body;
  const before = options.inbox.faults();
  try {
    options.inbox.setFaults({ teams, smtp });
  } catch (error) {
    return failure(400, 'BadControlRequest', error);
  }
  const headers = new Headers(request.headers);
  headers.delete('content-length');
  const answer = await options.azure(new Request(request.url, { method: 'POST', headers, body: JSON.stringify(rest) }));
  if (!answer.ok) {
    options.inbox.setFaults(before);
    return answer;
  }
  const active = at(parseJson(await answer.text()), 'faults');
  return Response.json({ faults: { ...(isObject(active) && active), ...options.inbox.faults() } });
}

async function reset(request: Request, url: URL, options: ControlOptions): Promise<Response> {
  const isOther = at(parseJson(await request.clone().text()), 'estate') !== undefined;
  const answer = await options.azure(request);
  if (!answer.ok) return answer;
  try {
    await options.afterReset({ networkOnly: url.searchParams.get('look') === 'network', isOther });
    return answer;
  } catch (error) {
    return failure(503, 'ResetIncomplete', error);
  }
}

function badRequest(message: string): Response {
  return failure(400, 'BadControlRequest', message);
}

function failure(status: number, code: string, reason: unknown): Response {
  const message = reason instanceof Error ? reason.message : String(reason);
  return Response.json({ error: { code, message } }, { status });
}
