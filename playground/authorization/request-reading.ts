// Reads the body of a request to PIM: what it asks for, from when, until when, and what PIM does with it first.
import { ArmError } from '../azure/arm-error';
import type { JsonObject } from '../azure/json';
import { isObject, objectAt, sameText, textAt } from '../azure/json';
import type { AskedToWrite } from './asked';
import { durationMs } from './duration';
import { policyOf } from './management-policies';
import { principalTypeOf } from './principal-type';
import { POLLS } from './provisioning';
import { eligibilityFor } from './request-check';
import { tailOf } from './role';
import { needRole } from './role-assignments';
import type { RequestStatus, RequestType, ScheduleRequest, Side } from './schedule-request';
import { concerns, isRemoval, REQUEST_TYPES } from './schedule-request';

function unreadable(message: string): ArmError {
  return new ArmError(400, 'BadRequestFormat', message);
}

function typeOf(properties: JsonObject, side: Side): RequestType {
  const text = textAt(properties, 'requestType');
  const found = REQUEST_TYPES.find((each) => sameText(each, text));
  const isForActiveOnly = found === 'SelfActivate' || found === 'SelfDeactivate';
  if (found && (side === 'Assignment' || !isForActiveOnly)) return found;
  throw unreadable(`The request type '${text ?? ''}' is not supported here.`);
}

function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw unreadable(`'${text}' is not a date.`);
  return time;
}

/** The end that a body asks for; `longest` is used where an activation does not say. */
function endOf(expiration: JsonObject, start: number, longest: string | undefined): string | undefined {
  const type = textAt(expiration, 'type') ?? (longest === undefined ? 'NoExpiration' : 'AfterDuration');
  if (type === 'NoExpiration') return undefined;
  if (type === 'AfterDateTime') {
    const end = timeOf(textAt(expiration, 'endDateTime'));
    if (end === undefined) throw unreadable('The expiration has no endDateTime.');
    return new Date(end).toISOString();
  }
  const text = textAt(expiration, 'duration') ?? longest ?? '';
  const ms = durationMs(text);
  if (type !== 'AfterDuration' || ms === undefined)
    throw unreadable(`The expiration '${type} ${text}' is not supported.`);
  return new Date(start + ms).toISOString();
}

function firstStatus(
  asked: AskedToWrite,
  request: Pick<ScheduleRequest, 'requestType' | 'scope' | 'role'>,
): RequestStatus {
  const { requestType, scope, role } = request;
  if (requestType === 'SelfExtend' || requestType === 'SelfRenew') return 'PendingAdminDecision';
  if (isRemoval(request)) return 'PendingRevocation';
  const approval = policyOf(asked.state, scope, role).rules.find(({ id }) => id === 'Approval_EndUser_Assignment');
  const needsApproval = objectAt(approval, 'setting').isApprovalRequired === true;
  return requestType === 'SelfActivate' && needsApproval ? 'PendingApproval' : 'PendingProvisioning';
}

/** The request that a body makes, not yet checked against anything but the role and the directory; throws ArmError. */
export function readRequest(asked: AskedToWrite, side: Side, name: string): ScheduleRequest {
  const { world, call, state, path, now, body } = asked;
  const properties = objectAt(body, 'properties');
  const requestType = typeOf(properties, side);
  const principalId = textAt(properties, 'principalId') ?? '';
  if (principalId === '') throw unreadable('The principal ID is missing.');
  const role = needRole(state, textAt(properties, 'roleDefinitionId') ?? '', path.scope).name;
  const subject = { side, requestType, scope: path.scope, role, principalId };
  const scheduleInfo = isObject(properties.scheduleInfo) ? properties.scheduleInfo : undefined;
  // A start in the past is one of now.
  const start = Math.max(timeOf(textAt(scheduleInfo, 'startDateTime')) ?? 0, now.getTime());
  const expiration = policyOf(state, path.scope, role).rules.find(({ id }) => id === 'Expiration_EndUser_Assignment');
  const longest = requestType === 'SelfActivate' ? textAt(expiration, 'maximumDuration') : undefined;
  const status = firstStatus(asked, subject);
  const eligibility =
    requestType === 'SelfActivate'
      ? (textAt(properties, 'linkedRoleEligibilityScheduleId') ?? eligibilityFor(asked, subject)?.schedule)
      : undefined;
  return {
    ...subject,
    name,
    status,
    principalType: principalTypeOf(asked, principalId, textAt(properties, 'principalType'), 'SubjectNotFound'),
    requestorId: requestType.startsWith('Self') ? principalId : asked.principals.idOf(call.actor),
    createdOn: now.toISOString(),
    start: new Date(start).toISOString(),
    end: isRemoval(subject) ? undefined : endOf(objectAt(scheduleInfo, 'expiration'), start, longest),
    schedule: state.held.find((held) => concerns(subject, held))?.schedule ?? world.random.guid(),
    eligibility: eligibility === undefined ? undefined : tailOf(eligibility),
    approvalId: status === 'PendingApproval' ? world.random.guid() : undefined,
    justification: textAt(properties, 'justification'),
    condition: textAt(properties, 'condition'),
    conditionVersion: textAt(properties, 'conditionVersion'),
    scheduleInfo,
    ticketInfo: isObject(properties.ticketInfo) ? properties.ticketInfo : undefined,
    pollsLeft: POLLS,
  };
}
