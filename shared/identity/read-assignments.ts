/** Who holds which role where: one list out of RBAC's assignments and PIM's instances and schedules, each thing once. */
import { type JsonObject, objectOf, propertiesOf, textOf } from '../network/json';
import type { Gap } from '../network/network';
import type { Entry, EntryKind } from './entry';
import { type Holding, objectIdOf, type RoleAssignment, scopeKeyOf } from './identity';
import { instantOf } from './instant';
import { malformed } from './read-gap';

type Source = 'instance' | 'schedule' | 'assignment';

/** An assignment as one source tells of it. */
interface Told {
  readonly assignment: RoleAssignment;
  readonly source: Source;
  /** GUID of the RBAC assignment behind it, where it says so. */
  readonly origin?: string;
  /** Told of somebody because a group they are in holds it. */
  readonly isByGroup: boolean;
}

const SOURCES: Readonly<Partial<Record<EntryKind, Source>>> = {
  'role-assignment': 'assignment',
  'assignment-instance': 'instance',
  'assignment-schedule': 'schedule',
  'eligibility-instance': 'instance',
  'eligibility-schedule': 'schedule',
};

/**
 * Reads all assignments that hold at `now` or will later. PIM's instances come first, because they know whether an
 * assignment is an activation; RBAC's list adds those that PIM does not mention, and schedules what lies ahead.
 */
export function readAssignments(entries: readonly Entry[], now: Date, gaps: Gap[]): RoleAssignment[] {
  const told = entries.flatMap((entry) => tell(entry, now, gaps) ?? []);
  const bySource = (source: Source): Told[] => told.filter((each) => each.source === source);
  const instances = withoutGroupEchoes(bySource('instance'), told);
  const known = new Map<string, RoleAssignment>();
  for (const { assignment } of instances) keep(known, assignment);
  const active = instances.filter(({ assignment }) => assignment.holding !== 'eligible');
  const activeAt = new Map<string, Told[]>();
  for (const each of active) {
    const key = placeOf(each.assignment);
    activeAt.set(key, [...(activeAt.get(key) ?? []), each]);
  }
  for (const each of bySource('assignment')) {
    if (!isMentioned(each, activeAt.get(placeOf(each.assignment)) ?? [])) keep(known, each.assignment);
  }
  for (const { assignment } of bySource('schedule')) keep(known, assignment);
  return [...known.values()];
}

function tell({ kind, json }: Entry, now: Date, gaps: Gap[]): Told | undefined {
  const source = SOURCES[kind];
  if (source === undefined) return undefined;
  const properties = propertiesOf(json);
  const role = textOf(properties.roleDefinitionId);
  const principal = textOf(properties.principalId);
  const scope = textOf(properties.scope) ?? scopeInId(textOf(json.id));
  const resource = textOf(properties.originRoleAssignmentId) ?? textOf(json.id) ?? textOf(json.name);
  if (role === undefined || principal === undefined || scope === undefined || resource === undefined) {
    gaps.push(malformed(kind, json, 'roleDefinitionId, principalId, scope or id'));
    return undefined;
  }
  const end = dateIn(properties, 'endDateTime', resource, gaps);
  if (end !== undefined && Date.parse(end) <= now.getTime()) return undefined;
  const start = dateIn(properties, 'startDateTime', resource, gaps);
  const condition = textOf(properties.condition);
  const eligibility =
    textOf(properties.linkedRoleEligibilityScheduleId) ?? textOf(properties.linkedRoleEligibilityScheduleInstanceId);
  const isLater = start !== undefined && Date.parse(start) > now.getTime();
  const origin = source === 'assignment' ? resource : textOf(properties.originRoleAssignmentId);
  return {
    source,
    isByGroup: /^group$/i.test(textOf(properties.memberType) ?? ''),
    ...(origin && { origin: objectIdOf(origin) }),
    assignment: {
      resource,
      role: objectIdOf(role),
      principal: objectIdOf(principal),
      scope: scopeKeyOf(scope),
      holding: holdingOf(kind, properties, isLater),
      inPim: isInPim(kind, properties),
      ...(end && { end }),
      ...(start && { start }),
      ...(condition && { condition: condition.slice(0, 8192) }),
      ...(eligibility && { linkedEligibility: eligibility }),
    },
  };
}

function holdingOf(kind: EntryKind, properties: JsonObject, isLater: boolean): Holding {
  if (kind.startsWith('eligibility')) return 'eligible';
  if (isLater) return 'planned';
  return /^activated$/i.test(textOf(properties.assignmentType) ?? '') ? 'activated' : 'assigned';
}

/** Instances include what was assigned outside PIM: those have no schedule behind them. */
function isInPim(kind: EntryKind, properties: JsonObject): boolean {
  if (kind === 'role-assignment') return false;
  return kind !== 'assignment-instance' || textOf(properties.roleAssignmentScheduleId) !== undefined;
}

function scopeInId(id: string | undefined): string | undefined {
  const end = id?.toLowerCase().lastIndexOf('/providers/microsoft.authorization/') ?? -1;
  return id === undefined || end < 0 ? undefined : id.slice(0, end) || '/';
}

/** A date that cannot be read is none: then it holds from ever, or for ever, which is the worse of what it could say. */
function dateIn(properties: JsonObject, name: string, resource: string, gaps: Gap[]): string | undefined {
  const expiration = objectOf(objectOf(properties.scheduleInfo).expiration);
  const value = properties[name] ?? (name === 'endDateTime' ? expiration.endDateTime : undefined);
  if (value === undefined || value === null || value === '') return undefined;
  if (instantOf(value) !== undefined) return textOf(value);
  gaps.push({
    resource,
    what: 'bad-date',
    why: `its ${name} is no date, so it is read as if it had none; look at it in the portal`,
    touchesAdminPort: true,
  });
  return undefined;
}

/** An answer about one user's targets repeats, as theirs, what their groups hold; the group's own entry says it better. */
function withoutGroupEchoes(instances: readonly Told[], told: readonly Told[]): Told[] {
  const direct = new Set(
    told.filter((each) => !each.isByGroup).map(({ assignment }) => `${assignment.role} ${assignment.scope}`),
  );
  return instances.filter((each) => !each.isByGroup || !direct.has(`${each.assignment.role} ${each.assignment.scope}`));
}

function placeOf({ role, principal, scope }: RoleAssignment): string {
  return `${role} ${principal} ${scope}`;
}

/** Behind an activation stands an assignment of its own; another one at the same place is no activation. */
function isMentioned({ origin }: Told, there: readonly Told[]): boolean {
  return there.some(
    (each) => each.assignment.holding === 'assigned' || each.origin === undefined || each.origin === origin,
  );
}

/** Of two that say the same, the one that lasts longer is kept, and the one without a condition: what is worst holds. */
function keep(known: Map<string, RoleAssignment>, next: RoleAssignment): void {
  const key = `${placeOf(next)} ${next.holding}`;
  const before = known.get(key);
  if (!before) {
    known.set(key, next);
    return;
  }
  const longer = lastsLonger(next, before) ? next : before;
  const isConditional = before.condition !== undefined && next.condition !== undefined;
  known.set(key, {
    ...longer,
    inPim: before.inPim || next.inPim,
    start: earlier(before.start, next.start),
    condition: isConditional ? longer.condition : undefined,
  });
}

/** Without a start it has held from ever. */
function earlier(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return undefined;
  return Date.parse(one) <= Date.parse(other) ? one : other;
}

function lastsLonger(one: RoleAssignment, other: RoleAssignment): boolean {
  if (other.end === undefined) return false;
  return one.end === undefined || Date.parse(one.end) > Date.parse(other.end);
}
