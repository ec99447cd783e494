/** Nobody outside the listed ones can, without activating anything, do what the Bastion role does or rewrite what guards it. */
import type { Finding } from '../finding';
import { unreadGroups, unreadRoles } from '../identity/blind-spots';
import type { Identity, ObjectId, RoleAssignment } from '../identity/identity';
import type { Gap } from '../network/network';
import type { AccessPolicy } from '../policy/policy';
import { activationFindings } from './activated-bypass';
import { activationGaps } from './activation-gaps';
import { isAllowedStanding } from './allowed-standing';
import { asksOnActivation, bastionRoleId } from './bastion-role';
import type { Checked, IdentityControl } from './control';
import { checked, findingOf } from './identity-finding';
import { listed, nameOfPrincipal } from './identity-words';
import { assigneesIn, causeOf, membershipIn, rolesIn } from './standing-cause';
import { writerFindings, writerGaps } from './sign-in-writers';
import { type Reach, standingReach } from './standing-powers';
import { vaultFindings, vaultGaps } from './vault-readers';

const ID = 'no-standing-bypass';

export const noStandingBypass: IdentityControl = {
  kind: 'identity',
  id: ID,
  title: 'Nobody gets around the activation by a role they hold for good',
  why: 'Bastion asks for read access to itself, the machine and its interface, and for nothing else. A standing Reader who knows a local password opens a session without ever being asked for a strong sign-in; a standing Contributor runs commands, and an Owner gives the role to anybody.',
  references: [
    'https://learn.microsoft.com/azure/bastion/bastion-faq#roles',
    'https://learn.microsoft.com/azure/role-based-access-control/best-practices',
    'https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-configure',
  ],
  reportOnly: true,
  check,
};

function check(identity: Identity, policy: AccessPolicy): Checked {
  const judged = withoutAllowed(identity, policy);
  const concerns = (principal: ObjectId, assignments: readonly RoleAssignment[]): boolean =>
    isConcerned(principal, assignments, identity, policy);
  const causes = new Map<string, Reach[]>();
  for (const reach of standingReach(judged)) {
    const assignments = reach.via.map(({ assignment }) => assignment);
    if (!concerns(reach.principal, assignments)) continue;
    const key = causeOf(reach.via).join(' | ');
    const same = causes.get(key);
    if (same) same.push(reach);
    else causes.set(key, [reach]);
  }
  const findings = [...causes.values()].flatMap((reaches) => bypassFindings(reaches, identity));
  return checked(
    [
      ...findings,
      ...activationFindings(ID, judged, policy, concerns),
      ...writerFindings(ID, identity, policy),
      ...vaultFindings(ID, judged, concerns),
    ],
    [
      ...assetGaps(identity),
      ...roleGaps(judged),
      ...groupGaps(judged),
      ...activationGaps(judged, policy),
      ...writerGaps(identity),
      ...vaultGaps(identity),
    ],
  );
}

/**
 * What nobody has to answer for here: assignments that the policy lets stand, and those of the Bastion role itself,
 * which another control judges. Left in, they would hide others that give the same.
 */
function withoutAllowed(identity: Identity, policy: AccessPolicy): Identity {
  const role = bastionRoleId(identity, policy);
  const assignments = identity.assignments.filter(
    (each) =>
      !(each.role === role && asksOnActivation(policy)) &&
      !isAllowedStanding(each.principal, each.scope, policy) &&
      !policy.identity.guardrailIdentities.includes(each.principal),
  );
  return { ...identity, assignments };
}

function isConcerned(
  principal: ObjectId,
  assignments: readonly RoleAssignment[],
  identity: Identity,
  policy: AccessPolicy,
): boolean {
  const known = identity.principals.get(principal);
  if (known?.isDisabled || policy.identity.guardrailIdentities.includes(principal)) return false;
  // Users were asked for phishing-resistant MFA already; a service principal never is.
  if (!asksOnActivation(policy) && known?.kind === 'user') return false;
  return !assignments.every(({ scope }) => isAllowedStanding(principal, scope, policy));
}

function bypassFindings(reaches: readonly Reach[], identity: Identity): Finding[] {
  const [first] = reaches;
  const [assignment] = (first?.via ?? []).map((way) => way.assignment);
  if (!first || !assignment) return [];
  const roles = rolesIn(identity, first.via);
  const opens = reaches.some(({ machines }) => machines.size > 0);
  const does = opens ? 'opens Bastion' : 'can change or enter what is guarded';
  return [
    findingOf({
      control: ID,
      resource: assignment.resource,
      severity: 'high',
      title: `${assigneesIn(identity, first.via)} is active ${roles} and ${does} without activating anything`,
      cause: causeOf(first.via),
      discrepancies: [{ setting: 'standing access', wanted: 'nobody but those the policy lists', found: roles }],
      paths: reaches.flatMap((reach) => sentences(reach, identity)),
    }),
  ];
}

function sentences({ principal, via, isConditional, machines, powers }: Reach, identity: Identity): string[] {
  const who = `${nameOfPrincipal(identity, principal)} is active ${rolesIn(identity, via)}${membershipIn(identity, via)}`;
  const condition = isConditional ? ', as far as the condition on the assignment lets them' : '';
  const opened =
    machines.size === 0
      ? []
      : [`${who} and can open Bastion to ${listed([...machines])} without activating anything${condition}`];
  const able = [...powers].map(([words, names]) => `${words} ${listed([...names], 3)}`);
  return able.length === 0
    ? opened
    : [...opened, `${who} and can ${listed(able, 12)} without activating anything${condition}`];
}

/** Groups whose members were not read are told of as holders; who stands behind them is not. */
function groupGaps(identity: Identity): Gap[] {
  const standing = identity.assignments.filter(({ holding }) => holding === 'assigned');
  const gaps = standing.flatMap(({ principal }) => unreadGroups(identity, principal));
  return [...new Map(gaps.map((gap) => [gap.resource, gap])).values()];
}

/** A role that nobody could read may be Owner by another name. Where no role was read, another control says so. */
function roleGaps(identity: Identity): Gap[] {
  if (identity.roles.size === 0) return [];
  return unreadRoles(
    identity,
    identity.assignments.filter(({ holding }) => holding === 'assigned'),
  );
}

function assetGaps({ assets, assignments }: Identity): Gap[] {
  if (assignments.length === 0 || assets.some(({ kind }) => kind === 'virtual-machine' || kind === 'bastion-host'))
    return [];
  const why =
    'no Bastion host and no machine was read, so nobody knows whom standing roles let in; allow reading them (Reader) or export them';
  return [{ resource: '/subscriptions', what: 'assets-unread', why, touchesAdminPort: true }];
}
