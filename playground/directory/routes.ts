// Every call of Graph v1.0 that the local directory answers: one line each. Whatever is not here is answered 501.
import { listAudits } from './audit';
import { deleteContext, listContexts, readContext, upsertContext } from './authentication-context';
import {
  createStrength,
  deleteStrength,
  listStrengths,
  readStrength,
  updateCombinations,
  updateStrength,
} from './authentication-strength';
import type { Permission, Service } from './caller';
import { createPolicy, deletePolicy, listPolicies, readPolicy, updatePolicy } from './conditional-access-policy';
import { addReference, deleteUser, removeReference, updateUser } from './directory-change';
import {
  getByIds,
  listMemberOf,
  listMembers,
  listObjects,
  listOrganization,
  listTransitiveMemberOf,
  listTransitiveMembers,
  readDirectoryObject,
  readObject,
} from './directory-object';
import type { GraphAnswer, GraphCall } from './graph-call';
import { listGroupRules, listPolicyAssignments, readGroupPolicy, readGroupRule, updateGroupRule } from './group-policy';
import { listAssignments, listEligibilities } from './group-schedule';
import { createLocation, deleteLocation, listLocations, readLocation, updateLocation } from './named-location';
import * as may from './permissions';
import { evaluate } from './what-if';

export interface Route {
  readonly method: string;
  /** Below `/v1.0`; `{name}` is one open part. */
  readonly path: string;
  readonly service: Service;
  readonly needs: Permission;
  readonly answer: (call: GraphCall) => GraphAnswer;
}

type Line = readonly [method: string, path: string, needs: Permission, answer: Route['answer']];

function routes(service: Service, lines: readonly Line[]): Route[] {
  return lines.map(([method, path, needs, answer]) => ({ method, path, service, needs, answer }));
}

const CA = '/identity/conditionalAccess';
const STRENGTHS = '/policies/authenticationStrengthPolicies';
const PIM = '/identityGovernance/privilegedAccess/group';
const RULES = '/policies/roleManagementPolicies/{id}/rules';

