/** Who is in the groups, owns them, or may activate either: level by level, so that circles end and nothing is read twice. */
import type { ObjectId } from '../../identity/identity';
import { objectOf, textOf } from '../../network/json';
import type { Gap } from '../../network/network';
import type { Graph } from './graph';
import { type Pages, readManyPages } from './graph-pages';
import { notRead } from './not-read';
import { idsOfType, readPrincipals, USER_PROPERTIES } from './read-principals';
import { joined, type Reading } from './reading';

const PIM = '/identityGovernance/privilegedAccess/group';
const PAGE = 999;
/** Deeper than anything sensible, and an end to what is not. */
const MOST_LEVELS = 30;

const LISTS = ['members', 'owners', 'eligibilityScheduleInstances', 'assignmentScheduleInstances'] as const;
type List = (typeof LISTS)[number];

/**
 * Reads the groups of these ids with everybody in them, and in the groups in them. `known` are ids of principals that were
 * read already. A list that could not be read to its end is left out as a whole, so that its group counts as unread.
 */
export async function readGroups(
  graph: Graph,
  groups: readonly ObjectId[],
  known: ReadonlySet<ObjectId>,
): Promise<Reading> {
  const readings: Reading[] = [];
  const principals = new Set(known);
  const walked = new Set<ObjectId>();
  let level = [...new Set(groups)];
  for (let depth = 0; level.length > 0 && depth < MOST_LEVELS; depth++) {
    for (const id of level) walked.add(id);
    const read = await readLevel(graph, level);
    const mentioned = mentionedIn(read.entries).filter((id) => !principals.has(id));
    const unknown = mentioned.length === 0 ? NOTHING : await readPrincipals(graph, mentioned);
    readings.push(read, unknown);
    for (const id of [...mentioned, ...membersIn(read.entries)]) principals.add(id);
    const next = [...idsOfType(membersOf(read.entries), 'group'), ...idsOfType(unknown.entries, 'group')];
    level = [...new Set(next)].filter((id) => !walked.has(id));
  }
  return joined(readings);
}

const NOTHING: Reading = { entries: [], gaps: [] };

async function readLevel(graph: Graph, groups: readonly ObjectId[]): Promise<Reading> {
  const asked = groups.flatMap((group) => LISTS.map((list) => ({ group, list, path: pathFor(group, list) })));
  const answers = await readManyPages(
    graph,
    asked.map(({ path }) => path),
  );
  const failed = new Map<List, { readonly gap: Gap; groups: number }>();
  const entries = asked.flatMap(({ group, list, path }, index) => {
    const { items, error } = answers[index] ?? MISSING;
    // A group that PIM does not manage, or that is gone, has nothing there.
    if (error?.status === 404) return [];
    if (error) {
      const before = failed.get(list);
      failed.set(list, {
        gap: before?.gap ?? notRead(path.split('?')[0] ?? path, error),
        groups: (before?.groups ?? 0) + 1,
      });
      return [];
    }
    return list === 'members' || list === 'owners' ? [membershipPage(group, list, items)] : items;
  });
  return { entries, gaps: [...failed.values()].map(({ gap, groups: count }) => forAll(gap, count)) };
}

const MISSING: Pages = { items: [] };

/** One gap for each list that fails, not one for each of five hundred groups. */
function forAll(gap: Gap, groups: number): Gap {
  return groups === 1 ? gap : { ...gap, why: `${gap.why} The same holds for ${groups - 1} more groups.` };
}

/** Graph writes `#directoryObjects` on such a page, which does not say whose members they are. */
function membershipPage(group: ObjectId, list: 'members' | 'owners', items: readonly unknown[]): unknown {
  const value = items.map((item) => {
    const { '@odata.context': _, ...member } = objectOf(item);
    return member;
  });
  return { '@odata.context': `$metadata#groups('${group}')/${list}`, value };
}

function pathFor(group: ObjectId, list: List): string {
  if (list === 'members' || list === 'owners') {
    return `/groups/${group}/${list}?$select=${USER_PROPERTIES}&$top=${PAGE}`;
  }
  return `${PIM}/${list}?$filter=${encodeURIComponent(`groupId eq '${group}'`)}`;
}

function membersOf(entries: readonly unknown[]): readonly unknown[] {
  return entries.flatMap((entry) => {
    const { value } = objectOf(entry);
    return Array.isArray(value) ? value : [];
  });
}

function membersIn(entries: readonly unknown[]): readonly ObjectId[] {
  return membersOf(entries).flatMap((member) => textOf(objectOf(member).id)?.toLowerCase() ?? []);
}

/** PIM's instances name whom they are about by id only. */
function mentionedIn(entries: readonly unknown[]): readonly ObjectId[] {
  const ids = entries.flatMap((entry) => textOf(objectOf(entry).principalId)?.toLowerCase() ?? []);
  return [...new Set(ids)];
}
