/** Publishes an authentication context, so that activation can ask for it. */
import { azureErrorFrom } from '../error';
import type { IdentityAction } from '../../identity/action';
import { isObject, type JsonObject } from '../../network/json';
import { differences } from './differences';
import type { Graph } from './graph';
import { CONTEXTS } from './read-sign-in';
import { ALREADY, seenBy, type Writing, type Written } from './writing';

/** PATCH makes a context that is not there; of one that is, its description stays. */
export async function writeContext(
  action: Extract<IdentityAction, { readonly kind: 'publish-context' }>,
  writing: Writing,
): Promise<Written> {
  const { graph, mayWrite } = writing;
  const path = `${CONTEXTS}/${encodeURIComponent(action.context)}`;
  const wanted: JsonObject = { displayName: action.name, isAvailable: true };
  const before = await contextAt(graph, path);
  const changes = differences(before, wanted, `context ${action.context}`);
  if (changes.length === 0) return ALREADY;
  const body = before ? wanted : { ...wanted, description: action.name };
  const { requestId } = await graph({ method: 'PATCH', path, body, mayWrite });
  const isThere = async (): Promise<boolean> => differences(await contextAt(graph, path), wanted).length === 0;
  return await seenBy(writing, requestId ? [requestId] : [], changes, isThere);
}

async function contextAt(graph: Graph, path: string): Promise<JsonObject | undefined> {
  try {
    const { body } = await graph({ method: 'GET', path });
    return isObject(body) ? body : undefined;
  } catch (thrown) {
    const error = azureErrorFrom(thrown, 'read', path);
    if (error.status === 404) return undefined;
    throw error;
  }
}
