/** The tenant behind the port: the one place where a snapshot's raw JSON and the network read from it are joined. */
import { objectOf, textOf } from '../network/json';
import { type Gap, keyOf, type Network } from '../network/network';
import type { Snapshot, Tenant } from '../ports';
import { apply } from './apply';
import { parseArmId } from './arm-id';
import { type ClientOptions, networkClients, RETRIES } from './client';
import { azureErrorFrom } from './error';
import { notRead, observe } from './observe';
import { readResource } from './read-resource';

export interface TenantOptions extends ClientOptions {
  /** Reads raw ARM JSON as a network; see network/read.ts. */
  readonly readNetwork: (resources: readonly unknown[]) => { readonly network: Network; readonly gaps: readonly Gap[] };
  readonly now: () => Date;
}

/** The tenant that `options` lead to. Reads and writes throw nothing but AzureError. */
export function azureTenant(options: TenantOptions): Tenant {
  const clients = networkClients(options);

  return {
    async observe(scope, pinnedBastionHosts) {
      // Taken before the first read: the state is at least as new as this.
      const takenAt = options.now();
      const { resources, gaps } = await observe(clients, scope, pinnedBastionHosts);
      const read = options.readNetwork(resources);
      return { scope, takenAt, network: read.network, gaps: [...gaps, ...read.gaps], resources };
    },

    apply(snapshot, actions, turn) {
      const { now, retries = RETRIES } = options;
      return apply(clients, snapshot.resources, actions, { turn, now, pauseMs: retries.retryDelayInMs });
    },

    async lookAgain(snapshot, keys) {
      const takenAt = options.now();
      const ids = new Set(keys.map((key) => keyOf(parseArmId(key)?.topLevel ?? key)));
      const looks = await Promise.all([...ids].map((id) => lookAt(id)));
      const known = snapshot.resources.filter((resource) => !replaced(resource, looks));
      const resources = [...known, ...looks.flatMap((look) => look.now ?? [])];
      const read = options.readNetwork(resources);
      // What only the first wave knew stays: a list that was forbidden then was not read again now.
      const before = snapshot.gaps.filter((gap) => gap.what === 'not-read' && !ids.has(keyOf(gap.resource)));
      const gaps = [...before, ...looks.flatMap((look) => look.gap ?? []), ...read.gaps];
      return { scope: snapshot.scope, takenAt, network: read.network, gaps, resources } satisfies Snapshot;
    },
  };

  async function lookAt(id: string): Promise<Look> {
    try {
      const now = await readResource(clients, id);
      return { id, seen: true, ...(now !== undefined && { now }) };
    } catch (thrown) {
      const permission = `Microsoft.Network/${parseArmId(id)?.type ?? '*'}/read`;
      return { id, seen: false, gap: notRead(id, azureErrorFrom(thrown, 'read', id), permission) };
    }
  }
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
