// /policies/roleManagementPolicies and …Assignments for groups: what activating a membership or an ownership takes.
import { createHash } from 'node:crypto';
import type { JsonObject } from '../azure/json';
import { isObject, listAt, sameText, textAt } from '../azure/json';
import { audited } from './audit';
import { DEFAULT_GROUP_RULES } from './default-group-rules';
import type { GraphAnswer, GraphCall } from './graph-call';
import { parameter } from './graph-call';
import { badRequest, GraphError, notFound } from './graph-error';
import { entityAnswer, listAnswer } from './list';
import type { DirectoryState, Entity } from './state';
import { find, withEntity } from './state';

const ACCESSES = ['member', 'owner'] as const;
type Access = (typeof ACCESSES)[number];

/** Rules that somebody has set, kept under the group's id and the access; the others are the defaults. */
function rulesOf(state: DirectoryState, groupId: string, access: Access): JsonObject[] {
  const own = listAt(find(state, 'groupPolicies', `${groupId}_${access}`), 'rules');
  return DEFAULT_GROUP_RULES.map((rule) => own.find((each) => textAt(each, 'id') === rule.id) ?? rule);
}

function policyId(groupId: string, access: Access): string {
  const hex = createHash('sha256').update(`${groupId.toLowerCase()} ${access}`).digest('hex');
  const guid = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  return `Group_${groupId}_${guid}`;
}

function policyOf(state: DirectoryState, group: Entity, access: Access): Entity {
  return {
    id: policyId(group.id, access),
    displayName: 'Group',
    description: 'Group',
    isOrganizationDefault: false,
    scopeId: group.id,
    scopeType: 'Group',
    lastModifiedDateTime: textAt(find(state, 'groupPolicies', `${group.id}_${access}`), 'lastModifiedDateTime') ?? null,
    lastModifiedBy: { id: '', displayName: '' },
    rules: rulesOf(state, group.id, access),
  };
}

const FILTERABLE = ['scopeId', 'scopeType', 'roleDefinitionId', 'policyId'];
const EXPANDABLE = ['policy', 'policy($expand=rules)'];

/** Graph answers only for one scope; which one is read from the filter, which then applies as any filter does. */
function scopeOf(call: GraphCall): string {
  const filter = call.url.searchParams.get('$filter') ?? '';
  const id = /scopeId\s+eq\s+'([^']+)'/i.exec(filter)?.[1];
  const type = /scopeType\s+eq\s+'([^']+)'/i.exec(filter)?.[1];
  if (id === undefined || type === undefined) {
    throw badRequest('The filter must say scopeId and scopeType: they are required.');
  }
  if (sameText(type, 'Group')) return id;
  throw new GraphError(501, 'NotImplemented', `The local Azure does not model role management of scope type ${type}.`);
}

export function listPolicyAssignments(call: GraphCall): GraphAnswer {
  const scope = scopeOf(call);
  const expand = call.url.searchParams.get('$expand') ?? '';
  const group = find(call.state, 'groups', scope);
  const all = !group
    ? []
    : ACCESSES.map((access) => {
        const { rules, ...policy } = policyOf(call.state, group, access);
        const whole = { policy: expand.includes('rules') ? { ...policy, rules } : policy };
        return {
          id: `${policy.id}_${access}`,
          policyId: policy.id,
          scopeId: group.id,
          scopeType: 'Group',
          roleDefinitionId: access,
          ...(expand === '' ? {} : whole),
        };
      });
  const shape = { place: 'policies/roleManagementPolicyAssignments', filterable: FILTERABLE, expandable: EXPANDABLE };
  return listAnswer(call, all, shape);
}

function addressed(call: GraphCall): { readonly group: Entity; readonly access: Access } {
  const id = parameter(call, 'id');
  const group = find(call.state, 'groups', id.split('_')[1] ?? '');
  const access = group && ACCESSES.find((each) => sameText(policyId(group.id, each), id));
  if (!group || !access) throw notFound('role management policy', id);
  return { group, access };
}

export function readGroupPolicy(call: GraphCall): GraphAnswer {
  const { group, access } = addressed(call);
  const { rules, ...policy } = policyOf(call.state, group, access);
  const shape = { place: 'policies/roleManagementPolicies', expandable: ['rules'] };
  return entityAnswer(call, call.url.searchParams.has('$expand') ? { ...policy, rules } : policy, shape);
}

export function listGroupRules(call: GraphCall): GraphAnswer {
  const { group, access } = addressed(call);
  return listAnswer(call, rulesOf(call.state, group.id, access), { place: 'policies/roleManagementPolicies/rules' });
}

function ruleAt(call: GraphCall, group: Entity, access: Access): JsonObject {
  const id = parameter(call, 'rule');
  const rule = rulesOf(call.state, group.id, access).find((each) => sameText(textAt(each, 'id'), id));
  if (!rule) throw notFound('rule', id);
  return rule;
}

export function readGroupRule(call: GraphCall): GraphAnswer {
  const { group, access } = addressed(call);
  return entityAnswer(call, ruleAt(call, group, access), { place: 'policies/roleManagementPolicies/rules' });
}

function checkConflict(rules: readonly JsonObject[]): void {
  const context = rules.find((each) => each.id === 'AuthenticationContext_EndUser_Assignment');
  const enabled = rules.find((each) => each.id === 'Enablement_EndUser_Assignment')?.enabledRules;
  if (context?.isEnabled !== true || !Array.isArray(enabled)) return;
  if (!enabled.includes('MultiFactorAuthentication')) return;
  throw new GraphError(
    400,
    'MfaAndAcrsConflict',
    'Multifactor authentication and an authentication context exclude each other.',
  );
}

/** `PATCH /policies/roleManagementPolicies/{id}/rules/{rule}`; the body must name the rule's type. */
export function updateGroupRule(call: GraphCall): GraphAnswer {
  const { group, access } = addressed(call);
  const before = ruleAt(call, group, access);
  if (textAt(call.body, '@odata.type') !== before['@odata.type']) {
    throw badRequest("'@odata.type' must name the type of the rule.");
  }
  if (!isObject(call.body.target ?? {})) throw badRequest("Invalid value for property 'target'.");
  const after = { ...before, ...call.body, id: before.id };
  const rules = rulesOf(call.state, group.id, access).map((each) => (each.id === before.id ? after : each));
  checkConflict(rules);
  const lastModifiedDateTime = call.now.toISOString();
  const kept: Entity = { id: `${group.id}_${access}`, rules, lastModifiedDateTime };
  const next = audited(call, withEntity(call.state, 'groupPolicies', kept), {
    service: 'pim',
    activity: 'Update role setting in PIM',
    operation: 'Update',
    target: group,
    targetType: 'Group',
    modified: [{ name: 'RoleDefinitionSettings', before, after }],
  });
  return { status: 204, next };
}
