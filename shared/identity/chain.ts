/** The chain of a sign-in: role → settings → context → policies → strength, and whom it leaves out. */
import { objectOf } from '../network/json';
import type { Gap } from '../network/network';
import { unreadGroups } from './blind-spots';
import { effectiveOf } from './effective';
import type { AuthenticationContext, Identity, ObjectId, RoleSettings, ScopeKey } from './identity';
import type { Membership } from './membership';
import { type SignInTarget, targets } from './narrowing';
import { idsIn, type PolicyReading, readingOf } from './policy-reading';

/** The settings of a role at one scope at which somebody has it or may activate it: they are inherited from nowhere. */
export interface SettingsAt {
  readonly scope: ScopeKey;
  /** Undefined where they were not read. */
  readonly settings?: RoleSettings;
  /** The context that activating takes; undefined where it takes none. */
  readonly context?: string;
}

/** The settings of a group that somebody may join by PIM for Groups, and which has the role. */
export interface GroupSettingsAt {
  readonly group: ObjectId;
  readonly as: 'member' | 'owner';
  readonly settings?: RoleSettings;
  readonly context?: string;
}

/** Somebody who may activate the role, or a membership by which they have it. */
export interface EligiblePerson {
  readonly principal: ObjectId;
  readonly scope: ScopeKey;
  /** Empty where the assignment is their own. */
  readonly membership: readonly Membership[];
  /** Ids of the policies that exclude them. */
  readonly excludedBy: readonly ObjectId[];
  /** Whether activating takes the context at some step, and an enforced policy asks them for a phishing-resistant sign-in. */
  readonly isGuarded: boolean;
}

export interface Chain {
  readonly settings: readonly SettingsAt[];
  readonly groupSettings: readonly GroupSettingsAt[];
  /** Undefined where it does not exist, or the target is an application. */
  readonly context?: AuthenticationContext;
  /** Those about the target, enforced ones first. */
  readonly policies: readonly PolicyReading[];
  readonly eligible: readonly EligiblePerson[];
  /** What was not read and could break the chain. */
  readonly gaps: readonly Gap[];
}

/** Follows the chain for one role. For an application as target, what activation asks for does not matter. */
export function chainOf(identity: Identity, role: ObjectId, target: SignInTarget): Chain {
  const policies = identity.policies
    .filter((policy) => targets(policy, target))
    .map((policy) => readingOf(identity, policy, target))
    .toSorted((a, b) => Number(b.isEnforced) - Number(a.isEnforced) || (a.policy.id < b.policy.id ? -1 : 1));
  const settings = settingsAt(identity, role);
  const groupSettings = groupSettingsAt(identity, role);
  const context = target.kind === 'context' ? identity.contexts.get(target.context.toLowerCase()) : undefined;
  return {
    settings,
    groupSettings,
    ...(context && { context }),
    policies,
    eligible: eligibleOf(identity, role, target, { policies, settings, groupSettings }),
    gaps: gapsBehind(identity, role, policies, settings),
  };
}

/** The context that these settings demand, by the rule in force; undefined for none. */
export function contextDemanded({ effectiveRules }: RoleSettings): string | undefined {
  const rule = effectiveRules.get('AuthenticationContext_EndUser_Assignment');
  const claim = rule?.isEnabled === true ? rule.claimValue : undefined;
  return typeof claim === 'string' && claim !== '' ? claim.toLowerCase() : undefined;
}

function settingsAt({ assignments, roleSettings }: Identity, role: ObjectId): SettingsAt[] {
  const scopes = new Set(assignments.filter((each) => each.role === role).map(({ scope }) => scope));
  const own = new Map(roleSettings.filter((each) => each.role === role).map((each) => [each.scope, each]));
  return [...scopes].toSorted().map((scope) => ({ scope, ...demandOf(own.get(scope)) }));
}

function demandOf(settings: RoleSettings | undefined): { settings?: RoleSettings; context?: string } {
  if (!settings) return {};
  const context = contextDemanded(settings);
  return { settings, ...(context !== undefined && { context }) };
}

