/** A server on loopback that accepts every connection and never says a word. */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

const servers: Server[] = [];
const sockets: Socket[] = [];

/** Starts one on a free port; answers its origin. */
export async function silence(): Promise<string> {
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => socket.destroy());
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return `http://127.0.0.1:${address.port}`;
}

/** Ends all that were started. */
export function endSilence(): void {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
}
