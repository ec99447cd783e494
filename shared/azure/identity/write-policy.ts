/** Writes Conditional Access policies: only what an action names, only enforced, and only if nobody else was there since. */
import type { IdentityAction } from '../../identity/action';
import type { ConditionalAccessPolicy, Identity } from '../../identity/identity';
import { objectIdOf } from '../../identity/identity';
import { readIdentity } from '../../identity/read';
import { isObject, type JsonObject, textOf } from '../../network/json';
import { azureErrorFrom } from '../error';
import { differences } from './differences';
import type { Graph } from './graph';
import { readPages } from './graph-pages';
import { POLICIES } from './read-sign-in';
import { ALREADY, seenBy, SUPERSEDED, WriteRefused, type Writing, type Written } from './writing';

type Action<K extends IdentityAction['kind']> = Extract<IdentityAction, { readonly kind: K }>;

/**
 * PATCHes the named properties. There is no If-Match: `modifiedDateTime` is read again directly before, and one that has
 * moved since the look means that somebody else was there.
 */
export async function patchPolicy(
  { policy: id, changes }: Action<'patch-conditional-access'>,
  writing: Writing,
): Promise<Written> {
  const { graph, identity, ownPolicies, mayWrite } = writing;
  const body = sendable(changes);
  if (body.state !== undefined && body.state !== 'enabled') throw reportOnly(body.state);
  const path = `${POLICIES}/${encodeURIComponent(id)}`;
  const now = await policyAt(graph, path);
  if (!now) return SUPERSEDED;
  const wanted = differences(now, body);
  if (wanted.length === 0) return ALREADY;
  const seen = ownPolicies.has(id) ? ownPolicies.get(id) : identity.policies.find((each) => each.id === id)?.modified;
  if (seen !== (textOf(now.modifiedDateTime) ?? undefined)) return SUPERSEDED;
  writing.checkLaws(withPolicy(identity, now));
  const { requestId } = await graph({ method: 'PATCH', path, body, mayWrite });
  const isThere = async (): Promise<boolean> => {
    const after = await policyAt(graph, path);
    ownPolicies.set(id, textOf(after?.modifiedDateTime));
    return after !== undefined && differences(after, body).length === 0;
  };
  return await seenBy(writing, requestId ? [requestId] : [], wanted, isThere);
}

/** Creates the policy, unless one of its name has come up meanwhile. */
export async function createPolicy(
  { name, body: given }: Action<'create-conditional-access'>,
  writing: Writing,
): Promise<Written> {
  const { graph, identity, mayWrite } = writing;
  const body: JsonObject = { displayName: name, ...sendable(given) };
  if (body.state !== 'enabled') throw reportOnly(body.state);
  const { items, error } = await readPages(graph, POLICIES);
  if (error) throw error;
  const sameName = items.filter(isObject).filter((each) => each.displayName === body.displayName);
  if (sameName.some((each) => differences(each, body).length === 0)) return ALREADY;
  if (sameName.length > 0) return SUPERSEDED;
  writing.checkLaws(identity);
  const { body: created, requestId } = await graph({ method: 'POST', path: POLICIES, body, mayWrite });
  const id = isObject(created) ? textOf(created.id) : undefined;
  const changes = [{ setting: `policy '${name}'`, before: '(none)', after: 'enabled' }];
  const path = `${POLICIES}/${encodeURIComponent(id ?? '')}`;
  const isThere = async (): Promise<boolean> =>
    id !== undefined && differences(await policyAt(graph, path), body).length === 0;
  return await seenBy(writing, requestId ? [requestId] : [], changes, isThere);
}

/** The policy's JSON; undefined for one that is gone. */
async function policyAt(graph: Graph, path: string): Promise<JsonObject | undefined> {
  try {
    const { body } = await graph({ method: 'GET', path });
    return isObject(body) ? body : undefined;
  } catch (thrown) {
    const error = azureErrorFrom(thrown, 'read', path);
    if (error.status === 404) return undefined;
    throw error;
  }
}

function withPolicy(identity: Identity, json: JsonObject): Identity {
  const read = readIdentity([json], new Date(0)).identity.policies;
  const id = objectIdOf(textOf(json.id) ?? '');
  const policies: readonly ConditionalAccessPolicy[] = [...identity.policies.filter((each) => each.id !== id), ...read];
  return { ...identity, policies };
}

/** A strength goes out as its id alone: the whole of it would be logged as a change at every run. */
function sendable(body: JsonObject): JsonObject {
  const { grantControls } = body;
  if (!isObject(grantControls) || !isObject(grantControls.authenticationStrength)) return body;
  const { id } = grantControls.authenticationStrength;
  return { ...body, grantControls: { ...grantControls, authenticationStrength: { id } } };
}

/** Report-only and disabled policies ask nothing of anybody, and a policy that asks nothing stands in the way of PIM's own MFA. */
function reportOnly(state: unknown): WriteRefused {
  return new WriteRefused(
    `the state '${String(state)}' is never written to a Conditional Access policy, only 'enabled'`,
  );
}
