/** The tenant of the tests of the core, as people export it: lists of `az`, pages of ARM, and pages of Microsoft Graph. */
import type { Identity, RoleAssignment } from '../../shared/identity/identity';

const GRAPH = 'https://graph.microsoft.com/v1.0/$metadata#';

function page(context: string, value: readonly unknown[]): object {
  return { '@odata.context': `${GRAPH}${context}`, value };
}

/** What one would save, by file name; the extensions of machines are in the machine's own `resources`. */
export function exportedTenant(identity: Identity): Readonly<Record<string, unknown>> {
  const { roles, assignments, roleSettings, contexts, strengths, policies, assets, groups } = identity;
  return {
    'roles.json': [...roles.values()].map(({ resource, id, name, isCustom, assignableScopes, permissions }) => ({
      id: resource,
      name: id,
      type: 'Microsoft.Authorization/roleDefinitions',
      roleName: name,
      roleType: isCustom ? 'CustomRole' : 'BuiltInRole',
      assignableScopes,
      permissions,
    })),
    'eligible.json': { value: assignments.filter(({ holding }) => holding === 'eligible').map(instance) },
    'assignments.json': assignments.filter(({ holding }) => holding === 'assigned').map(flatAssignment),
    'role-settings.json': { value: roleSettings.map(settingsAssignment) },
    'policies.json': page(
      'identity/conditionalAccess/policies',
      policies.map(({ name, ...policy }) => ({ displayName: name, ...policy })),
    ),
    'contexts.json': page(
      'identity/conditionalAccess/authenticationContextClassReferences',
      [...contexts.values()].map(({ id, name, isAvailable }) => ({ id, displayName: name, isAvailable })),
    ),
    'strengths.json': page(
      'policies/authenticationStrengthPolicies',
      [...strengths.values()].map(({ id, name, isBuiltIn, allowedCombinations }) => ({
        id,
        displayName: name,
        policyType: isBuiltIn ? 'builtIn' : 'custom',
        allowedCombinations,
      })),
    ),
    'users.json': page('users', people(identity)),
    'groups.json': page(
      'groups',
      [...groups.values()].map(({ id, name }) => ({
        id,
        displayName: name,
        securityEnabled: true,
        mailEnabled: false,
      })),
    ),
    'members.json': [...groups.values()].map(({ id, members = [] }) =>
      page(
        `groups('${id}')/members`,
        members.map((member) => ({ id: member })),
      ),
    ),
    'machines.json': assets.map((asset) => ({
      id: asset.id,
      name: asset.name,
      ...(asset.kind === 'virtual-machine' && {
        resources: (asset.extensions ?? []).map((name) => ({ name })),
        storageProfile: { osDisk: { osType: asset.operatingSystem } },
        networkProfile: { networkInterfaces: (asset.interfaces ?? []).map((id) => ({ id })) },
      }),
    })),
    ...directoryRoles(identity),
  };
}

function directoryRoles({ directoryRoles: all = [] }: Identity): Record<string, unknown> {
  const list = all.map(({ id, template, name }) => ({ id, roleTemplateId: template, displayName: name }));
  const members = all.map(({ id, members: ids = [] }) =>
    page(
      `directoryRoles('${id}')/members`,
      ids.map((member) => ({ id: member })),
    ),
  );
  return { 'directory-roles.json': page('directoryRoles', list), 'directory-role-members.json': members };
}

function people({ principals }: Identity): object[] {
  return [...principals.values()].flatMap(({ id, kind, name, userName, isGuest }) =>
    kind === 'user'
      ? [
          {
            id,
            displayName: name,
            userPrincipalName: userName,
            userType: isGuest ? 'Guest' : 'Member',
            accountEnabled: true,
          },
        ]
      : [],
  );
}

function instance({ resource, role, principal, scope, start, end }: RoleAssignment): object {
  const properties = {
    scope,
    roleDefinitionId: `${scope}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
    principalId: principal,
    startDateTime: start,
    endDateTime: end,
    roleEligibilityScheduleId: `${resource}-schedule`,
  };
  return {
    id: resource,
    name: principal,
    type: 'Microsoft.Authorization/roleEligibilityScheduleInstances',
    properties,
  };
}

function flatAssignment({ resource, role, principal, scope }: RoleAssignment): object {
  return {
    id: resource,
    name: principal,
    type: 'Microsoft.Authorization/roleAssignments',
    scope,
    roleDefinitionId: `${scope}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
    principalId: principal,
  };
}

function settingsAssignment({
  resource,
  scope,
  role,
  rules,
  effectiveRules,
}: Identity['roleSettings'][number]): object {
  const path = `${scope}/providers/Microsoft.Authorization`;
  const properties = {
    scope,
    roleDefinitionId: `${path}/roleDefinitions/${role}`,
    policyId: resource,
    effectiveRules: [...effectiveRules.values()],
    rules: [...rules.values()],
  };
  const type = 'Microsoft.Authorization/roleManagementPolicyAssignments';
  return { id: `${path}/roleManagementPolicyAssignments/x_${role}`, name: `x_${role}`, type, properties };
}
