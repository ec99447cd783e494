/** The local Functions host: loads an app, listens for its triggers on loopback, and runs what they start. */
import { serve } from '@hono/node-server';
import { handleAdmin } from './admin';
import { type IndexingError, loadApp } from './app-loader';
import { createDispatcher, type Dispatcher, type InvocationNotice } from './dispatcher';
import { handleEventGrid, isEventGridRequest } from './event-grid';
import { installFunctionsCore } from './functions-core';
import { httpRoutes } from './http-trigger';
import type { AppFunction } from './model';
import { listenToQueue, type QueueListener } from './queue-listener';
import { createQueues, type Queues } from './queues';
import { type HostSettings, readHostSettings } from './settings';
import { startTimerFunction } from './timer-function';

export interface HostOptions {
  /** The folder that holds the app's package.json and host.json. */
  readonly directory: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** The application settings. */
  readonly environment: NodeJS.ProcessEnv;
  readonly notice: (notice: InvocationNotice) => void;
  /** What the host itself has to say. */
  readonly log: (level: string, text: string) => void;
}

export interface RunningHost {
  readonly url: string;
  readonly functions: readonly string[];
  readonly errors: readonly IndexingError[];
  /** Takes no more work and lets what runs finish. */
  stop(): Promise<void>;
}

/** Starts the host in this process. Rejects when host.json cannot be read or the port is taken. */
export async function startHostHere(options: HostOptions): Promise<RunningHost> {
  const settings = readHostSettings(options.directory);
  const core = installFunctionsCore((level, _category, message) => options.log(level, message));
  const errors = await loadApp(options.directory);
  await core.model()?.getCapabilities?.({});
  core.seal();
  await core.runHooks('appStart', { hookData: {} });
  const functions = new Map([...core.functions].filter(([name]) => !isDisabled(name, options.environment)));

  const listeners: QueueListener[] = [];
  const queues = createQueues(options.environment, settings.queues.messageEncoding, (name) => {
    for (const listener of listeners) if (listener.queueName === name) listener.wake();
  });
  const dispatcher = createDispatcher({
    core,
    deliver: queues.deliver,
    notice: options.notice,
    timeoutMilliseconds: settings.functionTimeout,
  });

  const server = await listen(options.port, createFetch(functions, errors, dispatcher, settings, listeners));
  const stops: (() => Promise<void>)[] = [];
  for (const target of functions.values()) {
    try {
      const stop = startTrigger(target, { ...options, settings, queues, dispatcher, listeners });
      if (stop !== undefined) stops.push(stop);
    } catch (error) {
      errors.push({ file: target.name, message: error instanceof Error ? error.message : String(error) });
    }
  }

  return {
    url: server.url,
    functions: [...functions.keys()],
    errors,
    stop: async () => {
      await server.close();
      await Promise.all(stops.map((stop) => stop()));
      await core.runHooks('appTerminate', { hookData: {} });
    },
  };
}

function createFetch(
  functions: ReadonlyMap<string, AppFunction>,
  errors: readonly IndexingError[],
  dispatcher: Dispatcher,
  settings: HostSettings,
  listeners: readonly QueueListener[],
): (request: Request) => Promise<Response> {
  const routes = httpRoutes(functions.values(), settings.routePrefix);
  const busy = (): Promise<string[]> => whatIsBusy(dispatcher, listeners);
  return async (request) => {
    if (isEventGridRequest(request)) return handleEventGrid(request, functions, dispatcher);
    const admin = await handleAdmin(request, { functions, errors, dispatcher, busy });
    return admin ?? (await routes(request, dispatcher)) ?? new Response(null, { status: 404 });
  };
}

async function whatIsBusy(dispatcher: Dispatcher, listeners: readonly QueueListener[]): Promise<string[]> {
  const busy = dispatcher.running().map((name) => `${name} is running`);
  for (const listener of listeners) {
    const left = await listener.busy();
    if (left !== undefined) busy.push(left);
  }
  return busy;
}

interface TriggerSurroundings extends HostOptions {
  readonly settings: HostSettings;
  readonly queues: Queues;
  readonly dispatcher: Dispatcher;
  readonly listeners: QueueListener[];
}

function startTrigger(target: AppFunction, around: TriggerSurroundings): (() => Promise<void>) | undefined {
  const type = target.trigger.type.toLowerCase();
  if (type === 'eventgridtrigger' || type === 'httptrigger') return undefined;
  if (type === 'queuetrigger') {
    const listener = listenToQueue({
      queue: around.queues.of(target.trigger),
      poison: around.queues.poisonOf(target.trigger),
      settings: around.settings.queues,
      invoke: (input) => around.dispatcher.invoke(target, input, 'queue message'),
      warn: (text) => around.log('warning', text),
    });
    around.listeners.push(listener);
    return listener.stop;
  }
  if (type === 'timertrigger') return startTimerFunction(target, around);
  throw new Error(`The local host has no trigger of type "${target.trigger.type}".`);
}

async function listen(
  port: number,
  fetch: (request: Request) => Promise<Response>,
): Promise<{ url: string; close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, port, hostname: '127.0.0.1', overrideGlobalObjects: false }, (address) => {
      resolve({
        url: `http://127.0.0.1:${address.port}`,
        close: () => new Promise((closed) => server.close(() => closed())),
      });
    });
    server.once('error', reject);
  });
}

function isDisabled(name: string, environment: NodeJS.ProcessEnv): boolean {
  return /^(1|true)$/i.test(environment[`AzureWebJobs.${name}.Disabled`] ?? '');
}
