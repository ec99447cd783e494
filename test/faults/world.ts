/** The built function app in a small world whose borders can be watched and closed: every request of the app passes a checkpoint. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { appEnvironment } from '../../playground/app-environment';
import { createLocalAzure } from '../../playground/azure';
import { listen } from '../../playground/azure/listen';
import { Closing } from '../../playground/closing';
import { dueWork } from '../../playground/due-work';
import { defaultEstate, readEstate } from '../../playground/estate-file';
import { deployedEventSubscriptions } from '../../playground/event-subscriptions';
import { emptyStorage } from '../../playground/fresh-storage';
import { type HostProcess, startHost } from '../../playground/host/child';
import { type Inbox, startInbox } from '../../playground/inbox';
import { listAt, parseJson, textAt } from '../../playground/json';
import { projectRoot } from '../../playground/project-root';
import type { Incident } from '../../shared/incident';
import { openJournal } from '../../shared/store/journal';
import type { ArmResource } from '../oracle/arm';
import { openBorders } from './borders';
import { type Checkpoint, type Crossing, isOfHost, type Order, PASS } from './crossing';
import { waitForQuiet } from './quiet';
import { connectionString, startAgingStorage } from './storage';
import { startTime, type Time } from './time';

/** A crossing and when it was, in the time of this world. */
export type Passage = Crossing & { readonly at: number };

export type Mode = 'remediate' | 'report';

export interface World {
  readonly time: Time;
  readonly inbox: Inbox;
  /** Asked about each request of the app (the host's own are left alone); undefined lets everything pass. */
  setCheckpoint(checkpoint: Checkpoint | undefined): void;
  /** Everything that has crossed a border since the reset, oldest first. */
  readonly passages: () => readonly Passage[];
  /** A clean estate, an empty store, and the first look over it, in this mode. */
  reset(mode?: Mode): Promise<void>;
  /** A person's request to ARM; throws when it is refused. */
  asPerson(method: string, id: string, body?: unknown): Promise<unknown>;
  /** Any POST under /playground of the local Azure. */
  control(path: string, body: unknown): Promise<unknown>;
  resources(): Promise<ArmResource[]>;
  /** Every incident on record. */
  incidents(): Promise<Incident[]>;
  /** Kills the app with -9 and waits until it is gone; its host starts it again as it would any that crashed. */
  kill(): Promise<void>;
  /** Waits until nothing happens any more without time going on: no function runs, no message is in hand, no write is under way. */
  quiet(): Promise<void>;
  /** What is still to come: marks that are up, alerts in the outbox, events that will be delivered again. */
  due(): Promise<string[]>;
  /** Lets time pass at once; only when it is quiet. */
  skip(ms: number): Promise<void>;
  /** Runs the sweep as its timer would, and waits for quiet. */
  sweep(): Promise<void>;
  /** The last lines the app and its host have written. */
  readonly lines: () => readonly string[];
  close(): Promise<void>;
}

/** Whoever drifts and edits. */
export const PERSON = 'Dana Ops';

const SPEED = 10;
const API_VERSION = '2024-05-01';
const KEPT_LINES = 400;

/** Starts everything on loopback. Needs a built app. */
export async function startWorld(): Promise<World> {
  const closing = new Closing();
  try {
    return await assemble(closing);
  } catch (error) {
    await closing.closeAll();
    throw error;
  }
}

