/** Who is in which group, owns it, or may activate either, from Graph's JSON. */
import { type JsonObject, listOf, objectOf, textOf } from '../network/json';
import type { Gap } from '../network/network';
import type { Entry, Relation } from './entry';
import { type ObjectId, objectIdOf } from './identity';
import { instantOf } from './instant';
import { malformed } from './read-gap';

export type List =
  | 'members'
  | 'owners'
  | 'transitiveMembers'
  | 'eligibleMembers'
  | 'eligibleOwners'
  | 'activatedMembers'
  | 'activatedOwners';

/** How many members Graph expands inside a group: where there are as many, there may be more. */
const EXPANDED_AT_MOST = 20;

export interface MembershipRow {
  readonly group: ObjectId;
  readonly list: List;
  /** Undefined where the list was read and nobody is in it. */
  readonly member?: ObjectId;
}

/** Every membership the entry tells of, and every list it says was read. What PIM tells of and has ended is left out. */
export function membershipsIn(entry: Entry, now: Date, gaps: Gap[]): MembershipRow[] {
  const { kind, json } = entry;
  if (kind === 'membership') return entry.of ? [rowOf(objectIdOf(entry.of.whole), entry.of.relation, json)] : [];
  if (kind === 'group') return embeddedMemberships(json, gaps);
  return kind === 'group-eligibility' || kind === 'group-assignment' ? scheduledMembership(kind, json, now, gaps) : [];
}

function rowOf(group: ObjectId, list: Relation, member: unknown): MembershipRow {
  const id = textOf(objectOf(member).id);
  return { group, list, ...(id && { member: objectIdOf(id) }) };
}

/** Members inside the group itself, as `$expand=members` gives them: never more than twenty, and not said when cut off. */
function embeddedMemberships(json: JsonObject, gaps: Gap[]): MembershipRow[] {
  const id = textOf(json.id);
  if (id === undefined) return [];
  const group = objectIdOf(id);
  return (['members', 'owners', 'transitiveMembers'] as const).flatMap((relation) => {
    if (!Array.isArray(json[relation])) return [];
    const members = listOf(json[relation]);
    if (members.length < EXPANDED_AT_MOST && json[`${relation}@odata.nextLink`] === undefined) {
      return [{ group, list: relation }, ...members.map((member) => rowOf(group, relation, member))];
    }
    const why = `Graph expands ${EXPANDED_AT_MOST} ${relation} of a group at most; list /groups/${id}/${relation} instead`;
    gaps.push({ resource: id, what: 'group-cut-off', why, touchesAdminPort: true });
    return [];
  });
}

/** What PIM for Groups says: who may activate a membership or ownership, and who has done so. */
function scheduledMembership(
  kind: 'group-eligibility' | 'group-assignment',
  json: JsonObject,
  now: Date,
  gaps: Gap[],
): MembershipRow[] {
  const group = textOf(json.groupId);
  const member = textOf(json.principalId);
  const access = textOf(json.accessId)?.toLowerCase();
  if (group === undefined || member === undefined || (access !== 'member' && access !== 'owner')) {
    gaps.push(malformed(kind, json, 'groupId, principalId or accessId'));
    return [];
  }
  const expiration = objectOf(objectOf(json.scheduleInfo).expiration);
  const end = instantOf(json.endDateTime) ?? instantOf(expiration.endDateTime);
  if (end !== undefined && end <= now.getTime()) return [];
  const isActivated = /^activated$/i.test(textOf(json.assignmentType) ?? '');
  // Standing assignments are among the group's members and owners already.
  if (kind === 'group-assignment' && !isActivated) return [];
  const list = kind === 'group-eligibility' ? ELIGIBLE[access] : ACTIVATED[access];
  return [{ group: objectIdOf(group), list, member: objectIdOf(member) }];
}

const ELIGIBLE = { member: 'eligibleMembers', owner: 'eligibleOwners' } as const;
const ACTIVATED = { member: 'activatedMembers', owner: 'activatedOwners' } as const;
