/** Gaps for what could not be read of the sign-in settings: what is missing to read it, and who gives it. */
import type { Gap } from '../../network/network';
import type { AzureError } from '../error';

/** Graph's application permissions, by path; the first that fits. Source: the permission tables of the v1.0 reference. */
const APP_PERMISSIONS: readonly (readonly [path: RegExp, permission: string])[] = [
  [/^\/identity\/conditionalAccess\//i, 'Policy.Read.All'],
  [/^\/policies\/authenticationStrengthPolicies/i, 'Policy.Read.All'],
  [/^\/policies\/roleManagement/i, 'RoleManagementPolicy.Read.AzureADGroup'],
  [/\/privilegedAccess\/group\/eligibility/i, 'PrivilegedEligibilitySchedule.Read.AzureADGroup'],
  [/\/privilegedAccess\/group\/assignment/i, 'PrivilegedAssignmentSchedule.Read.AzureADGroup'],
  [/^\/directoryRoles/i, 'RoleManagement.Read.Directory'],
  [/^\/groups/i, 'GroupMember.Read.All'],
  [/^\/users/i, 'User.Read.All'],
  [/^\/organization/i, 'Organization.Read.All'],
  [/^\/auditLogs\//i, 'AuditLog.Read.All'],
];

/** What Graph demands of an application for writing. */
const WRITE_PERMISSIONS: readonly (readonly [path: RegExp, permission: string])[] = [
  [/^\/identity\/conditionalAccess\/authenticationContext/i, 'AuthenticationContext.ReadWrite.All'],
  [/^\/identity\/conditionalAccess\//i, 'Policy.ReadWrite.ConditionalAccess with Application.Read.All'],
];

/** A gap; whatever decides who gets in may hide behind it. */
export function notRead(resource: string, error: AzureError, what = 'not-read'): Gap {
  return { resource, what, why: sentenceOf(error), touchesAdminPort: what === 'not-read' };
}

/** What failed in one sentence, and the way out: for a refused right the right itself. */
export function sentenceOf(error: AzureError): string {
  if (error.status !== 403) return error.message;
  const { operation, resource, code, requestId } = error;
  const request = requestId === undefined ? '' : ` Request id ${requestId}.`;
  return `Could not ${operation} ${resource}: 403 ${code}. ${wayOut(operation, resource)}${request}`;
}

function wayOut(operation: string, resource: string): string {
  const isWrite = operation === 'change';
  if (/^\/(?:subscriptions|providers)\//i.test(resource)) {
    return `The permission that is missing: ${actionFor(resource, isWrite)}. Assign the role in infra/roles/identity.json to the guardrail's identity there.`;
  }
  const table = isWrite ? WRITE_PERMISSIONS : APP_PERMISSIONS;
  const permission = table.find(([path]) => path.test(resource))?.[1] ?? 'Directory.Read.All';
  return `The application permission that is missing: ${permission}. Grant it to the guardrail's identity in Microsoft Entra.`;
}

/** `/subscriptions/S/providers/Microsoft.Authorization/roleAssignments` → `Microsoft.Authorization/roleAssignments/read`. */
function actionFor(path: string, isWrite: boolean): string {
  const [, namespace = '', rest = ''] = /^.*\/providers\/([^/]+)\/(.+)$/i.exec(path) ?? [];
  const types = rest.split('/').filter((_, index) => index % 2 === 0);
  return [namespace, ...types, isWrite ? 'write' : 'read'].join('/');
}
