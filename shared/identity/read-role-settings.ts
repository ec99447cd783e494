/** PIM's settings per role and scope from ARM, and per group from Graph. */
import { isObject, type JsonObject, listOf, objectOf, propertiesOf, textOf } from '../network/json';
import type { Gap } from '../network/network';
import type { Entry } from './entry';
import { objectIdOf, type RoleSettings, scopeKeyOf } from './identity';
import { malformed } from './read-gap';

type Rules = ReadonlyMap<string, JsonObject>;

/**
 * Joins each policy's assignment with the policy it names. Only the assignment says which role at which scope a policy
 * is for. Rules of a policy that was not read are taken from what the assignment says is in force, and the other way
 * round.
 */
export function readRoleSettings(entries: readonly Entry[], gaps: Gap[]): RoleSettings[] {
  const policies = new Map<string, { readonly id: string; readonly json: JsonObject }>();
  for (const { kind, json } of entries) {
    const id = textOf(json.id);
    if (kind === 'settings' && id !== undefined) policies.set(policyKey(id), { id, json: propertiesOf(json) });
  }
  const settings = new Map<string, RoleSettings>();
  for (const { kind, json } of entries) {
    const read =
      kind === 'settings-assignment'
        ? readRole(json, policies, gaps)
        : kind === 'group-settings'
          ? readGroup(json, gaps)
          : undefined;
    if (!read) continue;
    const { scope, role, group } = read;
    settings.set(JSON.stringify([scope, role, group?.id, group?.as]), read);
  }
  return [...settings.values()];
}

/** The same policy is written with both forms of a subscription's scope. */
function policyKey(id: string): string {
  return scopeKeyOf(id);
}

function readRole(
  json: JsonObject,
  policies: ReadonlyMap<string, { readonly id: string; readonly json: JsonObject }>,
  gaps: Gap[],
): RoleSettings | undefined {
  const properties = propertiesOf(json);
  const scope = textOf(properties.scope);
  const role = textOf(properties.roleDefinitionId);
  const policyId = textOf(properties.policyId);
  if (scope === undefined || role === undefined || policyId === undefined) {
    gaps.push(malformed('settings-assignment', json, 'scope, roleDefinitionId or policyId'));
    return undefined;
  }
  const policy = policies.get(policyKey(policyId));
  const ruleLists = {
    rules: rulesIn(policy?.json.rules),
    inForce: rulesIn(properties.effectiveRules) ?? rulesIn(policy?.json.effectiveRules),
  };
  const modified = textOf(policy?.json.lastModifiedDateTime);
  const base = { resource: policy?.id ?? policyId, scope: scopeKeyOf(scope), role: objectIdOf(role) };
  const read = withRules({ ...base, ...(modified !== undefined && { modified }) }, ruleLists);
  if (!read) gaps.push(withoutRules(policyId));
  return read;
}

/** `GET /policies/roleManagementPolicyAssignments` with `$expand=policy($expand=rules)`, for one group. */
function readGroup(json: JsonObject, gaps: Gap[]): RoleSettings | undefined {
  if (!/^group$/i.test(textOf(json.scopeType) ?? '')) return undefined;
  const policy = objectOf(json.policy);
  const id = textOf(json.scopeId);
  const as = textOf(json.roleDefinitionId)?.toLowerCase();
  if (id === undefined || (as !== 'member' && as !== 'owner')) {
    gaps.push(malformed('group-settings', json, "scopeId, or roleDefinitionId that is 'member' or 'owner'"));
    return undefined;
  }
  const resource = textOf(json.policyId) ?? textOf(policy.id) ?? '';
  const ruleLists = { rules: rulesIn(policy.rules), inForce: rulesIn(policy.effectiveRules) };
  const read = withRules({ resource, scope: '/', group: { id: objectIdOf(id), as } }, ruleLists);
  if (!read) gaps.push(withoutRules(resource));
  return read;
}

function withRules(
  base: Omit<RoleSettings, 'rules' | 'effectiveRules'>,
  { rules, inForce }: { readonly rules: Rules | undefined; readonly inForce: Rules | undefined },
): RoleSettings | undefined {
  const own = rules ?? inForce;
  const effective = inForce ?? rules;
  return own && effective ? { ...base, rules: own, effectiveRules: effective } : undefined;
}

function withoutRules(resource: string): Gap {
  const why =
    'neither its rules nor the rules in force were read, so what activating takes is unknown; read the policy';
  return { resource, what: 'role-settings-not-read', why, touchesAdminPort: true };
}

function rulesIn(value: unknown): Rules | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return new Map(
    listOf(value).flatMap((rule): [string, JsonObject][] => {
      const id = isObject(rule) ? textOf(rule.id) : undefined;
      return isObject(rule) && id !== undefined ? [[id, rule]] : [];
    }),
  );
}
