/** Rules of PIM role settings as they are written: whole, with their target, from what was read. */
import type { IdentityAction } from '../identity/action';
import { type Identity, type ObjectId, type RoleSettings, type ScopeKey } from '../identity/identity';
import { isObject, type JsonObject, listOf, textOf } from '../network/json';
import type { AccessPolicy } from '../policy/policy';

export const CONTEXT_RULE = 'AuthenticationContext_EndUser_Assignment';
export const ACTIVATION_RULE = 'Enablement_EndUser_Assignment';

const RULE_TYPES: Readonly<Record<string, string>> = {
  Expiration: 'RoleManagementPolicyExpirationRule',
  Enablement: 'RoleManagementPolicyEnablementRule',
  Approval: 'RoleManagementPolicyApprovalRule',
  AuthenticationContext: 'RoleManagementPolicyAuthenticationContextRule',
  Notification: 'RoleManagementPolicyNotificationRule',
};

/** The settings of the role at exactly this scope: they are not inherited. */
export function settingsAt({ roleSettings }: Identity, role: ObjectId, scope: ScopeKey): RoleSettings | undefined {
  return roleSettings.find((settings) => settings.role === role && settings.scope === scope);
}

/** The rule as it is set and as it is in force, as far as either was read; undefined stands for one that is not there. */
export function readings({ rules, effectiveRules }: RoleSettings, id: string): readonly (JsonObject | undefined)[] {
  return [rules, effectiveRules].filter((each) => each.size > 0).map((each) => each.get(id));
}

/** The settings of being a member or an owner of a group, in PIM for Groups. */
export function groupSettingsAt(
  { roleSettings }: Identity,
  id: ObjectId,
  as: 'member' | 'owner',
): RoleSettings | undefined {
  return roleSettings.find(({ group }) => group?.id === id && group.as === as);
}

/** Whether activating takes the context, as it is set and as it is in force; `another` stands for none as well. */
export function contextDemand(settings: RoleSettings | undefined, context: string): 'demanded' | 'another' | 'unread' {
  const rules = settings === undefined ? [] : readings(settings, CONTEXT_RULE);
  if (rules.length === 0) return 'unread';
  return rules.every((rule) => demandsContext(rule, context)) ? 'demanded' : 'another';
}

/** Whole, because a partial rule is refused (InvalidPolicy), and from what was read, so that nothing unknown is lost. */
export function ruleWith({ rules, effectiveRules }: RoleSettings, id: string, values: JsonObject): JsonObject {
  const raw = rules.get(id) ?? effectiveRules.get(id) ?? {};
  const [kind = '', caller = '', level = ''] = id.split('_');
  const target = isObject(raw.target)
    ? raw.target
    : { caller, operations: ['All'], level, targetObjects: [], inheritableSettings: [], enforcedSettings: [] };
  return { ...raw, id, ruleType: textOf(raw.ruleType) ?? RULE_TYPES[kind], ...values, target };
}

/** What activating takes besides the context; the context stands in for MFA, and Azure refuses both at once. */
function wantedEnablement(settings: RoleSettings, { identity }: AccessPolicy): JsonObject {
  const raw = settings.rules.get(ACTIVATION_RULE) ?? settings.effectiveRules.get(ACTIVATION_RULE);
  const kept = enabledIn(raw).filter((each) => each !== 'MultiFactorAuthentication');
  const { justification, ticket } = identity.activation;
  const asked = [...(justification ? ['Justification'] : []), ...(ticket ? ['Ticketing'] : [])];
  return ruleWith(settings, ACTIVATION_RULE, { enabledRules: [...new Set([...kept, ...asked])] });
}

/** Context and enablement in one: sent apart, the first is refused (MfaAndAcrsConflict) or leaves a moment with neither. */
export function contextRules(settings: RoleSettings, policy: AccessPolicy): readonly JsonObject[] {
  const context = { isEnabled: true, claimValue: policy.identity.context };
  return [ruleWith(settings, CONTEXT_RULE, context), wantedEnablement(settings, policy)];
}

export function enabledIn(rule: JsonObject | undefined): readonly string[] {
  return listOf(rule?.enabledRules).flatMap((each) => (typeof each === 'string' ? [each] : []));
}

export function settingsAction(scope: ScopeKey, role: ObjectId, rules: readonly JsonObject[]): IdentityAction {
  return { kind: 'patch-role-settings', scope, role, rules };
}

/** Settings under a name that stays: the id of the policy behind them changes with every update. */
export function settingsResource(scope: ScopeKey, role: ObjectId): string {
  return `${scope === '/' ? '' : scope}/providers/microsoft.authorization/rolemanagementpolicies/${role}`;
}

/** Whether the rule demands the authentication context. */
export function demandsContext(rule: JsonObject | undefined, context: string): boolean {
  return rule?.isEnabled === true && textOf(rule.claimValue)?.toLowerCase() === context;
}
