/** The rules of PIM role settings that the policy has a say in, each with how it is judged and mended. */
import type { Severity } from '../finding';
import type { RoleSettings } from '../identity/identity';
import { secondsOf } from '../identity/instant';
import type { JsonObject } from '../network/json';
import type { AccessPolicy } from '../policy/policy';
import { ACTIVATION_RULE, contextRules, enabledIn, ruleWith } from './role-settings-body';
import { said } from './sign-in-shortcomings';

export interface SettingCheck {
  /** The rule's id. */
  readonly rule: string;
  /** The setting in words. */
  readonly setting: string;
  readonly wanted: string;
  readonly severity: Severity;
  readonly isMet: (rule: JsonObject | undefined) => boolean;
  readonly found: (rule: JsonObject) => string;
  /** Whole rules as they have to be written. */
  readonly mended: () => readonly JsonObject[];
}

export function activationChecks(settings: RoleSettings, policy: AccessPolicy): readonly SettingCheck[] {
  const { activation, eligibility } = policy.identity;
  return [
    ...enablementChecks(settings, policy),
    {
      ...limit(settings, 'Expiration_EndUser_Assignment', activation.maximumDuration),
      setting: 'longest activation',
    },
    {
      ...limit(settings, 'Expiration_Admin_Eligibility', eligibility.maximumDuration),
      setting: 'longest eligibility',
    },
    assignmentEnd(settings),
    assignmentReason(settings),
  ];
}

const WORDS = { Justification: 'justification at activation', Ticketing: 'ticket number at activation' } as const;

function enablementChecks(settings: RoleSettings, policy: AccessPolicy): SettingCheck[] {
  const { justification, ticket } = policy.identity.activation;
  const asked = [...(justification ? ['Justification' as const] : []), ...(ticket ? ['Ticketing' as const] : [])];
  const mended = (): readonly JsonObject[] => contextRules(settings, policy);
  const required = asked.map(
    (name): SettingCheck => ({
      rule: ACTIVATION_RULE,
      setting: WORDS[name],
      wanted: 'required',
      severity: 'medium',
      isMet: (rule) => enabledIn(rule).includes(name),
      found: () => 'not required',
      mended,
    }),
  );
  const withoutMfa: SettingCheck = {
    rule: ACTIVATION_RULE,
    setting: 'ordinary MFA at activation',
    wanted: 'left to the authentication context',
    severity: 'medium',
    isMet: (rule) => !enabledIn(rule).includes('MultiFactorAuthentication'),
    found: () => 'demanded in place of the context',
    mended,
  };
  return [...required, withoutMfa];
}

/** A shorter limit than the policy's is stricter, and stays. */
function limit(settings: RoleSettings, id: string, maximum: string): Omit<SettingCheck, 'setting'> {
  const most = secondsOf(maximum) ?? 0;
  return {
    rule: id,
    wanted: `${maximum} at most`,
    severity: 'medium',
    isMet: (rule) => {
      const seconds = secondsOf(rule?.maximumDuration);
      return rule?.isExpirationRequired === true && seconds !== undefined && seconds <= most;
    },
    found: (rule) => (rule.isExpirationRequired === true ? said(rule.maximumDuration) : 'without limit'),
    mended: () => [ruleWith(settings, id, { isExpirationRequired: true, maximumDuration: maximum })],
  };
}

const ASSIGNMENT_END = 'Expiration_Admin_Assignment';
/** The shortest that Azure takes for an assignment; said only where nothing usable is set. */
const SHORTEST_ASSIGNMENT = 'P15D';

function assignmentEnd(settings: RoleSettings): SettingCheck {
  const raw = settings.rules.get(ASSIGNMENT_END)?.maximumDuration;
  const maximumDuration = secondsOf(raw) === undefined ? SHORTEST_ASSIGNMENT : raw;
  return {
    rule: ASSIGNMENT_END,
    setting: 'end of active assignments',
    wanted: 'required',
    severity: 'medium',
    isMet: (rule) => rule?.isExpirationRequired === true,
    found: () => 'not required',
    mended: () => [ruleWith(settings, ASSIGNMENT_END, { isExpirationRequired: true, maximumDuration })],
  };
}

const ASSIGNMENT_REASON = 'Enablement_Admin_Assignment';

function assignmentReason(settings: RoleSettings): SettingCheck {
  const kept = enabledIn(settings.rules.get(ASSIGNMENT_REASON) ?? settings.effectiveRules.get(ASSIGNMENT_REASON));
  return {
    rule: ASSIGNMENT_REASON,
    setting: 'justification of active assignments',
    wanted: 'required',
    severity: 'low',
    isMet: (rule) => enabledIn(rule).includes('Justification'),
    found: () => 'not required',
    mended: () => [ruleWith(settings, ASSIGNMENT_REASON, { enabledRules: [...new Set([...kept, 'Justification'])] })],
  };
}
