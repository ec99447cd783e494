// Whether PIM takes a request: what is held already, what is pending, and what the role's settings ask for.
import { ArmError } from '../azure/arm-error';
import { sameText, textAt, textsAt } from '../azure/json';
import { actorClaims } from './actor-claims';
import type { Asked } from './asked';
import { durationMs } from './duration';
import { policyOf } from './management-policies';
import type { HeldRole } from './role';
import { hasEnded, isHeldAt } from './role';
import type { ScheduleRequest } from './schedule-request';
import { concerns, isPending, isRemoval, isSameSubject } from './schedule-request';
import { isAtOrBelow } from './scope';

/** Source: "Assign Azure resource roles in PIM": nothing lasts less than five minutes, nor is removed before they are over. */
const SHORTEST_MS = 300_000;

function refused(code: string, message: string): ArmError {
  return new ArmError(400, code, message);
}

function tooShort(): ArmError {
  return refused('ActiveDurationTooShort', 'The active duration is too short. Minimum required is 5 minutes.');
}

/** The role that a request is about, if it is held or is going to be. */
export function subjectOf({ state, now }: Asked, request: ScheduleRequest): HeldRole | undefined {
  return state.held.find((held) => concerns(request, held) && !hasEnded(held, now));
}

/** The eligible role that an activation rests on: the principal's own or a group's, at the scope or above it. */
export function eligibilityFor(
  { state, principals, now }: Asked,
  request: Pick<ScheduleRequest, 'scope' | 'role' | 'principalId'>,
): HeldRole | undefined {
  const ids = [request.principalId, ...principals.groupsOf(request.principalId, now)];
  return state.held.find(
    (held) =>
      held.kind === 'Eligible' &&
      held.role === request.role &&
      isAtOrBelow(request.scope, held.scope) &&
      ids.some((id) => sameText(id, held.principalId)) &&
      isHeldAt(held, now),
  );
}

function checkStanding(asked: Asked, request: ScheduleRequest): void {
  const standing = subjectOf(asked, request);
  const { requestType } = request;
  if (requestType === 'AdminAssign' || requestType === 'SelfActivate') {
    // A permanent role does not keep anybody from activating the same one again; an activation does.
    const blocks = standing && (requestType === 'AdminAssign' || standing.kind === 'Activated');
    if (blocks) throw refused('RoleAssignmentExists', 'The Role assignment already exists.');
    return;
  }
  if (!standing) throw refused('RoleAssignmentDoesNotExist', 'The Role assignment does not exist.');
  if (isRemoval(request) && asked.now.getTime() - Date.parse(standing.createdOn) < SHORTEST_MS) throw tooShort();
}

/** The names of those rules of the role's settings that the request does not meet. */
function failedRules(asked: Asked, request: ScheduleRequest): string[] {
  const caller = request.requestType.startsWith('Self') ? 'EndUser' : 'Admin';
  const { rules } = policyOf(asked.state, request.scope, request.role);
  const ruleOf = (kind: string) => rules.find(({ id }) => id === `${kind}_${caller}_${request.side}`);
  const expiration = ruleOf('Expiration');
  const enabled = textsAt(ruleOf('Enablement'), 'enabledRules');
  const longest = durationMs(textAt(expiration, 'maximumDuration') ?? '') ?? Number.POSITIVE_INFINITY;
  const lasts =
    request.end === undefined ? Number.POSITIVE_INFINITY : Date.parse(request.end) - Date.parse(request.start);
  const amr = textsAt(actorClaims(asked.call), 'amr');
  return [
    ...(expiration?.isExpirationRequired === true && lasts > longest ? ['ExpirationRule'] : []),
    ...(enabled.includes('Justification') && !request.justification ? ['JustificationRule'] : []),
    ...(enabled.includes('Ticketing') && !textAt(request.ticketInfo, 'ticketNumber') ? ['TicketingRule'] : []),
    // A token that does not say how its bearer signed in is taken to have said enough.
    ...(enabled.includes('MultiFactorAuthentication') && amr.length > 0 && !amr.includes('mfa') ? ['MfaRule'] : []),
  ];
}

function checkContext(asked: Asked, request: ScheduleRequest): void {
  const rule = policyOf(asked.state, request.scope, request.role).rules.find(
    ({ id }) => id === 'AuthenticationContext_EndUser_Assignment',
  );
  const { acrs } = actorClaims(asked.call);
  const wanted = textAt(rule, 'claimValue') ?? '';
  // Likewise: only a token that speaks of contexts can lack the one that is asked for.
  if (rule?.isEnabled !== true || acrs === undefined || [acrs].flat().includes(wanted)) return;
  const claims = encodeURIComponent(JSON.stringify({ access_token: { acrs: { essential: true, value: wanted } } }));
  throw refused('RoleAssignmentRequestAcrsValidationFailed', `&claims=${claims}`);
}

/** Refuses a request that PIM does not take; throws ArmError with the service's code. */
export function checkRequest(asked: Asked, request: ScheduleRequest): void {
  const { state } = asked;
  const isBlocked = state.requests.some(
    (each) => each.side === request.side && isPending(each) && isSameSubject(each, request),
  );
  if (isBlocked)
    throw refused('PendingRoleAssignmentRequest', 'There is already an existing pending Role assignment request.');
  checkStanding(asked, request);
  if (isRemoval(request)) return;
  if (request.requestType === 'SelfActivate' && !eligibilityFor(asked, request))
    throw refused('RoleAssignmentDoesNotExist', 'The principal is not eligible for the role at this scope.');
  if (request.end !== undefined && Date.parse(request.end) - Date.parse(request.start) < SHORTEST_MS) throw tooShort();
  const failed = failedRules(asked, request);
  if (failed.length > 0)
    throw refused(
      'RoleAssignmentRequestPolicyValidationFailed',
      `The following policy rules failed: ${JSON.stringify(failed)}`,
    );
  if (request.requestType === 'SelfActivate') checkContext(asked, request);
}
