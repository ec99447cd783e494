/** The tenant behind the port: the one place where a snapshot's raw JSON and the network read from it are joined. */
import { isNetworkAction } from '../action';
import { nameOfScope } from '../scope';
import type { Gap, Network, ResourceKey } from '../network/network';
import type { Snapshot, Tenant } from '../ports';
import { apply } from './apply';
import { type ClientOptions, armClients, RETRIES } from './client';
import { eventReader } from './event-subscriptions';
import { lookAgain } from './look-again';
import { observe } from './observe';

export interface TenantOptions extends ClientOptions {
  /** Reads raw ARM JSON as a network; see network/read.ts. */
  readonly readNetwork: (resources: readonly unknown[]) => { readonly network: Network; readonly gaps: readonly Gap[] };
  readonly now: () => Date;
  /** Whether a group's open connections are judged again when its rules are written; see flush-connections.ts. */
  readonly flushConnections?: boolean;
  /** Whether the guardrail is woken by events: a subscription without an event topic is then reported as deaf. */
  readonly expectsEvents?: boolean;
}

/** The tenant that `options` lead to. Reads and writes throw nothing but AzureError. */
export function azureTenant(options: TenantOptions): Tenant {
  const clients = armClients(options);
  const readEvents = eventReader(clients, options.expectsEvents === true);
  /** What was read of the groups after they had been written, by the snapshot that they were written for. */
  const readBacks = new WeakMap<Snapshot, ReadonlyMap<ResourceKey, unknown>>();

  return {
    async observe(scope, pinnedBastionHosts) {
      if (scope.kind !== 'network') throw new Error(`${nameOfScope(scope)} is no subscription's network`);
      // Taken before the first read: the state is at least as new as this.
      const takenAt = options.now();
      const { resources, gaps } = await observe(clients, scope, pinnedBastionHosts, readEvents);
      const read = options.readNetwork(resources);
      return { scope, takenAt, network: read.network, gaps: [...gaps, ...read.gaps], resources };
    },

    async apply(snapshot, actions, turn) {
      const { now, retries = RETRIES, flushConnections = false } = options;
      const conditions = { turn, now, pauseMs: retries.retryDelayInMs, flushConnections };
      const written = await apply(clients, snapshot.resources, actions.filter(isNetworkAction), conditions);
      const seen = written.flatMap(({ outcome, readBack }) =>
        readBack ? [[outcome.resource, readBack] as const] : [],
      );
      readBacks.set(snapshot, new Map(seen));
      return written.map(({ outcome }) => outcome);
    },

    async lookAgain(snapshot, keys) {
      const readBack = readBacks.get(snapshot) ?? new Map<ResourceKey, unknown>();
      // Once only: whoever asks a second time wants to know what has become of it since.
      readBacks.delete(snapshot);
      const { resources, gaps } = await lookAgain(clients, snapshot, keys, readBack);
      const read = options.readNetwork(resources);
      return { ...snapshot, network: read.network, gaps: [...gaps, ...read.gaps], resources };
    },
  };
}
