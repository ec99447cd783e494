/** Receives what a Teams Workflows webhook receives, and refuses what Teams would. */
import { serve } from '@hono/node-server';
import { at, listAt, parseJson } from '../json';
import { cardProblems, cardText } from './adaptive-card';
import { type Fault, takeFault } from './fault';

/** One card that was accepted. */
export interface TeamsMessage {
  readonly receivedAt: string;
  readonly card: unknown;
  /** The card's text in reading order. */
  readonly text: string;
}

export interface TeamsReceiver {
  /** The webhook's address, secret part included. */
  readonly url: string;
  close(): Promise<void>;
}

export interface TeamsOptions {
  readonly port: number;
  readonly now: () => Date;
  /** The fault in force, if any; its `times` is counted down here. */
  readonly fault: () => Fault | undefined;
  readonly accept: (message: TeamsMessage) => void;
  /** Answers every request that is not a POST. */
  readonly otherwise: (request: Request) => Response;
}

/** Teams' limit on one message, in bytes. */
export const largestMessage = 28 * 1024;
const cardType = 'application/vnd.microsoft.card.adaptive';

/** Starts the receiver on loopback. */
export async function receiveTeams(options: TeamsOptions): Promise<TeamsReceiver> {
  const fetch = (request: Request): Response | Promise<Response> =>
    request.method === 'POST' ? receive(request, options) : options.otherwise(request);
  return new Promise((resolve, reject) => {
    const server = serve(
      { fetch, port: options.port, hostname: '127.0.0.1', overrideGlobalObjects: false },
      ({ port }) => {
        resolve({
          url: `http://127.0.0.1:${port}/workflows/bastion-guardrail/triggers/manual/paths/invoke?sig=playground`,
          close: () => new Promise((closed) => server.close(() => closed())),
        });
      },
    );
    server.once('error', reject);
  });
}

async function receive(request: Request, options: TeamsOptions): Promise<Response> {
  const body = await request.text();
  const fault = takeFault(options.fault());
  if (fault !== undefined) {
    await new Promise((resolve) => setTimeout(resolve, fault.delayMs ?? 0));
    if (fault.status !== undefined) return refuse(fault.status, 'the playground was told to fail');
  }
  if (Buffer.byteLength(body) > largestMessage)
    return refuse(400, `the message is larger than ${largestMessage} bytes`);
  const message = parseJson(body);
  if (at(message, 'type') !== 'message' || !Array.isArray(at(message, 'attachments'))) {
    return refuse(400, 'the body is not a message with attachments');
  }
  const cards = listAt(message, 'attachments')
    .filter((attachment) => at(attachment, 'contentType') === cardType)
    .map((attachment) => at(attachment, 'content'));
  const problems = cards.length === 0 ? ['no attachment is an adaptive card'] : cards.flatMap(cardProblems);
  if (problems.length > 0) return refuse(400, problems.join('; '));
  for (const card of cards) {
    options.accept({ receivedAt: options.now().toISOString(), card, text: cardText(card) });
  }
  return new Response(null, { status: 202 });
}

function refuse(status: number, message: string): Response {
  return Response.json({ error: { code: status === 400 ? 'BadRequest' : 'PlaygroundFault', message } }, { status });
}
