// A function host as Event Grid sees it: answers the handshake, records notifications, fails on request.
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type { EventGridEvent } from '../../../playground/azure/event';

export interface Notification {
  readonly function: string | null;
  readonly code: string | null;
  readonly attempt: number;
  readonly events: readonly EventGridEvent[];
}

export interface Receiver {
  readonly url: string;
  readonly notifications: Notification[];
  /** Statuses for the next notifications; 202 once they are used up. */
  readonly statuses: number[];
  readonly handshakes: (string | null)[];
  readonly stop: () => Promise<void>;
}

/** Listens on a free loopback port; with `silent` the handshake goes unanswered. */
export async function startReceiver(silent = false): Promise<Receiver> {
  const notifications: Notification[] = [];
  const statuses: number[] = [];
  const handshakes: (string | null)[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const url = new URL(request.url ?? '', 'http://127.0.0.1');
      const events: EventGridEvent[] = JSON.parse(body);
      if (request.headers['aeg-event-type'] === 'SubscriptionValidation') {
        handshakes.push(url.searchParams.get('functionName'));
        response.end(JSON.stringify(silent ? {} : { validationResponse: events[0]?.data.validationCode }));
        return;
      }
      const attempt = Number(request.headers['aeg-delivery-count']);
      notifications.push({
        function: url.searchParams.get('functionName'),
        code: url.searchParams.get('code'),
        attempt,
        events,
      });
      response.writeHead(statuses.shift() ?? 202).end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    notifications,
    statuses,
    handshakes,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
