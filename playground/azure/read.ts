// GET of resources, children, lists, groups, subscriptions and operations.
import { ArmError, notModelled, resourceNotFound } from './arm-error';
import type { Answer, Call } from './call';
import type { EstateView, ResourceGroup, Stored } from './estate';
import { sameText } from './json';
import { kindOf } from './kinds';
import { page } from './page';
import { keptApart } from './kept-apart';
import { readLocks } from './locks';
import { isWithin, resourceIdOf, typeAndName } from './resource-id';
import type { ResourcePath, Target } from './target';
import { TENANT_ID } from './token';
import { viewChild, viewChildren, viewResource } from './view';
import type { World } from './world';

function subscriptionView(id: string): unknown {
  return {
    id: `/subscriptions/${id}`,
    subscriptionId: id,
    tenantId: TENANT_ID,
    displayName: 'Playground',
    state: 'Enabled',
    subscriptionPolicies: {
      locationPlacementId: 'Public_2014-09-01',
      quotaId: 'PayAsYouGo_2014-09-01',
      spendingLimit: 'Off',
    },
    authorizationSource: 'RoleBased',
  };
}

function groupView(group: ResourceGroup): unknown {
  return {
    id: `/subscriptions/${group.subscription}/resourceGroups/${group.name}`,
    name: group.name,
    type: 'Microsoft.Resources/resourceGroups',
    location: group.location,
    ...(group.tags ? { tags: group.tags } : {}),
    properties: { provisioningState: 'Succeeded' },
  };
}

function operationAnswer(world: World, target: Extract<Target, { kind: 'operation' }>): Answer {
  const operation = world.operations.find(target.operation);
  if (!operation) throw new ArmError(404, 'OperationNotFound', `Operation ${target.operation} was not found.`);
  const waiting: Record<string, string> = operation.done
    ? {}
    : { 'retry-after': String(world.operations.retryAfter(operation)) };
  if (target.form === 'operations') {
    if (operation.done && operation.failure)
      return { status: 200, body: { status: 'Failed', error: operation.failure } };
    return { status: 200, body: { status: operation.done ? 'Succeeded' : 'InProgress' }, headers: waiting };
  }
  if (operation.done && operation.failure)
    throw new ArmError(409, operation.failure.code, operation.failure.message, []);
  if (operation.done && operation.result) return { status: 200, body: operation.result };
  return { status: operation.done ? 204 : 202, headers: waiting };
}

function requireGroup(world: World, subscription: string, name: string): ResourceGroup {
  const group = world.estate.group(subscription, name);
  if (group) return group;
  throw new ArmError(404, 'ResourceGroupNotFound', `Resource group '${name}' could not be found.`);
}

function modelled(type: string): string {
  const kind = kindOf(type);
  if (kind) return kind.type;
  throw notModelled(`resources of type ${type}`);
}

function standing(world: World, estate: EstateView, target: ResourcePath): Stored {
  const type = modelled(target.type);
  requireGroup(world, target.subscription, target.resourceGroup);
  const stored = estate.exactly(resourceIdOf(target, type, target.names));
  if (!stored) throw resourceNotFound(typeAndName(type, target.names), target.resourceGroup);
  return stored;
}

/** The parent of a child or of a list of children, and the collection as it is spelt, for children inside its body. */
function inside(
  world: World,
  estate: EstateView,
  target: ResourcePath & { readonly collection: string },
): { readonly parent: Stored; readonly collection: string } {
  const found = kindOf(modelled(target.type))?.children.find(({ name }) => sameText(name, target.collection));
  if (!found) throw notModelled(`${modelled(target.type)}/${target.collection}`);
  return { parent: standing(world, estate, target), collection: found.name };
}

/** Those resources of a type that are kept by themselves and lie below `scope`. */
function below(estate: EstateView, type: string, scope: string): readonly Stored[] {
  return estate.all(type).filter(({ id }) => isWithin(id, scope));
}

function same(entry: unknown): unknown {
  return entry;
}

/** The answer to a GET; `staleMs` looks that far back. */
export function read(world: World, call: Call, target: Target, staleMs = 0): Answer {
  const stale = Math.max(staleMs, world.faults.active().staleReads.ms);
  const estate: EstateView = stale > 0 ? world.estate.asOf(stale) : world.estate;
  const running = world.operations.running;
  switch (target.kind) {
    case 'subscriptions':
      return page(world, call, world.subscriptions(), subscriptionView);
    case 'subscription':
      return { status: 200, body: subscriptionView(target.subscription) };
    case 'groups':
      return page(world, call, world.estate.groups(target.subscription), groupView);
    case 'group':
      return { status: 200, body: groupView(requireGroup(world, target.subscription, target.resourceGroup)) };
    case 'listInSubscription':
    case 'listInGroup': {
      const group =
        target.kind === 'listInGroup' ? requireGroup(world, target.subscription, target.resourceGroup).name : undefined;
      const found = estate
        .all(modelled(target.type))
        .filter((stored) => sameText(stored.subscription, target.subscription))
        .filter((stored) => group === undefined || sameText(stored.resourceGroup, group));
      return page(world, call, found, (stored) => viewResource(stored, estate, running));
    }
    case 'resource':
      return { status: 200, body: viewResource(standing(world, estate, target), estate, running) };
    case 'children': {
      const apart = keptApart(target);
      if (apart) {
        requireGroup(world, target.subscription, target.resourceGroup);
        const scope = resourceIdOf(target, target.type, target.names);
        if (!estate.find(scope)) throw resourceNotFound(typeAndName(target.type, target.names), target.resourceGroup);
        const found = below(estate, apart.type, scope);
        return page(world, call, found, (stored) => viewResource(stored, estate, running));
      }
      const { parent, collection } = inside(world, estate, target);
      return page(world, call, viewChildren(parent, collection, estate, running), same);
    }
    case 'child': {
      const apart = keptApart(target);
      if (apart) return { status: 200, body: viewResource(standing(world, estate, apart), estate, running) };
      const { parent, collection } = inside(world, estate, target);
      const found = viewChild(parent, { collection, name: target.child }, estate, running);
      const name = typeAndName(`${parent.type}/${collection}`, [...target.names, target.child]);
      if (!found) throw resourceNotFound(name, target.resourceGroup);
      return { status: 200, body: found };
    }
    case 'lock':
    case 'locks':
      return readLocks(world, call, target);
    case 'operation':
      return operationAnswer(world, target);
    case 'groupAction':
    case 'unknown':
      break;
  }
  throw notModelled(`GET ${call.url.pathname}`);
}
