// PIM settings of roles: read, changed by PATCH only, and under a new name after each change.
import { ArmError } from '../azure/arm-error';
import type { Answer } from '../azure/call';
import type { JsonObject } from '../azure/json';
import { sameText } from '../azure/json';
import { page } from '../azure/page';
import { sameId } from '../azure/resource-id';
import { derivedGuid } from '../azure/token';
import type { Asked, AskedToWrite } from './asked';
import { pathAt } from './authorization-path';
import { filterOf } from './filter';
import { DEFAULT_RULES } from './management-rules';
import type { RoleDefinition } from './role';
import { tailOf } from './role';
import { assignableAt } from './role-definitions';
import { rulesAfter } from './rule-check';
import { checkScope, scopeView } from './scope';
import type { AuthorizationState, RolePolicy } from './state';

/** The settings of a role at a scope. Nothing is inherited: where nobody changed them they are the default ones. */
export function policyOf(state: AuthorizationState, scope: string, role: string): RolePolicy {
  const own = state.policies.find((policy) => sameId(policy.scope, scope) && sameText(policy.role, role));
  if (own) return own;
  const name = derivedGuid(`role settings of ${role} at ${scope}`.toLowerCase());
  return { name, scope, role: role.toLowerCase(), rules: DEFAULT_RULES };
}

/** The settings at the request's scope: of all its roles, or of the one that the filter names. */
export function policiesAsked(asked: Asked): readonly { readonly policy: RolePolicy; readonly role: RoleDefinition }[] {
  const { world, state, path } = asked;
  checkScope(world, path.scope);
  const wanted = filterOf(asked.call, ['roleDefinitionId']).equal('roleDefinitionId');
  return assignableAt(state, path.scope)
    .filter(({ name }) => wanted === undefined || sameText(name, tailOf(wanted)))
    .map((role) => ({ policy: policyOf(state, path.scope, role.name), role }));
}

/** Who changed settings last, as PIM shows it. */
export function modifierView({ lastModifiedBy }: RolePolicy): JsonObject {
  return { id: null, displayName: lastModifiedBy ?? 'Admin', type: null, email: null };
}

/** At a subscription PIM writes the id of its settings with the provider in front, deeper down without. */
export function policyId({ scope, name }: RolePolicy): string {
  const isSubscription = /^\/subscriptions\/[^/]+$/i.test(scope);
  return pathAt(isSubscription ? `/providers/Microsoft.Subscription${scope}` : scope, 'roleManagementPolicies', name);
}

function policyView(policy: RolePolicy): JsonObject {
  const { scope, name, rules, effectiveRules, lastModifiedOn } = policy;
  return {
    properties: {
      scope,
      displayName: null,
      description: null,
      isOrganizationDefault: false,
      lastModifiedDateTime: lastModifiedOn ?? null,
      lastModifiedBy: modifierView(policy),
      rules,
      effectiveRules: effectiveRules ?? rules,
      policyProperties: { scope: scopeView(scope) },
    },
    name,
    id: policyId(policy),
    type: 'Microsoft.Authorization/RoleManagementPolicies',
  };
}

function standing({ world, state, path }: Asked): RolePolicy {
  checkScope(world, path.scope);
  const found = assignableAt(state, path.scope)
    .map(({ name }) => policyOf(state, path.scope, name))
    .find(({ name }) => sameText(name, path.name));
  if (found) return found;
  throw new ArmError(
    404,
    'InputPolicyNotFound',
    `The role management policy '${path.name ?? ''}' was not found at scope '${path.scope}'.`,
  );
}

export function getPolicy(asked: Asked): Answer {
  return { status: 200, body: policyView(standing(asked)) };
}

export function listPolicies(asked: Asked): Answer {
  return page(asked.world, asked.call, policiesAsked(asked), ({ policy }) => policyView(policy));
}

/** PATCH: rules that the body leaves out stay as they are. The settings get a new name, the old one leads nowhere. */
export function patchPolicy(asked: AskedToWrite): Answer {
  const { world, call, state, now } = asked;
  const before = standing(asked);
  const policy: RolePolicy = {
    name: world.random.guid(),
    scope: before.scope,
    role: before.role,
    rules: rulesAfter(before.rules, asked),
    lastModifiedOn: now.toISOString().replace('Z', '+00:00'),
    lastModifiedBy: call.actor.name ?? call.actor.appId ?? call.actor.objectId,
  };
  world.authorization.change({ policies: [...state.policies.filter((each) => each !== before), policy] });
  return { status: 200, body: policyView(policy) };
}

/** PIM has no PUT for settings and says so in this way. */
export function putPolicy(): never {
  throw new ArmError(400, 'NotImplemented', 'Not implemented exception');
}
