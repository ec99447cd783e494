// Moving resources to another resource group: their ids change, and every reference to them.
import type { ActionRequest, ArmAction } from '../action';
import { ArmError, resourceNotFound } from '../arm-error';
import { checkLocks } from '../locks';
import { textAt, textsAt } from '../json';
import type { Move } from '../moving';
import { moveTo } from '../moving';
import { parseResourceId } from '../resource-id';

const GROUP = 'Microsoft.Resources/subscriptions/resourceGroups';

function targetOf({ world, body, id }: ActionRequest): string {
  const given = textAt(body, 'targetResourceGroup') ?? '';
  const [, subscription = '', name = ''] = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/?$/i.exec(given) ?? [];
  const group = world.estate.group(subscription, name);
  if (!group) throw new ArmError(404, 'ResourceGroupNotFound', `Resource group '${name}' could not be found.`);
  const target = `/subscriptions/${group.subscription}/resourceGroups/${group.name}`;
  if (target.toLowerCase() !== id.toLowerCase()) return target;
  throw new ArmError(400, 'ResourceMoveSameGroup', `The resources are in ${target} already.`);
}

/** The moves that the request asks for, checked as far as Azure checks them before it starts. */
function movesOf(request: ActionRequest): Move[] {
  const { world, body, id } = request;
  const target = targetOf(request);
  const resources = textsAt(body, 'resources');
  if (resources.length === 0)
    throw new ArmError(400, 'InvalidRequestContent', 'The request names no resources to move.');
  checkLocks(world, target, 'write');
  return resources.map((given) => {
    const stored = world.estate.exactly(given);
    const parsed = parseResourceId(given);
    if (!stored || !parsed) throw resourceNotFound(given.split('/providers/')[1] ?? given, parsed?.resourceGroup ?? '');
    if (parsed.child || !stored.id.toLowerCase().startsWith(`${id.toLowerCase()}/`)) {
      const message = `Resource '${given}' cannot be moved: only top-level resources of ${id} can.`;
      throw new ArmError(400, 'ResourceMoveFailed', message);
    }
    // A move takes the resource away from where it was.
    checkLocks(world, stored.id, 'delete');
    world.operations.checkFree(stored.id);
    const to = `${target}${stored.id.slice(id.length)}`;
    if (world.estate.exactly(to))
      throw new ArmError(409, 'ResourceMoveConflict', `Resource '${to}' exists already; '${given}' cannot be moved.`);
    return { from: stored.id, to };
  });
}

export const moveResources: ArmAction = {
  type: GROUP,
  name: 'moveResources',
  isLongRunning: true,
  prepare(request) {
    const moves = movesOf(request);
    const { estate, newEtag } = request.world;
    return () => {
      moveTo(estate, moves, newEtag);
      return undefined;
    };
  },
};

export const validateMoveResources: ArmAction = {
  type: GROUP,
  name: 'validateMoveResources',
  isLongRunning: true,
  prepare(request) {
    movesOf(request);
    return () => undefined;
  },
};
