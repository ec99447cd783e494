/** Whether a role's PIM settings hold the rules that are known, no others, and are in force as they are set. */
import type { Finding } from '../finding';
import type { ObjectId } from '../identity/identity';
import { isObject, type JsonObject, listOf, objectOf, textOf } from '../network/json';
import type { AccessPolicy } from '../policy/policy';
import type { SettingsInPlace } from './settings-in-place';
import { findingOf } from './identity-finding';
import { bounded, listed } from './identity-words';

const TARGETS = ['Admin_Eligibility', 'Admin_Assignment', 'EndUser_Assignment'] as const;

/** https://learn.microsoft.com/graph/identity-governance-pim-rules-overview */
export const RULE_IDS: readonly string[] = [
  ...TARGETS.flatMap((target) => [`Expiration_${target}`, `Enablement_${target}`]),
  'Approval_EndUser_Assignment',
  'AuthenticationContext_EndUser_Assignment',
  ...TARGETS.flatMap((target) => ['Admin', 'Requestor', 'Approver'].map((who) => `Notification_${who}_${target}`)),
];

/** Of a preview: that the role can be assigned through PIM only. */
const PIM_ONLY = 'PIMOnlyMode_Admin_Assignment';

export function ruleSetFindings(place: SettingsInPlace, policy: AccessPolicy): Finding[] {
  const { rules, effectiveRules } = place.settings;
  const set = rules.size > 0 ? rules : effectiveRules;
  const missing = RULE_IDS.filter((id) => !set.has(id));
  const unknown = [...set.keys()].filter((id) => id !== PIM_ONLY && !RULE_IDS.includes(id)).toSorted();
  const apart = rules.size > 0 && effectiveRules.size > 0 ? apartIn(rules, effectiveRules) : [];
  return [
    ...(missing.length > 0 ? [ruleFinding(place, 'missing rules', 'none', missing)] : []),
    ...(unknown.length > 0 ? [ruleFinding(place, 'unknown rules', 'none', unknown)] : []),
    ...(apart.length > 0 ? [ruleFinding(place, 'rules that are set but not in force', 'none', apart)] : []),
    ...pimOnlyFindings(place, set.get(PIM_ONLY), policy),
  ];
}

function ruleFinding(place: SettingsInPlace, setting: string, wanted: string, ids: readonly string[]): Finding {
  const { control, role, scope, resource, where } = place;
  const found = listed(ids.map(bounded), 17);
  return findingOf({
    control,
    resource,
    severity: 'low',
    title: `${where}: ${setting}: ${listed(ids.map(bounded), 3)}`,
    cause: [role, scope, setting, ...ids],
    discrepancies: [{ setting: `${setting} of ${where}`, wanted, found }],
  });
}

function apartIn(rules: ReadonlyMap<string, JsonObject>, effective: ReadonlyMap<string, JsonObject>): string[] {
  const ids = [...new Set([...rules.keys(), ...effective.keys()])].toSorted();
  return ids.filter((id) => plain(rules.get(id)) !== plain(effective.get(id)));
}

/** Without what says nothing: the order of properties and of lists, and null, absent or empty. */
function plain(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '' : `[${value.map(plain).toSorted().join(',')}]`;
  if (!isObject(value)) return value === null || value === undefined ? '' : JSON.stringify(value);
  const told = Object.entries(value).map(([key, each]): [string, string] => [key, plain(each)]);
  const pairs = told.filter(([, text]) => text !== '').map(([key, text]) => `${JSON.stringify(key)}:${text}`);
  return pairs.length === 0 ? '' : `{${pairs.toSorted().join(',')}}`;
}

/** Where the preview is in use, it has to be on, and to except nobody but whom the policy lets stand. */
function pimOnlyFindings(place: SettingsInPlace, rule: JsonObject | undefined, policy: AccessPolicy): Finding[] {
  if (!rule) return [];
  const settings = objectOf(rule.pimOnlyModeSettings);
  const { allowedStanding, guardrailIdentities, breakGlass } = policy.identity;
  const allowed: ReadonlySet<ObjectId> = new Set([
    ...allowedStanding.map(({ principal }) => principal),
    ...guardrailIdentities,
    ...breakGlass,
  ]);
  const excepted = listOf(settings.excludes)
    .flatMap((each) => textOf(objectOf(each).id)?.toLowerCase() ?? [])
    .filter((id) => !allowed.has(id))
    .toSorted();
  const mode = textOf(settings.mode) ?? 'not set';
  const isOn = mode.toLowerCase() === 'enabled';
  const { control, role, scope, resource, where } = place;
  const finding = (setting: string, wanted: string, found: string, cause: string): Finding =>
    findingOf({
      control,
      resource,
      severity: 'low',
      title: `${where}: ${setting} is ${found}, wanted is ${wanted}`,
      cause: [role, scope, PIM_ONLY, cause],
      discrepancies: [{ setting: `${setting} of ${where}`, wanted, found }],
    });
  return [
    ...(isOn ? [] : [finding('assignment through PIM only', 'on', bounded(mode), 'mode')]),
    ...excepted.map((id) => finding('exceptions from assignment through PIM only', 'nobody else', bounded(id), id)),
  ];
}
