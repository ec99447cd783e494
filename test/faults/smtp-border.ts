/** Stands between the app and its mail server: every command of the app, and every reply, passes the checkpoint. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Checkpoint, Order } from './crossing';

export interface SmtpBorder {
  /** `smtp://127.0.0.1:PORT` */
  readonly url: string;
  close(): Promise<void>;
}

const COMMAND = /^(EHLO|HELO|MAIL|RCPT|DATA|QUIT|RSET|NOOP)\b/i;

/** Opens it on a free port. An order to answer becomes a reply line with that code, and the end of the connection. */
export async function openSmtpBorder(target: string, checkpoint: Checkpoint): Promise<SmtpBorder> {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();

  function join(app: Socket): void {
    const server = connect(Number(port), hostname);
    let word = 'connect';
    let queue: Promise<void> = Promise.resolve();
    const end = (): void => {
      app.destroy();
      server.destroy();
    };
    for (const socket of [app, server]) {
      open.add(socket);
      socket.on('error', end).on('close', () => {
        open.delete(socket);
        end();
      });
    }
    // One after the other, in the order in which they came.
    function inTurn(work: () => Promise<void>): void {
      queue = queue.then(work).catch(end);
    }
    async function pass(side: 'out' | 'back', chunk: Buffer): Promise<void> {
      const status = Number(chunk.subarray(0, 3).toString());
      const about = { request: 0, world: 'smtp', what: `smtp ${word}`, side, path: '', method: word } as const;
      const order = await checkpoint(side === 'out' ? about : { ...about, status });
      if (order.kind === 'pass') (side === 'out' ? server : app).write(chunk);
      else refuse(order);
    }
    function refuse(order: Order): void {
      if (order.kind !== 'answer') return end();
      app.end(`${order.status} told to fail\r\n`);
      server.destroy();
    }
    app.on('data', (chunk) =>
      inTurn(() => {
        const said = COMMAND.exec(chunk.toString('latin1', 0, 8))?.[1]?.toUpperCase();
        // A message comes in as many pieces as it pleases; they are one step.
        const isMore = said === undefined && word === 'message';
        word = said ?? 'message';
        if (!isMore) return pass('out', chunk);
        server.write(chunk);
        return Promise.resolve();
      }),
    );
    server.on('data', (chunk) => inTurn(() => pass('back', chunk)));
  }

  const listener = createServer(join).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    url: `smtp://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((closed) => listener.close(closed));
    },
  };
}
