/** Posts alerts to a Teams Workflows webhook ("When a Teams webhook request is received"). */
import { alertOf } from '../alerts/alert';
import { renderTeams } from '../alerts/teams';
import { objectOf, textOf } from '../network/json';
import type { Channel } from '../ports';
import { isLoopback } from './loopback';

const TIMEOUT_MS = 10_000;

export interface TeamsOptions {
  /** A secret: whoever has it can post. It never appears in an error. */
  readonly webhookUrl: string;
  readonly fetch?: typeof fetch;
  readonly timeoutMs?: number;
}

/**
 * The channel `teams`. Any 2xx counts as delivered: Workflows answers 202 before the card is posted and tells no more.
 * Throws at once if the URL is no https URL (http is for loopback only); `deliver` throws with what to do next.
 */
export function teamsChannel(options: TeamsOptions): Channel {
  const url = webhookOf(options.webhookUrl);
  const send = options.fetch ?? fetch;
  return {
    name: 'teams',
    async deliver(incident) {
      const body = JSON.stringify(renderTeams(alertOf(incident)));
      const headers = {
        'content-type': 'application/json',
        'x-ms-client-tracking-id': incident.id.replace(/[^\w.-]/g, '-'),
      };
      const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
      const response = await send(url, {
        method: 'POST',
        headers,
        body,
        // Followed, a redirect would carry the alert to wherever the answer points.
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      }).catch((error: unknown) => {
        throw new Error(
          `teams: the webhook could not be reached (${reasonOf(error, timeoutMs)}). The alert is kept and sent again.`,
        );
      });
      // The status is all we need; a connection that dies while the rest is dropped changes nothing about it.
      await response.body?.cancel().catch(() => undefined);
      if (!response.ok) throw new Error(`teams: the webhook answered ${response.status}. ${nextStep(response.status)}`);
    },
  };
}

function webhookOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) throw new Error('teams: the webhook URL is not a URL. Copy it again from the Workflows flow.');
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return url;
  throw new Error('teams: the webhook URL must start with https:// (plain http is accepted for loopback only).');
}

/** Only short codes: messages of the platform may hold the URL, and with it the signature. */
function reasonOf(error: unknown, timeoutMs: number): string {
  const { name, cause } = objectOf(error);
  if (name === 'TimeoutError' || name === 'AbortError') return `no answer within ${timeoutMs} ms`;
  return textOf(objectOf(cause).code) ?? textOf(name) ?? 'unknown reason';
}

function nextStep(status: number): string {
  if (status >= 300 && status < 400) return 'Redirects are refused: set the URL that the flow itself shows.';
  if (status === 400) return 'The flow refused the message: look at the failed run in the flow’s history.';
  if (status === 401 || status === 403) {
    return 'The signature is not accepted: the flow must allow "Anyone" to trigger it; copy its URL again.';
  }
  if (status === 404 || status === 410)
    return 'The flow is gone or switched off: turn it on, or create one and set its new URL.';
  if (status === 413) return 'The message is too large for the flow: report this, cards are meant to stay below 21 KB.';
  return 'The alert is kept and sent again.';
}
