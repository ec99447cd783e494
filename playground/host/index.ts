/** Entry of the local host's own process: `node index.js DIRECTORY PORT`, reporting over the IPC channel of its parent. */
import type { InvocationNotice } from './dispatcher';
import { startHostHere } from './host';

/** What the host tells its parent. */
export type HostReport =
  | { readonly type: 'ready'; readonly url: string; readonly functions: readonly string[]; readonly errors: string[] }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'notice'; readonly notice: InvocationNotice };

function report(message: HostReport): void {
  if (process.connected) process.send?.(message);
}

function write(level: string, text: string): void {
  process.stderr.write(`[${new Date().toISOString()}] ${level}: ${text}\n`);
}

function show(notice: InvocationNotice): void {
  report({ type: 'notice', notice });
  if (notice.type === 'started') write('info', `Executing ${notice.name} (${notice.reason}, id ${notice.id})`);
  else if (notice.type === 'log') write(notice.level, `${notice.name}: ${notice.text}`);
  else if (notice.error !== undefined)
    write('error', `Executed ${notice.name} (Failed, id ${notice.id}) ${notice.error}`);
  else write('info', `Executed ${notice.name} (Succeeded, ${Math.round(notice.milliseconds)} ms, id ${notice.id})`);
}

async function main(): Promise<void> {
  const [directory = process.cwd(), port = '0'] = process.argv.slice(2);
  const options = { directory, port: Number(port), environment: process.env, notice: show, log: write };
  const host = await startHostHere(options);
  const errors = host.errors.map((error) => `${error.file}: ${error.message}`);
  for (const error of errors) write('error', `Indexing failed. ${error}`);
  write('info', `Functions: ${host.functions.join(', ') || 'none'}. Listening on ${host.url}`);
  report({ type: 'ready', url: host.url, functions: host.functions, errors });

  const stop = (): void => {
    const giveUp = setTimeout(() => process.exit(1), 5000);
    void host.stop().finally(() => {
      clearTimeout(giveUp);
      process.exit(0);
    });
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

// A host without its parent is an orphan, however the parent ended.
process.once('disconnect', () => process.exit(1));
main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  write('error', `The host cannot start: ${message}`);
  report({ type: 'failed', message });
  process.exitCode = 1;
  process.disconnect?.();
});
