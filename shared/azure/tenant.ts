/** The tenant behind the port: the one place where a snapshot's raw JSON and the network read from it are joined. */
import { isNetworkAction } from '../action';
import { nameOfScope } from '../scope';
import { objectOf, textOf } from '../network/json';
import { type Gap, keyOf, type Network, type ResourceKey } from '../network/network';
import type { Snapshot, Tenant } from '../ports';
import { apply } from './apply';
import { parseArmId } from './arm-id';
import { type ClientOptions, armClients, RETRIES } from './client';
import { azureErrorFrom } from './error';
import { notRead } from './observation';
import { observe } from './observe';
import { readResource } from './read-resource';

export interface TenantOptions extends ClientOptions {
  /** Reads raw ARM JSON as a network; see network/read.ts. */
  readonly readNetwork: (resources: readonly unknown[]) => { readonly network: Network; readonly gaps: readonly Gap[] };
  readonly now: () => Date;
}

/** The tenant that `options` lead to. Reads and writes throw nothing but AzureError. */
export function azureTenant(options: TenantOptions): Tenant {
  const clients = armClients(options);
  /** What was read of the groups after they had been written, by the snapshot that they were written for. */
  const readBacks = new WeakMap<Snapshot, ReadonlyMap<ResourceKey, unknown>>();

  return {
    async observe(scope, pinnedBastionHosts) {
      if (scope.kind !== 'network') throw new Error(`${nameOfScope(scope)} is no subscription's network`);
      // Taken before the first read: the state is at least as new as this.
      const takenAt = options.now();
      const { resources, gaps } = await observe(clients, scope, pinnedBastionHosts);
      const read = options.readNetwork(resources);
      return { scope, takenAt, network: read.network, gaps: [...gaps, ...read.gaps], resources };
    },

    async apply(snapshot, actions, turn) {
      const { now, retries = RETRIES } = options;
      const conditions = { turn, now, pauseMs: retries.retryDelayInMs };
      const written = await apply(clients, snapshot.resources, actions.filter(isNetworkAction), conditions);
      const seen = written.flatMap(({ outcome, readBack }) =>
        readBack ? [[outcome.resource, readBack] as const] : [],
      );
      readBacks.set(snapshot, new Map(seen));
      return written.map(({ outcome }) => outcome);
    },

    async lookAgain(snapshot, keys) {
      const ids = new Set(keys.flatMap((key) => readWith(key, snapshot)));
      const readBack = readBacks.get(snapshot);
      // Once only: whoever asks a second time wants to know what has become of it since.
      readBacks.delete(snapshot);
      const looks = await Promise.all([...ids].map((id) => lookOf(id, readBack?.get(id))));
      const known = snapshot.resources.filter((resource) => !replaced(resource, looks));
      const resources = [...known, ...looks.flatMap((look) => look.now ?? [])];
      const read = options.readNetwork(resources);
      // What only the first wave knew stays: a list that was forbidden then was not read again now.
      const before = snapshot.gaps.filter((gap) => gap.what === 'not-read' && !ids.has(keyOf(gap.resource)));
      const gaps = [...before, ...looks.flatMap((look) => look.gap ?? []), ...read.gaps];
      return { scope: snapshot.scope, takenAt: snapshot.takenAt, network: read.network, gaps, resources };
    },
  };

  /** A second read right after the one that ended the write would show the same. */
  async function lookOf(id: ResourceKey, now: unknown): Promise<Look> {
    return now === undefined ? lookAt(id) : { id, seen: true, now };
  }

  async function lookAt(id: string): Promise<Look> {
    try {
      const now = await readResource(clients, id);
      return { id, seen: true, ...(now !== undefined && { now }) };
    } catch (thrown) {
      return { id, seen: false, gap: notRead(id, azureErrorFrom(thrown, 'read', id)) };
    }
  }
}

/**
 * What has to be read to see what became of it: the resource itself where it was read as such, else what holds it; with
 * a peering the network at its other end, because its state is told there as well.
 */
function readWith(key: ResourceKey, { network, resources }: Snapshot): ResourceKey[] {
  const isOwn = resources.some((resource) => keyOf(textOf(objectOf(resource).id) ?? '') === key);
  const holder = isOwn ? key : keyOf(parseArmId(key)?.topLevel ?? key);
  const peers = [...network.virtualNetworks.values()]
    .filter(
      ({ peerings }) => key.includes('/virtualnetworkpeerings/') && peerings.some(({ remote }) => remote === holder),
    )
    .map(({ id }) => keyOf(id));
  return [holder, ...peers];
}

/** One resource looked at again. Not `seen`: its old state stands, so that nothing is called repaired unseen. */
interface Look {
  readonly id: string;
  readonly seen: boolean;
  readonly now?: unknown;
  readonly gap?: Gap;
}

function replaced(resource: unknown, looks: readonly Look[]): boolean {
  const id = keyOf(textOf(objectOf(resource).id) ?? '');
  return looks.some((look) => look.seen && look.id === id);
}
