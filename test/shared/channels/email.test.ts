import { once } from 'node:events';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { emailChannel } from '../../../shared/channels/email';
import { smtpServerOf } from '../../../shared/channels/smtp-server';
import { aFinding, anIncident } from '../alerts/an-incident';

const FROM = 'guardrail@example.org';
const TO = ['security@example.org'];
const servers: SMTPServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise<void>((done) => server.close(() => done()))));
});

async function inbox(
  options: SMTPServerOptions = {},
): Promise<{ port: number; mails: ParsedMail[]; sources: string[] }> {
  const mails: ParsedMail[] = [];
  const sources: string[] = [];
  const server = new SMTPServer({
    disabledCommands: ['AUTH'],
    logger: false,
    ...options,
    onData(stream, _, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const source = Buffer.concat(chunks);
        sources.push(source.toString());
        simpleParser(source).then(
          (mail) => {
            mails.push(mail);
            done();
          },
          (error: Error) => done(error),
        );
      });
    },
  });
  servers.push(server);
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const address = listening.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return { port: address.port, mails, sources };
}

async function failureOf(smtpUrl: string, to: readonly string[] = TO): Promise<string> {
  const error: unknown = await emailChannel({ smtpUrl, from: FROM, to, timeoutMs: 500 })
    .deliver(anIncident())
    .then(
      () => 'delivered',
      (reason: unknown) => reason,
    );
  if (!(error instanceof Error)) throw new Error(String(error));
  expect(`${error.message} ${JSON.stringify(error, Object.getOwnPropertyNames(error))}`).not.toMatch(/s3cr3t|czNjcjN0/);
  return error.message;
}

