// What PIM accepts as a rule of a role's settings: whole objects only, each fitting its id.
import { ArmError } from '../azure/arm-error';
import type { JsonObject } from '../azure/json';
import { at, isObject, listAt, objectAt, textAt, textsAt } from '../azure/json';
import type { Asked, AskedToWrite } from './asked';
import type { RuleForm } from './management-rules';
import { PREVIEW_API, PREVIEW_FORM, RULE_FORMS, ruleType } from './management-rules';
import type { Principals } from './principal';

const ENABLEMENTS = ['MultiFactorAuthentication', 'Justification', 'Ticketing'];
// Activations last up to a day in steps of half an hour; assignments one of the lengths that PIM offers.
const ACTIVATION = /^(?:P1D|PT24H|PT30M|PT(?:[1-9]|1\d|2[0-3])H(?:30M)?)$/;
const ASSIGNMENT = /^P(?:15|30|90|180|365)D$|^P1Y$/;
const CONTEXT = /^c(?:[1-9]|[1-9]\d)$/;

function invalid(reason: string): ArmError {
  return new ArmError(400, 'InvalidPolicy', `The policy is invalid. ${reason}`);
}

function targetProblem(rule: JsonObject, { caller, level }: RuleForm): string | undefined {
  const target = objectAt(rule, 'target');
  if (target.caller !== caller) return `its target's caller is not ${caller}`;
  if (target.level !== level) return `its target's level is not ${level}`;
  return textsAt(target, 'operations').length === 0 ? 'its target names no operations' : undefined;
}

function expirationProblem(rule: JsonObject, { caller }: RuleForm): string | undefined {
  if (typeof rule.isExpirationRequired !== 'boolean') return 'isExpirationRequired is missing';
  const longest = textAt(rule, 'maximumDuration') ?? '';
  const isOffered = (caller === 'EndUser' ? ACTIVATION : ASSIGNMENT).test(longest);
  return isOffered ? undefined : `maximumDuration '${longest}' is not offered`;
}

function enablementProblem(rule: JsonObject): string | undefined {
  if (!Array.isArray(rule.enabledRules)) return 'enabledRules is missing';
  const unknown = rule.enabledRules.filter((each) => !ENABLEMENTS.includes(String(each)));
  return unknown.length === 0 ? undefined : `enabledRules holds ${unknown.join(', ')}`;
}

function contextProblem(rule: JsonObject): string | undefined {
  if (typeof rule.isEnabled !== 'boolean') return 'isEnabled is missing';
  if (rule.isEnabled && !CONTEXT.test(textAt(rule, 'claimValue') ?? ''))
    return 'claimValue is no context from c1 to c99';
  return undefined;
}

function notificationProblem(rule: JsonObject, { recipient }: RuleForm): string | undefined {
  if (rule.notificationType !== 'Email') return "notificationType is not 'Email'";
  if (rule.recipientType !== recipient) return `recipientType is not ${recipient ?? ''}`;
  if (!['None', 'Critical', 'All'].includes(String(rule.notificationLevel))) return 'notificationLevel is missing';
  if (typeof rule.isDefaultRecipientsEnabled !== 'boolean') return 'isDefaultRecipientsEnabled is missing';
  return undefined;
}

function modeProblem(rule: JsonObject): string | undefined {
  const mode = textAt(rule, 'pimOnlyModeSettings', 'mode') ?? '';
  return ['Disabled', 'Enabled', 'ReportOnly'].includes(mode) ? undefined : `there is no mode '${mode}'`;
}

/** `userType` is compared as written: PIM takes `User` and `Group` only. */
function approverProblem(approver: JsonObject, principals: Principals): string | undefined {
  const id = textAt(approver, 'id') ?? '';
  if (approver.userType !== 'User' && approver.userType !== 'Group') return `the approver '${id}' has no userType`;
  const found = principals.find(id);
  if (!found && principals.isComplete()) return `the approver '${id}' does not exist`;
  return found && found.type !== approver.userType ? `the approver '${id}' is no ${approver.userType}` : undefined;
}

function approvalProblem(rule: JsonObject, principals: Principals): string | undefined {
  const setting = objectAt(rule, 'setting');
  if (typeof setting.isApprovalRequired !== 'boolean') return 'isApprovalRequired is missing';
  if (!setting.isApprovalRequired) return undefined;
  const stages = listAt(setting, 'approvalStages');
  const approvers = stages.flatMap((stage) => listAt(stage, 'primaryApprovers'));
  if (stages.length !== 1) return 'approval needs one stage';
  if (approvers.length === 0) return 'approval needs an approver';
  return approvers.map((each) => approverProblem(each, principals)).find((problem) => problem !== undefined);
}

function contentProblem(rule: JsonObject, form: RuleForm, principals: Principals): string | undefined {
  switch (form.kind) {
    case 'Expiration':
      return expirationProblem(rule, form);
    case 'Enablement':
      return enablementProblem(rule);
    case 'AuthenticationContext':
      return contextProblem(rule);
    case 'Notification':
      return notificationProblem(rule, form);
    case 'PimOnlyMode':
      return modeProblem(rule);
    case 'Approval':
      return approvalProblem(rule, principals);
  }
}

function formOf(id: unknown, apiVersion: string): RuleForm | undefined {
  const forms = apiVersion === PREVIEW_API ? [...RULE_FORMS, PREVIEW_FORM] : RULE_FORMS;
  return forms.find((form) => form.id === id);
}

function checkRule(rule: unknown, { principals, call }: Asked): JsonObject {
  if (!isObject(rule)) throw invalid('A rule is not an object.');
  const form = formOf(rule.id, call.apiVersion);
  if (!form) throw invalid(`There is no rule '${textAt(rule, 'id') ?? ''}'.`);
  const problem =
    (rule.ruleType === ruleType(form.kind) ? undefined : `its ruleType is not ${ruleType(form.kind)}`) ??
    targetProblem(rule, form) ??
    contentProblem(rule, form, principals);
  if (problem !== undefined) throw invalid(`Rule '${form.id}': ${problem}.`);
  return rule;
}

function ruleOf(rules: readonly JsonObject[], id: string): JsonObject | undefined {
  return rules.find((rule) => rule.id === id);
}

/** MFA and an authentication context exclude each other: the context asks for it already. */
function checkTogether(rules: readonly JsonObject[]): void {
  const asksForContext = ruleOf(rules, 'AuthenticationContext_EndUser_Assignment')?.isEnabled === true;
  const enabled = textsAt(ruleOf(rules, 'Enablement_EndUser_Assignment'), 'enabledRules');
  if (!asksForContext || !enabled.includes('MultiFactorAuthentication')) return;
  throw new ArmError(
    400,
    'MfaAndAcrsConflict',
    'The policy is invalid: MultiFactorAuthentication and an authentication context cannot both be required on activation.',
  );
}

/**
 * The settings after a PATCH: its rules in the place of the standing ones, the others as they were. Refuses with
 * `InvalidPolicy` or `MfaAndAcrsConflict`, and then nothing has changed.
 */
export function rulesAfter(standing: readonly JsonObject[], asked: AskedToWrite): readonly JsonObject[] {
  const given = at(asked.body, 'properties', 'rules');
  if (!Array.isArray(given) || given.length === 0) throw invalid('There are no rules.');
  const checked = given.map((rule: unknown) => checkRule(rule, asked));
  const rules = standing.map((rule) => ruleOf(checked, textAt(rule, 'id') ?? '') ?? rule);
  const added = checked.filter(({ id }) => !standing.some((rule) => rule.id === id));
  checkTogether([...rules, ...added]);
  return [...rules, ...added];
}
