/** The sign-in policy excludes the break-glass accounts and nobody else, and no break-glass account may activate Bastion. */
import type { Finding } from '../finding';
import { isSpared } from '../identity/break-glass';
import { effectiveOf } from '../identity/effective';
import type { ConditionalAccessPolicy, Identity, ObjectId } from '../identity/identity';
import { unreadGroups } from '../identity/blind-spots';
import type { Gap } from '../network/network';
import type { AccessPolicy } from '../policy/policy';
import { asksOnActivation, bastionRoleOf, type EligiblePerson, eligiblePeople, placesByPerson } from './bastion-role';
import type { Checked, IdentityControl } from './control';
import { checked, findingOf, repair } from './identity-finding';
import { bounded, knowsPeople, listed, nameOfPrincipal, placeNameOf } from './identity-words';
import { type Exclusion, everyExclusion, exclusionsOf } from './sign-in-exclusions';
import { isConditionalAccessUnread, signInPolicyOf } from './sign-in-policy';
import { breakGlassOf } from './sign-in-policy-body';
import { exclusionRemedies } from './sign-in-remedy';

const ID = 'exclusions-only-break-glass';

export const exclusionsOnlyBreakGlass: IdentityControl = {
  kind: 'identity',
  id: ID,
  title: 'Only break-glass accounts are excluded from the strong sign-in',
  why: 'Whoever is excluded from the policy is asked for nothing: one group slipped into the exclusions, or one more member of an excluded group, opens Bastion by a password. Without the break-glass accounts among them, a mistake locks everybody out.',
  references: [
    'https://learn.microsoft.com/entra/identity/role-based-access-control/security-emergency-access',
    'https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-users-groups#exclude-users',
  ],
  check,
};

function check(identity: Identity, policy: AccessPolicy): Checked {
  if (isConditionalAccessUnread(identity)) return checked([]);
  const { chosen } = signInPolicyOf(identity, policy);
  const unresolved = unresolvedFindings(identity, policy);
  if (!chosen) return checked(unresolved);
  return checked(
    [
      ...exclusionsOf(chosen, policy).map((each) => excludedFinding(chosen, each, identity, policy)),
      ...missingFindings(chosen, identity, policy),
      ...(asksOnActivation(policy) ? eligibleFindings(chosen, identity, policy) : []),
      ...unresolved,
    ],
    gapsOf(chosen, identity, policy),
  );
}

const KINDS: Readonly<Record<Exclusion['kind'], string>> = {
  user: 'user',
  group: 'group',
  role: 'everybody with the directory role',
  guests: 'guests',
  'service-principals': '',
};

function excludedFinding(
  chosen: ConditionalAccessPolicy,
  { kind, id }: Exclusion,
  identity: Identity,
  policy: AccessPolicy,
): Finding {
  const who = `${KINDS[kind]} ${nameOfPrincipal(identity, id)}`.trim();
  const setting = 'exclusions';
  return findingOf({
    control: ID,
    resource: resourceOf(chosen),
    severity: 'high',
    title: `Conditional Access policy '${bounded(chosen.name)}' excludes ${who}, which is no break-glass account`,
    cause: [chosen.id, kind, id],
    discrepancies: [{ setting, wanted: 'the break-glass accounts and nobody else', found: `${who} as well` }],
    paths: [...placesByPerson(excludedPeople(identity, policy, id))].map(
      ([person, places]) =>
        `${nameOfPrincipal(identity, person)} may activate ${roleName(identity, policy)} on ${listed(places)} and is asked for nothing, because ${who} is excluded`,
    ),
    remedies: exclusionRemedies(chosen, identity, policy),
  });
}

/** A policy that covers the break-glass accounts leaves no way back in. */
function missingFindings(chosen: ConditionalAccessPolicy, identity: Identity, policy: AccessPolicy): Finding[] {
  const { users, groups } = breakGlassOf(identity, policy);
  const covered = [...users, ...groups].filter((id) => !isSpared(identity, chosen, id));
  return covered.map((id) => {
    const name = nameOfPrincipal(identity, id);
    return findingOf({
      control: ID,
      resource: resourceOf(chosen),
      severity: 'high',
      title: `Conditional Access policy '${bounded(chosen.name)}' no longer excludes break-glass ${name}`,
      cause: [chosen.id, 'break-glass-covered', id],
      discrepancies: [{ setting: 'exclusions', wanted: `break-glass ${name}`, found: 'not excluded' }],
      remedies: exclusionRemedies(chosen, identity, policy),
    });
  });
}

