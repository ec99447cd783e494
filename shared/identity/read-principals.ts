/** Users, service principals and groups, with who is in which group, from Graph's JSON and from what assignments say. */
import { type JsonObject, objectOf, propertiesOf, textOf } from '../network/json';
import type { Gap } from '../network/network';
import type { Entry } from './entry';
import { type Group, type ObjectId, objectIdOf, type Principal, type PrincipalKind } from './identity';
import { boundedName, malformed } from './read-gap';
import { type List, membershipsIn } from './read-memberships';

export interface Directory {
  readonly principals: ReadonlyMap<ObjectId, Principal>;
  readonly groups: ReadonlyMap<ObjectId, Group>;
}

type Lists = Partial<Record<List, Set<ObjectId>>>;

/** Kinds that say who somebody is besides saying what they hold. */
const NAMING: ReadonlySet<Entry['kind']> = new Set([
  'role-assignment',
  'eligibility-schedule',
  'eligibility-instance',
  'assignment-schedule',
  'assignment-instance',
]);

/**
 * Reads the directory. The same principal may come several times, each time with other properties. Principals that only
 * assignments name are kept with what those say of them; of groups among them, the members are unknown.
 */
export function readDirectory(entries: readonly Entry[], now: Date, gaps: Gap[]): Directory {
  const principals = new Map<ObjectId, Principal>();
  const lists = new Map<ObjectId, Lists>();
  const listOfGroup = (group: ObjectId, list: List): Set<ObjectId> => {
    const own = lists.get(group) ?? {};
    lists.set(group, own);
    own[list] ??= new Set();
    return own[list];
  };
  // What the directory says of somebody comes before what assignments repeat of it.
  const naming = entries.filter(({ kind }) => NAMING.has(kind));
  for (const entry of [...entries.filter(({ kind }) => !NAMING.has(kind)), ...naming]) {
    const principal = principalIn(entry, gaps);
    if (principal) principals.set(principal.id, merged(principals.get(principal.id), principal));
    for (const { group, list, member } of membershipsIn(entry, now, gaps)) {
      const members = listOfGroup(group, list);
      if (member !== undefined) members.add(member);
    }
  }
  for (const id of lists.keys()) {
    if (!principals.has(id)) principals.set(id, { id, kind: 'group', name: id });
  }
  const groups = new Map<ObjectId, Group>();
  for (const principal of principals.values()) {
    if (principal.kind !== 'group') continue;
    const group = groupOf(principal, lists.get(principal.id) ?? {});
    groups.set(group.id, group);
    principals.set(group.id, group);
  }
  return { principals, groups };
}

const KINDS: Readonly<Partial<Record<Entry['kind'], PrincipalKind>>> = {
  user: 'user',
  group: 'group',
  'service-principal': 'service-principal',
};

function principalIn({ kind, json }: Entry, gaps: Gap[]): Principal | undefined {
  const own = KINDS[kind];
  if (own === undefined) return principalNamedBy(kind, json);
  const id = textOf(json.id);
  if (id === undefined) {
    gaps.push(malformed(kind, json, 'id'));
    return undefined;
  }
  const userName = textOf(json.userPrincipalName)?.slice(0, 256);
  const isGuest = /^guest$/i.test(textOf(json.userType) ?? (userName?.includes('#EXT#') ? 'guest' : ''));
  return {
    id: objectIdOf(id),
    kind: own,
    name: boundedName(json, ['displayName', 'userPrincipalName'], objectIdOf(id)),
    ...(userName && { userName }),
    ...(isGuest && { isGuest }),
    ...(json.accountEnabled === false && { isDisabled: true }),
  };
}

const KIND_BY_TYPE: Readonly<Record<string, PrincipalKind>> = {
  user: 'user',
  group: 'group',
  foreigngroup: 'group',
  serviceprincipal: 'service-principal',
};

function principalNamedBy(kind: Entry['kind'], json: JsonObject): Principal | undefined {
  if (!NAMING.has(kind)) return undefined;
  const properties = propertiesOf(json);
  const id = textOf(properties.principalId);
  if (id === undefined) return undefined;
  const expanded = objectOf(objectOf(properties.expandedProperties).principal);
  const type = (textOf(properties.principalType) ?? textOf(expanded.type) ?? '').toLowerCase();
  const known = Object.hasOwn(KIND_BY_TYPE, type) ? KIND_BY_TYPE[type] : undefined;
  const fallback = boundedName(properties, ['principalName'], objectIdOf(id));
  const userName = textOf(expanded.email)?.slice(0, 256);
  return {
    id: objectIdOf(id),
    kind: known ?? 'unknown',
    name: boundedName(expanded, ['displayName'], fallback),
    ...(known === 'user' && userName && { userName }),
  };
}

/** What is known of both; a real name wins over an id that stands for one. */
function merged(before: Principal | undefined, now: Principal): Principal {
  if (!before) return now;
  const named = before.name === before.id ? now : before;
  const kind = before.kind === 'unknown' ? now.kind : before.kind;
  return { ...now, ...before, kind, name: named.name };
}

function groupOf(principal: Principal, lists: Lists): Group {
  const { members, transitiveMembers, activatedMembers, activatedOwners } = lists;
  return {
    ...principal,
    kind: 'group',
    ...(members && { members: [...members] }),
    owners: [...(lists.owners ?? [])],
    eligibleMembers: [...(lists.eligibleMembers ?? [])],
    eligibleOwners: [...(lists.eligibleOwners ?? [])],
    ...(activatedMembers && { activatedMembers: [...activatedMembers] }),
    ...(activatedOwners && { activatedOwners: [...activatedOwners] }),
    ...(transitiveMembers && { transitiveMembers: [...transitiveMembers] }),
  };
}
