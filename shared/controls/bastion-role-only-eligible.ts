/** Nobody holds the Bastion role other than by activating it: eligibility ends, at approved places, for approved people. */
import type { Finding } from '../finding';
import { unreadGroups } from '../identity/blind-spots';
import type { Identity, RoleAssignment } from '../identity/identity';
import type { AccessPolicy } from '../policy/policy';
import { asksOnActivation, bastionAssignments, bastionRoleOf } from './bastion-role';
import type { Checked, IdentityControl } from './control';
import { eligibilityFlaws, type Flaw } from './eligibility-flaws';
import { isAllowedStanding } from './allowed-standing';
import { checked, findingOf, repair } from './identity-finding';
import { bounded, nameOfPrincipal, placeNameOf } from './identity-words';

const ID = 'bastion-role-only-eligible';

export const bastionRoleOnlyEligible: IdentityControl = {
  kind: 'identity',
  id: ID,
  title: 'The Bastion role is only ever activated, never held',
  why: 'Phishing-resistant sign-in is asked for at the moment of activation. Whoever has the role without activating it is never asked, and eligibility without end, for guests or elsewhere outlives the reason it was given for.',
  references: [
    'https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-resource-roles-assign-roles',
    'https://learn.microsoft.com/entra/id-governance/privileged-identity-management/concept-pim-for-groups',
  ],
  check,
};

function check(identity: Identity, policy: AccessPolicy, now: Date): Checked {
  if (!asksOnActivation(policy)) return checked([]);
  const flawed = bastionAssignments(identity, policy).flatMap((assignment) =>
    flawsOf(assignment, identity, policy, now).map((flaw) => ({ assignment, flaw })),
  );
  // The same assignment may be there twice, now and from a later date on: one cause, and all of it has to go.
  const causes = new Map<string, Cause>();
  for (const { assignment, flaw } of flawed) {
    const key = JSON.stringify([assignment.principal, assignment.scope, flaw.cause]);
    const known = causes.get(key);
    if (known) known.assignments.push(assignment);
    else causes.set(key, { flaw, assignments: [assignment] });
  }
  const findings = [...causes.values()].flatMap((cause) => flawFindings(cause, identity, policy));
  const gaps = bastionAssignments(identity, policy).flatMap(({ principal }) => unreadGroups(identity, principal));
  return checked(findings, [...new Map(gaps.map((gap) => [gap.resource, gap])).values()]);
}

function flawsOf(assignment: RoleAssignment, identity: Identity, policy: AccessPolicy, now: Date): readonly Flaw[] {
  if (assignment.holding === 'activated') return [];
  if (assignment.holding === 'eligible') return eligibilityFlaws(assignment, identity, policy, now);
  if (isAllowedStanding(assignment.principal, assignment.scope, policy)) return [];
  const found = assignment.holding === 'planned' ? `active from ${assignment.start ?? 'a later date'} on` : 'active';
  const period = assignment.end === undefined ? 'without end' : `until ${assignment.end}`;
  const discrepancy = { setting: 'assignment', wanted: 'eligible', found: `${found}, ${period}` };
  return [{ cause: 'active', severity: 'high', what: `${found} without activating anything`, discrepancy }];
}

interface Cause {
  readonly flaw: Flaw;
  readonly assignments: RoleAssignment[];
}

function flawFindings({ flaw, assignments }: Cause, identity: Identity, policy: AccessPolicy): Finding[] {
  const [first] = assignments;
  if (!first) return [];
  const { cause, severity, what, discrepancy, isBeyondRemoval } = flaw;
  const { principal, scope, resource, role } = first;
  const name = nameOfPrincipal(identity, principal);
  const place = placeNameOf(scope);
  const roleName = bounded(bastionRoleOf(identity, policy)?.name ?? policy.identity.bastionRole.name);
  const title = `${name} has ${roleName} on ${place}: ${what}`;
  const actions = assignments.map((each) => ({
    kind: 'remove-assignment' as const,
    assignment: each.resource,
    scope: each.scope,
    role,
    principal,
    holding: each.holding === 'activated' ? ('assigned' as const) : each.holding,
    inPim: each.inPim,
  }));
  const isOurs = policy.identity.guardrailIdentities.includes(principal);
  const removal = repair(`Take ${roleName} on ${place} from ${name}`, actions, {
    needsApproval: 'somebody loses a role',
    ...(policy.identity.breakGlass.includes(principal) && { needsPerson: 'it belongs to a break-glass account' }),
  });
  const path = `${name} is active ${roleName} on ${place} and can open Bastion there without activating anything`;
  return [
    findingOf({
      control: ID,
      resource,
      severity,
      title,
      cause: [role, principal, scope, cause],
      discrepancies: [discrepancy],
      paths: cause === 'active' ? [path] : [],
      remedies: isOurs || isBeyondRemoval ? [] : [removal],
    }),
  ];
}
