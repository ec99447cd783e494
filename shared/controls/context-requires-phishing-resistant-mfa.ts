/** An enabled Conditional Access policy asks everybody for phishing-resistant MFA, by the built-in strength and unconditionally. */
import type { Finding, Severity } from '../finding';
import type { ConditionalAccessPolicy, Identity } from '../identity/identity';
import { objectIdOf } from '../identity/identity';
import { objectOf, textOf } from '../network/json';
import type { Gap } from '../network/network';
import type { AccessPolicy } from '../policy/policy';
import { activationPaths, asksOnActivation, bastionAssignments, bastionRoleOf, eligiblePeople } from './bastion-role';
import type { Checked, IdentityControl } from './control';
import { checked, findingOf } from './identity-finding';
import { bounded, listed, nameOfPrincipal } from './identity-words';
import { blocks, isConditionalAccessUnread, type SignInPolicy, signInPolicyOf } from './sign-in-policy';
import { PHISHING_RESISTANT, wantedName } from './sign-in-policy-body';
import { creationRemedies, policyRemedies } from './sign-in-remedy';
import type { Shortcoming } from './sign-in-shortcomings';
import { activationsThatStay } from './weak-window';

const ID = 'context-requires-phishing-resistant-mfa';

export const contextRequiresPhishingResistantMfa: IdentityControl = {
  kind: 'identity',
  id: ID,
  title: 'Opening Bastion takes phishing-resistant multifactor authentication',
  why: 'Attackers do not break in, they log in: with a phished password and code anybody opens Bastion, unless an enabled policy asks for a method that cannot be phished. A policy that is off, report-only or narrowed asks for less than if there were none.',
  references: [
    'https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-cloud-apps#authentication-context',
    'https://learn.microsoft.com/entra/identity/authentication/concept-authentication-strengths',
    'https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-how-to-change-default-settings#require-microsoft-entra-conditional-access-authentication-context',
  ],
  check,
};

function check(identity: Identity, policy: AccessPolicy, now: Date): Checked {
  if (isConditionalAccessUnread(identity)) return checked([], unreadGaps(identity));
  const found = signInPolicyOf(identity, policy);
  const { chosen, shortcomings } = found;
  const staying = (since?: string): readonly string[] => activationsThatStay(identity, policy, now, since);
  const findings = chosen
    ? shortcomings.map((each) => shortFinding(chosen, each, found, identity, policy, staying(chosen.modified)))
    : [absentFinding(identity, policy, staying())];
  const others = asksOnActivation(policy) ? found.others.flatMap((each) => otherFindings(each, policy)) : [];
  return checked(
    [...findings, ...others, ...whatIfFindings(chosen, identity, policy)],
    gapsOf(found, identity, policy),
  );
}

/** As long as nobody can activate anything, nobody gets past it. */
function gravity(severity: Severity, identity: Identity, policy: AccessPolicy): Severity {
  const isHeld = !asksOnActivation(policy) || bastionAssignments(identity, policy).length > 0;
  return severity === 'critical' && !isHeld ? 'high' : severity;
}

function shortFinding(
  chosen: ConditionalAccessPolicy,
  shortcoming: Shortcoming,
  { shortcomings }: SignInPolicy,
  identity: Identity,
  policy: AccessPolicy,
  staying: readonly string[],
): Finding {
  const { setting, wanted, found } = shortcoming.discrepancy;
  const name = bounded(chosen.name);
  const how = `although '${name}' falls short: ${setting} is ${found}`;
  return findingOf({
    control: ID,
    resource: resourceOf(chosen.id),
    severity: gravity(shortcoming.severity, identity, policy),
    title: `Conditional Access policy '${name}': ${setting} is ${found}, wanted is ${wanted}`,
    cause: [chosen.id, shortcoming.aspect],
    discrepancies: [shortcoming.discrepancy],
    paths: [...staying, ...(asksOnActivation(policy) ? activationPaths(identity, policy, how) : [])],
    remedies: policyRemedies(chosen, shortcoming, shortcomings, identity, policy),
  });
}

function resourceOf(id: string): string {
  return `/identity/conditionalaccess/policies/${id}`;
}

function absentFinding(identity: Identity, policy: AccessPolicy, staying: readonly string[]): Finding {
  const { context } = policy.identity;
  const isActivation = asksOnActivation(policy);
  const about = isActivation ? `authentication context ${context}` : 'the Azure management API';
  const how = `by ordinary multifactor authentication: no policy is about context ${context}`;
  return findingOf({
    control: ID,
    resource: resourceOf(wantedName(policy).toLowerCase()),
    severity: gravity('critical', identity, policy),
    title: `No Conditional Access policy asks for phishing-resistant sign-in to ${about}`,
    cause: ['absent', isActivation ? context : 'management-api'],
    discrepancies: [{ setting: 'Conditional Access policy', wanted: `an enabled one for ${about}`, found: 'none' }],
    paths: [...staying, ...(isActivation ? activationPaths(identity, policy, how) : [])],
    remedies: creationRemedies(identity, policy),
  });
}

