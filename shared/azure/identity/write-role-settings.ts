/** Writes rules of a role's PIM settings at one scope: whole rules, all in one PATCH, under the name of this moment. */
import type { IdentityAction } from '../../identity/action';
import type { ObjectId, ScopeKey } from '../../identity/identity';
import { objectIdOf } from '../../identity/identity';
import { isObject, type JsonObject, listOf, propertiesOf, textOf } from '../../network/json';
import type { SettingChange } from '../../remediation/outcome';
import { readArmPages } from './arm-pages';
import type { Authorization } from './authorization';
import { authorizationPath, idOf, pathOf, roleDefinitionAt } from './authorization-path';
import { differences } from './differences';
import { ALREADY, seenBy, SUPERSEDED, type Writing, type Written } from './writing';

type Rules = ReadonlyMap<string, JsonObject>;

interface Settings {
  readonly name: string;
  readonly rules: Rules;
  readonly inForce: Rules;
}

/**
 * PATCHes the rules. The typed client would drop what its model does not know (`pimOnlyModeSettings`), so they go out raw;
 * and apart they would be refused (MfaAndAcrsConflict), so they go out together.
 */
export async function writeRoleSettings(
  action: Extract<IdentityAction, { readonly kind: 'patch-role-settings' }>,
  writing: Writing,
): Promise<Written> {
  const { arm, mayWrite } = writing;
  const { scope, role, rules } = action;
  const before = await settingsAt(arm, scope, role);
  if (!before) return SUPERSEDED;
  const changes = changesBy(before, rules);
  if (changes.length === 0) return ALREADY;
  if (rules.some((rule) => hasMoved(rule, before, action, writing))) return SUPERSEDED;
  writing.checkLaws(writing.identity);
  const path = authorizationPath(scope, 'roleManagementPolicies', before.name);
  const requestIds = await arm.write(idOf(path), mayWrite, (_, raw) => raw('PATCH', path, { properties: { rules } }));
  return await seenBy(writing, requestIds, changes, async () => {
    // The name has changed with the write.
    const after = await settingsAt(arm, scope, role);
    return after !== undefined && changesBy(after, rules).length === 0;
  });
}

/** The settings of the role at exactly this scope, found by their assignment: the name changes with every update. */
async function settingsAt(arm: Authorization, scope: ScopeKey, role: ObjectId): Promise<Settings | undefined> {
  const filter = `roleDefinitionId eq '${roleDefinitionAt(scope, role)}'`;
  const list = await readArmPages(arm, authorizationPath(scope, 'roleManagementPolicyAssignments', undefined, filter));
  if (list.error) throw list.error;
  const assignment = list.items
    .map(propertiesOf)
    .find(({ roleDefinitionId }) => objectIdOf(textOf(roleDefinitionId) ?? '') === role);
  const policyId = textOf(assignment?.policyId);
  if (policyId === undefined) return undefined;
  const name = policyId.slice(policyId.lastIndexOf('/') + 1);
  const policy = await arm.readIfThere(
    pathOf(`${scope === '/' ? '' : scope}/providers/Microsoft.Authorization/roleManagementPolicies/${name}`),
  );
  return policy && { name, rules: rulesIn(propertiesOf(policy).rules), inForce: rulesIn(assignment?.effectiveRules) };
}

function rulesIn(value: unknown): Rules {
  return new Map(listOf(value).flatMap((rule) => (isObject(rule) ? [[textOf(rule.id) ?? '', rule] as const] : [])));
}

/** What has to change in what is set or, where that is right already, in what is in force. */
function changesBy({ rules, inForce }: Settings, wanted: readonly JsonObject[]): SettingChange[] {
  return wanted.flatMap((rule) => {
    const id = textOf(rule.id) ?? '';
    const set = differences(rules.get(id), rule, id);
    return set.length > 0 || inForce.size === 0 ? set : differences(inForce.get(id), rule, id);
  });
}

/** Whether somebody else has changed the rule since the look, or since we wrote it: a whole rule would undo what they meant. */
function hasMoved(
  rule: JsonObject,
  { rules }: Settings,
  action: Extract<IdentityAction, { readonly kind: 'patch-role-settings' }>,
  { identity }: Writing,
): boolean {
  const id = textOf(rule.id) ?? '';
  const looked = identity.roleSettings.find((each) => each.role === action.role && each.scope === action.scope);
  const seen = looked?.rules.get(id);
  const now = rules.get(id);
  return seen !== undefined && (now === undefined || differences(now, seen).length > 0);
}
