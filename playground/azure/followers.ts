// What changes elsewhere because a resource has changed: far sides of peerings, shareable links, scale set instances.
import { settleLinks } from './bastion-links';
import type { Stored } from './estate';
import type { JsonObject } from './json';
import { sameText } from './json';
import { farSidesAfter } from './kinds/peering';
import { settleInstances } from './scale-set-instances';
import type { World } from './world';

/** Brings the far sides of a network's peerings to the state that follows from `after`. */
export function settleFarSides(world: World, id: string, after: JsonObject | undefined): void {
  for (const { network, body } of farSidesAfter(id, after, world.estate)) {
    world.estate.put({ ...network, body, etag: world.newEtag() });
  }
}

/** Brings whatever follows a resource to the state that follows from its write. */
export function settleFollowers(world: World, before: Stored | undefined, stored: Stored): void {
  const { estate, newEtag } = world;
  const is = (type: string): boolean => sameText(stored.type, type);
  if (is('Microsoft.Network/virtualNetworks')) settleFarSides(world, stored.id, stored.body);
  if (is('Microsoft.Network/bastionHosts')) settleLinks(estate, stored);
  if (is('Microsoft.Compute/virtualMachineScaleSets')) settleInstances({ estate, set: stored, newEtag }, before);
}
