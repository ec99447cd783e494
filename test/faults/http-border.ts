/** Stands between the app and one HTTP service: passes requests on as they are, unless the checkpoint orders otherwise. */
import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request as send, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Checkpoint, type Crossing, type Order, type OutsideWorld, wordsFor } from './crossing';

export interface Border {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  close(): Promise<void>;
}

let requests = 0;

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Opens it on a free port. `worldOf` says which world a path belongs to; the Host header stays what the app sent. */
export async function openHttpBorder(
  target: string,
  worldOf: (path: string) => OutsideWorld,
  checkpoint: Checkpoint,
): Promise<Border> {
  const { hostname, port } = new URL(target);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const crossing = crossingOf(request, worldOf);
    if (obeys(await checkpoint(crossing), response)) return;
    const answer = await forward(request, body);
    if (obeys(await checkpoint({ ...crossing, side: 'back', status: answer.status }), response)) return;
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  }

  async function forward(request: IncomingMessage, body: Buffer): Promise<Answer> {
    const { method, url, headers } = request;
    const { 'transfer-encoding': _, connection: __, ...kept } = headers;
    const length = body.length > 0 ? { 'content-length': String(body.length) } : {};
    const outgoing = send({ hostname, port, agent, method, path: url, headers: { ...kept, ...length } });
    outgoing.end(body);
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    const answered = await bodyOf(incoming);
    const { 'transfer-encoding': chunked, connection: ___, 'keep-alive': ____, ...rest } = incoming.headers;
    const size = chunked === undefined ? {} : { 'content-length': String(answered.length) };
    return { status: incoming.statusCode ?? 502, headers: { ...rest, ...size }, body: answered };
  }

  const server = createServer((request, response) => {
    // A service that cuts the connection, or an app that is no more: either way the other side learns it the same way.
    handle(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function crossingOf(request: IncomingMessage, worldOf: (path: string) => OutsideWorld): Crossing {
  const url = new URL(request.url ?? '/', 'http://border');
  const method = request.method ?? 'GET';
  const world = worldOf(url.pathname);
  const headers = new Headers(
    Object.entries(request.headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
  const ifMatch = headers.get('if-match');
  const what = wordsFor(world, method, url, headers);
  requests += 1;
  return {
    request: requests,
    world,
    what,
    side: 'out',
    path: url.pathname,
    method,
    ...(ifMatch !== null && { ifMatch }),
  };
}

/** True when the order has been carried out and nothing is left to pass on. */
function obeys(order: Order, response: ServerResponse): boolean {
  if (response.destroyed) return true;
  if (order.kind === 'pass') return false;
  if (order.kind === 'cut') response.destroy();
  else response.writeHead(order.status, order.headers).end();
  return true;
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}
