// The steps that every write goes through: may it, what is kept, which operation follows, which event is raised.
import { ArmError, notModelled } from './arm-error';
import type { Call } from './call';
import type { Stored } from './estate';
import type { JsonObject } from './json';
import { sameText, textAt } from './json';
import { kindOf } from './kinds';
import type { ResourceKind } from './kinds/kind';
import { farSidesAfter } from './kinds/peering';
import { checkPrecondition } from './precondition';
import type { ResourcePath } from './target';
import { viewChild, viewResource } from './view';
import type { World } from './world';

export type ResourceTarget = ResourcePath & { readonly name: string };

interface Change {
  readonly call: Call;
  readonly id: string;
  /** The type of the target, child collection included. */
  readonly type: string;
  readonly verb: 'write' | 'delete';
  readonly created: boolean;
}

/** The kind of a type that can be written; refuses with 501 otherwise. */
export function writableKind(type: string, method: string): ResourceKind {
  const kind = kindOf(type);
  if (!kind) throw notModelled(`resources of type ${type}`);
  if (!kind.writable) throw notModelled(`${method} of ${kind.type}`);
  return kind;
}

function requireGroup(world: World, target: ResourcePath): string {
  const group = world.estate.group(target.subscription, target.resourceGroup);
  if (group) return group.name;
  throw new ArmError(404, 'ResourceGroupNotFound', `Resource group '${target.resourceGroup}' could not be found.`);
}

/** The id of a target in the estate's own spelling of subscription and group; refuses when the group is missing. */
export function idOf(world: World, target: ResourceTarget, kind: ResourceKind): string {
  const group = requireGroup(world, target);
  const subscription = world.subscriptions().find((id) => sameText(id, target.subscription)) ?? target.subscription;
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers/${kind.type}/${target.name}`;
}

/** Starts the long-running part: state and headers now, the event when it is done. */
export function begin(
  world: World,
  change: Change,
  resourceId: string,
  ms: number,
  finish: () => void = () => undefined,
): Record<string, string> {
  const { call } = change;
  const location = plain(textAt(world.estate.find(resourceId)?.body, 'location') ?? 'westeurope');
  // Deleting a child is an update of its parent.
  const verb = change.id === resourceId && change.verb === 'delete' ? 'Deleting' : 'Updating';
  const operation = world.operations.start(resourceId, verb, ms, () => {
    finish();
    world.raise({
      target: decodeURIComponent(call.url.pathname).replace(/\/+$/, ''),
      subscription: resourceId.split('/')[2] ?? '',
      type: change.type,
      verb: change.verb,
      created: change.created,
      actor: call.actor,
      correlationId: call.correlationId,
      clientRequestId: call.clientRequestId,
      method: call.method,
      url: `${call.origin}${call.url.pathname}${call.url.search}`,
    });
  });
  const base = `${call.origin}/subscriptions/${resourceId.split('/')[2] ?? ''}/providers/Microsoft.Network/locations/${location}`;
  return {
    'azure-asyncoperation': `${base}/operations/${operation.id}?api-version=${call.apiVersion}`,
    ...(change.verb === 'delete'
      ? { location: `${base}/operationResults/${operation.id}?api-version=${call.apiVersion}` }
      : {}),
    ...(operation.done ? {} : { 'retry-after': String(world.operations.retryAfter(operation)) }),
  };
}

/** Keeps a new body under a new etag. */
export function store(
  world: World,
  before: Stored | undefined,
  id: string,
  target: ResourceTarget,
  body: JsonObject,
): Stored {
  const parts = id.split('/');
  const stored: Stored = {
    id: before?.id ?? id,
    type: kindOf(target.type)?.type ?? target.type,
    name: before?.name ?? target.name,
    subscription: parts[2] ?? target.subscription,
    resourceGroup: parts[4] ?? target.resourceGroup,
    etag: world.newEtag(),
    body,
  };
  world.estate.put(stored);
  if (sameText(stored.type, 'Microsoft.Network/virtualNetworks')) settleFarSides(world, stored.id, body);
  return stored;
}

/** Brings the far sides of a network's peerings to the state that follows from `after`. */
export function settleFarSides(world: World, id: string, after: JsonObject | undefined): void {
  for (const { network, body } of farSidesAfter(id, after, world.estate)) {
    world.estate.put({ ...network, body, etag: world.newEtag() });
  }
}

/** `West Europe` and `westeurope` are one location. */
function plain(location: string): string {
  return location.replaceAll(' ', '').toLowerCase();
}

/** The location to keep: required once, never changed. */
export function checkLocation(body: JsonObject, before: Stored | undefined, id: string): string {
  const standing = textAt(before?.body, 'location');
  const given = textAt(body, 'location');
  if (!given && !standing)
    throw new ArmError(400, 'LocationRequired', 'The location property is required for this definition.');
  if (given && standing && plain(given) !== plain(standing)) {
    throw new ArmError(
      409,
      'InvalidResourceLocation',
      `The resource '${id}' already exists in location '${standing}'. A resource with the same name cannot be created in location '${given}'.`,
    );
  }
  return standing ?? given ?? '';
}

function updating(): string {
  return 'Updating';
}

/** An answer to a write shows the state `Updating`, done or not: the caller is meant to follow the operation. */
export function answered(world: World, stored: Stored, child?: { collection: string; name: string }): unknown {
  if (child) return viewChild(stored, child, world.estate, updating);
  return viewResource(stored, world.estate, updating);
}

/** Refuses while another operation runs on the resource, and when the caller's etag is stale. */
export function checkMayWrite(
  world: World,
  call: Call,
  id: string,
  before: { readonly etag: string } | undefined,
): void {
  world.operations.checkFree(id);
  checkPrecondition(call, id, before?.etag);
}
