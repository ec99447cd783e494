// Requests to PIM: made, looked at, listed, cancelled and validated, alike for eligible and for active roles.
import { ArmError } from '../azure/arm-error';
import type { Answer } from '../azure/call';
import type { JsonObject } from '../azure/json';
import { objectAt, sameText, textAt } from '../azure/json';
import { page } from '../azure/page';
import type { Asked, AskedToWrite } from './asked';
import { filterOf } from './filter';
import { needGuid } from './guid';
import { countPoll, settleLater } from './provisioning';
import { checkRequest } from './request-check';
import { readRequest } from './request-reading';
import { tailOf } from './role';
import type { ScheduleRequest, Side } from './schedule-request';
import { isPending, isRemoval } from './schedule-request';
import { commonView, expandedView, typed } from './schedules';
import { checkScope, isAtOrBelow } from './scope';

function view(asked: Asked, request: ScheduleRequest): JsonObject {
  const { side, requestType, status, scheduleInfo, createdOn, requestorId, condition } = request;
  return {
    properties: {
      ...commonView(request),
      [`targetRole${side}ScheduleId`]: request.schedule,
      [`targetRole${side}ScheduleInstanceId`]: null,
      requestType,
      status,
      approvalId: request.approvalId ?? null,
      ...(scheduleInfo ? { scheduleInfo } : {}),
      ...(request.eligibility ? { linkedRoleEligibilityScheduleId: request.eligibility } : {}),
      ticketInfo: request.ticketInfo ?? { ticketNumber: null, ticketSystem: null },
      justification: request.justification ?? null,
      requestorId,
      createdOn,
      ...(condition === undefined ? {} : { condition, conditionVersion: request.conditionVersion ?? '2.0' }),
      expandedProperties: expandedView(asked, request),
    },
    ...typed(request, `Role${side}ScheduleRequests`, request.name),
  };
}

function standing({ state, path }: Asked, side: Side): ScheduleRequest {
  const found = state.requests.find((each) => each.side === side && sameText(each.name, path.name));
  if (found) return found;
  const message = `The role ${side.toLowerCase()} schedule request '${path.name ?? ''}' was not found.`;
  throw new ArmError(404, 'RoleAssignmentRequestNotFound', message);
}

function put(asked: AskedToWrite, side: Side): Answer {
  const { world, state, path } = asked;
  checkScope(world, path.scope);
  const name = needGuid(path.name ?? '', `role ${side.toLowerCase()} schedule request`);
  if (state.requests.some((each) => each.name === name))
    throw new ArmError(409, 'RoleAssignmentRequestExists', `A request with the ID '${name}' exists.`);
  const request = readRequest(asked, side, name);
  checkRequest(asked, request);
  world.authorization.change({ requests: [...state.requests, request] });
  settleLater(world, request);
  return { status: 201, body: view(asked, request) };
}

function get(asked: Asked, side: Side): Answer {
  const request = standing(asked, side);
  countPoll(asked.world, request.name);
  return { status: 200, body: view(asked, request) };
}

const FILTERS = [
  'atScope',
  'asRequestor',
  'asTarget',
  'asApprover',
  'principalId',
  'roleDefinitionId',
  'requestorId',
  'status',
];

function list(asked: Asked, side: Side): Answer {
  const { world, call, path, state, principals, now } = asked;
  checkScope(world, path.scope);
  const filter = filterOf(call, FILTERS);
  const isAsked = (name: string): boolean => filter.call(name) !== undefined;
  const own = principals.idOf(call.actor);
  const role = filter.equal('roleDefinitionId');
  const equals = [
    ['principalId', (each: ScheduleRequest) => each.principalId],
    ['requestorId', (each: ScheduleRequest) => each.requestorId],
    ['status', (each: ScheduleRequest) => each.status],
  ] as const;
  const shown = state.requests
    .filter((each) => each.side === side)
    .filter(({ scope }) => isAtOrBelow(path.scope, scope) || (!isAsked('atScope') && isAtOrBelow(scope, path.scope)))
    .filter((each) => role === undefined || tailOf(role) === each.role)
    .filter((each) =>
      equals.every(([name, of]) => filter.equal(name) === undefined || sameText(filter.equal(name), of(each))),
    )
    .filter((each) => !isAsked('asRequestor') || sameText(each.requestorId, own))
    .filter(
      ({ principalId }) =>
        !isAsked('asTarget') || [own, ...principals.groupsOf(own, now)].some((id) => sameText(id, principalId)),
    )
    .filter((each) => !isAsked('asApprover') || each.status === 'PendingApproval');
  return page(world, call, shown, (each) => view(asked, each));
}

function cancel(asked: Asked, side: Side): Answer {
  const { world, state } = asked;
  const request = standing(asked, side);
  if (!isPending(request)) {
    const message = `A request with the status ${request.status} cannot be cancelled.`;
    throw new ArmError(400, 'RoleAssignmentRequestCannotBeCancelled', message);
  }
  const requests = state.requests.map((each) => (each === request ? { ...each, status: 'Canceled' as const } : each));
  world.authorization.change({ requests });
  return { status: 200 };
}

/** Answers as the request itself would be, and changes nothing. */
function validate(asked: AskedToWrite, side: Side): Answer {
  checkScope(asked.world, asked.path.scope);
  const name = needGuid(asked.path.name ?? '', `role ${side.toLowerCase()} schedule request`);
  const request = readRequest(asked, side, name);
  checkRequest(asked, request);
  return { status: 200, body: view(asked, { ...request, status: isRemoval(request) ? 'Revoked' : 'Provisioned' }) };
}

/** What can be done with the requests of one side. */
export function scheduleRequests(side: Side) {
  return {
    list: (asked: Asked): Answer => list(asked, side),
    get: (asked: Asked): Answer => get(asked, side),
    put: (asked: AskedToWrite): Answer => put(asked, side),
    cancel: (asked: Asked): Answer => cancel(asked, side),
    validate: (asked: AskedToWrite): Answer => validate(asked, side),
  };
}

/** True for a request that `caller` makes for themselves, which takes no role but the one they are eligible for. */
export function isForOneself(body: JsonObject, caller: string): boolean {
  const properties = objectAt(body, 'properties');
  const isOwn = sameText(textAt(properties, 'principalId'), caller);
  return isOwn && textAt(properties, 'requestType')?.startsWith('Self') === true;
}
