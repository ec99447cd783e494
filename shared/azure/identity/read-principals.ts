/** Who the ids stand for: users with what decides about them, groups and service principals. */
import type { ObjectId } from '../../identity/identity';
import { isObject, listOf, objectOf, textOf } from '../../network/json';
import { azureErrorFrom } from '../error';
import type { Graph } from './graph';
import { chunked, readManyPages } from './graph-pages';
import { joined, onlyGap, type Reading, readingOf } from './reading';

const BY_IDS = '/directoryObjects/getByIds';
const TYPES = ['user', 'group', 'servicePrincipal'];
/** What Graph takes at once. */
const MOST_IDS = 1000;
const MOST_IN_FILTER = 15;
/** A user shows neither that it is a guest nor that it is disabled unless asked. */
export const USER_PROPERTIES = 'id,displayName,userPrincipalName,userType,accountEnabled';

/** Reads the objects of these ids; what leads nowhere is left out. Never throws. */
export async function readPrincipals(graph: Graph, ids: readonly ObjectId[]): Promise<Reading> {
  const found = joined(await Promise.all(chunked(ids, MOST_IDS).map((some) => readByIds(graph, some))));
  const users = idsOfType(found.entries, 'user');
  const paths = chunked(users, MOST_IN_FILTER).map((some) => usersPath(some));
  const details = await readManyPages(graph, paths);
  const [failed] = details.flatMap(({ error }, index) => (error ? [{ error, path: paths[index] ?? '' }] : []));
  // One gap says it for all: what is missing for one of them is missing for each.
  const gaps = failed ? [onlyGap('/users', failed.error)] : [];
  return joined([...details.map(({ items }) => ({ entries: items, gaps: [] })), found, ...gaps]);
}

/** The ids of the objects of one of Graph's types, in lower case. */
export function idsOfType(entries: readonly unknown[], type: 'user' | 'group'): readonly ObjectId[] {
  const wanted = `#microsoft.graph.${type}`.toLowerCase();
  const ids = entries.flatMap((entry) => {
    const { id, '@odata.type': own } = objectOf(entry);
    return textOf(own)?.toLowerCase() === wanted ? (textOf(id)?.toLowerCase() ?? []) : [];
  });
  return [...new Set(ids)];
}

async function readByIds(graph: Graph, ids: readonly ObjectId[]): Promise<Reading> {
  try {
    const { body } = await graph({ method: 'POST', path: BY_IDS, body: { ids, types: TYPES } });
    const items = listOf(objectOf(body).value);
    return readingOf(BY_IDS, { items: items.filter(isObject) });
  } catch (thrown) {
    return onlyGap(BY_IDS, azureErrorFrom(thrown, 'read', BY_IDS));
  }
}

function usersPath(ids: readonly ObjectId[]): string {
  const filter = `id in (${ids.map((id) => `'${id}'`).join(',')})`;
  return `/users?$filter=${encodeURIComponent(filter)}&$select=${USER_PROPERTIES}`;
}
