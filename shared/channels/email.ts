/** Sends alerts as mail over SMTP. */
import type { Transporter } from 'nodemailer';
import { alertOf } from '../alerts/alert';
import { renderMail } from '../alerts/email';
import { objectOf, textOf } from '../network/json';
import type { Channel } from '../ports';
import { type SmtpServer, smtpServerOf } from './smtp-server';

const TIMEOUT_MS = 10_000;

export interface EmailOptions {
  /** `smtp://[user:password@]host[:port]` (STARTTLS) or `smtps://…` (TLS from the start). A secret if it holds a password. */
  readonly smtpUrl: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly timeoutMs?: number;
  /** Told which recipients the server refused while it took the mail for others. */
  readonly log?: (line: string) => void;
}

/**
 * The channel `email`: one mail to all recipients. Delivered means that the server took it for at least one of them;
 * otherwise `deliver` throws, without the server's password. The Message-ID comes from the incident's id, so that a mail
 * sent twice can be recognised. Throws at once if the URL or an address is unusable.
 */
export function emailChannel(options: EmailOptions): Channel {
  const server = smtpServerOf(options.smtpUrl);
  if (options.to.length === 0) throw new Error('email: no recipient is set.');
  let transporter: Promise<Transporter> | undefined;
  return {
    name: 'email',
    async deliver(incident) {
      transporter ??= connect(server, options.timeoutMs ?? TIMEOUT_MS);
      const mail = renderMail(alertOf(incident));
      const message = {
        from: options.from,
        to: [...options.to],
        ...mail,
        messageId: `<${incident.id.replace(/[^\w.-]/g, '-')}@bastion-guardrail>`,
        // RFC 3834: no out-of-office replies to a machine.
        headers: { 'Auto-Submitted': 'auto-generated' },
      };
      const sender = await transporter;
      const sent = await sender.sendMail(message).catch((error: unknown) => {
        throw new Error(
          `email: ${server.host}:${server.port} did not take the mail (${reasonOf(error)}). ${nextStep(error)}`,
        );
      });
      const refused: unknown = sent.rejected;
      if (Array.isArray(refused) && refused.length > 0)
        options.log?.(`email: ${server.host} refused ${refused.join(', ')}`);
    },
  };
}

async function connect(server: SmtpServer, timeoutMs: number): Promise<Transporter> {
  const { createTransport } = await import('nodemailer');
  return createTransport({
    ...server,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/** The error's code and the server's reply code; its message may quote the login. */
function reasonOf(error: unknown): string {
  const { code, responseCode } = objectOf(error);
  return `${textOf(code) ?? 'unknown reason'}${typeof responseCode === 'number' ? `, reply ${responseCode}` : ''}`;
}

const NEXT_STEPS: Readonly<Record<string, string>> = {
  EAUTH: 'Check the user and password in the SMTP URL; Exchange Online no longer takes basic authentication.',
  EENVELOPE: 'Check the sender and the recipients, and whether the server relays for them.',
  ETLS: 'The server offers no acceptable TLS: use smtps://, or a server with STARTTLS and a valid certificate.',
};

function nextStep(error: unknown): string {
  return NEXT_STEPS[textOf(objectOf(error).code) ?? ''] ?? 'The alert is kept and sent again.';
}
