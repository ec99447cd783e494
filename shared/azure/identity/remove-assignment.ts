/** Takes an assignment away: by a request to PIM where PIM knows it, else by deleting it. */
import type { IdentityAction } from '../../identity/action';
import { type ObjectId, objectIdOf, scopeKeyOf } from '../../identity/identity';
import { type JsonObject, propertiesOf, textOf } from '../../network/json';
import type { SettingChange } from '../../remediation/outcome';
import { AzureError, azureErrorFrom } from '../error';
import { readArmPages } from './arm-pages';
import { actionOn, authorizationPath, idOf, pathOf, roleDefinitionAt } from './authorization-path';
import { requestName } from './request-name';
import { WriteStopped } from './write-stopped';
import { ALREADY, seenBy, SUPERSEDED, type Writing, type Written } from './writing';

type Removal = Extract<IdentityAction, { readonly kind: 'remove-assignment' }>;
type Side = 'Assignment' | 'Eligibility';

/** A name may have been used for the same removal before, when somebody gave the role again. */
const MOST_NAMES = 5;

export async function removeAssignment(action: Removal, writing: Writing): Promise<Written> {
  writing.checkLaws(writing.identity);
  return action.inPim ? await removeInPim(action, writing) : await deleteOutsidePim(action, writing);
}

async function deleteOutsidePim(action: Removal, writing: Writing): Promise<Written> {
  const { arm, mayWrite } = writing;
  const path = pathOf(action.assignment);
  const before = await arm.readIfThere(path);
  if (!before) return ALREADY;
  if (!isAbout(propertiesOf(before), action)) return SUPERSEDED;
  const id = action.assignment.replace(/^\/+/, '');
  const requestIds = await arm.write(action.assignment, mayWrite, (client) => client.roleAssignments.deleteById(id));
  const isGone = async (): Promise<boolean> => (await arm.readIfThere(path)) === undefined;
  return await seenBy(writing, requestIds, changeBy(action), isGone);
}

async function removeInPim(action: Removal, writing: Writing): Promise<Written> {
  const side: Side = action.holding === 'eligible' ? 'Eligibility' : 'Assignment';
  const request = await requestRemoval(action, side, writing);
  if (request === undefined) return ALREADY;
  const { name, requestIds } = request;
  const requestPath = authorizationPath(action.scope, `role${side}ScheduleRequests`, name);
  return await seenBy(writing, requestIds, changeBy(action), async () => {
    // Looking at the request is what shows that PIM is done with it; the list alone may be older.
    if (name !== undefined) await writing.arm.readIfThere(requestPath);
    return !(await isHeld(action, side, writing));
  });
}

/** Asks PIM for the removal; undefined where there is nothing to remove, no name where a removal was under way already. */
async function requestRemoval(
  action: Removal,
  side: Side,
  writing: Writing,
): Promise<{ readonly name?: string; readonly requestIds: readonly string[] } | undefined> {
  const cancelled: string[] = [];
  for (let attempt = 0; ; attempt++) {
    const name = requestName(action.assignment.toLowerCase(), action.role, action.principal, action.scope, attempt);
    try {
      return { name, requestIds: [...cancelled, ...(await sendRemoval(action, side, name, writing))] };
    } catch (thrown) {
      if (thrown instanceof WriteStopped) throw thrown;
      const error = azureErrorFrom(thrown, 'change', action.assignment);
      if (error.code === 'RoleAssignmentDoesNotExist') return undefined;
      if (attempt >= MOST_NAMES) throw error;
      if (error.status === 409 || /RequestExists$/i.test(error.code)) {
        if (await isUnderWay(action, side, name, writing)) return { name, requestIds: cancelled };
      } else if (error.code === 'PendingRoleAssignmentRequest') {
        const pending = await pendingRequests(action, side, writing);
        if (pending.some(isRemoval)) return { requestIds: cancelled };
        if (pending.length === 0) throw error;
        for (const each of pending) cancelled.push(...(await cancel(action, side, textOf(each.name) ?? '', writing)));
      } else throw withRetry(error);
    }
  }
}

