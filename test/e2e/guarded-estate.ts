/** A playground with the built function app in it, as the tests of this folder use it: people, resets, and what the app did. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { at, isObject, listAt, type JsonObject, parseJson, textAt } from '../../playground/json';
import { type Playground, type PlaygroundOptions, startPlayground } from '../../playground/playground';
import type { ObservedWrite } from '../../playground/wiretap';
import type { Incident } from '../../shared/incident';
import { openJournal } from '../../shared/store/journal';
import type { ArmResource } from '../oracle/arm';

const apiVersion = '2024-05-01';
const bundle = join(__dirname, '../../dist/functions/index.js');

export interface ArmAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface GuardedEstate {
  readonly playground: Playground;
  /** A person's request to ARM. */
  readonly asPerson: (actor: string, method: string, id: string, body?: unknown) => Promise<ArmAnswer>;
  /** Any route under /playground. Throws when it is refused. */
  readonly control: (method: string, path: string, body?: unknown) => Promise<unknown>;
  /** Another estate (the first one unless told), a clean store, and the first look over it. */
  readonly reset: (estate?: readonly unknown[]) => Promise<void>;
  /** Waits for rest; throws with what is busy. */
  readonly rest: () => Promise<void>;
  /** Runs the sweep and waits for rest. */
  readonly sweep: () => Promise<void>;
  /** Every resource as ARM shows it now. */
  readonly resources: () => Promise<ArmResource[]>;
  readonly writesByApp: () => ObservedWrite[];
  /** Every incident on record, newest first. */
  readonly incidents: () => Promise<Incident[]>;
  /** Posts a body to the webhook of nsgChanged, as Event Grid would; answers the status. */
  readonly postEvents: (body: string) => Promise<number>;
}

/** Starts it. The app is the built one: `npm test` builds it first. */
export async function startGuarded(options: PlaygroundOptions = {}): Promise<GuardedEstate> {
  if (!existsSync(bundle)) throw new Error('dist/functions/index.js is not there: run npm run build first');
  const playground = await startPlayground(options);
  const { endpoints } = playground;
  const journal = openJournal({ connectionString: endpoints.storage, channels: [] });

  async function control(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${endpoints.control}/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} /playground/${path} answered ${answer.status}: ${text}`);
    return parseJson(text);
  }

  async function asPerson(actor: string, method: string, id: string, body?: unknown): Promise<ArmAnswer> {
    const token = textAt(await control('GET', `token?as=${encodeURIComponent(actor)}`), 'token');
    const answer = await fetch(`${endpoints.arm}${id}?api-version=${apiVersion}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: parseJson(await answer.text()) };
  }

  async function rest(): Promise<void> {
    const answer = await playground.idle();
    if (!answer.idle) throw new Error(`no rest: ${answer.busy.join('; ')}`);
  }

  return {
    playground,
    asPerson,
    control,
    rest,
    reset: async (estate) => {
      await control('POST', 'reset', estate === undefined ? {} : { estate });
    },
    sweep: async () => {
      const url = `${endpoints.functions}/admin/functions/reconcileNetwork`;
      const answer = await fetch(url, { method: 'POST', body: '{"input":""}' });
      if (answer.status !== 202) throw new Error(`the sweep answered ${answer.status}`);
      await rest();
    },
    resources: async () => listAt(await control('GET', 'state'), 'resources') as ArmResource[],
    writesByApp: () => playground.writes().filter((write) => write.byApp),
    incidents: async () => {
      const ids = (await journal.listIncidents()).map(({ id }) => id);
      const records = await Promise.all(ids.map((id) => journal.readIncident(id)));
      return records.filter((record) => record !== undefined);
    },
    postEvents: async (body) => {
      const url = `${endpoints.functions}/runtime/webhooks/eventgrid?functionName=nsgChanged`;
      const headers = { 'content-type': 'application/json', 'aeg-event-type': 'Notification' };
      const answer = await fetch(url, { method: 'POST', headers, body });
      await answer.text();
      return answer.status;
    },
  };
}

/** A resource without what every write changes: etags and provisioning states, its children's too. */
export function lasting(resource: unknown): unknown {
  if (Array.isArray(resource)) return resource.map(lasting);
  if (!isObject(resource)) return resource;
  const kept = Object.entries(resource).filter(([key]) => key !== 'etag' && key !== 'provisioningState');
  return Object.fromEntries(kept.map(([key, value]) => [key, lasting(value)]));
}

/** The custom rules of a security group (ARM JSON) by name. */
export function rulesOf(group: unknown): Map<string, JsonObject> {
  const rules = listAt(group, 'properties', 'securityRules').filter(isObject);
  return new Map(rules.map((rule) => [textAt(rule, 'name'), rule]));
}

/** The resource with this id, whatever the casing. */
export function byId(resources: readonly unknown[], id: string): unknown {
  return resources.find((resource) => String(at(resource, 'id')).toLowerCase() === id.toLowerCase());
}
