// GET of resources, children, lists, groups, subscriptions and operations.
import { ArmError, notModelled, resourceNotFound } from './arm-error';
import type { Answer, Call } from './call';
import type { EstateView, ResourceGroup, Stored } from './estate';
import { sameText } from './json';
import { kindOf } from './kinds';
import type { Target } from './target';
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

/** One page of a list; the token in `nextLink` is the position of the next one. Only what is shown is rendered. */
function page<T>(world: World, call: Call, entries: readonly T[], show: (entry: T) => unknown): Answer {
  const size = world.faults.active().pageSize;
  const given = call.url.searchParams.get('$skiptoken') ?? '0';
  if (!/^\d+$/.test(given)) throw new ArmError(400, 'InvalidSkipToken', `The skip token '${given}' is invalid.`);
  const next = Number(given) + size;
  const value = entries.slice(Number(given), next).map((entry) => show(entry));
  if (next >= entries.length) return { status: 200, body: { value } };
  const link = new URL(`${call.origin}${call.url.pathname}${call.url.search}`);
  link.searchParams.set('$skiptoken', String(next));
  return { status: 200, body: { value, nextLink: link.href } };
}

function operationAnswer(world: World, target: Extract<Target, { kind: 'operation' }>): Answer {
  const operation = world.operations.find(target.operation);
  if (!operation) throw new ArmError(404, 'OperationNotFound', `Operation ${target.operation} was not found.`);
  const waiting: Record<string, string> = operation.done
    ? {}
    : { 'retry-after': String(world.operations.retryAfter(operation)) };
  if (target.form === 'operations') {
    return { status: 200, body: { status: operation.done ? 'Succeeded' : 'InProgress' }, headers: waiting };
  }
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

function standing(
  world: World,
  estate: EstateView,
  target: { subscription: string; resourceGroup: string; type: string; name: string },
): Stored {
  const type = modelled(target.type);
  requireGroup(world, target.subscription, target.resourceGroup);
  const id = `/subscriptions/${target.subscription}/resourceGroups/${target.resourceGroup}/providers/${type}/${target.name}`;
  const stored = estate.find(id);
  if (!stored) throw resourceNotFound(type, target.name, target.resourceGroup);
  return stored;
}

function collectionName(type: string, collection: string): string {
  const found = kindOf(type)?.children.find(({ name }) => sameText(name, collection));
  if (found) return found.name;
  throw notModelled(`${modelled(type)}/${collection}`);
}

function same(entry: unknown): unknown {
  return entry;
}

/** The answer to a GET. */
export function read(world: World, call: Call, target: Target): Answer {
  const stale = world.faults.active().staleReads.ms;
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
      const collection = collectionName(target.type, target.collection);
      return page(world, call, viewChildren(standing(world, estate, target), collection, estate, running), same);
    }
    case 'child': {
      const collection = collectionName(target.type, target.collection);
      const stored = standing(world, estate, target);
      const found = viewChild(stored, { collection, name: target.child }, estate, running);
      if (!found)
        throw resourceNotFound(`${stored.type}/${stored.name}/${collection}`, target.child, target.resourceGroup);
      return { status: 200, body: found };
    }
    case 'operation':
      return operationAnswer(world, target);
    case 'unknown':
      break;
  }
  throw notModelled(`GET ${target.path}`);
}
