/** What may be wrong with an eligibility for the Bastion role: its end, its place, and whom it is for. */
import type { Discrepancy, Severity } from '../finding';
import { effectiveOf } from '../identity/effective';
import { covers, type Identity, type RoleAssignment, scopeKeyOf } from '../identity/identity';
import { secondsOf } from '../identity/instant';
import type { AccessPolicy } from '../policy/policy';
import { nameOfPrincipal, placeNameOf } from './identity-words';

export interface Flaw {
  /** Which of the requirements, as part of the fingerprint. */
  readonly cause: string;
  readonly severity: Severity;
  /** As the end of a sentence about the holder. */
  readonly what: string;
  readonly discrepancy: Discrepancy;
  /** Taking the assignment away would take it from others too, who may have it. */
  readonly isBeyondRemoval?: true;
}

export function eligibilityFlaws(
  assignment: RoleAssignment,
  identity: Identity,
  policy: AccessPolicy,
  now: Date,
): readonly Flaw[] {
  return [
    ...endFlaws(assignment, policy, now),
    ...placeFlaws(assignment, policy),
    ...principalFlaws(assignment, identity, policy),
    ...guestFlaws(assignment, identity, policy),
  ];
}

/** PIM counts to the minute, and a clock or two stand between. */
const LEEWAY_SECONDS = 300;

function endFlaws({ start, end }: RoleAssignment, { identity }: AccessPolicy, now: Date): Flaw[] {
  const { maximumDuration } = identity.eligibility;
  const wanted = `an end within ${maximumDuration}`;
  if (end === undefined) {
    const discrepancy = { setting: 'eligibility', wanted, found: 'without end' };
    return [{ cause: 'end', severity: 'medium', what: 'eligible without end', discrepancy }];
  }
  const from = start === undefined ? now.getTime() : Date.parse(start);
  const seconds = (Date.parse(end) - from) / 1000;
  const most = (secondsOf(maximumDuration) ?? 0) + LEEWAY_SECONDS;
  if (seconds <= most) return [];
  const discrepancy = { setting: 'eligibility', wanted, found: `until ${end}` };
  return [{ cause: 'end', severity: 'medium', what: `eligible for longer than ${maximumDuration}`, discrepancy }];
}

function placeFlaws({ scope }: RoleAssignment, { identity }: AccessPolicy): Flaw[] {
  const { scopes } = identity.bastionRole;
  if (scopes === undefined || scopes.some((approved) => covers(scopeKeyOf(approved), scope))) return [];
  const wanted = scopes.map((approved) => placeNameOf(scopeKeyOf(approved))).join(', ') || 'nowhere';
  const discrepancy = { setting: 'scope', wanted, found: placeNameOf(scope) };
  return [{ cause: 'scope', severity: 'medium', what: 'eligible where the policy approves of nobody', discrepancy }];
}

function principalFlaws({ principal }: RoleAssignment, identity: Identity, policy: AccessPolicy): Flaw[] {
  const { principals } = policy.identity.bastionRole;
  if (principals?.includes(principal)) return [];
  const kind = identity.groups.has(principal) ? 'group' : (identity.principals.get(principal)?.kind ?? 'unknown');
  if (principals === undefined && kind === 'user') return [];
  const wanted = principals === undefined ? 'a user, or a group that the policy names' : 'those that the policy names';
  const found = kind === 'unknown' ? 'somebody the directory does not know' : `${kind.replace('-', ' ')} not named`;
  const discrepancy = { setting: 'eligible principal', wanted, found };
  return [{ cause: 'principal', severity: 'medium', what: 'eligible without being named in the policy', discrepancy }];
}

/** Guests sign in where others decide how: each is a cause of its own, because only they have to go. */
function guestFlaws({ principal }: RoleAssignment, identity: Identity, policy: AccessPolicy): Flaw[] {
  if (policy.identity.eligibility.guests) return [];
  const isGuest = (id: string): boolean => identity.principals.get(id)?.isGuest === true;
  if (isGuest(principal)) {
    return [
      { cause: 'guest', severity: 'medium', what: 'eligible as a guest', discrepancy: guestDiscrepancy('a guest') },
    ];
  }
  const members = new Set(
    effectiveOf(identity)
      .expand(principal)
      .paths.map((path) => path.principal),
  );
  return [...members]
    .filter(isGuest)
    .toSorted()
    .map((id): Flaw => {
      const name = nameOfPrincipal(identity, id);
      const what = `the guest ${name} is in it and may activate the role`;
      return {
        cause: `guest ${id}`,
        severity: 'medium',
        what,
        discrepancy: guestDiscrepancy(name),
        isBeyondRemoval: true,
      };
    });
}

function guestDiscrepancy(found: string): Discrepancy {
  return { setting: 'guests', wanted: 'none', found };
}
