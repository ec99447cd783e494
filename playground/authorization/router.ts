// Microsoft.Authorization: which part answers, may the caller, and the event that a write raises.
import { notModelled } from '../azure/arm-error';
import { authorize } from '../azure/authorization';
import type { Answer, Call } from '../azure/call';
import type { JsonObject } from '../azure/json';
import { checkLocks } from '../azure/locks';
import { wait } from '../azure/wait';
import type { World } from '../azure/world';
import type { Asked, AskedToWrite } from './asked';
import type { AuthorizationPath, Collection } from './authorization-path';
import { COLLECTIONS, pathAt } from './authorization-path';
import { getDenyAssignment, listDenyAssignments } from './deny-assignments';
import { getPolicy, listPolicies, patchPolicy, putPolicy } from './management-policies';
import { getPolicyAssignment, listPolicyAssignments } from './policy-assignments';
import { deleteRoleAssignment, getRoleAssignment, listRoleAssignments, putRoleAssignment } from './role-assignments';
import { deleteRoleDefinition, getRoleDefinition, listRoleDefinitions, putRoleDefinition } from './role-definitions';
import { isForOneself, scheduleRequests } from './schedule-requests';
import { instances, schedules } from './schedules';
import { subscriptionOf } from './scope';

interface Handlers {
  readonly list: (asked: Asked) => Answer;
  readonly get: (asked: Asked) => Answer;
  readonly put?: (asked: AskedToWrite) => Answer;
  readonly patch?: (asked: AskedToWrite) => Answer;
  readonly delete?: (asked: Asked) => Answer;
  readonly cancel?: (asked: Asked) => Answer;
  readonly validate?: (asked: AskedToWrite) => Answer;
}

const HANDLERS: Readonly<Record<Collection, Handlers>> = {
  denyAssignments: { list: listDenyAssignments, get: getDenyAssignment },
  roleAssignments: {
    list: listRoleAssignments,
    get: getRoleAssignment,
    put: putRoleAssignment,
    delete: deleteRoleAssignment,
  },
  roleDefinitions: {
    list: listRoleDefinitions,
    get: getRoleDefinition,
    put: putRoleDefinition,
    delete: deleteRoleDefinition,
  },
  roleAssignmentSchedules: schedules('Assignment'),
  roleAssignmentScheduleInstances: instances('Assignment'),
  roleAssignmentScheduleRequests: scheduleRequests('Assignment'),
  roleEligibilitySchedules: schedules('Eligibility'),
  roleEligibilityScheduleInstances: instances('Eligibility'),
  roleEligibilityScheduleRequests: scheduleRequests('Eligibility'),
  roleManagementPolicies: { list: listPolicies, get: getPolicy, put: putPolicy, patch: patchPolicy },
  roleManagementPolicyAssignments: { list: listPolicyAssignments, get: getPolicyAssignment },
};

export interface AuthorizationRoute {
  readonly method: 'GET' | 'PUT' | 'PATCH' | 'DELETE' | 'POST';
  readonly collection: Collection;
  /** With `{scope}` and `{name}` for the parts that vary. */
  readonly path: string;
}

/** Every route that is answered here. */
export function authorizationRoutes(): readonly AuthorizationRoute[] {
  return COLLECTIONS.flatMap((collection) => {
    const { put, patch, delete: remove, cancel, validate } = HANDLERS[collection];
    const list = `/{scope}/providers/Microsoft.Authorization/${collection}`;
    const one = `${list}/{name}`;
    return [
      { method: 'GET', collection, path: list },
      { method: 'GET', collection, path: one },
      ...(put ? [{ method: 'PUT', collection, path: one } as const] : []),
      ...(patch ? [{ method: 'PATCH', collection, path: one } as const] : []),
      ...(remove ? [{ method: 'DELETE', collection, path: one } as const] : []),
      ...(cancel ? [{ method: 'POST', collection, path: `${one}/cancel` } as const] : []),
      ...(validate ? [{ method: 'POST', collection, path: `${one}/validate` } as const] : []),
    ] satisfies AuthorizationRoute[];
  });
}

