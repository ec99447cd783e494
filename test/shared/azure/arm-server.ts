/** A few lines of ARM on loopback: each test says what is answered and sees every request as it came over the wire. */
import { createServer, type IncomingMessage } from 'node:http';

export interface Seen {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, or as it is when it is a text. */
  readonly body?: unknown;
  /** Breaks the connection instead of answering. */
  readonly reset?: true;
}

export type Respond = (request: Seen) => Answer;

export interface ArmServer {
  readonly origin: string;
  readonly seen: readonly Seen[];
  readonly close: () => Promise<void>;
}

/** Starts it on a free port of 127.0.0.1. */
export async function startArm(respond: Respond): Promise<ArmServer> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const url = request.url ?? '/';
      const [path = ''] = url.split('?');
      const call: Seen = { method: request.method ?? '', path, url, headers: request.headers, body };
      seen.push(call);
      const answer = respond(call);
      if (answer.reset) {
        request.socket.destroy();
        return;
      }
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
      response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {}));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    origin: `http://127.0.0.1:${port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** An error in ARM's shape. */
export function armError(status: number, code: string, message = 'as the test wants it'): Answer {
  return { status, headers: { 'x-ms-request-id': `req-${code}` }, body: { error: { code, message } } };
}
