/** Tenant.lookAgain: what was written, read anew, with whatever else shows what became of it. */
import { objectOf, textOf } from '../network/json';
import { type Gap, keyOf, type ResourceKey } from '../network/network';
import type { Snapshot } from '../ports';
import { rootOf } from '../scope';
import { parseArmId } from './arm-id';
import type { ArmClients } from './client';
import { azureErrorFrom } from './error';
import { asFarEnd } from './far-ends';
import { notRead, type Observation } from './observation';
import { readResource } from './read-resource';
import { withSharedLinks } from './shareable-links';

/** `readBack`: what was read already when the writes had ended, by key; a second read would show the same. */
export async function lookAgain(
  clients: ArmClients,
  snapshot: Snapshot,
  keys: readonly ResourceKey[],
  readBack: ReadonlyMap<ResourceKey, unknown>,
): Promise<Observation> {
  const ids = new Set(keys.flatMap((key) => readWith(key, snapshot)));
  const looks = await Promise.all([...ids].map((id) => lookAt(clients, snapshot, id, readBack.get(id))));
  const known = snapshot.resources.filter(
    (resource) => !looks.some((look) => look.seen && look.id === keyIn(resource)),
  );
  // What only the first wave knew stays: a list that was forbidden then was not read again now.
  const before = snapshot.gaps.filter(({ what, resource }) => what.endsWith('not-read') && !ids.has(keyOf(resource)));
  return {
    resources: [...known, ...looks.flatMap((look) => look.now ?? [])],
    gaps: [...before, ...looks.flatMap((look) => look.gaps)],
  };
}

/** One resource looked at again. Not `seen`: its old state stands, so that nothing is called repaired unseen. */
interface Look {
  readonly id: ResourceKey;
  readonly seen: boolean;
  readonly now?: unknown;
  readonly gaps: readonly Gap[];
}

async function lookAt(clients: ArmClients, snapshot: Snapshot, id: ResourceKey, readBack: unknown): Promise<Look> {
  try {
    const now = readBack ?? (await readResource(clients, id));
    if (now === undefined) return { id, seen: true, gaps: [] };
    if (isFarEnd(snapshot, id)) {
      return { id, seen: true, now: asFarEnd(now, new Set(snapshot.network.virtualNetworks.keys())), gaps: [] };
    }
    if (parseArmId(id)?.type !== 'bastionhosts') return { id, seen: true, now, gaps: [] };
    const { resources, gaps } = await withSharedLinks(clients, now);
    return gaps.length > 0 ? { id, seen: false, gaps } : { id, seen: true, now: resources[0], gaps };
  } catch (thrown) {
    return { id, seen: false, gaps: [notRead(id, azureErrorFrom(thrown, 'read', id))] };
  }
}

/**
 * What has to be read to see what became of it: the resource itself where it was read as such, else what holds it; with
 * a peering the network at its other end, because its state is told there as well.
 */
function readWith(key: ResourceKey, { network, resources }: Snapshot): ResourceKey[] {
  const known = new Set(resources.map(keyIn));
  const parent = keyOf(parseArmId(key)?.topLevel ?? key);
  const holder = known.has(key) || !known.has(parent) ? key : parent;
  const peers = [...network.virtualNetworks.values()]
    .filter(
      ({ peerings }) => key.includes('/virtualnetworkpeerings/') && peerings.some(({ remote }) => remote === holder),
    )
    .map(({ id }) => keyOf(id));
  return [holder, ...peers];
}

/** A network of another subscription that was read for its peerings only. */
function isFarEnd({ scope, network }: Snapshot, id: ResourceKey): boolean {
  const isElsewhere = !id.startsWith(`${rootOf(scope).toLowerCase()}/`);
  return isElsewhere && network.virtualNetworks.get(id)?.subnets.length === 0;
}

function keyIn(resource: unknown): ResourceKey {
  return keyOf(textOf(objectOf(resource).id) ?? '');
}