/** Every enabled policy applies: a second one only confuses, a blocking one keeps everybody out. */
function otherFindings(other: ConditionalAccessPolicy, { identity: { context } }: AccessPolicy): Finding[] {
  if (other.state === 'disabled') return [];
  const name = bounded(other.name);
  const isBlock = blocks(other);
  const title = isBlock
    ? `Conditional Access policy '${name}' blocks sign-ins for context ${context}: Bastion may not open for anybody`
    : `Conditional Access policy '${name}' is about context ${context} as well`;
  const wanted = 'one policy for the context';
  const cause = [other.id, isBlock ? 'blocks' : 'duplicate'];
  const severity = isBlock ? 'medium' : 'low';
  const discrepancies = [{ setting: `policies for ${context}`, wanted, found: `'${name}' too` }];
  return [findingOf({ control: ID, resource: resourceOf(other.id), severity, title, cause, discrepancies })];
}

/**
 * What Microsoft's own evaluation says counts for more than what the settings seem to say. One finding for all: it is
 * there as well while the settings fall short, so that mending them on the model brings nothing new.
 */
function whatIfFindings(
  chosen: ConditionalAccessPolicy | undefined,
  identity: Identity,
  policy: AccessPolicy,
): Finding[] {
  if (!asksOnActivation(policy) || identity.whatIf === undefined) return [];
  const { context } = policy.identity;
  const eligible = new Set(eligiblePeople(identity, policy).map(({ person }) => person));
  const unasked = identity.whatIf.filter(
    (each) =>
      eligible.has(each.user) &&
      each.context.toLowerCase() === context &&
      !(chosen && each.policies.includes(chosen.id)),
  );
  if (unasked.length === 0) return [];
  const role = bastionRoleOf(identity, policy)?.name ?? policy.identity.bastionRole.name;
  const names = unasked.map(({ user }) => nameOfPrincipal(identity, user)).toSorted();
  const found = `it does not apply to ${listed(names)}`;
  return [
    findingOf({
      control: ID,
      resource: resourceOf(chosen?.id ?? wantedName(policy).toLowerCase()),
      severity: 'high',
      title: `Microsoft's what-if for context ${context}: the sign-in policy does not apply to ${listed(names)}`,
      cause: ['what-if', context],
      discrepancies: [{ setting: 'what-if', wanted: 'the enabled policy applies to everybody eligible', found }],
      paths: names.map((name) => `${name} may activate ${role} and is not asked for phishing-resistant MFA`),
    }),
  ];
}

function gapsOf({ chosen, isPinLost }: SignInPolicy, identity: Identity, policy: AccessPolicy): Gap[] {
  const gaps: Gap[] = [];
  const pin = policy.identity.conditionalAccessPolicy;
  if (isPinLost && pin !== undefined) {
    const why = `the policy file names the Conditional Access policy ${pin}, which is not there; another was looked for by what it does: correct identity.conditionalAccessPolicy`;
    gaps.push({ resource: resourceOf(pin), what: 'stale-pin', why, touchesAdminPort: false });
  }
  const strength = objectOf(chosen?.grantControls?.authenticationStrength);
  const id = textOf(strength.id);
  const isOurs = id !== undefined && objectIdOf(id) === PHISHING_RESISTANT;
  if (isOurs && !identity.strengths.has(PHISHING_RESISTANT) && strength.allowedCombinations === undefined) {
    const why =
      'which methods the built-in strength takes was not read; allow reading it (Policy.Read.All) or export it';
    gaps.push({
      resource: `/policies/authenticationstrengthpolicies/${id}`,
      what: 'strength-unread',
      why,
      touchesAdminPort: true,
    });
  }
  return gaps;
}

/** Where nothing about sign-in was read at all, nobody asked about it. */
function unreadGaps({ roles, assignments }: Identity): Gap[] {
  if (roles.size === 0 && assignments.length === 0) return [];
  const why =
    'no Conditional Access policy was read, so what a sign-in takes is unknown; allow reading them (Policy.Read.All) or export them';
  return [
    {
      resource: '/identity/conditionalaccess/policies',
      what: 'conditional-access-unread',
      why,
      touchesAdminPort: true,
    },
  ];
}
