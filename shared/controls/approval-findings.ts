/** Whether the right people approve activations, and whether they are others than those who activate. */
import type { Finding } from '../finding';
import { effectiveOf } from '../identity/effective';
import { type Identity, type ObjectId, objectIdOf } from '../identity/identity';
import { isObject, type JsonObject, listOf, objectOf, textOf } from '../network/json';
import type { AccessPolicy } from '../policy/policy';
import type { SettingsInPlace } from './settings-in-place';
import { eligiblePeople } from './bastion-role';
import { findingOf, repair } from './identity-finding';
import { knowsPeople, listed, nameOfPrincipal } from './identity-words';
import { readings, ruleWith, settingsAction } from './role-settings-body';

const RULE = 'Approval_EndUser_Assignment';

export function approvalFindings(place: SettingsInPlace, identity: Identity, policy: AccessPolicy): Finding[] {
  const wanted = policy.identity.activation.approvers;
  if (!wanted) return [];
  return [...settingFindings(place, wanted, identity), ...approverFindings(place, wanted, identity, policy)];
}

function settingFindings(place: SettingsInPlace, wanted: readonly ObjectId[], identity: Identity): Finding[] {
  const { control, settings, role, scope, resource, where } = place;
  const wrong = readings(settings, RULE).find((rule) => !isApprovedBy(rule, wanted));
  if (!wrong && readings(settings, RULE).every((rule) => rule !== undefined)) return [];
  const names = (ids: readonly ObjectId[]): string => listed(ids.map((id) => nameOfPrincipal(identity, id)));
  const approvers = approversIn(wrong);
  const found = objectOf(wrong?.setting).isApprovalRequired === true ? names(approvers) : 'not required';
  return [
    findingOf({
      control,
      resource,
      severity: 'high',
      title: `${where}: approval by ${names(wanted)} is wanted, found is ${found}`,
      cause: [role, scope, RULE],
      discrepancies: [{ setting: `approval of ${where}`, wanted: names(wanted), found }],
      remedies: [
        repair(
          `Restore the approvers of ${where}`,
          [settingsAction(scope, role, [approvalRule(place, wanted, identity)])],
          unknownIn(wanted, identity).length > 0
            ? { needsPerson: 'an approver of the policy is not in the directory, so nobody could activate' }
            : {},
        ),
      ],
    }),
  ];
}

function isApprovedBy(rule: JsonObject | undefined, wanted: readonly ObjectId[]): boolean {
  if (objectOf(rule?.setting).isApprovalRequired !== true) return false;
  const approvers = approversIn(rule);
  return approvers.length === wanted.length && wanted.every((id) => approvers.includes(id));
}

function approversIn(rule: JsonObject | undefined): ObjectId[] {
  const approvers = listOf(objectOf(rule?.setting).approvalStages).flatMap((each) => {
    const { primaryApprovers, isEscalationEnabled, escalationApprovers } = objectOf(each);
    // Whoever may approve once the others have not answered approves as well.
    return [...listOf(primaryApprovers), ...(isEscalationEnabled === true ? listOf(escalationApprovers) : [])];
  });
  const ids = approvers.flatMap((approver) => textOf(objectOf(approver).id) ?? []).map(objectIdOf);
  return [...new Set(ids)].toSorted();
}

/** `userType` is compared in this very casing when it is written. */
function approvalRule({ settings }: SettingsInPlace, wanted: readonly ObjectId[], identity: Identity): JsonObject {
  const raw = settings.rules.get(RULE) ?? settings.effectiveRules.get(RULE);
  const setting = objectOf(raw?.setting);
  const stage = listOf(setting.approvalStages).find(isObject) ?? {
    approvalStageTimeOutInDays: 1,
    isApproverJustificationRequired: true,
  };
  const noEscalation = { escalationTimeInMinutes: 0, isEscalationEnabled: false, escalationApprovers: null };
  const primaryApprovers = wanted.map((id) => ({
    id,
    description: nameOfPrincipal(identity, id),
    isBackup: false,
    userType: identity.groups.has(id) ? 'Group' : 'User',
  }));
  const approvalStages = [{ ...stage, ...noEscalation, primaryApprovers }];
  const approvalMode = 'SingleStage';
  return ruleWith(settings, RULE, { setting: { ...setting, isApprovalRequired: true, approvalMode, approvalStages } });
}

/** Approvers who are gone, or who are only those that activate: no change of the settings mends either. */
function approverFindings(
  { control, role, scope, resource, where }: SettingsInPlace,
  wanted: readonly ObjectId[],
  identity: Identity,
  policy: AccessPolicy,
): Finding[] {
  if (!knowsPeople(identity)) return [];
  const gone = unknownIn(wanted, identity).map((id) =>
    findingOf({
      control,
      resource,
      severity: 'medium',
      title: `${where}: approver ${id} is not in the directory`,
      cause: [role, scope, 'approver', id],
      discrepancies: [{ setting: `approver ${id}`, wanted: 'in the directory', found: 'not there' }],
    }),
  );
  const { expand } = effectiveOf(identity);
  const people = new Set(wanted.flatMap((id) => [id, ...expand(id).paths.map(({ principal }) => principal)]));
  const approvers = [...people].filter((id) => identity.principals.has(id) && !identity.groups.has(id));
  const eligible = new Set(eligiblePeople(identity, policy).map(({ person }) => person));
  if (approvers.length === 0 || approvers.some((id) => !eligible.has(id))) return gone;
  const found = listed(approvers.map((id) => nameOfPrincipal(identity, id)));
  return [
    ...gone,
    findingOf({
      control,
      resource,
      severity: 'medium',
      title: `${where}: everybody who approves may activate the role as well`,
      cause: [role, scope, 'approvers are eligible'],
      discrepancies: [{ setting: `approvers of ${where}`, wanted: 'somebody who cannot activate it', found }],
    }),
  ];
}

function unknownIn(ids: readonly ObjectId[], { principals, groups }: Identity): ObjectId[] {
  return ids.filter((id) => !groups.has(id) && (principals.get(id)?.kind ?? 'unknown') === 'unknown');
}
