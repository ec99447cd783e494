/** A small tenant to change in tests: short ids, one line for each assignment, group or policy. */
import {
  type ConditionalAccessPolicy,
  EMPTY_IDENTITY,
  type Group,
  type Identity,
  type Permission,
  type Principal,
  type RoleAssignment,
  type RoleDefinition,
} from '../../../shared/identity/identity';

export const SUBSCRIPTION = '/subscriptions/5';
export const HUB = `${SUBSCRIPTION}/resourcegroups/rg-hub`;
export const APP = `${SUBSCRIPTION}/resourcegroups/rg-app`;
export const HOST = `${HUB}/providers/Microsoft.Network/bastionHosts/bas-hub`;
export const MACHINE = `${APP}/providers/Microsoft.Compute/virtualMachines/vm-app-1`;
export const NIC = `${APP}/providers/Microsoft.Network/networkInterfaces/nic-vm-app-1`;

export function permission(actions: readonly string[], rest: Partial<Permission> = {}): Permission {
  return { actions, notActions: [], dataActions: [], notDataActions: [], ...rest };
}

export function role(id: string, ...permissions: readonly Permission[]): RoleDefinition {
  const resource = `/providers/Microsoft.Authorization/roleDefinitions/${id}`;
  return { id, resource, name: id, isCustom: false, assignableScopes: ['/'], permissions };
}

export const READER = role('reader', permission(['*/read']));
export const OWNER = role('owner', permission(['*']));

export function user(id: string, rest: Partial<Principal> = {}): Principal {
  return { id, kind: 'user', name: id, userName: `${id}@contoso.example`, ...rest };
}

export function group(id: string, members: readonly string[] | undefined, rest: Partial<Group> = {}): Group {
  const lists = { owners: [], eligibleMembers: [], eligibleOwners: [] };
  return { id, kind: 'group', name: id, ...lists, ...(members && { members }), ...rest };
}

export function assigned(
  principal: string,
  to: string,
  scope: string,
  rest: Partial<RoleAssignment> = {},
): RoleAssignment {
  const resource = `${scope}/providers/Microsoft.Authorization/roleAssignments/${principal}-${to}`;
  return { resource, role: to, principal, scope, holding: 'assigned', inPim: false, ...rest };
}

export function eligible(principal: string, to: string, scope: string): RoleAssignment {
  return assigned(principal, to, scope, { holding: 'eligible', inPim: true });
}

/** Lists where an identity has maps. */
interface Parts extends Partial<Omit<Identity, 'principals' | 'groups' | 'roles'>> {
  readonly users?: readonly Principal[];
  readonly groups?: readonly Group[];
  readonly roles?: readonly RoleDefinition[];
}

/** An identity out of lists; what is not named is empty, Reader and Owner aside. */
export function tenant({ users = [], groups = [], roles = [], ...rest }: Parts): Identity {
  return {
    ...EMPTY_IDENTITY,
    ...rest,
    principals: byId([...users, ...groups]),
    groups: byId(groups),
    roles: byId([READER, OWNER, ...roles]),
  };
}

function byId<R extends { readonly id: string }>(list: readonly R[]): Map<string, R> {
  return new Map(list.map((each) => [each.id, each]));
}

export const STRONG = {
  id: '00000000-0000-0000-0000-000000000004',
  name: 'Phishing-resistant MFA',
  isBuiltIn: true,
  allowedCombinations: ['windowsHelloForBusiness', 'fido2', 'x509CertificateMultiFactor'],
};

/** A policy as it should be for context c1; `users` and `conditions` are added to it. */
export function signInPolicy(
  id: string,
  {
    users = {},
    conditions = {},
    ...rest
  }: { readonly users?: object; readonly conditions?: object } & Partial<
    Omit<ConditionalAccessPolicy, 'conditions'>
  > = {},
): ConditionalAccessPolicy {
  return {
    id,
    name: id,
    state: 'enabled',
    conditions: {
      clientAppTypes: ['all'],
      platforms: null,
      userRiskLevels: [],
      applications: { includeApplications: [], includeAuthenticationContextClassReferences: ['c1'] },
      users: { includeUsers: ['All'], excludeUsers: [], excludeGroups: [], ...users },
      ...conditions,
    },
    grantControls: { operator: 'OR', builtInControls: [], authenticationStrength: { id: STRONG.id } },
    sessionControls: { signInFrequency: { isEnabled: true, frequencyInterval: 'everyTime' } },
    ...rest,
  };
}

/** Settings of a role whose activation takes the context, if one is named. */
export function settings(of: string, scope: string, context?: string): Identity['roleSettings'][number] {
  const id = 'AuthenticationContext_EndUser_Assignment';
  const rules = new Map([[id, { id, isEnabled: context !== undefined, claimValue: context ?? '' }]]);
  return { resource: `${scope}/policy`, scope, role: of, rules, effectiveRules: rules };
}
