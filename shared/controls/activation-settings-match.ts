/** What activating and assigning the Bastion role takes, besides the context, is what the policy says, at every scope. */
import type { Finding } from '../finding';
import type { Identity } from '../identity/identity';
import type { JsonObject } from '../network/json';
import type { AccessPolicy } from '../policy/policy';
import { activationChecks, type SettingCheck } from './activation-checks';
import { approvalFindings } from './approval-findings';
import { asksOnActivation, bastionRoleId, bastionRoleOf } from './bastion-role';
import type { Checked, IdentityControl } from './control';
import { checked, findingOf, repair } from './identity-finding';
import { bounded, placeNameOf } from './identity-words';
import { readings, settingsAction, settingsResource } from './role-settings-body';
import { ruleSetFindings } from './rule-set-findings';
import type { SettingsInPlace } from './settings-in-place';

const ID = 'activation-settings-match';

export const activationSettingsMatch: IdentityControl = {
  kind: 'identity',
  id: ID,
  title: 'Activating the Bastion role takes what the policy says, and for no longer',
  why: 'A justification and an approver make an activation somebody’s decision, and its end limits what a stolen session is worth. Settings hold at one scope each and change without a trace in the network.',
  references: [
    'https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-resource-roles-configure-role-settings',
    'https://learn.microsoft.com/graph/identity-governance-pim-rules-overview',
  ],
  check,
};

function check(identity: Identity, policy: AccessPolicy): Checked {
  const role = bastionRoleId(identity, policy);
  if (!asksOnActivation(policy) || role === undefined) return checked([]);
  const name = bounded(bastionRoleOf(identity, policy)?.name ?? policy.identity.bastionRole.name);
  // Settings that were not read are a gap of the control on the context.
  const places = identity.roleSettings
    .filter((settings) => settings.role === role && settings.rules.size + settings.effectiveRules.size > 0)
    .toSorted((a, b) => (a.scope < b.scope ? -1 : 1))
    .map((settings): SettingsInPlace => {
      const { scope } = settings;
      const where = `${name} on ${placeNameOf(scope)}`;
      return { control: ID, settings, role, scope, resource: settingsResource(scope, role), where };
    });
  return checked(
    places.flatMap((place) => [
      ...activationChecks(place.settings, policy).flatMap((each) => deviations(place, each)),
      ...approvalFindings(place, identity, policy),
      ...ruleSetFindings(place, policy),
    ]),
  );
}

function deviations(place: SettingsInPlace, judged: SettingCheck): Finding[] {
  const { settings, role, scope, resource, where } = place;
  const wrong = readings(settings, judged.rule).filter((rule) => !judged.isMet(rule));
  if (wrong.length === 0) return [];
  const found =
    wrong.map((rule: JsonObject | undefined) => (rule ? judged.found(rule) : 'the rule is missing'))[0] ?? '';
  return [
    findingOf({
      control: ID,
      resource,
      severity: judged.severity,
      title: `${where}: ${judged.setting} is ${found}, wanted is ${judged.wanted}`,
      cause: [role, scope, judged.rule, judged.setting],
      discrepancies: [{ setting: `${judged.setting} of ${where}`, wanted: judged.wanted, found }],
      remedies: [repair(`Restore ${judged.setting} of ${where}`, [settingsAction(scope, role, judged.mended())])],
    }),
  ];
}
