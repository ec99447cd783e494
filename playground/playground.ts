/** Puts a whole playground together: storage, local Azure, inbox, and the unmodified function app in the local host. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AcceptedTenant, readAcceptedTenant, writeAcceptedTenant } from './accepted-tenant';
import { appEnvironment } from './app-environment';
import { listen } from './azure/listen';
import { Closing } from './closing';
import { type CommandResult, runCommand } from './command-line';
import { type ResetKind, withControl } from './control';
import { storeDeadLetter } from './dead-letters';
import { dueWork } from './due-work';
import { defaultEstate, guardsUnder, policyPath, readEstate } from './estate-file';
import { type Endpoints, writeCa } from './endpoints';
import { emptyStorage } from './fresh-storage';
import { FIRST_LOOKS, firstLook, needIdle, type Run, startFunctionApp } from './function-app';
import type { HostProcess } from './host/child';
import { type IdleAnswer, waitUntilIdle } from './idle';
import { type InboxContents, startInbox } from './inbox';
import { listAt, parseJson } from './json';
import { openAzure } from './open-azure';
import { projectRoot } from './project-root';
import { startStorage } from './storage';
import type { Timeline } from './timeline';
import { type ObservedWrite, tapWrites } from './wiretap';

export interface PlaygroundOptions {
  /** Port of the local Azure; 0 (the default) takes a free one. */
  readonly port?: number;
  /** Path of an estate, or the name of one that comes along. */
  readonly estate?: string;
  /** Starts with no resources at all. */
  readonly empty?: boolean;
  readonly policy?: string;
  readonly mode?: string;
  /** Holds the app's identity to the role of a deployment; without it the identity may do anything. */
  readonly rbac?: boolean;
  readonly now?: () => Date;
  readonly seed?: number;
  /** Folder for files such as the CA; a temporary one unless told. */
  readonly directory?: string;
  readonly timeline?: Timeline;
  /** Settings for the app beyond the playground's own. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Folder of the function app, and the built host to run it in; both of this checkout unless told. */
  readonly app?: string;
  readonly hostScript?: string;
  /** The built command line; this checkout's unless told. */
  readonly cliScript?: string;
}

/** Somebody who looks at every resource after every write. */
export interface WriteWatch {
  readonly afterWrite: (write: ObservedWrite, resources: readonly unknown[]) => void;
}

export interface Playground {
  readonly endpoints: Endpoints;
  readonly host: HostProcess;
  /** The app's whole environment. */
  readonly environment: NodeJS.ProcessEnv;
  readonly inbox: () => InboxContents;
  /** Waits until everything has come to rest; the default is 30,000 ms at most. */
  readonly idle: (timeoutMs?: number) => Promise<IdleAnswer>;
  /** Every write ARM and Graph have answered, oldest first. */
  readonly writes: () => readonly ObservedWrite[];
  /** From now on each write is shown to a watch, begun on the resources as they are, before ARM's answer is passed on. */
  readonly watchWrites: (begin: (resources: readonly unknown[]) => WriteWatch) => void;
  /** Every run of a function that has ended, oldest first. */
  readonly runs: () => readonly Run[];
  /** Runs the guardrail's command line with the app's settings. */
  readonly command: (...args: readonly string[]) => Promise<CommandResult>;
  /**
   * As POST /playground/reset: the estate (or another one), inbox, faults and the app's storage as at the start.
   * `look: 'network'` leaves sign-in settings out of the first look, which takes most of its time. Rejects with the reason.
   */
  readonly reset: (estate?: readonly unknown[], look?: 'network') => Promise<void>;
  readonly close: () => Promise<void>;
}

const emptySubscription = '5ea1ab1e-0000-4000-8000-000000000001';

/**
 * Starts a playground and runs the app's first look, so that the estate as it is becomes the accepted baseline.
 * Rejects, with everything stopped again, when a file cannot be used (InputError) or a part does not start.
 */
export async function startPlayground(options: PlaygroundOptions = {}): Promise<Playground> {
  const closing = new Closing();
  try {
    return await assemble(options, closing);
  } catch (error) {
    await closing.closeAll();
    throw error;
  }
}

