// /identityGovernance/privilegedAccess/group: who is eligible for a group, and who is in it now.
import type { JsonObject } from '../azure/json';
import { sameText, textAt, textsAt } from '../azure/json';
import type { GraphAnswer, GraphCall } from './graph-call';
import { GraphError } from './graph-error';
import { listAnswer } from './list';
import type { DirectoryState, Entity } from './state';

const FILTERABLE = ['groupId', 'principalId', 'accessId', 'memberType', 'assignmentType'];

/** Graph answers only for one group or one principal. */
function requireFilter(call: GraphCall): void {
  const filter = call.url.searchParams.get('$filter') ?? '';
  if (/\b(groupId|principalId)\s+eq\s/i.test(filter)) return;
  throw new GraphError(400, 'MissingParameters', 'The required parameters GroupId or PrincipalId are missing.');
}

function isManaged(state: DirectoryState, group: Entity): boolean {
  const instances = [...state.groupEligibilityScheduleInstances, ...state.groupAssignmentScheduleInstances];
  return (
    instances.some((each) => sameText(textAt(each, 'groupId'), group.id)) ||
    state.groupPolicies.some(({ id }) => id.toLowerCase().startsWith(group.id.toLowerCase()))
  );
}

/** Members and owners from outside PIM stand in the list as assigned for good, once PIM manages the group. */
function outsidePim(state: DirectoryState): JsonObject[] {
  return state.groups
    .filter((group) => isManaged(state, group))
    .flatMap((group) =>
      (['member', 'owner'] as const).flatMap((accessId) =>
        textsAt(group, `${accessId}s`)
          .filter((principalId) => !isListed(state, group.id, principalId, accessId))
          .map((principalId) => ({
            id: `${group.id}_${accessId}_${principalId}`,
            principalId,
            accessId,
            groupId: group.id,
            assignmentType: 'Assigned',
            memberType: 'Direct',
            assignmentScheduleId: `${group.id}_${accessId}_${principalId}`,
            startDateTime: null,
            endDateTime: null,
          })),
      ),
    );
}

function isListed(state: DirectoryState, groupId: string, principalId: string, accessId: string): boolean {
  return state.groupAssignmentScheduleInstances.some(
    (each) =>
      sameText(textAt(each, 'groupId'), groupId) &&
      sameText(textAt(each, 'principalId'), principalId) &&
      sameText(textAt(each, 'accessId'), accessId),
  );
}

function isOver(instance: JsonObject, now: Date): boolean {
  const end = textAt(instance, 'endDateTime');
  return end !== undefined && Date.parse(end) <= now.getTime();
}

export function listEligibilities(call: GraphCall): GraphAnswer {
  requireFilter(call);
  const all = call.state.groupEligibilityScheduleInstances.filter((each) => !isOver(each, call.now));
  const place = 'identityGovernance/privilegedAccess/group/eligibilityScheduleInstances';
  return listAnswer(call, all, { place, filterable: FILTERABLE });
}

export function listAssignments(call: GraphCall): GraphAnswer {
  requireFilter(call);
  const stored = call.state.groupAssignmentScheduleInstances.filter((each) => !isOver(each, call.now));
  const place = 'identityGovernance/privilegedAccess/group/assignmentScheduleInstances';
  return listAnswer(call, [...stored, ...outsidePim(call.state)], { place, filterable: FILTERABLE });
}
