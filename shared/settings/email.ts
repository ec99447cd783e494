/** Where alerts go by mail: over SMTP where a server is set, otherwise through Microsoft Graph. */
import { type Environment, list, parseUrl, shown, value } from './value';

export interface MailAddresses {
  readonly from: string;
  readonly to: readonly string[];
}

export interface EmailSettings extends MailAddresses {
  /** `smtp://` or `smtps://` URL; a secret. */
  readonly smtp: string;
}

/** At most one of them is set: one mail per alert. */
export interface MailSettings {
  readonly email?: EmailSettings;
  /** Set where sender and receivers are and no SMTP server is. */
  readonly graphMail?: MailAddresses;
}

/** A bare address: no display name and nothing that could end a header. */
const EMAIL = /^[^\s@<>,;"]+@[^\s@<>,;"]+$/;
const ADDRESSES = ['GUARDRAIL_EMAIL_FROM', 'GUARDRAIL_EMAIL_TO'] as const;

/** The mail settings; empty when none is set. Adds a problem for each that is missing or wrong. */
export function readMail(env: Environment, problems: string[]): MailSettings {
  const smtp = value(env, 'GUARDRAIL_EMAIL_SMTP');
  const missing = ADDRESSES.filter((name) => !value(env, name));
  if (!smtp && missing.length === ADDRESSES.length) return {};
  for (const name of missing) problems.push(`${name} is missing: email needs both of ${ADDRESSES.join(', ')}`);
  const from = value(env, 'GUARDRAIL_EMAIL_FROM') ?? '';
  const to = list(env, 'GUARDRAIL_EMAIL_TO');
  const server = smtp ? parseUrl(smtp) : undefined;
  if (smtp && (!server || !['smtp:', 'smtps:'].includes(server.protocol) || server.hostname === '')) {
    problems.push('GUARDRAIL_EMAIL_SMTP must be an smtp:// or smtps:// URL (its value is a secret and is not shown)');
  }
  if (from && !EMAIL.test(from)) problems.push(`GUARDRAIL_EMAIL_FROM: '${shown(from)}' is not an email address`);
  if (to.length === 0 && missing.length === 0) problems.push('GUARDRAIL_EMAIL_TO names no receiver');
  for (const address of to.filter((candidate) => !EMAIL.test(candidate))) {
    problems.push(`GUARDRAIL_EMAIL_TO: '${shown(address)}' is not an email address`);
  }
  return smtp ? { email: { smtp, from, to } } : { graphMail: { from, to } };
}
