/** Who holds the roles of the directory by which the sign-in policies can be rewritten: Azure's assignments know nothing of them. */
import { WRITER_TEMPLATES } from '../../identity/directory-roles';
import { objectIdOf } from '../../identity/identity';
import { objectOf, textOf } from '../../network/json';
import type { Graph } from './graph';
import { readManyPages, readPages } from './graph-pages';
import { notRead } from './not-read';
import { USER_PROPERTIES } from './read-principals';
import type { Reading } from './reading';

const ROLES = '/directoryRoles';
/** Only reported on, so that not seeing them stands in the way of nothing else. */
const UNREAD = 'directory-roles-not-read';

/** Reads the roles that were ever given in the tenant, and the members of those that matter. Never throws. */
export async function readDirectoryRoles(graph: Graph): Promise<Reading> {
  const { items, error } = await readPages(graph, ROLES);
  if (error) return { entries: [], gaps: [notRead(ROLES, error, UNREAD)] };
  const ids = items.map(objectOf).flatMap(({ id, roleTemplateId }) => {
    const template = textOf(roleTemplateId);
    return template !== undefined && WRITER_TEMPLATES.has(objectIdOf(template)) ? (textOf(id) ?? []) : [];
  });
  const paths = ids.map((id) => `${ROLES}/${id}/members`);
  const answers = await readManyPages(
    graph,
    paths.map((path) => `${path}?$select=${USER_PROPERTIES}`),
  );
  // One gap says it for all: what is missing for one of them is missing for each.
  const [failed] = answers.flatMap(({ error: why }, index) =>
    why ? [notRead(paths[index] ?? ROLES, why, UNREAD)] : [],
  );
  const pages = answers.flatMap((each, index) => (each.error ? [] : [memberPage(ids[index] ?? '', each.items)]));
  return { entries: [...items, ...pages], gaps: failed ? [failed] : [] };
}

/** Graph writes `#directoryObjects` on such a page, which does not say whose members they are. */
function memberPage(role: string, items: readonly unknown[]): unknown {
  const value = items.map((item) => {
    const { '@odata.context': _, ...member } = objectOf(item);
    return member;
  });
  return { '@odata.context': `$metadata#directoryRoles('${role}')/members`, value };
}
