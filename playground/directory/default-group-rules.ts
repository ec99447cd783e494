// The seventeen PIM rules that hold for a group until somebody changes them.
import type { JsonObject } from '../azure/json';

type Who = 'Admin' | 'EndUser';
type What = 'Eligibility' | 'Assignment';

function target(caller: Who, level: What): JsonObject {
  return {
    caller,
    operations: ['All'],
    level,
    inheritableSettings: [],
    enforcedSettings: [],
  };
}

function rule(kind: string, id: string, caller: Who, level: What, settings: JsonObject): JsonObject {
  return {
    '@odata.type': `#microsoft.graph.unifiedRoleManagementPolicy${kind}Rule`,
    id,
    ...settings,
    target: target(caller, level),
  };
}

function expiration(caller: Who, level: What, isExpirationRequired: boolean, maximumDuration: string): JsonObject {
  const id = `Expiration_${caller}_${level}`;
  return rule('Expiration', id, caller, level, { isExpirationRequired, maximumDuration });
}

function enablement(caller: Who, level: What, enabledRules: readonly string[]): JsonObject {
  return rule('Enablement', `Enablement_${caller}_${level}`, caller, level, { enabledRules });
}

function notification(recipientType: string, caller: Who, level: What): JsonObject {
  return rule('Notification', `Notification_${recipientType}_${caller}_${level}`, caller, level, {
    notificationType: 'Email',
    recipientType,
    notificationLevel: 'All',
    isDefaultRecipientsEnabled: true,
    notificationRecipients: [],
  });
}

const TARGETS = [
  ['Admin', 'Eligibility'],
  ['Admin', 'Assignment'],
  ['EndUser', 'Assignment'],
] as const;

/** Source: "Overview of role management through the PIM API", rules in PIM for Groups. */
export const DEFAULT_GROUP_RULES: readonly JsonObject[] = [
  expiration('Admin', 'Eligibility', false, 'P365D'),
  enablement('Admin', 'Eligibility', []),
  expiration('Admin', 'Assignment', false, 'P180D'),
  enablement('Admin', 'Assignment', ['Justification']),
  expiration('EndUser', 'Assignment', true, 'PT8H'),
  enablement('EndUser', 'Assignment', ['Justification', 'MultiFactorAuthentication']),
  rule('Approval', 'Approval_EndUser_Assignment', 'EndUser', 'Assignment', {
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
          isEscalationEnabled: false,
          primaryApprovers: [],
          escalationApprovers: [],
        },
      ],
    },
  }),
  rule('AuthenticationContext', 'AuthenticationContext_EndUser_Assignment', 'EndUser', 'Assignment', {
    isEnabled: false,
    claimValue: '',
  }),
  ...TARGETS.flatMap(([caller, level]) =>
    ['Admin', 'Requestor', 'Approver'].map((recipient) => notification(recipient, caller, level)),
  ),
];
