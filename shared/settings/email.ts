/** Where alerts go by mail: all three settings, or none. */
import { type Environment, list, parseUrl, shown, value } from './value';

export interface EmailSettings {
  /** `smtp://` or `smtps://` URL; a secret. */
  readonly smtp: string;
  readonly from: string;
  readonly to: readonly string[];
}

/** A bare address: no display name and nothing that could end a header. */
const EMAIL = /^[^\s@<>,;"]+@[^\s@<>,;"]+$/;
const EMAIL_SETTINGS = ['GUARDRAIL_EMAIL_SMTP', 'GUARDRAIL_EMAIL_FROM', 'GUARDRAIL_EMAIL_TO'] as const;

/** The mail settings; undefined when none is set. Adds a problem for each that is missing or wrong. */
export function readEmail(env: Environment, problems: string[]): EmailSettings | undefined {
  const missing = EMAIL_SETTINGS.filter((name) => !value(env, name));
  if (missing.length === EMAIL_SETTINGS.length) return undefined;
  for (const name of missing) problems.push(`${name} is missing: email needs all of ${EMAIL_SETTINGS.join(', ')}`);
  const smtp = value(env, 'GUARDRAIL_EMAIL_SMTP') ?? '';
  const from = value(env, 'GUARDRAIL_EMAIL_FROM') ?? '';
  const to = list(env, 'GUARDRAIL_EMAIL_TO');
  const server = parseUrl(smtp);
  if (smtp && (!server || !['smtp:', 'smtps:'].includes(server.protocol) || server.hostname === '')) {
    problems.push('GUARDRAIL_EMAIL_SMTP must be an smtp:// or smtps:// URL (its value is a secret and is not shown)');
  }
  if (from && !EMAIL.test(from)) problems.push(`GUARDRAIL_EMAIL_FROM: '${shown(from)}' is not an email address`);
  for (const address of to.filter((candidate) => !EMAIL.test(candidate))) {
    problems.push(`GUARDRAIL_EMAIL_TO: '${shown(address)}' is not an email address`);
  }
  return { smtp, from, to };
}
