// How a request to PIM takes effect: a moment later, or as soon as somebody has asked often enough.
import { TENANT_ID } from '../azure/token';
import type { Actor } from '../azure/token';
import type { World } from '../azure/world';
import { pathAt } from './authorization-path';
import type { HeldRole } from './role';
import type { RequestStatus, ScheduleRequest } from './schedule-request';
import { concerns, isRemoval, isUnderWay, sideOf } from './schedule-request';
import { subscriptionOf } from './scope';
import type { AuthorizationState } from './state';

/** How long PIM takes until a request shows, in milliseconds. */
const DELAY_MS = 1000;
/** How many looks at the request are enough before that. */
export const POLLS = 2;

/** The service principal by which PIM makes and removes role assignments, the same in every tenant. */
const PIM: Actor = {
  objectId: '01fc33a7-0000-4000-8000-000000000001',
  appId: '01fc33a7-78ba-4d2f-a4b7-768e336e890e',
  kind: 'ServicePrincipal',
  name: 'MS-PIM',
  address: '127.0.0.1',
};

function granted(world: World, request: ScheduleRequest): HeldRole {
  const { schedule, scope, role, principalId, principalType, start, end, eligibility } = request;
  const kind =
    request.side === 'Eligibility' ? 'Eligible' : request.requestType === 'SelfActivate' ? 'Activated' : 'Assigned';
  return {
    kind,
    name: world.random.guid(),
    schedule,
    scope,
    role,
    principalId,
    principalType,
    start,
    end,
    createdOn: request.createdOn,
    createdBy: request.requestorId,
    request: request.name,
    eligibility,
    condition: request.condition,
    conditionVersion: request.conditionVersion,
  };
}

function heldAfter(world: World, held: readonly HeldRole[], request: ScheduleRequest): readonly HeldRole[] {
  if (isRemoval(request)) return held.filter((each) => !concerns(request, each));
  const isChange = ['AdminUpdate', 'AdminExtend', 'AdminRenew'].includes(request.requestType);
  if (!isChange) return [...held, granted(world, request)];
  const updatedOn = world.clock.now().toISOString();
  return held.map((each) => (concerns(request, each) ? { ...each, end: request.end, updatedOn } : each));
}

function statusAfter(world: World, request: ScheduleRequest): RequestStatus {
  if (isRemoval(request)) return 'Revoked';
  return Date.parse(request.start) > world.clock.now().getTime() ? 'ScheduleCreated' : 'Provisioned';
}

/** PIM keeps the role assignments in step with active roles, which raises events of its own. */
function raiseChanges(world: World, before: readonly HeldRole[], after: readonly HeldRole[]): void {
  const changed = [
    ...after.filter((held) => !before.includes(held)).map((held) => ({ held, verb: 'write' as const })),
    ...before
      .filter(({ name }) => !after.some((held) => held.name === name))
      .map((held) => ({ held, verb: 'delete' as const })),
  ];
  for (const { held, verb } of changed) {
    const subscription = subscriptionOf(held.scope);
    if (sideOf(held) === 'Eligibility' || subscription === undefined) continue;
    const target = pathAt(held.scope, 'roleAssignments', held.name);
    const correlationId = world.random.guid();
    world.raise({
      target,
      subscription,
      type: 'Microsoft.Authorization/roleAssignments',
      verb,
      failed: false,
      created: verb === 'write' && held.updatedOn === undefined,
      actor: PIM,
      correlationId,
      clientRequestId: correlationId,
      method: verb === 'write' ? 'PUT' : 'DELETE',
      url: `https://management.azure.com${target}?api-version=2022-04-01&tenantId=${TENANT_ID}`,
    });
  }
}

function replaced(state: AuthorizationState, request: ScheduleRequest): readonly ScheduleRequest[] {
  return state.requests.map((each) => (each.name === request.name ? request : each));
}

function settle(world: World, name: string): void {
  const state = world.authorization.state();
  const request = state.requests.find((each) => each.name === name);
  if (!request || !isUnderWay(request)) return;
  const held = heldAfter(world, state.held, request);
  world.authorization.change({ held, requests: replaced(state, { ...request, status: statusAfter(world, request) }) });
  raiseChanges(world, state.held, held);
}

/** Sees to it that a request which PIM carries out by itself takes effect after a while. */
export function settleLater(world: World, request: ScheduleRequest): void {
  if (isUnderWay(request)) world.clock.after(DELAY_MS, () => settle(world, request.name));
}

/** Counts a look at the request; the last one that it waits for carries it out. */
export function countPoll(world: World, name: string): void {
  const state = world.authorization.state();
  const request = state.requests.find((each) => each.name === name);
  if (!request || !isUnderWay(request)) return;
  const pollsLeft = request.pollsLeft - 1;
  if (pollsLeft <= 0) settle(world, name);
  else world.authorization.change({ requests: replaced(state, { ...request, pollsLeft }) });
}
