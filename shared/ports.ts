/** What `guardrail.ts` needs from the world. Everything that can touch a tenant, a store or a person is behind one of these. */
import type { Incident } from './incident';
import type { NetworkAction } from './network/action';
import type { Gap, Network, ResourceKey } from './network/network';
import type { Outcome } from './remediation/outcome';
import type { Scope } from './scope';

/** A scope as it was seen at one moment. */
export interface Snapshot {
  readonly scope: Scope;
  readonly takenAt: Date;
  readonly network: Network;
  readonly gaps: readonly Gap[];
  /** The raw ARM resources the network was read from, for the baseline. */
  readonly resources: readonly unknown[];
}

export interface Tenant {
  /** Reads everything the scope and the pinned Bastion hosts need, in one parallel wave. Unreadable parts become gaps. */
  observe(scope: Scope, pinnedBastionHosts: readonly ResourceKey[]): Promise<Snapshot>;
  /** Applies the actions to what `snapshot` read, one write per resource under its etag, each followed to its end. */
  apply(snapshot: Snapshot, actions: readonly NetworkAction[]): Promise<readonly Outcome[]>;
  /** Reads just these resources again and returns the snapshot with them replaced. */
  lookAgain(snapshot: Snapshot, resources: readonly ResourceKey[]): Promise<Snapshot>;
}

export interface Journal {
  /** Writes the incident's record, new or changed. Its alert becomes due when its status is no longer `open`. */
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
  readonly now: () => Date;
  /** Writes a line for operators; never secrets. */
  readonly log: (line: string) => void;
}