function groupSettingsAt(identity: Identity, role: ObjectId): GroupSettingsAt[] {
  const { expand } = effectiveOf(identity);
  const holders = new Set(identity.assignments.filter((each) => each.role === role).map(({ principal }) => principal));
  const steps = [...holders].flatMap((id) => expand(id).paths.flatMap(({ chain }) => chain));
  const joined = new Map(
    steps.flatMap(({ group, as }) => {
      if (as !== 'eligible-member' && as !== 'eligible-owner') return [];
      const kind = as === 'eligible-member' ? ('member' as const) : ('owner' as const);
      return [[`${group} ${kind}`, { group, as: kind }] as const];
    }),
  );
  return [...joined.values()].map(({ group, as }) => {
    const settings = identity.roleSettings.find((each) => each.group?.id === group && each.group.as === as);
    return { group, as, ...demandOf(settings) };
  });
}

function eligibleOf(
  identity: Identity,
  role: ObjectId,
  target: SignInTarget,
  { policies, settings, groupSettings }: Pick<Chain, 'policies' | 'settings' | 'groupSettings'>,
): EligiblePerson[] {
  const { expand } = effectiveOf(identity);
  const atScope = new Map(settings.map(({ scope, context }) => [scope, context]));
  const atGroup = new Map(groupSettings.map(({ group, as, context }) => [`${group} eligible-${as}`, context]));
  const wanted = target.kind === 'context' ? target.context.toLowerCase() : undefined;
  const isAvailable = wanted === undefined || identity.contexts.get(wanted)?.isAvailable === true;
  const given = identity.assignments.filter((each) => each.role === role);
  return given.flatMap(({ principal, scope, holding }) => {
    const isActivated = holding === 'eligible';
    const paths = identity.groups.has(principal)
      ? expand(principal).paths
      : [{ principal, chain: [], holding: 'assigned' as const }];
    const eligible = paths.filter((path) => isActivated || path.holding === 'eligible');
    return eligible.map((path) => {
      const contexts = path.chain.map(({ group, as }) => atGroup.get(`${group} ${as}`));
      const isAsked =
        wanted === undefined || (isActivated && atScope.get(scope) === wanted) || contexts.includes(wanted);
      const excluding = policies.filter(({ excluded }) => excluded.has(path.principal));
      const isDemanded = policies.some((reading) => reading.demands && !reading.excluded.has(path.principal));
      return {
        principal: path.principal,
        scope,
        membership: path.chain,
        excludedBy: excluding.map(({ policy }) => policy.id),
        isGuarded: isAvailable && isAsked && isDemanded,
      };
    });
  });
}

function gapsBehind(
  identity: Identity,
  role: ObjectId,
  policies: readonly PolicyReading[],
  settings: readonly SettingsAt[],
): Gap[] {
  const excludedGroups = policies.flatMap(({ policy }) => idsIn(objectOf(policy.conditions.users).excludeGroups));
  const holders = identity.assignments.filter((each) => each.role === role).map(({ principal }) => principal);
  const groups = [...new Set([...excludedGroups, ...holders])].flatMap((id) => unreadGroups(identity, id));
  const missing = settings
    .filter((each) => !each.settings)
    .map(({ scope }) => ({
      resource: scope,
      what: 'role-settings-not-read',
      why: 'what activating the role takes at this scope is unknown; read its roleManagementPolicyAssignments',
      touchesAdminPort: true,
    }));
  const strengths = policies.flatMap(({ policy, grant }) => {
    if (grant.unreadStrength === undefined) return [];
    const why = `'${policy.name}' asks for strength ${grant.unreadStrength}, whose content was not read; read authenticationStrengthPolicies`;
    return [{ resource: policy.id, what: 'strength-not-read', why, touchesAdminPort: true }];
  });
  return [
    ...new Map([...groups, ...missing, ...strengths].map((gap) => [`${gap.what} ${gap.resource}`, gap])).values(),
  ];
}