describe('shared/channels/email', () => {
  test('sends one mail in text and HTML whose Message-ID comes from the incident', async () => {
    const { port, mails } = await inbox();
    const channel = emailChannel({ smtpUrl: `smtp://127.0.0.1:${port}`, from: FROM, to: [...TO, 'ops@example.org'] });
    await channel.deliver(anIncident());
    await channel.deliver(anIncident());
    expect(mails.map(({ messageId }) => messageId)).toEqual(Array(2).fill('<inc-20260301-f1@bastion-guardrail>'));
    expect(mails[0]?.subject).toBe(
      '[Bastion Guardrail] critical: Repaired: vm-app-1: 3389/tcp is open to the Internet',
    );
    expect(mails[0]?.text).toContain('203.0.113.7:49152 → vm-app-1 (10.1.0.4):3389/tcp');
    expect(mails[0]?.html).toContain('Dana Ops');
    expect(mails[0]?.headers.get('auto-submitted')).toBe('auto-generated');
  });

  test('a title with line breaks adds no header, no recipient and no second mail', async () => {
    const { port, mails, sources } = await inbox();
    const title = 'x\r\nBcc: evil@example.org\r\nX-Evil: 1\r\n\r\n.\r\nMAIL FROM:<evil@example.org>';
    const incident = anIncident({ id: 'inc\r\nX-Evil: 2', findings: [aFinding({ title })] });
    await emailChannel({ smtpUrl: `smtp://127.0.0.1:${port}`, from: FROM, to: TO }).deliver(incident);
    expect(mails).toHaveLength(1);
    expect(mails[0]?.headers.has('x-evil')).toBe(false);
    expect(mails[0]?.headers.has('bcc')).toBe(false);
    expect(sources[0]).not.toMatch(/^(Bcc|X-Evil|MAIL FROM):/im);
    expect(mails[0]?.messageId).toBe('<inc--X-Evil--2@bastion-guardrail>');
  });

  test('names in any script arrive as they are', async () => {
    const { port, mails } = await inbox();
    const title = '田中さん opened サーバー, Дана Ünal 😀';
    await emailChannel({ smtpUrl: `smtp://127.0.0.1:${port}`, from: FROM, to: TO }).deliver(
      anIncident({ findings: [aFinding({ title })] }),
    );
    expect(mails[0]?.subject).toContain(title);
    expect(mails[0]?.html).toContain(title);
  });

  test('logs in with the user and password of the URL', async () => {
    const logins: unknown[] = [];
    const { port, mails } = await inbox({
      disabledCommands: [],
      allowInsecureAuth: true,
      onAuth({ username, password }, _, done) {
        logins.push([username, password]);
        done(null, { user: username });
      },
    });
    await emailChannel({ smtpUrl: `smtp://bot%40example.org:p%3Aw@127.0.0.1:${port}`, from: FROM, to: TO }).deliver(
      anIncident(),
    );
    expect(logins).toEqual([['bot@example.org', 'p:w']]);
    expect(mails).toHaveLength(1);
  });

  test('a wrong password is a failure that does not tell the password', async () => {
    const { port } = await inbox({
      disabledCommands: [],
      allowInsecureAuth: true,
      onAuth: (login, _, done) => done(new Error(`535 bad login ${login.password}`)),
    });
    expect(await failureOf(`smtp://bot:s3cr3t@127.0.0.1:${port}`)).toMatch(
      /EAUTH, reply 535.*Check the user and password/,
    );
  });

  test('a server that refuses everybody, is slow or is not there is a failure that names the next step', async () => {
    const refusing = await inbox({ onRcptTo: (_, __, done) => done(new Error('no relaying')) });
    expect(await failureOf(`smtp://127.0.0.1:${refusing.port}`)).toMatch(/EENVELOPE.*recipients/);
    const silent = await inbox({ onConnect: () => undefined });
    expect(await failureOf(`smtp://127.0.0.1:${silent.port}`)).toMatch(/ETIMEDOUT.*sent again/);
    await new Promise<void>((done) => servers.pop()?.close(() => done()));
    expect(await failureOf(`smtp://127.0.0.1:${silent.port}`)).toMatch(/did not take the mail/);
  });

  test('one recipient in error does not keep the mail from the others, and is logged', async () => {
    const { port, mails } = await inbox({
      onRcptTo: ({ address }, _, done) => (address.startsWith('gone') ? done(new Error('unknown user')) : done()),
    });
    const lines: string[] = [];
    const to = [...TO, 'gone@example.org'];
    const channel = emailChannel({
      smtpUrl: `smtp://127.0.0.1:${port}`,
      from: FROM,
      to,
      log: (line) => lines.push(line),
    });
    await channel.deliver(anIncident());
    expect(mails).toHaveLength(1);
    expect(lines).toEqual(['email: 127.0.0.1 refused gone@example.org']);
  });
});

describe('shared/channels/smtp-server', () => {
  test.each([
    ['smtp://mail.example.org', { port: 25, secure: false, requireTLS: false, ignoreTLS: false }],
    ['smtp://u:p@mail.example.org', { port: 587, secure: false, requireTLS: true, auth: { user: 'u', pass: 'p' } }],
    ['smtps://u:p@mail.example.org', { port: 465, secure: true, requireTLS: false }],
    ['smtp://u:p@127.0.0.1:2525', { port: 2525, requireTLS: false, ignoreTLS: true }],
    ['smtp://[::1]:2525', { host: '::1', ignoreTLS: true }],
  ])('%s is read as %j', (url, expected) => {
    expect(smtpServerOf(url)).toMatchObject(expected);
  });

  test.each([
    'https://u:s3cr3t@mail.example.org',
    'mail.example.org s3cr3t',
    'smtp://',
    'smtp://u:s3cr3t@mail.example.org?tls.rejectUnauthorized=false',
    'smtp://u:s3cr3t%@mail.example.org',
  ])('%s is refused without quoting it', (url) => {
    expect(() => smtpServerOf(url)).toThrow(/^email: /);
    expect(() => smtpServerOf(url)).not.toThrow(/s3cr3t/);
  });
});
