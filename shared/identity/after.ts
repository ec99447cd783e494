/** What the identity settings become by an action: the model that proofs and tests of controls work with. */
import { isObject, type JsonObject, listOf, textOf } from '../network/json';
import type { IdentityAction } from './action';
import type { ConditionalAccessPolicy, Identity, RoleAssignment, RoleSettings } from './identity';
import { readPermission } from './read-roles';

/**
 * The identity once the action has been carried out; the one given is left alone. An action on something that is not
 * there changes nothing, as the service would refuse it.
 */
export function identityAfter(identity: Identity, action: IdentityAction): Identity {
  switch (action.kind) {
    case 'publish-context': {
      const id = action.context.toLowerCase();
      const contexts = new Map(identity.contexts).set(id, { id, name: action.name, isAvailable: true });
      return { ...identity, contexts };
    }
    case 'patch-conditional-access': {
      const changed = (policy: ConditionalAccessPolicy): ConditionalAccessPolicy =>
        policy.id === action.policy ? policyAfter(policy, action.changes) : policy;
      return { ...identity, policies: identity.policies.map(changed) };
    }
    case 'create-conditional-access':
      return { ...identity, policies: [...identity.policies, createdPolicy(action.name, action.body)] };
    case 'patch-role-settings': {
      const changed = (settings: RoleSettings): RoleSettings =>
        settings.role === action.role && settings.scope === action.scope
          ? settingsAfter(settings, action.rules)
          : settings;
      return { ...identity, roleSettings: identity.roleSettings.map(changed) };
    }
    case 'remove-assignment':
      return { ...identity, assignments: identity.assignments.filter((each) => !isRemoved(each, action)) };
    case 'restore-role':
      return roleAfter(identity, action);
  }
}

type Action<K extends IdentityAction['kind']> = Extract<IdentityAction, { readonly kind: K }>;

function policyAfter(policy: ConditionalAccessPolicy, changes: JsonObject): ConditionalAccessPolicy {
  const { conditions, grantControls, sessionControls, ...others } = changes;
  return {
    ...policy,
    name: textOf(others.displayName) ?? policy.name,
    state: textOf(others.state) ?? policy.state,
    conditions: isObject(conditions) ? patched(policy.conditions, conditions) : policy.conditions,
    grantControls: controlsAfter(policy.grantControls, grantControls),
    sessionControls: controlsAfter(policy.sessionControls, sessionControls),
  };
}

function controlsAfter(before: JsonObject | null, change: unknown): JsonObject | null {
  if (change === undefined) return before;
  return isObject(change) ? patched(before ?? {}, change) : null;
}

/** Graph keeps what a PATCH leaves out, at every depth; lists are replaced as wholes, and so is a referenced strength. */
function patched(before: JsonObject, change: JsonObject): JsonObject {
  const entries = Object.entries(change).map(([key, value]): [string, unknown] => {
    const old = before[key];
    const isReference = key === 'authenticationStrength';
    return [key, isObject(value) && isObject(old) && !isReference ? patched(old, value) : value];
  });
  return { ...before, ...Object.fromEntries(entries) };
}

/** Its id is the service's to choose; until then it goes by its name. */
function createdPolicy(name: string, body: JsonObject): ConditionalAccessPolicy {
  const empty = { id: `new:${name.toLowerCase()}`, name, state: 'disabled', conditions: {}, grantControls: null };
  return policyAfter({ ...empty, sessionControls: null }, body);
}

function settingsAfter(settings: RoleSettings, rules: readonly JsonObject[]): RoleSettings {
  const changed = rules.flatMap((rule): [string, JsonObject][] => {
    const id = textOf(rule.id);
    return id === undefined ? [] : [[id, rule]];
  });
  return {
    ...settings,
    rules: new Map([...settings.rules, ...changed]),
    effectiveRules: new Map([...settings.effectiveRules, ...changed]),
  };
}

/** Removing is about a role, a principal and a scope, however many entries say that one thing. */
function isRemoved(assignment: RoleAssignment, action: Action<'remove-assignment'>): boolean {
  return (
    assignment.role === action.role &&
    assignment.principal === action.principal &&
    assignment.scope === action.scope &&
    assignment.holding === action.holding
  );
}

/** The permissions come as ARM's list of them or, where there is one only, as that one. */
function roleAfter(identity: Identity, { role, permissions }: Action<'restore-role'>): Identity {
  const before = identity.roles.get(role);
  if (!before) return identity;
  const list = Array.isArray(permissions.permissions) ? listOf(permissions.permissions) : [permissions];
  const restored = { ...before, permissions: list.map(readPermission) };
  return { ...identity, roles: new Map(identity.roles).set(role, restored) };
}
