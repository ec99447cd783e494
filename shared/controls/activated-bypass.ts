/** Ways around by activating something else: another role or membership that opens what the Bastion role opens, and asks for less. */
import type { Finding } from '../finding';
import { hardestOf } from '../identity/holding';
import type { Group, Identity, ObjectId, RoleAssignment } from '../identity/identity';
import type { AccessPolicy } from '../policy/policy';
import { asksOnActivation } from './bastion-role';
import { findingOf } from './identity-finding';
import { listed, nameOfPrincipal } from './identity-words';
import { contextDemand, groupSettingsAt, settingsAt } from './role-settings-body';
import { assigneesIn, causeOf, membershipIn, rolesIn } from './standing-cause';
import { type Reach, standingReach } from './standing-powers';

/**
 * One finding for each set of assignments by which somebody gets past the sign-in once they have activated what takes no
 * context. Where it was not read what activating takes, it is taken to be enough here: `activationGaps` says so.
 */
export function activationFindings(
  control: string,
  identity: Identity,
  policy: AccessPolicy,
  concerns: (principal: ObjectId, assignments: readonly RoleAssignment[]) => boolean,
): Finding[] {
  if (!asksOnActivation(policy) || !hasActivations(identity)) return [];
  const causes = new Map<string, Reach[]>();
  for (const reach of standingReach(unguarded(identity, policy), ['assigned', 'eligible'])) {
    const [first, ...others] = reach.via.map(({ holding }) => holding);
    if (first === undefined || hardestOf(first, ...others) !== 'eligible') continue;
    const assignments = reach.via.map(({ assignment }) => assignment);
    if (!concerns(reach.principal, assignments)) continue;
    const key = causeOf(reach.via).join(' | ');
    causes.set(key, [...(causes.get(key) ?? []), reach]);
  }
  return [...causes.values()].flatMap((reaches) => findingsOf(control, reaches, identity, policy));
}

function hasActivations({ assignments, groups }: Identity): boolean {
  return assignments.some(({ holding }) => holding === 'eligible') || [...groups.values()].some(canBeJoined);
}

function canBeJoined({ eligibleMembers, eligibleOwners }: Group): boolean {
  return eligibleMembers.length + eligibleOwners.length > 0;
}

/** The tenant without what demands the context to be activated, and without what nobody knows of. */
function unguarded(identity: Identity, { identity: { context } }: AccessPolicy): Identity {
  const assignments = identity.assignments.filter(
    ({ holding, role, scope }) =>
      holding !== 'eligible' || contextDemand(settingsAt(identity, role, scope), context) === 'another',
  );
  const isOpen = (group: ObjectId, as: 'member' | 'owner'): boolean =>
    contextDemand(groupSettingsAt(identity, group, as), context) === 'another';
  const groups = [...identity.groups.values()].map((group): Group => {
    if (!canBeJoined(group)) return group;
    return {
      ...group,
      eligibleMembers: isOpen(group.id, 'member') ? group.eligibleMembers : [],
      eligibleOwners: isOpen(group.id, 'owner') ? group.eligibleOwners : [],
    };
  });
  return { ...identity, assignments, groups: new Map(groups.map((group) => [group.id, group])) };
}

function findingsOf(control: string, reaches: readonly Reach[], identity: Identity, policy: AccessPolicy): Finding[] {
  const [first] = reaches;
  const [assignment] = (first?.via ?? []).map((way) => way.assignment);
  if (!first || !assignment) return [];
  const { context } = policy.identity;
  const roles = rolesIn(identity, first.via);
  const does = reaches.some(({ machines }) => machines.size > 0)
    ? 'opens Bastion'
    : 'enters or changes what is guarded';
  return [
    findingOf({
      control,
      resource: assignment.resource,
      severity: 'medium',
      title: `Activating ${roles} ${does} for ${assigneesIn(identity, first.via)} without context ${context}`,
      cause: ['activation', ...causeOf(first.via)],
      discrepancies: [{ setting: `what activating ${roles} takes`, wanted: `context ${context}`, found: 'not that' }],
      paths: reaches.map((reach) => sentence(reach, identity)),
    }),
  ];
}

function sentence({ principal, via, isConditional, machines, powers }: Reach, identity: Identity): string {
  const who = `${nameOfPrincipal(identity, principal)} may activate ${rolesIn(identity, via)}${membershipIn(identity, via)}`;
  const opened = machines.size === 0 ? [] : [`open Bastion to ${listed([...machines], 3)}`];
  const able = [...powers].map(([words, names]) => `${words} ${listed([...names], 3)}`);
  const condition = isConditional ? ', as far as the condition on the assignment lets them' : '';
  return `${who} and then ${listed([...opened, ...able], 4)} without phishing-resistant MFA${condition}`;
}
