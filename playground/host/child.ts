/** Runs the local host in a child process, so that it can be killed like a real one, and restarted on the same port. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectRoot } from '../project-root';
import type { InvocationNotice } from './dispatcher';
import type { HostReport } from './index';

export interface HostProcessOptions {
  /** The app's folder; the checkout itself unless told. */
  readonly directory?: string;
  /** The whole environment of the app; nothing is inherited. */
  readonly environment: NodeJS.ProcessEnv;
  readonly port?: number;
  /** The built entry of the host; `dist/playground/host/index.js` unless told. */
  readonly script?: string;
  readonly onNotice?: (notice: InvocationNotice) => void;
  /** Hears each line the host writes to stderr. */
  readonly onLine?: (line: string) => void;
  /** Hears of an end that nobody asked for. */
  readonly onUnexpectedExit?: (code: number | null, signal: NodeJS.Signals | null) => void;
}

export interface HostProcess {
  readonly url: string;
  readonly pid: number;
  readonly functions: readonly string[];
  readonly errors: readonly string[];
  /** Sends `signal` and waits for the end of the process. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Starts the host again on the same port, ending the running one first. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

interface Started {
  readonly child: ChildProcess;
  readonly url: string;
  readonly functions: readonly string[];
  readonly errors: readonly string[];
}

/** Starts the host and waits until it listens. Rejects when it cannot start; an app that cannot be indexed is in `errors`. */
export async function startHost(options: HostProcessOptions): Promise<HostProcess> {
  let current = await start(options, options.port ?? 0);
  watch(current.child);
  let ending = false;

  function watch(child: ChildProcess): void {
    child.once('exit', (code, signal) => {
      if (!ending) options.onUnexpectedExit?.(code, signal);
    });
  }

  async function kill(signal: NodeJS.Signals): Promise<void> {
    const { child } = current;
    if (child.exitCode !== null || child.signalCode !== null) return;
    ending = true;
    const exited = once(child, 'exit');
    child.kill(signal);
    const force = setTimeout(() => child.kill('SIGKILL'), 6000);
    await exited;
    clearTimeout(force);
    ending = false;
  }

  async function restart(): Promise<void> {
    await kill('SIGTERM');
    current = await start(options, Number(new URL(current.url).port));
    watch(current.child);
  }

  return {
    get url() {
      return current.url;
    },
    get pid() {
      return current.child.pid ?? 0;
    },
    get functions() {
      return current.functions;
    },
    get errors() {
      return current.errors;
    },
    kill,
    restart,
    close: () => kill('SIGTERM'),
  };
}

async function start(options: HostProcessOptions, port: number): Promise<Started> {
  const script = options.script ?? join(projectRoot(), 'dist/playground/host/index.js');
  const directory = options.directory ?? projectRoot();
  const child = fork(script, [directory, String(port)], {
    cwd: directory,
    env: options.environment,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // The parent's own flags (a debugger, a preloaded module) are not the app's.
    execArgv: [],
    // A group of its own: Ctrl-C goes to the parent, which ends its children in order.
    detached: true,
  });
  forwardLines(child, options.onLine);
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The local host ended before it was ready (exit code ${code}).`)));
    child.once('error', reject);
    child.on('message', (report: HostReport) => {
      if (report.type === 'notice') options.onNotice?.(report.notice);
      else if (report.type === 'failed') reject(new Error(`The local host cannot start: ${report.message}`));
      else resolve({ child, url: report.url, functions: report.functions, errors: report.errors });
    });
  });
}

function forwardLines(child: ChildProcess, onLine: ((line: string) => void) | undefined): void {
  let rest = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine?.(line);
  });
}
