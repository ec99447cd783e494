// PIM for Azure roles: requests of every kind, what they lead to, and the settings of a role.
import type { RoleAssignmentScheduleRequest, RoleEligibilityScheduleRequest } from '@azure/arm-authorization';
import { textAt } from '../../../playground/azure/json';
import { authorizationClient } from './authorization';
import { drain } from './life';
import type { Stage } from './stage';
import { SUBSCRIPTION } from './stage';

const SCOPE = `subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app`;
const BASTION_USERS = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/ba571000-0000-4000-8000-000000000001`;
const SAM = '5a000000-0000-4000-8000-000000000002';
const KIM = 'c1000000-0000-4000-8000-000000000003';

function wanted(principalId: string): RoleEligibilityScheduleRequest & RoleAssignmentScheduleRequest {
  return {
    requestType: 'AdminAssign',
    principalId,
    roleDefinitionId: BASTION_USERS,
    justification: 'For the conformance drive',
    scheduleInfo: { startDateTime: new Date(), expiration: { type: 'AfterDuration', duration: 'P10D' } },
  };
}

interface Requests<Request> {
  readonly validate: (scope: string, name: string, request: Request) => Promise<unknown>;
  readonly create: (scope: string, name: string, request: Request) => Promise<unknown>;
  readonly get: (scope: string, name: string) => Promise<unknown>;
  readonly cancel: (scope: string, name: string) => Promise<unknown>;
  readonly listForScope: (scope: string) => AsyncIterable<unknown>;
}

interface Readable {
  readonly get: (scope: string, name: string) => Promise<unknown>;
  readonly listForScope: (scope: string) => AsyncIterable<unknown>;
}

/** One request that is carried out, and one that is taken back before it is. */
async function driveRequests<Request>(
  requests: Requests<Request>,
  [granted, cancelled]: readonly [string, string],
  requestFor: (principalId: string) => Request,
): Promise<void> {
  await requests.validate(SCOPE, granted, requestFor(SAM));
  await requests.create(SCOPE, granted, requestFor(SAM));
  for (let look = 0; look < 3; look += 1) await requests.get(SCOPE, granted);
  await requests.create(SCOPE, cancelled, requestFor(KIM));
  await requests.cancel(SCOPE, cancelled);
  await requests.get(SCOPE, cancelled);
  await drain(requests.listForScope(SCOPE));
}

async function readAll(...groups: readonly Readable[]): Promise<void> {
  for (const group of groups) {
    for await (const entry of group.listForScope(SCOPE)) {
      // What is inherited stands at another scope and is not found at this one.
      if (textAt({ entry }, 'entry', 'id')?.toLowerCase().startsWith(`/${SCOPE}/`.toLowerCase()))
        await group.get(SCOPE, textAt({ entry }, 'entry', 'name') ?? '');
    }
  }
}

export async function drivePrivilegedAccess(stage: Stage): Promise<void> {
  const client = authorizationClient(stage);
  const eligible = ['c0f00000-0000-4000-8000-000000000011', 'c0f00000-0000-4000-8000-000000000012'] as const;
  const active = ['c0f00000-0000-4000-8000-000000000021', 'c0f00000-0000-4000-8000-000000000022'] as const;
  await driveRequests(client.roleEligibilityScheduleRequests, eligible, wanted);
  await driveRequests(client.roleAssignmentScheduleRequests, active, wanted);
  await readAll(
    client.roleEligibilitySchedules,
    client.roleEligibilityScheduleInstances,
    client.roleAssignmentSchedules,
    client.roleAssignmentScheduleInstances,
  );
  await driveRoleSettings(stage);
}

async function driveRoleSettings(stage: Stage): Promise<void> {
  const { roleManagementPolicies, roleManagementPolicyAssignments } = authorizationClient(stage);
  for await (const { name, policyId, roleDefinitionId } of roleManagementPolicyAssignments.listForScope(SCOPE)) {
    await roleManagementPolicyAssignments.get(SCOPE, name ?? '');
    if (roleDefinitionId?.toLowerCase() !== BASTION_USERS.toLowerCase()) continue;
    const policy = await roleManagementPolicies.get(SCOPE, policyId?.split('/').at(-1) ?? '');
    const rule = policy.rules?.find(({ id }) => id === 'Expiration_EndUser_Assignment');
    await roleManagementPolicies.update(SCOPE, policy.name ?? '', { rules: rule ? [rule] : [] });
  }
  await drain(roleManagementPolicies.listForScope(SCOPE));
  // Settings cannot be put: Azure says so, and its specification has no such operation.
  const path = `/${SCOPE}/providers/Microsoft.Authorization/roleManagementPolicies/any?api-version=2020-10-01`;
  await stage.send({ method: 'PUT', path, body: { properties: {} } });
}
