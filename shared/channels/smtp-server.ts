/** Reads an SMTP URL: where the server is, who we are to it, and how safe the way must be. */
import { isLoopback } from './loopback';

export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. */
  readonly secure: boolean;
  readonly requireTLS: boolean;
  readonly ignoreTLS: boolean;
  readonly auth?: { readonly user: string; readonly pass: string };
}

/**
 * The server an SMTP URL names. Default ports: 465 for smtps (RFC 8314), 587 with and 25 without credentials for smtp.
 * Off loopback, credentials are sent only inside TLS. Throws, without quoting the URL, for anything but smtp:// and
 * smtps://, and for options in the query, which could switch certificate checks off.
 */
export function smtpServerOf(text: string): SmtpServer {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['smtp:', 'smtps:'].includes(url.protocol) || url.hostname === '') {
    throw new Error('email: the SMTP URL must read smtp://host:port or smtps://user:password@host:port.');
  }
  if (url.search !== '' || url.hash !== '') throw new Error('email: the SMTP URL takes no options after the port.');
  const secure = url.protocol === 'smtps:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const local = isLoopback(host);
  const withLogin = url.username !== '';
  return {
    host,
    port: url.port === '' ? (secure ? 465 : withLogin ? 587 : 25) : Number(url.port),
    secure,
    requireTLS: !secure && withLogin && !local,
    // A relay on this machine has no certificate that anybody could check.
    ignoreTLS: !secure && local,
    ...(withLogin ? { auth: { user: decoded(url.username), pass: decoded(url.password) } } : {}),
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Error('email: user and password in the SMTP URL must be percent-encoded.');
  }
}
