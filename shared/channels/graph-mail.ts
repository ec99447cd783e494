/** Sends alerts as mail through Microsoft Graph, from the sender's own mailbox: no mail server and no password. */
import { alertOf } from '../alerts/alert';
import { type Mail, renderMail } from '../alerts/email';
import { isLoopback } from '../azure/endpoint';
import { objectOf, textOf } from '../network/json';
import type { Channel } from '../ports';
import { type GraphOptions, graphPost, graphReason } from './graph-client';

const TIMEOUT_MS = 10_000;
const SENT_AGAIN = 'The alert is kept and sent again.';

export interface GraphMailOptions extends GraphOptions {
  /** A mailbox of the tenant. The identity needs the Graph permission Mail.Send, at least for this one. */
  readonly from: string;
  readonly to: readonly string[];
  /** For one delivery, retries and sign-in included. */
  readonly timeoutMs?: number;
}

/**
 * The channel `email`, by another road than SMTP: one HTML mail to all recipients through `sendMail`, not kept in the
 * sender's Sent Items. Graph answers 202 before the mail is on its way and tells no more. Graph sets the Message-ID
 * itself, so the incident's id is in the header `x-bastion-guardrail-incident`. Throws at once if there is no recipient
 * or the endpoint is no https URL (http is for loopback only); `deliver` throws with what to do next, never with a token.
 * https://learn.microsoft.com/graph/api/user-sendmail
 */
export function graphMailChannel(options: GraphMailOptions): Channel {
  const { from, to, graphEndpoint, timeoutMs = TIMEOUT_MS } = options;
  if (to.length === 0) throw new Error('email: no recipient is set.');
  if (!isSafe(graphEndpoint)) {
    throw new Error('email: GUARDRAIL_GRAPH_ENDPOINT must start with https:// (plain http is for loopback only).');
  }
  const post = graphPost(options);
  const path = `/users/${encodeURIComponent(from)}/sendMail`;
  return {
    name: 'email',
    async deliver(incident) {
      const body = { message: messageOf(renderMail(alertOf(incident)), to, incident.id), saveToSentItems: false };
      const answer = await post(path, body, AbortSignal.timeout(timeoutMs)).catch((error: unknown) => {
        throw new Error(`email: ${unreachedBecause(graphReason(error), timeoutMs)}`);
      });
      if (!answer.ok) throw new Error(`email: Microsoft Graph answered ${await refusalOf(answer)}`);
      await answer.body?.cancel().catch(() => undefined);
    },
  };
}

function isSafe(endpoint: string): boolean {
  return URL.canParse(endpoint) && (new URL(endpoint).protocol === 'https:' || isLoopback(endpoint));
}

function messageOf(mail: Mail, to: readonly string[], incident: string): unknown {
  return {
    subject: mail.subject,
    body: { contentType: 'HTML', content: mail.html },
    toRecipients: to.map((address) => ({ emailAddress: { address } })),
    internetMessageHeaders: [{ name: 'x-bastion-guardrail-incident', value: incident.replace(/[^\w.-]/g, '-') }],
  };
}

function unreachedBecause(reason: string, timeoutMs: number): string {
  if (reason === 'NoCredential') {
    return 'no token could be had for Microsoft Graph. Turn on the managed identity of the function app, or run `az login` on this machine.';
  }
  if (reason === 'Timeout') return `Microsoft Graph gave no answer within ${timeoutMs} ms. ${SENT_AGAIN}`;
  return `Microsoft Graph could not be reached (${reason}). ${SENT_AGAIN}`;
}

/** `403 ErrorAccessDenied. …`: Graph's code and request id, but not its message, which may repeat what was sent. */
async function refusalOf(answer: Response): Promise<string> {
  const body: unknown = await answer.json().catch(() => undefined);
  const code = wordIn(textOf(objectOf(objectOf(body).error).code));
  const request = wordIn(answer.headers.get('request-id'));
  return `${answer.status}${code && ` ${code}`}. ${nextStep(answer.status)}${request && ` Request id ${request}.`}`;
}

function wordIn(text: string | null | undefined): string {
  return text && /^[\w.-]{1,64}$/.test(text) ? text : '';
}

function nextStep(status: number): string {
  if (status >= 300 && status < 400)
    return "Redirects are refused: GUARDRAIL_GRAPH_ENDPOINT must be one of Graph's own.";
  if (status === 400) return 'Check GUARDRAIL_EMAIL_TO and GUARDRAIL_EMAIL_FROM.';
  if (status === 401)
    return 'Check that GUARDRAIL_GRAPH_ENDPOINT and the tenant of the identity belong to the same cloud.';
  if (status === 403) {
    return "Grant the guardrail's identity the Graph permission Mail.Send, or include this sender in its scope in Exchange.";
  }
  if (status === 404) return 'GUARDRAIL_EMAIL_FROM must be a mailbox of this tenant in Exchange Online.';
  if (status === 413) return 'The mail is too large: report this, alerts are cut so that they fit.';
  return SENT_AGAIN;
}
