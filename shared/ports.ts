/** What `guardrail.ts` needs from the world. Everything that can touch a tenant, a store or a person is behind one of these. */
import type { Cause, Incident } from './incident';
import type { Action } from './action';
import type { Identity } from './identity/identity';
import type { Gap, Network, ResourceKey } from './network/network';
import type { Outcome } from './remediation/outcome';
import type { Orders, RecentWrite } from './remediation/restraint';
import type { Scope } from './scope';

/** A scope as it was seen at one moment. */
export interface Snapshot {
  readonly scope: Scope;
  readonly takenAt: Date;
  /** Empty for a scope of kind `identity`. */
  readonly network: Network;
  /** For a scope of kind `identity` only. */
  readonly identity?: Identity;
  readonly gaps: readonly Gap[];
  /** The raw resources it was read from, for the baseline. */
  readonly resources: readonly unknown[];
}

/** What a writer has to ask and to keep to. */
export interface WriteTurn {
  /** Asked directly before every write: the reason not to write after all, if there is one. */
  mayWrite(): Promise<string | undefined>;
  /** When to stop waiting for what was sent; it goes on without us and is looked at again. */
  readonly until: Date;
}

export interface Tenant {
  /** Reads everything the scope and the pinned Bastion hosts need, in one parallel wave. Unreadable parts become gaps. */
  observe(scope: Scope, pinnedBastionHosts: readonly ResourceKey[]): Promise<Snapshot>;
  /** Applies the actions to what `snapshot` read, one write per resource under its etag. */
  apply(snapshot: Snapshot, actions: readonly Action[], turn: WriteTurn): Promise<readonly Outcome[]>;
  /** Reads just these resources again and returns the snapshot with them replaced. */
  lookAgain(snapshot: Snapshot, resources: readonly ResourceKey[]): Promise<Snapshot>;
}

/** The promise that somebody will look: raised before an event is acknowledged, cleared only by a look that came after. */
export interface Mark {
  readonly etag: string;
  /** What made us look, oldest first; at the most the last few. */
  readonly causes: readonly Cause[];
}

export interface Marks {
  /** Raises the mark or adds to it; its etag moves every time. */
  raise(scope: Scope, cause: Cause): Promise<void>;
  read(scope: Scope): Promise<Mark | undefined>;
  /** Clears the mark if nobody has raised it again since; false if somebody has. */
  clear(scope: Scope, etag: string): Promise<boolean>;
}

/** The right to be the only one at work on a scope. */
export interface Lease {
  /** Grows with every lease of the scope: a writer with a smaller number is too late. */
  readonly fence: number;
  /** Whether the lease is certain to be ours still, by our own clock and with time to spare. */
  isHeld(): boolean;
  release(): Promise<void>;
}

export interface Leases {
  /** Undefined if somebody else holds it. A lease is renewed until it is released. */
  acquire(scope: Scope): Promise<Lease | undefined>;
}

export interface Rechecks {
  /** Asks for another look at the scope after so many seconds. */
  put(scope: Scope, afterSeconds: number): Promise<void>;
}

export interface OrderBook {
  read(scope: Scope): Promise<Orders>;
  /** An approval is good for one repair. */
  useUp(scope: Scope, fingerprint: string): Promise<void>;
}

/** What the guardrail wrote lately, for the brake. */
export interface RecentWrites {
  list(scope: Scope): Promise<readonly RecentWrite[]>;
  /** Notes writes that Azure took; what is older than an hour is forgotten. */
  add(scope: Scope, writes: readonly RecentWrite[]): Promise<void>;
}

/** What Event Grid gave up on. */
export interface DeadLetters {
  /** How many events lie there, and a sample of why; zero where no container is set up. */
  count(): Promise<{ readonly events: number; readonly reasons: readonly string[] }>;
}

export interface Journal {
  /**
   * Writes the incident's record, new or changed. Its alert becomes due when its status is no longer `open`. A record
   * written under a smaller fence than the one on file is refused with an error: its writer is too late.
   */
  record(incident: Incident): Promise<void>;
  /** Incidents whose alert has not been delivered to every channel yet, oldest first. */
  unsent(scope: Scope): Promise<readonly Incident[]>;
  /** Incidents still `open`, oldest first: whoever opened them did not live to say how they ended. */
  unfinished(scope: Scope): Promise<readonly Incident[]>;
  /** Notes that one channel has the incident's alert. */
  markSent(incident: Incident, channel: string): Promise<void>;
  /** Channels that have the incident's alert already. */
  sentTo(incident: Incident): Promise<readonly string[]>;
  /** Fingerprints reported and still there at the last look, so that a standing finding is told once. */
  known(scope: Scope): Promise<ReadonlySet<string>>;
  setKnown(scope: Scope, fingerprints: ReadonlySet<string>): Promise<void>;
}

export interface Baselines {
  /** The accepted state of the scope, as raw ARM resources; undefined before the first look. */
  load(scope: Scope): Promise<readonly unknown[] | undefined>;
  accept(scope: Scope, resources: readonly unknown[]): Promise<void>;
}

/** Where an alert goes. */
export interface Channel {
  readonly name: string;
  /** Delivers or throws; a thrown error leaves the incident unsent for this channel. */
  deliver(incident: Incident): Promise<void>;
}

export interface Ports {
  readonly tenant: Tenant;
  readonly journal: Journal;
  readonly baselines: Baselines;
  readonly channels: readonly Channel[];
  readonly marks: Marks;
  readonly leases: Leases;
  readonly rechecks: Rechecks;
  readonly orders: OrderBook;
  readonly recentWrites: RecentWrites;
  readonly deadLetters: DeadLetters;
  /** Puts an incident's alert in the outbox, to be delivered soon by whoever serves it. */
  readonly outbox: { put(incident: Incident): Promise<void> };
  readonly now: () => Date;
  /** Waits so many milliseconds; zero does not wait at all. */
  readonly pause: (ms: number) => Promise<void>;
  /** Writes a line for operators; never secrets. */
  readonly log: (line: string) => void;
}