export const ROUTES: readonly Route[] = [
  ...routes('conditionalAccess', [
    ['GET', `${CA}/policies`, may.READ_CONDITIONAL_ACCESS, listPolicies],
    ['POST', `${CA}/policies`, may.WRITE_CONDITIONAL_ACCESS, createPolicy],
    ['GET', `${CA}/policies/{id}`, may.READ_CONDITIONAL_ACCESS, readPolicy],
    ['PATCH', `${CA}/policies/{id}`, may.WRITE_CONDITIONAL_ACCESS, updatePolicy],
    ['DELETE', `${CA}/policies/{id}`, may.WRITE_CONDITIONAL_ACCESS, deletePolicy],
    ['POST', `${CA}/evaluate`, may.READ_CONDITIONAL_ACCESS, evaluate],
    ['GET', `${CA}/namedLocations`, may.READ_CONDITIONAL_ACCESS, listLocations],
    ['POST', `${CA}/namedLocations`, may.WRITE_CONDITIONAL_ACCESS, createLocation],
    ['GET', `${CA}/namedLocations/{id}`, may.READ_CONDITIONAL_ACCESS, readLocation],
    ['PATCH', `${CA}/namedLocations/{id}`, may.WRITE_CONDITIONAL_ACCESS, updateLocation],
    ['DELETE', `${CA}/namedLocations/{id}`, may.WRITE_CONDITIONAL_ACCESS, deleteLocation],
    ['GET', `${CA}/authenticationContextClassReferences`, may.READ_CONTEXTS, listContexts],
    ['GET', `${CA}/authenticationContextClassReferences/{id}`, may.READ_CONTEXTS, readContext],
    ['PATCH', `${CA}/authenticationContextClassReferences/{id}`, may.WRITE_CONTEXTS, upsertContext],
    ['DELETE', `${CA}/authenticationContextClassReferences/{id}`, may.WRITE_CONTEXTS, deleteContext],
  ]),
  ...routes('authenticationStrengths', [
    ['GET', STRENGTHS, may.READ_STRENGTHS, listStrengths],
    ['POST', STRENGTHS, may.WRITE_STRENGTHS, createStrength],
    ['GET', `${STRENGTHS}/{id}`, may.READ_STRENGTHS, readStrength],
    ['PATCH', `${STRENGTHS}/{id}`, may.WRITE_STRENGTHS, updateStrength],
    ['DELETE', `${STRENGTHS}/{id}`, may.WRITE_STRENGTHS, deleteStrength],
    ['POST', `${STRENGTHS}/{id}/updateAllowedCombinations`, may.WRITE_STRENGTHS, updateCombinations],
  ]),
  ...routes('directory', [
    ['GET', '/users', may.READ_USERS, listObjects('user')],
    ['GET', '/users/{id}', may.READ_USERS, readObject('user')],
    ['PATCH', '/users/{id}', may.WRITE_USERS, updateUser],
    ['DELETE', '/users/{id}', may.WRITE_USERS, deleteUser],
    ['GET', '/users/{id}/memberOf', may.READ_OBJECTS, listMemberOf('user')],
    ['GET', '/users/{id}/memberOf/{cast}', may.READ_OBJECTS, listMemberOf('user')],
    ['GET', '/users/{id}/transitiveMemberOf', may.READ_OBJECTS, listTransitiveMemberOf('user')],
    ['GET', '/users/{id}/transitiveMemberOf/{cast}', may.READ_OBJECTS, listTransitiveMemberOf('user')],
    ['GET', '/groups', may.READ_GROUPS, listObjects('group')],
    ['GET', '/groups/{id}', may.READ_GROUPS, readObject('group')],
    ['GET', '/groups/{id}/members', may.READ_GROUPS, listMembers('group')],
    ['POST', '/groups/{id}/members/$ref', may.WRITE_GROUPS, addReference('member')],
    ['GET', '/groups/{id}/members/{cast}', may.READ_GROUPS, listMembers('group')],
    ['DELETE', '/groups/{id}/members/{reference}/$ref', may.WRITE_GROUPS, removeReference('member')],
    ['GET', '/groups/{id}/transitiveMembers', may.READ_GROUPS, listTransitiveMembers],
    ['GET', '/groups/{id}/transitiveMembers/{cast}', may.READ_GROUPS, listTransitiveMembers],
    ['GET', '/groups/{id}/owners', may.READ_GROUPS, listMembers('group', 'owner')],
    ['POST', '/groups/{id}/owners/$ref', may.WRITE_GROUPS, addReference('owner')],
    ['GET', '/groups/{id}/owners/{cast}', may.READ_GROUPS, listMembers('group', 'owner')],
    ['DELETE', '/groups/{id}/owners/{reference}/$ref', may.WRITE_GROUPS, removeReference('owner')],
    ['GET', '/groups/{id}/memberOf', may.READ_GROUPS, listMemberOf('group')],
    ['GET', '/groups/{id}/transitiveMemberOf', may.READ_GROUPS, listTransitiveMemberOf('group')],
    ['GET', '/servicePrincipals', may.READ_APPLICATIONS, listObjects('servicePrincipal')],
    ['GET', '/servicePrincipals/{id}', may.READ_APPLICATIONS, readObject('servicePrincipal')],
    ['GET', '/servicePrincipals/{id}/memberOf', may.READ_APPLICATIONS, listMemberOf('servicePrincipal')],
    [
      'GET',
      '/servicePrincipals/{id}/transitiveMemberOf',
      may.READ_APPLICATIONS,
      listTransitiveMemberOf('servicePrincipal'),
    ],
    ['GET', '/directoryRoles', may.READ_ROLES, listObjects('directoryRole')],
    ['GET', '/directoryRoles/{id}', may.READ_ROLES, readObject('directoryRole')],
    ['GET', '/directoryRoles/{id}/members', may.READ_ROLES, listMembers('directoryRole')],
    ['POST', '/directoryObjects/getByIds', may.READ_OBJECTS, getByIds],
    ['GET', '/directoryObjects/{id}', may.READ_OBJECTS, readDirectoryObject],
    ['GET', '/organization', may.READ_ORGANIZATION, listOrganization],
  ]),
  ...routes('audit', [['GET', '/auditLogs/directoryAudits', may.READ_AUDIT, listAudits]]),
  ...routes('privilegedAccess', [
    ['GET', `${PIM}/eligibilityScheduleInstances`, may.READ_ELIGIBILITIES, listEligibilities],
    ['GET', `${PIM}/assignmentScheduleInstances`, may.READ_ASSIGNMENTS, listAssignments],
    ['GET', '/policies/roleManagementPolicyAssignments', may.READ_GROUP_POLICIES, listPolicyAssignments],
    ['GET', '/policies/roleManagementPolicies/{id}', may.READ_GROUP_POLICIES, readGroupPolicy],
    ['GET', RULES, may.READ_GROUP_POLICIES, listGroupRules],
    ['GET', `${RULES}/{rule}`, may.READ_GROUP_POLICIES, readGroupRule],
    ['PATCH', `${RULES}/{rule}`, may.WRITE_GROUP_POLICIES, updateGroupRule],
  ]),
];

function match(path: string, parts: readonly string[]): Record<string, string> | undefined {
  const wanted = path.slice(1).split('/');
  if (wanted.length !== parts.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, want] of wanted.entries()) {
    const part = parts[index] ?? '';
    const open = /^\{(\w+)\}$/.exec(want)?.[1];
    if (open !== undefined) parameters[open] = part;
    else if (want.toLowerCase() !== part.toLowerCase()) return undefined;
  }
  return parameters;
}

/** The route for a path below `/v1.0`, as parts; `users('id')` counts as `users/id`. */
export function routeOf(
  method: string,
  path: string,
): { readonly route: Route; readonly parameters: Record<string, string> } | undefined {
  const parts = path
    .replaceAll(/\('([^']*)'\)/g, '/$1')
    .split('/')
    .filter((part) => part !== '');
  for (const route of ROUTES) {
    if (route.method !== method) continue;
    const parameters = match(route.path, parts);
    if (parameters) return { route, parameters };
  }
  return undefined;
}
