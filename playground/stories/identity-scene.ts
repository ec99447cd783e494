/** The tenant that the stories about sign-in play in: who is who, and how people change what guards the sign-in. */
import { isObject, type JsonObject, listAt, textAt } from '../json';
import { subscription } from './scene';
import type { Stage } from './stage';

/** Object ids of playground/estates/directory.json. */
export const people = {
  alex: 'a1e00000-0000-4000-8000-000000000001',
  sam: '5a000000-0000-4000-8000-000000000002',
  breakGlass: 'b9000000-0000-4000-8000-000000000002',
} as const;
export const teamGroup = 'ba571111-0000-4000-8000-0000000000bb';
export const networkIdentity = '9a4d0000-0000-4000-8000-000000000001';

export const bastionRole = 'ba571000-0000-4000-8000-000000000001';
export const reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
export const signInPolicy = '/identity/conditionalAccess/policies/0f0f0f0f-0000-4000-8000-0000000000c1';
const policyName = '0f0f0f0f-0000-4000-8000-0000000000c1';

/** Who changes things: an administrator of the directory, as the audit log names people. */
export const administrator = 'kim@contoso.example';

export const subscriptionScope = `/subscriptions/${subscription}`;
const PIM = '2020-10-01';
const RBAC = '2022-04-01';

export function scopeOf(resourceGroup: string): string {
  return `${subscriptionScope}/resourceGroups/${resourceGroup}`;
}

/** A path below Microsoft.Authorization at a scope, with the api-version that it takes. */
export function authorization(scope: string, rest: string): string {
  const version = /^role(?:Assignments|Definitions)\b/.test(rest) ? RBAC : PIM;
  const path = `${scope}/providers/Microsoft.Authorization/${rest}`;
  return `${path}${rest.includes('?') ? '&' : '?'}api-version=${version}`;
}

export function roleDefinition(role: string): string {
  return `${subscriptionScope}/providers/Microsoft.Authorization/roleDefinitions/${role}`;
}

/** The Conditional Access policy as the tenant holds it, without a request to Graph: those are few in a second. */
export async function policyNow(stage: Stage): Promise<JsonObject> {
  const policies = listAt(await stage.control('GET', '/directory'), 'directory', 'conditionalAccessPolicies');
  const found = policies.filter(isObject).find(({ id }) => id === policyName);
  if (!found) throw new Error(`there is no Conditional Access policy ${policyName}`);
  return found;
}

/** The Bastion role's PIM settings at a scope: their name of this moment, and their rules by id. */
export async function roleSettings(
  stage: Stage,
  scope: string,
): Promise<{ readonly name: string; readonly rules: ReadonlyMap<string, JsonObject> }> {
  const filter = encodeURIComponent(`roleDefinitionId eq '${roleDefinition(bastionRole)}'`);
  const path = authorization(scope, `roleManagementPolicyAssignments?$filter=${filter}`);
  const [assignment] = listAt(await stage.get(path), 'value');
  const rules = listAt(assignment, 'properties', 'effectiveRules').filter(isObject);
  return {
    name: textAt(assignment, 'properties', 'policyId').split('/').at(-1) ?? '',
    rules: new Map(rules.map((rule) => [textAt(rule, 'id'), rule])),
  };
}

/** A person who is eligible activates the role on rg-app, as the portal does, and waits until PIM has given it. */
export async function activateInApp(stage: Stage, actor: string, principalId: string): Promise<void> {
  const name = 'ac710000-0000-4000-8000-000000000001';
  const request = authorization(scopeOf('rg-app'), `roleAssignmentScheduleRequests/${name}`);
  await stage.send(actor, 'PUT', request, {
    properties: {
      principalId,
      roleDefinitionId: roleDefinition(bastionRole),
      requestType: 'SelfActivate',
      justification: 'patching vm-app-1',
      scheduleInfo: { expiration: { type: 'AfterDuration', duration: 'PT1H' } },
    },
  });
  const isGiven = async (): Promise<boolean> =>
    textAt(await stage.get(request), 'properties', 'status') === 'Provisioned';
  await stage.until('somebody who is eligible activated the role meanwhile', isGiven);
}
