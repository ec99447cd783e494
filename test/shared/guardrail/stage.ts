/** A guarded subscription in memory, for stories: people change it, the guardrail looks, channels are told, time passes. */
import type { Change } from '../../../shared/change';
import { deliverAll, settle } from '../../../shared/deliver';
import { type Context, reconcile, reconcileAgain, type RunReport } from '../../../shared/guardrail';
import type { Cause, Incident } from '../../../shared/incident';
import type { Channel, Ports } from '../../../shared/ports';
import type { Scope } from '../../../shared/scope';
import { policyWith, type Resource, rule, SUBSCRIPTION } from '../../estate';
import { type FakeStore, journalOn, leasesOn, marksOn, newStore, ordersOn, writesOn } from './fake-store';
import { type FakeTenant, fakeTenant } from './fake-tenant';

export const SCOPE: Scope = { kind: 'network', subscriptionId: SUBSCRIPTION };
const START = Date.parse('2026-11-23T09:00:00Z');
export const APP_GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app/providers/Microsoft.Network/networkSecurityGroups/nsg-app`;
export const RDP = rule('allow-rdp', 120, { sourceAddressPrefix: 'Internet', destinationPortRange: '3389' });

/** A channel of people: what it was told, and whether it works. */
export interface People extends Channel {
  readonly told: Incident[];
  isDown: boolean;
}

export interface Stage {
  readonly tenant: FakeTenant;
  readonly store: FakeStore;
  readonly teams: People;
  readonly email: People;
  /** Every port call in order. */
  readonly calls: string[];
  /** Called before every port call; throws when the process is dead. */
  before: (call: string) => void;
  context: Context;
  readonly ports: Ports;
  readonly pass: (seconds: number) => void;
  readonly event: (change?: Partial<Change>) => Promise<RunReport>;
  readonly sweep: () => Promise<RunReport>;
  /** Every recheck that is due by now. */
  readonly rechecks: () => Promise<void>;
  /** What the queue of the outbox does. */
  readonly outbox: () => Promise<void>;
  readonly incidents: () => Incident[];
  /** `repaired: allow-rdp` and so on: what one channel was told. */
  readonly toldTo: (people: People) => string[];
}

/** A clean estate that the guardrail has looked at once, unless it `isNew`. */
export async function stage(
  options: { readonly isNew?: true; readonly policy?: Readonly<Record<string, unknown>> } = {},
): Promise<Stage> {
  let time = START;
  let changes = 0;
  const now = (): Date => new Date(time);
  const tenant = fakeTenant(now);
  const store = newStore();
  const calls: string[] = [];
  const [teams, email] = [people('teams'), people('email')];
  const real: Ports = {
    tenant,
    journal: journalOn(store, () => ['teams', 'email']),
    baselines: {
      load: async () => store.baseline,
      accept: async (_, resources) => {
        store.baseline = resources;
      },
    },
    channels: [teams, email],
    marks: marksOn(store),
    leases: leasesOn(store, now),
    rechecks: {
      put: async (_, seconds) => {
        store.rechecks.push(time + seconds * 1000);
      },
    },
    orders: ordersOn(store),
    recentWrites: writesOn(store),
    deadLetters: {
      count: async () => {
        if (store.deadLetters instanceof Error) throw store.deadLetters;
        return store.deadLetters;
      },
    },
    outbox: {
      put: async ({ id }) => {
        store.outbox.push(id);
      },
    },
    now,
    pause: async (ms) => {
      time += ms;
    },
    log: () => undefined,
  };
  const note = (call: string): void => {
    self.before(call);
    time += 1;
    calls.push(call);
  };
  const ports: Ports = {
    ...real,
    tenant: noted('tenant', real.tenant, note),
    journal: noted('journal', real.journal, note),
    baselines: noted('baselines', real.baselines, note),
    channels: real.channels.map((channel) => noted(channel.name, channel, note)),
    marks: noted('marks', real.marks, note),
    rechecks: noted('rechecks', real.rechecks, note),
    orders: noted('orders', real.orders, note),
    recentWrites: noted('recentWrites', real.recentWrites, note),
    deadLetters: noted('deadLetters', real.deadLetters, note),
    outbox: noted('outbox', real.outbox, note),
    leases: {
      async acquire(scope) {
        note('leases.acquire');
        const lease = await real.leases.acquire(scope);
        return lease && { ...lease, ...noted('lease', { release: () => lease.release() }, note) };
      },
    },
  };
  const look = (cause: Cause, seconds: number): Promise<RunReport> =>
    reconcile(ports, self.context, SCOPE, cause, new Date(time + seconds * 1000));
  const self: Stage = {
    tenant,
    store,
    teams,
    email,
    calls,
    ports,
    before: () => undefined,
    context: { policy: policyWith(options.policy), ceiling: 'remediate' },
    pass(seconds) {
      time += seconds * 1000;
    },
    event(change = {}) {
      changes += 1;
      return look({ kind: 'change', change: { ...aChange(`event-${changes}`, now()), ...change } }, 15);
    },
    sweep: () => look({ kind: 'sweep' }, 240),
    async rechecks() {
      const due = store.rechecks.filter((at) => at <= time);
      store.rechecks = store.rechecks.filter((at) => at > time);
      for (const _ of due) await reconcileAgain(ports, self.context, SCOPE, new Date(time + 240_000));
    },
    async outbox() {
      const due = store.outbox.flatMap((id) => store.incidents.get(id) ?? []);
      await settle(deliverAll(ports, due));
    },
    incidents: () => [...store.incidents.values()],
    toldTo: ({ told }) => told.map(lineOf),
  };
  if (!options.isNew) {
    await self.sweep();
    calls.length = 0;
  }
  return self;
}

/** How an incident ended for each of its findings' rules, in a line. */
export function lineOf({ status, repairs, held, gaps }: Incident): string {
  const parts = [
    ...repairs.map(({ remedy }) => remedy.title),
    ...held.map(({ hold }) => hold.reason),
    ...(repairs.length + held.length === 0 ? gaps.map((gap) => gap.what) : []),
  ];
  return `${status}: ${parts.join(', ')}`;
}

/** The rules with these added. */
export function adding(...added: readonly Resource[]) {
  return (rules: readonly Resource[]): readonly Resource[] => [...rules, ...added];
}

/** The rules without the named one. */
export function removing(name: string) {
  return (rules: readonly Resource[]): readonly Resource[] => rules.filter((each) => each.name !== name);
}

function people(name: string): People {
  const self: People = {
    name,
    told: [],
    isDown: false,
    async deliver(incident) {
      if (self.isDown) throw new Error(`${name} does not answer`);
      self.told.push(incident);
    },
  };
  return self;
}

function aChange(eventId: string, at: Date): Change {
  return {
    eventId,
    resourceId: `${APP_GROUP}/securityRules/allow-rdp`,
    subscriptionId: SUBSCRIPTION,
    operation: 'Microsoft.Network/networkSecurityGroups/securityRules/write',
    kind: 'write',
    actor: { name: 'dana@example.com' },
    time: at.toISOString(),
  };
}

/** The port with every call noted first. */
function noted<P extends object>(name: string, port: P, note: (call: string) => void): P {
  return new Proxy(port, {
    get(target, key, receiver) {
      const value: unknown = Reflect.get(target, key, receiver);
      if (typeof value !== 'function') return value;
      return async (...given: unknown[]) => {
        note(`${name}.${String(key)}`);
        return await Reflect.apply(value, target, given);
      };
    },
  });
}
