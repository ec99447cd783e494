/** Publishes incidents to an Event Grid custom topic, for SIEMs, ticket systems and whoever else subscribes. */
import type { HttpClient } from '@azure/core-rest-pipeline';
import type { EventGridPublisherClient } from '@azure/eventgrid';
import type { TokenCredential } from '@azure/identity';
import { type Endpoint, endpointOf, isLoopback } from '../azure/endpoint';
import { azureErrorFrom } from '../azure/error';
import type { Incident } from '../incident';
import type { Channel } from '../ports';
import { incidentEvent } from './incident-event';

const TIMEOUT_MS = 10_000;
/** What the client is told the host is when the topic is on this machine; requests go to the endpoint that is set. */
const CANONICAL = 'https://topic.eventgrid.azure.net';

export interface EventTopicOptions {
  /** The topic's endpoint as Azure shows it, `https://NAME.REGION-1.eventgrid.azure.net/api/events`. */
  readonly endpoint: string;
  /** Needs the role EventGrid Data Sender on the topic. */
  readonly credential: TokenCredential | (() => Promise<TokenCredential>);
  /** What sends a request once it is known to go to the topic. */
  readonly httpClient?: HttpClient;
  /** For one delivery, sign-in included. */
  readonly timeoutMs?: number;
}

type Publisher = EventGridPublisherClient<'CloudEvent'>;

/**
 * The channel `event-grid`: one CloudEvent 1.0 per incident (see `incidentEvent`), so the topic's input schema must be
 * CloudEventSchemaV1_0. Throws at once if the endpoint is no https URL (http is for loopback only); `deliver` throws with
 * what to do next, never with a token.
 */
export function eventTopicChannel(options: EventTopicOptions): Channel {
  const topic = topicOf(options.endpoint);
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  let publisher: Publisher | undefined;

  async function publish(incident: Incident): Promise<void> {
    const abortSignal = AbortSignal.timeout(timeoutMs);
    publisher ??= await connect(topic, options);
    await publisher.send([incidentEvent(incident)], { abortSignal });
  }

  return {
    name: 'event-grid',
    deliver: (incident) =>
      publish(incident).catch((error: unknown) => {
        // Not as its cause: the client's error carries the request, and that carries the token.
        throw new Error(`event-grid: ${failureOf(error, topic, timeoutMs)}`);
      }),
  };
}

interface Topic extends Endpoint {
  readonly path: string;
}

function topicOf(text: string): Topic {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) throw new Error('event-grid: the topic endpoint is not a URL. Copy it from the topic in the portal.');
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(text))) {
    throw new Error(
      'event-grid: the topic endpoint must start with https:// (plain http is accepted for loopback only).',
    );
  }
  return { ...endpointOf(text, CANONICAL), path: url.pathname };
}

async function connect(topic: Topic, options: EventTopicOptions): Promise<Publisher> {
  // Loaded on first use: an app without a topic never needs them.
  const [{ EventGridPublisherClient: Client }, { guardedHttpClient }, credential] = await Promise.all([
    import('@azure/eventgrid'),
    import('../azure/wire'),
    typeof options.credential === 'function' ? options.credential() : options.credential,
  ]);
  return new Client(`${topic.canonical}${topic.path}`, 'CloudEvent', credential, {
    httpClient: guardedHttpClient(topic, options.httpClient),
    // The outbox repeats what failed; waiting out a Retry-After here would only hide the reason.
    retryOptions: { maxRetries: 0 },
  });
}

/** Codes and the status only: what a stranger answers, and the client's own message, are not repeated. */
function failureOf(error: unknown, { actual }: Topic, timeoutMs: number): string {
  const { host } = new URL(actual);
  const { status, code, requestId } = azureErrorFrom(error, 'publish to', host);
  if (code === 'NoCredential') {
    return `no token could be had for ${host}. Turn on the managed identity of the function app, or run \`az login\` on this machine.`;
  }
  if (code === 'Timeout') return `${host} gave no answer within ${timeoutMs} ms. The alert is kept and sent again.`;
  const word = /^[\w.-]{1,64}$/.test(code) ? code : 'unknown reason';
  if (status === undefined) return `${host} could not be reached (${word}). The alert is kept and sent again.`;
  const request = requestId && /^[\w-]{1,64}$/.test(requestId) ? ` Request id ${requestId}.` : '';
  return `${host} answered ${status} ${word}. ${nextStep(status)}${request}`;
}

function nextStep(status: number): string {
  if (status >= 300 && status < 400)
    return 'Redirects are refused: set GUARDRAIL_EVENT_TOPIC to what the topic itself shows.';
  if (status === 400) return 'The topic must take the schema CloudEventSchemaV1_0, which is chosen when it is created.';
  if (status === 401 || status === 403) {
    return "Give the guardrail's identity the role EventGrid Data Sender on the topic, and let the app through its firewall.";
  }
  if (status === 404 || status === 410) return 'The topic is gone: set GUARDRAIL_EVENT_TOPIC to one that exists.';
  if (status === 413)
    return 'The event is too large for the topic: report this, events are meant to stay below 48 KiB.';
  return 'The alert is kept and sent again.';
}
