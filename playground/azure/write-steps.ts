// The steps that every write goes through: may it, what is kept, which operation follows, which event is raised.
import { ArmError, notModelled } from './arm-error';
import type { Call } from './call';
import type { Stored } from './estate';
import type { JsonObject } from './json';
import { objectAt, sameText, textAt } from './json';
import { kindOf } from './kinds';
import type { ResourceKind } from './kinds/kind';
import { settleFollowers } from './followers';
import { checkPrecondition } from './precondition';
import type { Operation, OperationPlan } from './operations';
import { resourceIdOf } from './resource-id';
import type { ResourcePath } from './target';
import { tracesOf } from './traces';
import { viewChild, viewResource } from './view';
import type { World } from './world';

interface Change {
  readonly call: Call;
  readonly plan: OperationPlan;
  /** The resource as it was, if it was. */
  readonly before: Stored | undefined;
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
export function idOf(world: World, target: ResourcePath, kind: ResourceKind): string {
  const resourceGroup = requireGroup(world, target);
  const subscription = world.subscriptions().find((id) => sameText(id, target.subscription)) ?? target.subscription;
  return resourceIdOf({ subscription, resourceGroup }, kind.type, target.names);
}

/** After a failed operation the resource says so, and holds what was written or what it held before. */
function settleFailure(world: World, { before, plan }: Change, resourceId: string): void {
  const stored = world.estate.exactly(resourceId);
  if (!stored) return;
  const body = plan.takesEffect === false && before ? before.body : stored.body;
  const properties = { ...objectAt(body, 'properties'), provisioningState: 'Failed' };
  world.estate.put({ ...stored, body: { ...body, properties }, etag: world.newEtag() });
}

/** Starts the long-running part: state and headers now, the event when it is done. */
export function begin(
  world: World,
  change: Change,
  resourceId: string,
  finish: () => void = () => undefined,
): Record<string, string> {
  const { call, plan } = change;
  const location = plain(textAt(world.estate.find(resourceId)?.body, 'location') ?? 'westeurope');
  const [, , subscription = '', , , , namespace = ''] = resourceId.split('/');
  // Deleting a child is an update of its parent.
  const verb = change.id === resourceId && change.verb === 'delete' ? 'Deleting' : 'Updating';
  const operation = world.operations.start(resourceId, verb, plan, () => {
    if (plan.failure) settleFailure(world, change, resourceId);
    else finish();
    world.raise({
      ...tracesOf(call),
      subscription,
      type: change.type,
      verb: change.verb,
      failed: plan.failure !== undefined,
      created: change.created,
    });
    return undefined;
  });
  return pollingHeaders(world, call, operation, {
    place: `/subscriptions/${subscription}/providers/${namespace}/locations/${location}`,
    hasResult: change.verb === 'delete',
  });
}

/** Where the caller asks for the state of an operation, and with `hasResult` for what it yields. */
export function pollingHeaders(
  world: World,
  call: Call,
  operation: Operation,
  { place, hasResult }: { readonly place: string; readonly hasResult: boolean },
): Record<string, string> {
  const base = `${call.origin}${place}`;
  return {
    'azure-asyncoperation': `${base}/operations/${operation.id}?api-version=${call.apiVersion}`,
    ...(hasResult ? { location: `${base}/operationResults/${operation.id}?api-version=${call.apiVersion}` } : {}),
    ...(operation.done ? {} : { 'retry-after': String(world.operations.retryAfter(operation)) }),
  };
}

/** Keeps a new body under a new etag. */
export function store(
  world: World,
  before: Stored | undefined,
  id: string,
  target: ResourcePath,
  body: JsonObject,
): Stored {
  const parts = id.split('/');
  const stored: Stored = {
    id: before?.id ?? id,
    type: kindOf(target.type)?.type ?? target.type,
    name: before?.name ?? target.names.at(-1) ?? '',
    subscription: parts[2] ?? target.subscription,
    resourceGroup: parts[4] ?? target.resourceGroup,
    etag: world.newEtag(),
    body,
  };
  world.estate.put(stored);
  settleFollowers(world, before, stored);
  return stored;
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
