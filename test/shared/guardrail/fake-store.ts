/** What the guardrail remembers, in memory. */
import type { Incident } from '../../../shared/incident';
import type { Journal, Lease, Leases, Mark, Marks, OrderBook, RecentWrites } from '../../../shared/ports';
import type { Orders, RecentWrite } from '../../../shared/remediation/restraint';

export interface FakeStore {
  readonly incidents: Map<string, Incident>;
  readonly sent: Map<string, Set<string>>;
  /** Seconds from the start at which a recheck is due. */
  rechecks: number[];
  mark: Mark | undefined;
  known: ReadonlySet<string>;
  baseline: readonly unknown[] | undefined;
  orders: Orders;
  writes: readonly RecentWrite[];
  outbox: string[];
  lease: { fence: number; endsAt: number } | undefined;
  deadLetters: { events: number; reasons: string[] } | Error;
}

export function newStore(): FakeStore {
  return {
    incidents: new Map(),
    sent: new Map(),
    rechecks: [],
    mark: undefined,
    known: new Set(),
    baseline: undefined,
    orders: { approved: new Set() },
    writes: [],
    outbox: [],
    lease: undefined,
    deadLetters: { events: 0, reasons: [] },
  };
}

export function journalOn(store: FakeStore, channels: () => readonly string[]): Journal {
  const sentOf = ({ id }: Incident): Set<string> => store.sent.get(id) ?? new Set();
  const all = (): Incident[] => [...store.incidents.values()];
  return {
    async record(incident) {
      const before = store.incidents.get(incident.id);
      if (before && before.fence > incident.fence) throw new Error(`${incident.id} was written later by somebody else`);
      store.incidents.set(incident.id, incident);
    },
    unsent: async () =>
      all().filter((each) => each.status !== 'open' && channels().some((name) => !sentOf(each).has(name))),
    unfinished: async () => all().filter(({ status }) => status === 'open'),
    async markSent(incident, channel) {
      store.sent.set(incident.id, sentOf(incident).add(channel));
    },
    sentTo: async (incident) => [...sentOf(incident)],
    known: async () => store.known,
    async setKnown(_, fingerprints) {
      store.known = fingerprints;
    },
  };
}

export function marksOn(store: FakeStore): Marks {
  let etags = 0;
  return {
    async raise(_, cause) {
      etags += 1;
      store.mark = { etag: `${etags}`, causes: [...(store.mark?.causes ?? []), cause] };
    },
    read: async () => store.mark,
    async clear(_, etag) {
      if (store.mark?.etag !== etag) return false;
      store.mark = undefined;
      return true;
    },
  };
}

/** Nobody renews it: no story here holds it for a minute unless it is meant to be lost. */
export function leasesOn(store: FakeStore, now: () => Date): Leases {
  let fence = 0;
  return {
    async acquire(): Promise<Lease | undefined> {
      if (store.lease && store.lease.endsAt > now().getTime()) return undefined;
      fence += 1;
      const lease = { fence, endsAt: now().getTime() + 60_000 };
      store.lease = lease;
      return {
        fence: lease.fence,
        isHeld: () => now().getTime() < lease.endsAt - 10_000,
        async release() {
          if (store.lease === lease) store.lease = undefined;
        },
      };
    },
  };
}

export function ordersOn(store: FakeStore): OrderBook {
  return {
    read: async () => store.orders,
    async useUp(_, fingerprint) {
      const approved = new Set([...store.orders.approved].filter((each) => each !== fingerprint));
      store.orders = { ...store.orders, approved };
    },
  };
}

export function writesOn(store: FakeStore): RecentWrites {
  return {
    list: async () => store.writes,
    async add(_, writes) {
      store.writes = [...store.writes, ...writes];
    },
  };
}
