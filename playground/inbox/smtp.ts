/** A real SMTP server on loopback that keeps the mail it is given. */
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { type Fault, takeFault } from './fault';

/** One mail that was accepted. `from` and `to` are the envelope's, where delivery went. */
export interface Mail {
  readonly receivedAt: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Headers by lower-case name, as received. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface SmtpReceiver {
  /** `smtp://127.0.0.1:PORT` */
  readonly url: string;
  close(): Promise<void>;
}

export interface SmtpOptions {
  readonly port: number;
  readonly now: () => Date;
  readonly fault: () => Fault | undefined;
  readonly accept: (mail: Mail) => void;
}

/** Starts the server. It asks for no sign-in and offers no TLS: it is reachable from this machine only. */
export async function receiveMail(options: SmtpOptions): Promise<SmtpReceiver> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onData(stream, session, callback) {
      const { mailFrom, rcptTo } = session.envelope;
      const from = mailFrom === false ? '' : mailFrom.address;
      const to = rcptTo.map((recipient) => recipient.address);
      readMail(stream, from, to).then(() => callback(), callback);
    },
  });

  async function readMail(stream: NodeJS.ReadableStream, from: string, to: string[]): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(Buffer.from(chunk));
    const fault = takeFault(options.fault());
    if (fault !== undefined) {
      await new Promise((resolve) => setTimeout(resolve, fault.delayMs ?? 0));
      if (fault.status !== undefined) {
        throw Object.assign(new Error('the playground was told to fail'), { responseCode: fault.status });
      }
    }
    const parsed = await simpleParser(Buffer.concat(chunks));
    options.accept({
      receivedAt: options.now().toISOString(),
      from,
      to,
      subject: parsed.subject ?? '',
      text: parsed.text ?? '',
      html: parsed.html || '',
      headers: Object.fromEntries(parsed.headerLines.map(({ key, line }) => [key, line.slice(key.length + 1).trim()])),
    });
  }

  return new Promise((resolve, reject) => {
    server.once('error', reject);
    const listener = server.listen(options.port, '127.0.0.1', () => {
      const address = listener.address();
      const port = typeof address === 'object' ? address?.port : undefined;
      // A client that breaks off in the middle is its own problem, not the inbox's.
      server.off('error', reject).on('error', () => {});
      resolve({
        url: `smtp://127.0.0.1:${port}`,
        close: () => new Promise((closed) => server.close(() => closed())),
      });
    });
  });
}
