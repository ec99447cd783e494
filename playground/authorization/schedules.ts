// PIM's schedules and their instances: who is eligible or active, now and later.
import { ArmError } from '../azure/arm-error';
import type { Answer } from '../azure/call';
import type { JsonObject } from '../azure/json';
import { sameText } from '../azure/json';
import { page } from '../azure/page';
import type { Asked } from './asked';
import { pathAt } from './authorization-path';
import { memberType, shownAt } from './held-roles';
import { principalView } from './principal';
import type { HeldRole, PrincipalType } from './role';
import { conditionView, hasEnded, isHeldAt } from './role';
import { roleReference, roleView } from './role-definitions';
import type { Side } from './schedule-request';
import { sideOf } from './schedule-request';
import { scopeView } from './scope';
import { roleIn } from './state';

interface Named {
  readonly scope: string;
  readonly role: string;
  readonly principalId: string;
  readonly principalType: PrincipalType;
}

/** What PIM shows beside the ids of scope, role and principal. */
export function expandedView({ state, principals }: Asked, named: Named): JsonObject {
  const { scope, role, principalId, principalType } = named;
  const definition = roleIn(state, role);
  return {
    scope: scopeView(scope),
    roleDefinition: definition ? roleView(definition, scope) : { id: roleReference({ name: role }, scope) },
    principal: principalView(principals, principalId, principalType),
  };
}

/** What schedules, instances and requests show alike. */
export function commonView(named: Named): JsonObject {
  const { scope, role, principalId, principalType } = named;
  return { scope, roleDefinitionId: roleReference({ name: role }, scope), principalId, principalType };
}

/** PIM writes its types and ids with a capital letter. */
export function typed(named: Named, type: string, name: string): JsonObject {
  return { name, id: pathAt(named.scope, type, name), type: `Microsoft.Authorization/${type}` };
}

function heldView(asked: Asked, held: HeldRole): JsonObject {
  return {
    ...commonView(held),
    status: 'Provisioned',
    startDateTime: held.start,
    endDateTime: held.end ?? null,
    memberType: memberType(asked, held),
    createdOn: held.createdOn,
    ...conditionView(held),
    expandedProperties: expandedView(asked, held),
    ...(held.kind === 'Eligible' ? {} : { assignmentType: held.kind }),
  };
}

function scheduleView(asked: Asked, held: HeldRole): JsonObject {
  const side = sideOf(held);
  const request =
    held.request === undefined
      ? {}
      : { [`role${side}ScheduleRequestId`]: pathAt(held.scope, `Role${side}ScheduleRequests`, held.request) };
  const linked =
    held.eligibility === undefined
      ? {}
      : { linkedRoleEligibilityScheduleId: pathAt(held.scope, 'RoleEligibilitySchedules', held.eligibility) };
  const updatedOn = held.updatedOn ?? held.createdOn;
  return {
    properties: { ...heldView(asked, held), ...request, ...linked, updatedOn },
    ...typed(held, `Role${side}Schedules`, held.schedule),
  };
}

function instanceView(asked: Asked, held: HeldRole): JsonObject {
  const side = sideOf(held);
  const activated = asked.state.held.find(({ schedule }) => schedule === held.eligibility);
  const own =
    side === 'Eligibility'
      ? {}
      : {
          originRoleAssignmentId: pathAt(held.scope, 'roleAssignments', held.name),
          // Here the service writes bare names.
          ...(activated
            ? {
                linkedRoleEligibilityScheduleId: activated.schedule,
                linkedRoleEligibilityScheduleInstanceId: activated.name,
              }
            : {}),
        };
  const schedule = { [`role${side}ScheduleId`]: pathAt(held.scope, `Role${side}Schedules`, held.schedule) };
  return {
    properties: { ...heldView(asked, held), ...schedule, ...own },
    ...typed(held, `Role${side}ScheduleInstances`, held.name),
  };
}

function schedulesOf({ state, now }: Asked, side: Side): readonly HeldRole[] {
  return state.held.filter((held) => sideOf(held) === side && !hasEnded(held, now));
}

function instancesOf(asked: Asked, side: Side): readonly HeldRole[] {
  return schedulesOf(asked, side).filter((held) => isHeldAt(held, asked.now));
}

function notFound({ path }: Asked): ArmError {
  return new ArmError(404, 'ResourceNotFound', `The resource '${path.collection}/${path.name ?? ''}' was not found.`);
}

/** The list and the single read of one side's schedules, which include what is still to come. */
export function schedules(side: Side): { list: (asked: Asked) => Answer; get: (asked: Asked) => Answer } {
  return {
    list: (asked) =>
      page(asked.world, asked.call, shownAt(asked, schedulesOf(asked, side)), (held) => scheduleView(asked, held)),
    get(asked) {
      const held = schedulesOf(asked, side).find(({ schedule }) => sameText(schedule, asked.path.name));
      if (!held) throw notFound(asked);
      return { status: 200, body: scheduleView(asked, held) };
    },
  };
}

/** The list and the single read of one side's instances: what holds now, assignments made beside PIM included. */
export function instances(side: Side): { list: (asked: Asked) => Answer; get: (asked: Asked) => Answer } {
  return {
    list: (asked) =>
      page(asked.world, asked.call, shownAt(asked, instancesOf(asked, side)), (held) => instanceView(asked, held)),
    get(asked) {
      const held = instancesOf(asked, side).find(({ name }) => sameText(name, asked.path.name));
      if (!held) throw notFound(asked);
      return { status: 200, body: instanceView(asked, held) };
    },
  };
}