async function assemble(options: PlaygroundOptions, closing: Closing): Promise<Playground> {
  const estate = options.empty === true ? [] : readEstate(options.estate ?? defaultEstate);
  const policy = policyPath(options.policy, options.estate ?? defaultEstate);
  const { timeline } = options;
  const writes: ObservedWrite[] = [];
  const runs: Run[] = [];

  let connection = '';
  const azure = closing.add(
    openAzure({
      estate,
      estateName: options.estate ?? defaultEstate,
      rbac: options.rbac === true,
      onDeadLetter: (letter) => storeDeadLetter(connection, letter),
      now: options.now,
      seed: options.seed,
    }),
  );
  timeline?.note('starting; the first look makes the estate as it is the accepted baseline');
  const storage = closing.add(await startStorage());
  connection = storage.connectionString;
  const inbox = closing.add(
    await startInbox({ onTeams: (message) => timeline?.teams(message), onMail: (mail) => timeline?.mail(mail) }),
  );
  let hostUrl = '';
  const idle = (timeoutMs = 30_000): Promise<IdleAnswer> =>
    waitUntilIdle(
      {
        deliveriesIdle: () => azure.deliveriesIdle(),
        hostUrl: () => hostUrl,
        due: () => dueWork(storage.connectionString),
      },
      timeoutMs,
    );
  let watch: Promise<WriteWatch> | undefined;
  async function resources(): Promise<readonly unknown[]> {
    const answer = await azure.fetch(new Request('http://127.0.0.1/playground/state'));
    return listAt(parseJson(await answer.text()), 'resources');
  }
  const observed = tapWrites(
    azure.fetch,
    azure.identity.path,
    (write) => {
      writes.push(write);
      timeline?.write(write);
    },
    async (write) => {
      if (watch) (await watch).afterWrite(write, await resources());
    },
  );
  let acceptedTenant: AcceptedTenant = new Map();
  async function afterReset({ networkOnly, isOther }: ResetKind): Promise<void> {
    inbox.setFaults({});
    // Twice: first so that no message keeps the app busy, then for what its last runs have left.
    await emptyStorage(storage.connectionString);
    await needIdle(idle);
    await emptyStorage(storage.connectionString);
    inbox.clear();
    writes.length = 0;
    runs.length = 0;
    // The tenant is the first one again: what was accepted of it then is what a look would accept now.
    if (!networkOnly && !isOther) await writeAcceptedTenant(storage.connectionString, acceptedTenant);
    const isKnown = networkOnly || (!isOther && acceptedTenant.size > 0);
    await firstLook(hostUrl, idle, runs, isKnown ? ['reconcileNetwork'] : FIRST_LOOKS);
  }
  const fetch = withControl({ azure: observed, inbox, idle, afterReset });
  const server = closing.add(await listen(fetch, { port: options.port ?? 0 }));
  const subscriptions = azure.subscriptions.length > 0 ? azure.subscriptions : [emptySubscription];
  const identity = { endpoint: `${server.url}${azure.identity.path}`, header: azure.identity.header };

  const environment = appEnvironment(
    {
      subscriptions,
      policy,
      mode: options.mode ?? 'remediate',
      azure: server.url,
      identity,
      teamsUrl: inbox.teamsUrl,
      smtpUrl: inbox.smtpUrl,
      connectionString: storage.connectionString,
    },
    { ...guardsUnder(policy), ...options.environment },
  );
  const host = closing.add(
    await startFunctionApp({
      environment,
      app: options.app,
      hostScript: options.hostScript,
      timeline,
      onRun: (run) => runs.push(run),
    }),
  );
  hostUrl = host.url;
  await azure.connectFunctions(host.url);
  await firstLook(host.url, idle, runs);
  acceptedTenant = await readAcceptedTenant(storage.connectionString);

  const directory = options.directory ?? temporaryDirectory(closing);
  const endpoints: Endpoints = {
    arm: server.url,
    graph: server.url,
    functions: host.url,
    console: `${host.url}/api/console`,
    storage: storage.connectionString,
    identity,
    inbox: { http: inbox.teamsUrl, smtp: inbox.smtpUrl },
    subscription: subscriptions[0] ?? emptySubscription,
    tlsCa: writeCa(directory, server.port, server.tlsCaPem),
    control: `${server.url}/playground`,
  };
  return {
    endpoints,
    host,
    environment,
    inbox: () => inbox.read(),
    idle,
    writes: () => [...writes],
    watchWrites(begin) {
      watch = resources().then(begin);
    },
    runs: () => [...runs],
    command: (...args) => runCommand(options.cliScript ?? join(projectRoot(), 'dist/cli/index.js'), environment, args),
    reset: (other, look) => resetThrough(endpoints.control, other, look),
    close: () => closing.closeAll(),
  };
}

async function resetThrough(control: string, estate?: readonly unknown[], look?: 'network'): Promise<void> {
  const query = look === undefined ? '' : `?look=${look}`;
  const answer = await fetch(`${control}/reset${query}`, { method: 'POST', body: JSON.stringify({ estate }) });
  if (!answer.ok) throw new Error(`The reset answered ${answer.status}: ${await answer.text()}`);
}

function temporaryDirectory(closing: Closing): string {
  const path = mkdtempSync(join(tmpdir(), 'playground-'));
  closing.add({ close: () => rmSync(path, { recursive: true, force: true }) });
  return path;
}
