// POST actions: which one a path names, may it, and the answer with the operation that follows.
import { admitAction } from './admission';
import type { ArmAction } from './action';
import { operationOf } from './action';
import { actionOf } from './actions';
import { ArmError, resourceNotFound } from './arm-error';
import type { Answer, Call } from './call';
import type { JsonObject } from './json';
import { sameText, textAt } from './json';
import type { OperationPlan } from './operations';
import { resourceIdOf, typeAndName } from './resource-id';
import type { Target } from './target';
import { tracesOf } from './traces';
import type { World } from './world';
import { pollingHeaders } from './write-steps';

/** Resource groups, as their actions' operations name them. */
export const GROUP_TYPE = 'Microsoft.Resources/subscriptions/resourceGroups';

export interface AskedAction {
  readonly action: ArmAction;
  readonly target: Extract<Target, { kind: 'children' | 'groupAction' }>;
}

/** The action that a target names; undefined when it is not modelled. */
export function askedAction(target: Target): AskedAction | undefined {
  if (target.kind !== 'children' && target.kind !== 'groupAction') return undefined;
  const action =
    target.kind === 'children' ? actionOf(target.type, target.collection) : actionOf(GROUP_TYPE, target.action);
  return action && { action, target };
}

/** The id of what is acted upon, as it is spelt in the estate; refuses when it does not stand. */
function standing(world: World, { action, target }: AskedAction): { id: string; location: string } {
  const group = world.estate.group(target.subscription, target.resourceGroup);
  if (!group)
    throw new ArmError(404, 'ResourceGroupNotFound', `Resource group '${target.resourceGroup}' could not be found.`);
  if (target.kind === 'groupAction') {
    const subscription = world.subscriptions().find((id) => sameText(id, target.subscription)) ?? target.subscription;
    return { id: `/subscriptions/${subscription}/resourceGroups/${group.name}`, location: group.location };
  }
  const found = world.estate.exactly(resourceIdOf(target, action.type, target.names));
  if (!found) throw resourceNotFound(typeAndName(action.type, target.names), target.resourceGroup);
  return { id: found.id, location: textAt(found.body, 'location') ?? group.location };
}

function askedScope({ action, target }: AskedAction): string {
  if (target.kind === 'children') return resourceIdOf(target, action.type, target.names);
  return `/subscriptions/${target.subscription}/resourceGroups/${target.resourceGroup}`;
}

/** Carries out an action: 200 with its result, or 202 and the addresses at which it can be polled for. */
export function takeAction(
  world: World,
  call: Call,
  asked: AskedAction,
  body: JsonObject,
  plan: OperationPlan,
): Answer {
  const { action } = asked;
  admitAction(world, call, operationOf(action), askedScope(asked));
  const { id, location } = standing(world, asked);
  if (action.isLongRunning) world.operations.checkFree(id);
  const act = action.prepare({ world, call, id, body });
  const raise = (): void => {
    if (action.isRaised === false) return;
    const traces = tracesOf(call);
    world.raise({
      ...traces,
      // The event is about the resource; the action is in the name of the operation.
      target: traces.target.replace(/\/[^/]+$/, ''),
      subscription: id.split('/')[2] ?? '',
      type: operationOf(action),
      verb: 'action',
      failed: plan.failure !== undefined,
      created: false,
    });
  };
  if (!action.isLongRunning) {
    const result = act();
    raise();
    return { status: 200, body: result ?? {} };
  }
  const operation = world.operations.start(id, 'Updating', plan, () => {
    const result = plan.failure && plan.takesEffect === false ? undefined : act();
    raise();
    // An action without a result ends with 200 too: the network client takes no 204 from it.
    return result ?? {};
  });
  const [, , subscription = '', , , , namespace = 'Microsoft.Resources'] = id.split('/');
  const place = `/subscriptions/${subscription}/providers/${namespace}/locations/${location.replaceAll(' ', '').toLowerCase()}`;
  return { status: 202, headers: pollingHeaders(world, call, operation, { place, hasResult: true }) };
}