async function assemble(closing: Closing): Promise<World> {
  const time = closing.add(startTime(SPEED));
  // What has been taken off the local Azure's timers; its clock shows that as gone by already.
  let advanced = 0;
  const azure = closing.add(
    createLocalAzure({
      estate: readEstate(defaultEstate),
      eventSubscriptions: deployedEventSubscriptions(),
      now: () => new Date(time.now().getTime() - advanced),
    }),
  );
  const storage = closing.add(await startAgingStorage(time));
  const inbox = closing.add(await startInbox({ now: time.now }));
  const server = closing.add(await listen(azure.fetch, { port: 0 }));

  let passages: Passage[] = [];
  let checkpoint: Checkpoint | undefined;
  async function check(crossing: Crossing): Promise<Order> {
    if (isOfHost(crossing)) return PASS;
    passages.push({ ...crossing, at: time.now().getTime() });
    return (await checkpoint?.(crossing)) ?? PASS;
  }

  const outside = { azure: server.url, identityPath: azure.identity.path, storage: storage.origins, inbox };
  const borders = await openBorders(outside, check, closing);

  const direct = connectionString(storage.origins);
  const environment = appEnvironment(
    {
      ...borders,
      subscriptions: azure.subscriptions,
      policy: join(projectRoot(), 'test/faults/policy.yaml'),
      mode: 'remediate',
      identity: { endpoint: `${borders.azure}${azure.identity.path}`, header: azure.identity.header },
    },
    { ...time.environment, GUARDRAIL_GUARDS: 'network' },
  );
  const lines: string[] = [];
  function keep(line: string): void {
    lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
  }
  const host: HostProcess = closing.add(
    await startHost({
      environment,
      onLine: keep,
      // As the real host does with a worker that crashed.
      onUnexpectedExit: () => {
        host.restart().catch((error: unknown) => keep(`the host stays down: ${String(error)}`));
      },
    }),
  );
  if (host.errors.length > 0) throw new Error(`The function app cannot be indexed. ${host.errors.join('\n')}`);
  await azure.connectFunctions(host.url);
  const journal = openJournal({ connectionString: direct, channels: [] });

  async function control(path: string, body: unknown): Promise<unknown> {
    const method = body === undefined ? 'GET' : 'POST';
    const init = { method, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const answer = await azure.fetch(new Request(`${server.url}/playground/${path}`, init));
    const text = await answer.text();
    if (!answer.ok) throw new Error(`/playground/${path} answered ${answer.status}: ${text}`);
    return parseJson(text);
  }

  async function skip(ms: number): Promise<void> {
    time.skip(ms);
    // Its timers run in real time, as do the waits before Event Grid's next try (`retryScale`).
    advanced += ms / SPEED;
    await control('clock', { advanceMs: ms / SPEED });
    // The processes read the clock file every other millisecond.
    await sleep(5);
  }

  async function runSweep(): Promise<void> {
    const url = `${host.url}/admin/functions/reconcileNetwork`;
    for (let tries = 1; ; tries++) {
      const answer = await fetch(url, { method: 'POST', body: '{"input":""}' }).catch(() => undefined);
      if (answer?.status === 202) break;
      if (tries > 100) throw new Error(`the sweep cannot be started (${answer?.status ?? 'no answer'})`);
      await sleep(50);
    }
    await quiet();
  }

  const quiet = (): Promise<void> =>
    waitForQuiet(
      () => host.url,
      () => control('state', undefined),
    );

  async function reset(mode: Mode = 'remediate'): Promise<void> {
    checkpoint = undefined;
    await quiet();
    azure.reset();
    advanced = 0;
    await control('faults', { events: { retryScale: 1 / SPEED } });
    inbox.setFaults({});
    await emptyStorage(direct);
    await quiet();
    await emptyStorage(direct);
    if (environment['GUARDRAIL_MODE'] !== mode) {
      environment['GUARDRAIL_MODE'] = mode;
      await host.restart();
    }
    await runSweep();
    inbox.clear();
    passages = [];
    lines.length = 0;
    const owed = await dueWork(direct);
    if (owed.length > 0) throw new Error(`the first look did not end: ${owed.join('; ')}`);
  }

  async function kill(): Promise<void> {
    const { pid } = host;
    process.kill(pid, 'SIGKILL');
    while (isAlive(pid)) await sleep(1);
  }

  const tokenOf = async (): Promise<string> =>
    textAt(await control(`token?as=${encodeURIComponent(PERSON)}`, undefined), 'token');
  return {
    time,
    inbox,
    setCheckpoint: (next) => {
      checkpoint = next;
    },
    passages: () => passages,
    reset,
    control,
    quiet,
    skip,
    sweep: runSweep,
    kill,
    async due() {
      const isDelivering = await Promise.race([azure.deliveriesIdle().then(() => false), sleep(10).then(() => true)]);
      return [...(await dueWork(direct)), ...(isDelivering ? ['an event is to be delivered'] : [])];
    },
    lines: () => [...lines],
    async asPerson(method, id, body) {
      const headers = { authorization: `Bearer ${await tokenOf()}`, 'content-type': 'application/json' };
      const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
      const answer = await fetch(`${server.url}${id}?api-version=${API_VERSION}`, init);
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${id} answered ${answer.status}: ${text}`);
      return parseJson(text);
    },
    resources: async () => listAt(await control('state', undefined), 'resources') as ArmResource[],
    async incidents() {
      const ids = (await journal.listIncidents()).map(({ id }) => id);
      const records = await Promise.all(ids.map((id) => journal.readIncident(id)));
      return records.filter((record) => record !== undefined);
    },
    close: () => closing.closeAll(),
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
