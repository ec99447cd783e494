/** What Azure makes of the states of a peering's two halves when one of them is made or deleted. */
import { isObject, type JsonObject, listOf, objectOf, propertiesOf, referenceOf, textOf } from './json';
import { keyOf, parentIdOf, type ResourceKey } from './network';

/** One half, wherever it stands, with the network it belongs to and the one it leads to. */
interface Half {
  readonly key: ResourceKey;
  readonly network: ResourceKey;
  readonly remote: ResourceKey;
}

/** A state that follows from a change: the half's key and what its state becomes. */
export interface HalfState {
  readonly key: ResourceKey;
  readonly state: 'Connected' | 'Initiated' | 'Disconnected';
}

const PEERING = /^(.+\/virtualnetworks\/[^/]+)\/virtualnetworkpeerings\/[^/]+$/;

/** Whether the key is a peering's. */
export function isPeeringKey(key: ResourceKey): boolean {
  return PEERING.test(key);
}

/**
 * The states that follow once the half `key` has been made or deleted in `before` → `after`: two halves that point at
 * each other are Connected, one without the other Initiated, and one that has lost the other Disconnected
 * (https://learn.microsoft.com/azure/virtual-network/virtual-network-peering-overview). Of a far network that was not
 * read nothing is concluded.
 */
export function statesAfter(before: readonly unknown[], after: readonly unknown[], key: ResourceKey): HalfState[] {
  const made = halvesIn(after).find((half) => half.key === key);
  const half = made ?? halvesIn(before).find((each) => each.key === key);
  if (!half || !isRead(after, half.remote)) return [];
  const far = halvesIn(after).filter(({ network, remote }) => network === half.remote && remote === half.network);
  if (!made) return far.map((each): HalfState => ({ key: each.key, state: 'Disconnected' }));
  const state = far.length > 0 ? 'Connected' : 'Initiated';
  return [{ key, state }, ...far.map((each): HalfState => ({ key: each.key, state: 'Connected' }))];
}

function isRead(resources: readonly unknown[], network: ResourceKey): boolean {
  return resources.some((resource) => keyOf(textOf(objectOf(resource).id) ?? '') === network);
}

function halvesIn(resources: readonly unknown[]): Half[] {
  return resources.filter(isObject).flatMap((resource): Half[] => {
    const id = textOf(resource.id) ?? '';
    if (isPeeringKey(keyOf(id))) return halfOf(id, resource);
    return listOf(propertiesOf(resource).virtualNetworkPeerings)
      .filter(isObject)
      .flatMap((json) => halfOf(textOf(json.id) ?? `${id}/virtualNetworkPeerings/${textOf(json.name) ?? ''}`, json));
  });
}

function halfOf(id: string, json: JsonObject): Half[] {
  const remote = referenceOf(propertiesOf(json).remoteVirtualNetwork);
  const key = keyOf(id);
  return remote === undefined ? [] : [{ key, network: keyOf(parentIdOf(id)), remote: keyOf(remote) }];
}
