/** A network together with the ARM JSON it was read from, and what both become by actions. */
import { isRuleAction, type NetworkAction, networkAfter, type ResourceAction, type RuleAction } from './action';
import { isObject, listOf, textOf } from './json';
import { type Gap, keyOf, type Network, parentIdOf, type ResourceKey } from './network';
import { isPeeringKey, statesAfter } from './peering-state';
import { readNetwork } from './read';
import { SHARED_LINKS } from './read-bastion-host';
import { edited } from './resource-edit';

export interface World {
  readonly network: Network;
  /** Raw ARM resources, children inside their parents or beside them. */
  readonly resources: readonly unknown[];
  /** Changes of rules that `network` has seen; `resources` has only what was put back or taken out whole. */
  readonly ruled: readonly RuleAction[];
  /** What could not be read of the changed JSON; empty as long as only rules were changed. */
  readonly gaps: readonly Gap[];
}

/** The world as it was read. */
export function worldOf(network: Network, resources: readonly unknown[]): World {
  return { network, resources, ruled: [], gaps: [] };
}

/**
 * The world once the actions have been carried out, in order; the one given is left alone. Changes of rules cost next to
 * nothing; for all others the network is read anew from the changed JSON, because anything may follow from them.
 */
export function worldAfter(world: World, actions: readonly NetworkAction[]): World {
  const whole = actions.filter((action) => !isRuleAction(action));
  const rules = actions.filter(isRuleAction);
  const rebuilt = whole.reduce(resourcesAfter, world.resources);
  const resources = rules.reduce(withRuleBack, rebuilt);
  const ruled = [...world.ruled, ...rules];
  if (rebuilt === world.resources) {
    return { ...world, resources, ruled, network: rules.reduce(networkAfter, world.network) };
  }
  const { network, gaps } = readNetwork(resources);
  return { resources, ruled, gaps, network: ruled.reduce(networkAfter, withUnasked(network, world.network)) };
}

/** What was asked for besides ARM's lists stays as it is known. */
function withUnasked(network: Network, before: Network): Network {
  return before.eventSubscriptions && !network.eventSubscriptions
    ? { ...network, eventSubscriptions: before.eventSubscriptions }
    : network;
}

/** What is put back as JSON, or taken out, is so in the JSON too: a later revert must not find it drifted still. */
function withRuleBack(resources: readonly unknown[], action: RuleAction): readonly unknown[] {
  if (action.kind !== 'restore-rule' && action.kind !== 'remove-rule') return resources;
  const path = ['properties', 'securityRules', { named: action.rule }];
  const edit = { path, ...(action.kind === 'restore-rule' && { value: action.body }) };
  return changed(resources, action.securityGroup, (json) => (isObject(json) ? edited(json, [edit]) : json));
}

function resourcesAfter(resources: readonly unknown[], action: ResourceAction): readonly unknown[] {
  switch (action.kind) {
    case 'edit-resource':
      return changed(resources, action.resource, (json) => (isObject(json) ? edited(json, action.edits) : json));
    case 'create-resource':
      return withStates(
        resources,
        action.resource,
        changed(resources, action.resource, () => action.body),
      );
    case 'delete-resource':
      return withStates(
        resources,
        action.resource,
        changed(resources, action.resource, () => undefined),
      );
    case 'delete-shareable-links': {
      const gone = new Set(action.machines.map(keyOf));
      return changed(resources, action.resource, (json) => withoutLinks(json, gone));
    }
  }
}

/** A half of a peering that is made or deleted changes the state of the other. */
function withStates(before: readonly unknown[], key: ResourceKey, after: readonly unknown[]): readonly unknown[] {
  if (!isPeeringKey(key)) return after;
  return statesAfter(before, after, key).reduce(
    (resources, { key: half, state }) =>
      changed(resources, half, (json) =>
        isObject(json) ? edited(json, [{ path: ['properties', 'peeringState'], value: state }]) : json,
      ),
    after,
  );
}

function withoutLinks(json: unknown, gone: ReadonlySet<ResourceKey>): unknown {
  if (!isObject(json)) return json;
  const kept = listOf(json[SHARED_LINKS]).filter((id) => typeof id !== 'string' || !gone.has(keyOf(id)));
  return { ...json, [SHARED_LINKS]: kept };
}

/** Changes the resource wherever it stands: by itself, inside its parent, or both; one that is nowhere is added. */
function changed(
  resources: readonly unknown[],
  key: ResourceKey,
  change: (json: unknown) => unknown,
): readonly unknown[] {
  const parent = keyOf(parentIdOf(key));
  const [collection = '', name = ''] = key.split('/').slice(-2);
  let isFound = false;
  const next = resources.flatMap((resource) => {
    const id = isObject(resource) ? keyOf(textOf(resource.id) ?? '') : undefined;
    if (id === key) {
      isFound = true;
      const now = change(resource);
      return now === undefined ? [] : [now];
    }
    if (id !== parent || !isObject(resource) || !isObject(resource.properties)) return [resource];
    const property = Object.keys(resource.properties).find((each) => each.toLowerCase() === collection);
    const list = property === undefined ? undefined : resource.properties[property];
    if (property === undefined || !Array.isArray(list)) return [resource];
    isFound = true;
    const kept = list.some((child) => isCalled(child, name))
      ? list.flatMap((child) => (isCalled(child, name) ? (change(child) ?? []) : [child]))
      : added(list);
    return [{ ...resource, properties: { ...resource.properties, [property]: kept } }];
  });
  function added(list: readonly unknown[]): readonly unknown[] {
    const now = change(undefined);
    return now === undefined ? list : [...list, now];
  }
  if (isFound) return next;
  const now = change(undefined);
  return now === undefined ? resources : [...resources, now];
}

function isCalled(child: unknown, name: string): boolean {
  return isObject(child) && keyOf(textOf(child.name) ?? '') === name;
}
