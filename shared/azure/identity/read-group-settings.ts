/** PIM's settings of groups: what becoming a member or an owner by activation takes. */
import type { ObjectId } from '../../identity/identity';
import type { Graph } from './graph';
import { readManyPages } from './graph-pages';
import { joined, type Reading, readingOf } from './reading';

const PATH = '/policies/roleManagementPolicyAssignments';
const EXPANDED = encodeURIComponent('policy($expand=rules)');

/** Reads them for these groups. A group that PIM does not manage has none. Never throws. */
export async function readGroupSettings(graph: Graph, groups: readonly ObjectId[]): Promise<Reading> {
  const paths = groups.map((group) => {
    const filter = encodeURIComponent(`scopeId eq '${group}' and scopeType eq 'Group'`);
    return `${PATH}?$filter=${filter}&$expand=${EXPANDED}`;
  });
  const answers = await readManyPages(graph, paths);
  return joined(
    answers.map((pages) => (pages.error?.status === 404 ? { entries: [], gaps: [] } : readingOf(PATH, pages))),
  );
}