type Verb = 'write' | 'delete' | 'cancel' | 'validate';

function verbOf(method: string, path: AuthorizationPath): Verb | undefined {
  if (method === 'POST') return path.action === 'cancel' || path.action === 'validate' ? path.action : undefined;
  if (path.action !== undefined) return undefined;
  if (method === 'DELETE') return 'delete';
  return method === 'PUT' || method === 'PATCH' ? 'write' : undefined;
}

/** Nobody needs a role to ask for the one they are eligible for, or to see Azure's own roles. */
function admit(world: World, call: Call, path: AuthorizationPath, verb: Verb | 'read', body: JsonObject): void {
  const { scope, collection, name } = path;
  if (verb !== 'read') checkLocks(world, pathAt(scope, collection, name), verb === 'delete' ? 'delete' : 'write');
  if (verb === 'read' && collection === 'roleDefinitions' && subscriptionOf(scope) === undefined) return;
  if (collection.endsWith('Requests') && isForOneself(body, world.authorization.principals.idOf(call.actor))) return;
  const word = verb === 'cancel' ? 'cancel/action' : verb === 'validate' ? 'write' : verb;
  authorize(world, call.actor, { action: `Microsoft.Authorization/${collection}/${word}`, scope });
}

function raise(world: World, call: Call, path: AuthorizationPath, verb: Verb, answer: Answer): void {
  const subscription = subscriptionOf(path.scope);
  if (subscription === undefined || verb === 'validate' || answer.status === 204) return;
  const type = `Microsoft.Authorization/${path.collection}`;
  world.raise({
    target: pathAt(path.scope, path.collection, path.name),
    subscription,
    type: verb === 'cancel' ? `${type}/cancel` : type,
    verb: verb === 'cancel' ? 'action' : verb,
    failed: false,
    created: answer.status === 201,
    actor: call.actor,
    correlationId: call.correlationId,
    clientRequestId: call.clientRequestId,
    method: call.method,
    url: `${call.origin}${call.url.pathname}${call.url.search}`,
  });
}

function carryOut(handlers: Handlers, verb: Verb, asked: AskedToWrite): Answer {
  const handler = {
    write: asked.call.method === 'PUT' ? handlers.put : handlers.patch,
    delete: handlers.delete,
    cancel: handlers.cancel,
    validate: handlers.validate,
  }[verb];
  if (!handler) throw notModelled(`${asked.call.method} ${asked.call.url.pathname}`);
  return handler(asked);
}

/** How a request's body is read, and how far back a read is to look. */
export interface Circumstances {
  readonly readBody: () => Promise<JsonObject>;
  readonly staleMs?: number | undefined;
}

/** The answer to a request at any scope; throws ArmError. */
export async function answerAuthorization(
  world: World,
  call: Call,
  path: AuthorizationPath,
  { readBody, staleMs = 0 }: Circumstances,
): Promise<Answer> {
  const { authorization, faults } = world;
  const handlers = HANDLERS[path.collection];
  const { principals } = authorization;
  if (call.method === 'GET' && path.action === undefined) {
    await wait(faults.latency('read'));
    admit(world, call, path, 'read', {});
    const stale = Math.max(staleMs, faults.active().staleReads.ms);
    const state = stale > 0 ? authorization.asOf(stale) : authorization.state();
    const asked = { world, call, path, state, principals, now: world.clock.now() };
    return path.name === undefined ? handlers.list(asked) : handlers.get(asked);
  }
  const verb = verbOf(call.method, path);
  if (!verb) throw notModelled(`${call.method} ${call.url.pathname}`);
  const body = verb === 'delete' || verb === 'cancel' ? {} : await readBody();
  await wait(faults.latency('write'));
  admit(world, call, path, verb, body);
  const asked = { world, call, path, state: authorization.state(), principals, now: world.clock.now(), body };
  const answer = carryOut(handlers, verb, asked);
  raise(world, call, path, verb, answer);
  return answer;
}