/** Excluded and eligible at once: such a person activates Bastion without being asked for anything. */
function eligibleFindings(chosen: ConditionalAccessPolicy, identity: Identity, policy: AccessPolicy): Finding[] {
  const excluded = everyExclusion(chosen).filter(({ id }) => policy.identity.breakGlass.includes(id));
  const found = new Map<string, Finding>();
  for (const { id } of excluded) {
    for (const each of excludedPeople(identity, policy, id)) {
      const finding = eligibleFinding(chosen, id, each, identity, policy);
      found.set(finding.fingerprint, finding);
    }
  }
  return [...found.values()];
}

function eligibleFinding(
  chosen: ConditionalAccessPolicy,
  excluded: ObjectId,
  { person, assignment }: EligiblePerson,
  identity: Identity,
  policy: AccessPolicy,
): Finding {
  const name = nameOfPrincipal(identity, person);
  const role = roleName(identity, policy);
  const place = placeNameOf(assignment.scope);
  const via = excluded === person ? '' : ` by group ${nameOfPrincipal(identity, excluded)}`;
  const { resource, scope, principal, inPim } = assignment;
  const isOwn = principal === person;
  return findingOf({
    control: ID,
    resource: isOwn ? resource : resourceOf(chosen),
    severity: 'high',
    title: `${name} is excluded from the sign-in policy${via} and may activate ${role} on ${place}`,
    cause: ['excluded-and-eligible', person, principal, scope],
    discrepancies: [{ setting: 'excluded and eligible', wanted: 'nobody', found: name }],
    paths: [
      `${name} may activate ${role} on ${place} by a password, because '${bounded(chosen.name)}' excludes them${via}`,
    ],
    remedies: isOwn
      ? [
          repair(
            `Take the eligibility for ${role} on ${place} from ${name}`,
            [
              {
                kind: 'remove-assignment',
                assignment: resource,
                scope,
                role: assignment.role,
                principal,
                holding: 'eligible',
                inPim,
              },
            ],
            { needsApproval: 'somebody loses a role' },
          ),
        ]
      : [],
  });
}

/** Eligible people who are this one or in it, whichever way they got there. */
function excludedPeople(identity: Identity, policy: AccessPolicy, excluded: ObjectId): readonly EligiblePerson[] {
  const inside = new Set(
    effectiveOf(identity)
      .expand(excluded)
      .paths.map(({ principal }) => principal),
  );
  return eligiblePeople(identity, policy).filter(({ person }) => person === excluded || inside.has(person));
}

function unresolvedFindings(identity: Identity, policy: AccessPolicy): Finding[] {
  if (!knowsPeople(identity)) return [];
  return breakGlassOf(identity, policy).unresolved.map((id) => {
    const name = nameOfPrincipal(identity, id);
    return findingOf({
      control: ID,
      resource: `/directoryobjects/${id}`,
      severity: 'high',
      title: `Nobody who can sign in stands behind break-glass ${name}: sign-in settings are not repaired until somebody does`,
      cause: ['break-glass-unresolved', id],
      discrepancies: [
        {
          setting: `break-glass ${name}`,
          wanted: 'an enabled account, or a group with one',
          found: 'gone, disabled or empty',
        },
      ],
    });
  });
}

function gapsOf(chosen: ConditionalAccessPolicy, identity: Identity, policy: AccessPolicy): Gap[] {
  const unread = everyExclusion(chosen).flatMap(({ kind, id }) => (kind === 'group' ? unreadGroups(identity, id) : []));
  if (policy.identity.breakGlass.length > 0) return unread;
  const why =
    'the policy file names no break-glass account, so sign-in settings are never repaired; name them under identity.breakGlass';
  return [...unread, { resource: resourceOf(chosen), what: 'no-break-glass', why, touchesAdminPort: false }];
}

function roleName(identity: Identity, policy: AccessPolicy): string {
  return bastionRoleOf(identity, policy)?.name ?? policy.identity.bastionRole.name;
}

function resourceOf({ id }: ConditionalAccessPolicy): string {
  return `/identity/conditionalaccess/policies/${id}`;
}
