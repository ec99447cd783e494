/** What the app asks of the outside world: each request crosses a border twice, on its way out and with its answer. */

export const worlds = ['arm', 'identity', 'blob', 'queue', 'table', 'teams', 'smtp'] as const;
export type OutsideWorld = (typeof worlds)[number];

export interface Crossing {
  /** The same for both crossings of one request. */
  readonly request: number;
  readonly world: OutsideWorld;
  /** Method and place, without what differs from run to run: `blob PUT guardrail-leases/* comp=lease acquire`. */
  readonly what: string;
  /** `out`: nothing has happened yet; `back`: it has happened, and the app does not know yet. */
  readonly side: 'out' | 'back';
  /** With `back`: the status of the answer; for SMTP its reply code. */
  readonly status?: number;
  /** Without query; empty for SMTP. */
  readonly path: string;
  readonly method: string;
  readonly ifMatch?: string;
}

/** What becomes of a crossing: it passes, its connection is cut, or another answer is given. */
export type Order =
  | { readonly kind: 'pass' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'answer'; readonly status: number; readonly headers?: Readonly<Record<string, string>> };

export type Checkpoint = (crossing: Crossing) => Promise<Order> | Order;

export const PASS: Order = { kind: 'pass' };
export const CUT: Order = { kind: 'cut' };

const SUBSCRIPTION = /^\/subscriptions\/[^/]+/i;
const SHOWN_PARAMETERS = ['comp', 'restype'];

/** The words for an HTTP request: the same for the same step of another run. */
export function wordsFor(world: OutsideWorld, method: string, url: URL, headers: Headers): string {
  const path = url.pathname
    .replace(/^\/devstoreaccount1/, '')
    .replace(SUBSCRIPTION, '')
    .replace(/\/providers\/Microsoft\.Network/gi, '')
    .replace(/[\da-f]{8}-[\da-f]{4}-[\da-f-]{22,27}/gi, '*')
    .replace(/\d{4}-?\d\d-?\d\dT[\w.-]*/g, '*')
    .replace(/(RowKey=')[^']*(?=')/g, (text) => text.replace(/\d[\w.-]*/g, '*'));
  const parameters = SHOWN_PARAMETERS.flatMap((name) => {
    const value = url.searchParams.get(name);
    return value === null ? [] : [`${name}=${value}`];
  });
  const action = headers.get('x-ms-lease-action');
  const place = world === 'teams' || world === 'identity' ? '' : path;
  return [world, method, place, ...parameters, ...(action === null ? [] : [action])].filter(Boolean).join(' ');
}

/** True for what the host asks for itself, not the app: its own locks and schedules, and taking messages. */
export function isOfHost({ world, method, path }: Pick<Crossing, 'world' | 'method' | 'path'>): boolean {
  if (path.includes('azure-webjobs-')) return true;
  return world === 'queue' && (method === 'GET' || method === 'HEAD');
}
