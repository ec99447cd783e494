// The 17 rules of a role's PIM settings: their ids, and what each says until somebody changes it.
import type { JsonObject } from '../azure/json';

export type RuleKind =
  | 'Expiration'
  | 'Enablement'
  | 'Approval'
  | 'AuthenticationContext'
  | 'Notification'
  | 'PimOnlyMode';
export type Caller = 'Admin' | 'EndUser';
export type Level = 'Eligibility' | 'Assignment';

/** What a rule's id says about it. */
export interface RuleForm {
  readonly id: string;
  readonly kind: RuleKind;
  readonly caller: Caller;
  readonly level: Level;
  /** Of a notification. */
  readonly recipient?: string;
}

const RECIPIENTS = ['Admin', 'Requestor', 'Approver'] as const;

function notifications(caller: Caller, level: Level): RuleForm[] {
  return RECIPIENTS.map((recipient) => ({
    id: `Notification_${recipient}_${caller}_${level}`,
    kind: 'Notification',
    caller,
    level,
    recipient,
  }));
}

function form(kind: RuleKind, caller: Caller, level: Level): RuleForm {
  return { id: `${kind}_${caller}_${level}`, kind, caller, level };
}

/** The rules of every role's settings, in the order in which Azure lists them. */
export const RULE_FORMS: readonly RuleForm[] = [
  form('Enablement', 'Admin', 'Eligibility'),
  form('Expiration', 'Admin', 'Eligibility'),
  ...notifications('Admin', 'Eligibility'),
  form('Enablement', 'Admin', 'Assignment'),
  form('Expiration', 'Admin', 'Assignment'),
  ...notifications('Admin', 'Assignment'),
  form('Approval', 'EndUser', 'Assignment'),
  form('AuthenticationContext', 'EndUser', 'Assignment'),
  form('Enablement', 'EndUser', 'Assignment'),
  form('Expiration', 'EndUser', 'Assignment'),
  ...notifications('EndUser', 'Assignment'),
];

/** A rule that only a preview of the API can write, and that settings lack until it has. */
export const PREVIEW_FORM: RuleForm = {
  id: 'PIMOnlyMode_Admin_Assignment',
  kind: 'PimOnlyMode',
  caller: 'Admin',
  level: 'Assignment',
};
export const PREVIEW_API = '2024-09-01-preview';

const LONGEST: Readonly<Record<string, string>> = {
  Expiration_Admin_Eligibility: 'P365D',
  Expiration_Admin_Assignment: 'P180D',
  Expiration_EndUser_Assignment: 'PT8H',
};

const ENABLED: Readonly<Record<string, readonly string[]>> = {
  Enablement_Admin_Eligibility: [],
  Enablement_Admin_Assignment: ['Justification'],
  Enablement_EndUser_Assignment: ['MultiFactorAuthentication', 'Justification'],
};

function defaultContent({ id, kind, recipient }: RuleForm): JsonObject {
  switch (kind) {
    case 'Expiration':
      return { isExpirationRequired: true, maximumDuration: LONGEST[id] };
    case 'Enablement':
      return { enabledRules: ENABLED[id] };
    case 'AuthenticationContext':
      return { isEnabled: false, claimValue: '' };
    case 'Notification':
      return {
        notificationType: 'Email',
        recipientType: recipient,
        isDefaultRecipientsEnabled: true,
        notificationLevel: 'All',
        notificationRecipients: [],
      };
    case 'PimOnlyMode':
      return { pimOnlyModeSettings: { mode: 'Disabled', excludes: [], excludedAssignmentTypes: [] } };
    case 'Approval':
      return {
        setting: {
          isApprovalRequired: false,
          isApprovalRequiredForExtension: false,
          isRequestorJustificationRequired: true,
          approvalMode: 'SingleStage',
          approvalStages: [
            {
              approvalStageTimeOutInDays: 1,
              isApproverJustificationRequired: true,
              escalationTimeInMinutes: 0,
              primaryApprovers: [],
              isEscalationEnabled: false,
              escalationApprovers: [],
            },
          ],
        },
      };
  }
}

/** The value of `ruleType` for a kind of rule. */
export function ruleType(kind: RuleKind): string {
  return `RoleManagementPolicy${kind}Rule`;
}

function defaultRule(given: RuleForm): JsonObject {
  const { id, kind, caller, level } = given;
  return {
    ...defaultContent(given),
    id,
    ruleType: ruleType(kind),
    target: {
      caller,
      operations: ['All'],
      level,
      targetObjects: null,
      inheritableSettings: null,
      enforcedSettings: null,
    },
  };
}

/** The settings of a role that nobody has touched. Source: the defaults that PIM shows for Azure resource roles. */
export const DEFAULT_RULES: readonly JsonObject[] = RULE_FORMS.map(defaultRule);
