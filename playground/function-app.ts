/** The function app in the playground: starts it in the local host and gives it its first look. */
import { InputError } from './estate-file';
import { type HostProcess, startHost } from './host/child';
import type { InvocationNotice } from './host/dispatcher';
import type { IdleAnswer } from './idle';
import type { Timeline } from './timeline';

/** One run of a function; `error` when it failed. */
export type Run = Extract<InvocationNotice, { type: 'ended' }>;

export interface FunctionAppOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** Folder of the function app, and the built host to run it in; both of this checkout unless told. */
  readonly app?: string | undefined;
  readonly hostScript?: string | undefined;
  readonly timeline?: Timeline | undefined;
  readonly onRun: (run: Run) => void;
}

type Idle = () => Promise<IdleAnswer>;

/** Starts the app; when it crashes it is started again, as the real host does with its worker. Rejects when it cannot be indexed. */
export async function startFunctionApp(options: FunctionAppOptions): Promise<HostProcess> {
  const { environment, app, hostScript, timeline, onRun } = options;
  const host: HostProcess = await startHost({
    environment,
    ...(app !== undefined && { directory: app }),
    ...(hostScript !== undefined && { script: hostScript }),
    onLine: (line) => timeline?.app(line),
    onNotice: (notice) => {
      if (notice.type === 'ended') onRun(notice);
    },
    onUnexpectedExit: (code, signal) => {
      timeline?.note(`the local host ended unexpectedly (${signal ?? code}) and is started again`);
      host.restart().catch((error: unknown) => timeline?.note(`the local host stays down: ${String(error)}`));
    },
  });
  if (host.errors.length === 0) return host;
  await host.close();
  throw new Error(`The function app cannot be indexed. ${host.errors.join('\n')}`);
}

/** What a first look is taken of: the networks, and the sign-in settings. */
export const FIRST_LOOKS = ['reconcileNetwork', 'reconcileIdentity'] as const;

/**
 * Runs the sweeps once, so that what they find in order becomes the accepted baseline. `runs` are the runs there have
 * been. Throws when one fails; InputError when what it refused is the policy.
 */
export async function firstLook(
  hostUrl: string,
  idle: Idle,
  runs: readonly Run[],
  sweeps: readonly string[] = FIRST_LOOKS,
): Promise<void> {
  for (const name of sweeps) {
    const answer = await fetch(`${hostUrl}/admin/functions/${name}`, { method: 'POST', body: '{"input":""}' });
    if (answer.status !== 202) throw new Error(`The first look cannot start: ${name} answered ${answer.status}.`);
  }
  const rest = await idle();
  const error = runs.find((run) => sweeps.includes(run.name) && run.error !== undefined)?.error;
  // A look that failed stays due, so there is no rest either: what it said is the better answer.
  if (error === undefined) return needRest(rest);
  const message = error.replace(/\n\s+at [^]*$/, '');
  // The app alone knows what a policy may say; that it refuses the file is still the fault of the input.
  if (message.startsWith('PolicyError: ')) throw new InputError(message.slice('PolicyError: '.length));
  throw new Error(`The first look failed. ${message}`);
}

/** Waits for rest; throws with what is still busy when it does not come. */
export async function needIdle(idle: Idle): Promise<void> {
  needRest(await idle());
}

function needRest(answer: IdleAnswer): void {
  if (!answer.idle) throw new Error(`The playground does not come to rest: ${answer.busy.join('; ')}.`);
}
