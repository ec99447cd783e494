/** Activating the Bastion role demands the authentication context, at every scope and through every group. */
import type { Finding, Severity } from '../finding';
import { ACTIVE, effectiveOf } from '../identity/effective';
import type { Identity, ObjectId, RoleSettings, ScopeKey } from '../identity/identity';
import type { Gap } from '../network/network';
import { textOf } from '../network/json';
import type { AccessPolicy } from '../policy/policy';
import {
  activationPaths,
  asksOnActivation,
  bastionAssignments,
  bastionRoleId,
  bastionRoleOf,
  bastionScopes,
} from './bastion-role';
import type { Checked, IdentityControl } from './control';
import { checked, findingOf, repair } from './identity-finding';
import { bounded, nameOfPrincipal, placeNameOf } from './identity-words';
import {
  CONTEXT_RULE,
  contextDemand,
  contextRules,
  demandsContext,
  groupSettingsAt,
  readings,
  settingsAction,
  settingsAt,
  settingsResource,
} from './role-settings-body';
import { activationsThatStay } from './weak-window';

const ID = 'activation-requires-context';

export const activationRequiresContext: IdentityControl = {
  kind: 'identity',
  id: ID,
  title: 'Activating the Bastion role demands the authentication context',
  why: 'The context is what carries the demand for phishing-resistant MFA into the activation. Where it is unticked, PIM is content with ordinary MFA or with none; and each scope has settings of its own, so one forgotten scope is enough.',
  references: [
    'https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-resource-roles-configure-role-settings',
    'https://learn.microsoft.com/entra/id-governance/privileged-identity-management/groups-role-settings',
  ],
  check,
};

function check(identity: Identity, policy: AccessPolicy, now: Date): Checked {
  const role = bastionRoleId(identity, policy);
  if (!asksOnActivation(policy) || role === undefined) return checked([]);
  const held = bastionScopes(identity, policy);
  const configured = identity.roleSettings.filter((settings) => settings.role === role).map(({ scope }) => scope);
  const scopes = [...new Set([...held, ...configured])].toSorted();
  const findings: Finding[] = [];
  const gaps: Gap[] = [];
  for (const scope of scopes) {
    const settings = settingsAt(identity, role, scope);
    const demand = contextDemand(settings, policy.identity.context);
    if (!settings || demand === 'unread') gaps.push(unread(settingsResource(scope, role), placeNameOf(scope)));
    else if (demand === 'another') {
      const staying = activationsThatStay(identity, policy, now, settings.modified, scope);
      const severity = held.includes(scope) ? 'critical' : 'medium';
      findings.push(roleFinding(settings, role, scope, severity, staying, identity, policy));
    }
  }
  const groups = groupsToActivate(identity, policy).map((each) => groupFinding(each, identity, policy));
  return checked(
    [...findings, ...groups.flatMap(({ finding }) => finding ?? [])],
    [...gaps, ...groups.flatMap(({ gap }) => gap ?? [])],
  );
}

function contextFound(settings: RoleSettings, { identity: { context } }: AccessPolicy): string {
  const rule = readings(settings, CONTEXT_RULE).find((each) => !demandsContext(each, context));
  if (rule?.isEnabled !== true) return 'none';
  return bounded(textOf(rule.claimValue) ?? 'one without a value');
}

function roleFinding(
  settings: RoleSettings,
  role: ObjectId,
  scope: ScopeKey,
  severity: Severity,
  staying: readonly string[],
  identity: Identity,
  policy: AccessPolicy,
): Finding {
  const { context } = policy.identity;
  const name = bounded(bastionRoleOf(identity, policy)?.name ?? policy.identity.bastionRole.name);
  const place = placeNameOf(scope);
  const instead = contextFound(settings, policy);
  const how = `without phishing-resistant MFA: the settings demand ${instead === 'none' ? 'no context' : `context ${instead}`}`;
  return findingOf({
    control: ID,
    resource: settingsResource(scope, role),
    severity,
    title: `Activating ${name} on ${place} does not demand authentication context ${context}`,
    cause: [role, scope],
    discrepancies: [{ setting: `authentication context for ${name} on ${place}`, wanted: context, found: instead }],
    paths: [...staying, ...activationPaths(identity, policy, how, scope)],
    remedies: [
      repair(`Demand context ${context} for ${name} on ${place}`, [
        settingsAction(scope, role, contextRules(settings, policy)),
      ]),
    ],
  });
}

interface GroupToActivate {
  readonly group: ObjectId;
  readonly as: 'member' | 'owner';
  readonly person: ObjectId;
}

/** Groups that have the role for good: then it is the membership that is activated, by its own settings. */
function groupsToActivate(identity: Identity, policy: AccessPolicy): readonly GroupToActivate[] {
  const { expand } = effectiveOf(identity);
  const found = new Map<string, GroupToActivate>();
  for (const { principal, holding } of bastionAssignments(identity, policy)) {
    if (!ACTIVE.includes(holding) && holding !== 'planned') continue;
    for (const { principal: person, chain } of expand(principal).paths) {
      for (const { group, as } of chain) {
        const role = as === 'eligible-member' ? 'member' : as === 'eligible-owner' ? 'owner' : undefined;
        if (role) found.set(`${group} ${role}`, found.get(`${group} ${role}`) ?? { group, as: role, person });
      }
    }
  }
  return [...found.values()];
}

function groupFinding(
  { group, as, person }: GroupToActivate,
  identity: Identity,
  policy: AccessPolicy,
): { readonly finding?: Finding; readonly gap?: Gap } {
  const { context } = policy.identity;
  const name = nameOfPrincipal(identity, group);
  const resource = `/groups/${group}/settings/${as}`;
  const settings = groupSettingsAt(identity, group, as);
  const demand = contextDemand(settings, context);
  if (!settings || demand === 'unread') return { gap: unread(resource, `${as}s of ${name}`) };
  if (demand === 'demanded') return {};
  const setting = `authentication context for ${as}s of ${name}`;
  const finding = findingOf({
    control: ID,
    resource,
    severity: 'critical',
    title: `Becoming ${as} of ${name}, which has the Bastion role, does not demand authentication context ${context}`,
    cause: ['group', group, as],
    discrepancies: [{ setting, wanted: context, found: contextFound(settings, policy) }],
    paths: [
      `${nameOfPrincipal(identity, person)} may activate being ${as} of ${name} and has the Bastion role by it, without phishing-resistant MFA`,
    ],
  });
  return { finding };
}

function unread(resource: string, where: string): Gap {
  const why = `what activation takes for ${where} was not read; allow reading role management policies, or export them`;
  return { resource, what: 'role-settings-unread', why, touchesAdminPort: true };
}