/** PIM takes nothing away in its first five minutes: that passes by itself. */
function withRetry(error: AzureError): AzureError {
  if (error.code !== 'ActiveDurationTooShort') return error;
  const { operation, resource, status, code, requestId } = error;
  const why = 'PIM removes nothing that is younger than five minutes';
  return new AzureError({ operation, resource, status, code, requestId, retryable: true }, why, error);
}

/** Raw, because the typed client writes two slashes for an assignment at the root of the tenant. */
async function sendRemoval(
  { scope, role, principal }: Removal,
  side: Side,
  name: string,
  { arm, mayWrite }: Writing,
): Promise<readonly string[]> {
  const path = authorizationPath(scope, `role${side}ScheduleRequests`, name);
  const roleDefinitionId = roleDefinitionAt(scope, role);
  const justification = 'Bastion Guardrail: held without activation';
  const properties = { principalId: principal, roleDefinitionId, requestType: 'AdminRemove', justification };
  return await arm.write(idOf(path), mayWrite, (_, raw) => raw('PUT', path, { properties }));
}

async function cancel(
  { scope }: Removal,
  side: Side,
  name: string,
  { arm, mayWrite }: Writing,
): Promise<readonly string[]> {
  const path = actionOn(authorizationPath(scope, `role${side}ScheduleRequests`, name), 'cancel');
  return await arm.write(idOf(path), mayWrite, (_, raw) => raw('POST', path));
}

async function pendingRequests(action: Removal, side: Side, writing: Writing): Promise<readonly JsonObject[]> {
  const requests = await ofPrincipal(action, `role${side}ScheduleRequests`, writing);
  return requests.filter((request) => isPending(request) && isAbout(propertiesOf(request), action));
}

async function isUnderWay({ scope }: Removal, side: Side, name: string, { arm }: Writing): Promise<boolean> {
  const request = await arm.readIfThere(authorizationPath(scope, `role${side}ScheduleRequests`, name));
  return request !== undefined && isPending(request);
}

function isPending(request: JsonObject): boolean {
  return /^(?:pending|accepted$|provisioningstarted$)/i.test(textOf(propertiesOf(request).status) ?? '');
}

function isRemoval(request: JsonObject): boolean {
  return /remove$/i.test(textOf(propertiesOf(request).requestType) ?? '');
}

/** Schedules tell of what lies ahead as well; a current activation is not what was to be taken away. */
async function isHeld(action: Removal, side: Side, writing: Writing): Promise<boolean> {
  const schedules = await ofPrincipal(action, `role${side}Schedules`, writing);
  return schedules
    .map(propertiesOf)
    .some((each) => isAbout(each, action) && !/^activated$/i.test(textOf(each.assignmentType) ?? ''));
}

async function ofPrincipal(
  { scope, principal }: { readonly scope: string; readonly principal: ObjectId },
  collection:
    | 'roleAssignmentSchedules'
    | 'roleEligibilitySchedules'
    | 'roleAssignmentScheduleRequests'
    | 'roleEligibilityScheduleRequests',
  { arm }: Writing,
): Promise<readonly JsonObject[]> {
  const list = await readArmPages(
    arm,
    authorizationPath(scope, collection, undefined, `principalId eq '${principal}'`),
  );
  if (list.error) throw list.error;
  return list.items.filter((each): each is JsonObject => typeof each === 'object' && each !== null);
}

function isAbout(properties: JsonObject, { role, principal, scope }: Removal): boolean {
  return (
    objectIdOf(textOf(properties.roleDefinitionId) ?? '') === role &&
    objectIdOf(textOf(properties.principalId) ?? '') === principal &&
    scopeKeyOf(textOf(properties.scope) ?? '') === scope
  );
}

function changeBy({ holding, principal, scope }: Removal): readonly SettingChange[] {
  return [{ setting: `role of ${principal} at ${scope}`, before: holding, after: '(none)' }];
}
