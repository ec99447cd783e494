// One loopback port that answers plain http and https alike.
import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { loopbackCertificate } from './certificate';
import { CUT_CONNECTION } from './front';

export type Fetch = (request: Request) => Response | Promise<Response>;

export interface Listening {
  readonly url: string;
  readonly httpsUrl: string;
  readonly tlsCaPem: string;
  readonly port: number;
  close(): Promise<void>;
}

/** The first byte of a TLS handshake record; no HTTP method begins with it. */
const TLS_HANDSHAKE = 0x16;

function listenerFor(fetch: Fetch): (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void> {
  const listener = getRequestListener(
    async (request, { incoming }) => {
      const response = await fetch(request);
      if (!response.headers.has(CUT_CONNECTION)) return response;
      incoming.socket?.destroy();
      return RESPONSE_ALREADY_SENT;
    },
    { overrideGlobalObjects: false },
  );
  return listener;
}

/**
 * Serves `fetch` on 127.0.0.1; port 0 takes a free one. https is offered with a certificate of a CA made for this call,
 * whose PEM is returned.
 */
export async function listen(fetch: Fetch, options: { readonly port: number }): Promise<Listening> {
  const certificate = loopbackCertificate();
  const listener = listenerFor(fetch);
  const plain = createHttpServer((incoming, outgoing) => void listener(incoming, outgoing));
  const secure = createHttpsServer(
    { cert: certificate.certPem, key: certificate.keyPem },
    (incoming, outgoing) => void listener(incoming, outgoing),
  );
  const sockets = new Set<Socket>();

  const front = createTcpServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A client that goes away mid-request is its own affair.
    socket.on('error', () => socket.destroy());
    socket.once('data', (first) => {
      socket.pause();
      socket.unshift(first);
      (first[0] === TLS_HANDSHAKE ? secure : plain).emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  });

  await new Promise<void>((resolve, reject) => {
    front.once('error', reject);
    front.listen(options.port, '127.0.0.1', resolve);
  });
  const address = front.address();
  if (address === null || typeof address === 'string') throw new Error('The server did not bind to a port.');
  const { port } = address;

  return {
    url: `http://127.0.0.1:${port}`,
    httpsUrl: `https://127.0.0.1:${port}`,
    tlsCaPem: certificate.caPem,
    port,
    async close() {
      const closed = new Promise<void>((resolve) => {
        front.close(() => resolve());
      });
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
