/** Changes of resources other than rules: read anew, changed by nothing but the edits, written under the etag just read. */
import type { ResourceAction } from '../network/action';
import { isObject, type JsonObject, textOf } from '../network/json';
import { keyOf, nameOf, type ResourceKey } from '../network/network';
import { edited } from '../network/resource-edit';
import type { Outcome } from '../remediation/outcome';
import { DELETES, PUTS } from './calls';
import type { ArmClients } from './client';
import { azureErrorFrom } from './error';
import { isMoved, isWithin } from './moved';
import { type NetworkTarget, networkTargetOf } from './network-target';
import { plannedOn } from './planned-on';
import { readResource } from './read-resource';
import { sendWrite, type Write, type WriteConditions, type Written } from './send-write';
import { settingChanges } from './setting-changes';
import { wakeFarHalf } from './wake-far-half';
import { writableBody } from './writable-body';

/** What a write is judged by. */
export interface Surroundings {
  /** The raw JSON that the plan was made from. */
  readonly resources: readonly unknown[];
  /** Keys of what has been written already since that was read. */
  readonly ours: readonly ResourceKey[];
}

/** Carries one action out. Never throws about the world. */
export async function writeResource(
  clients: ArmClients,
  around: Surroundings,
  action: ResourceAction,
  conditions: WriteConditions,
): Promise<Written> {
  const planned = plannedOn(around.resources, action.resource);
  // The id as ARM spells it, where it was read.
  const id = textOf(action.kind === 'create-resource' ? action.body.id : planned?.id) ?? action.resource;
  const unsent = { resource: action.resource, requestIds: [], changes: [] } as const;
  const target = networkTargetOf(id);
  if (!target || keyOf(id) !== action.resource) {
    return { outcome: impossible(unsent, `${id} is nothing the guardrail writes`) };
  }
  try {
    const read = await readResource(clients, id);
    const now = isObject(read) ? read : undefined;
    const write = writeFor(action, target, now, { ...around, planned });
    if ('problem' in write) return { outcome: impossible(unsent, write.problem) };
    if ('status' in write) return { outcome: { ...unsent, status: write.status } };
    const woken = write.isNew ? await wakeFarHalf(clients, write, conditions) : undefined;
    if (woken && woken.outcome.status !== 'applied')
      return { outcome: { ...woken.outcome, resource: action.resource } };
    const { outcome, ...rest } = await sendWrite(clients, write, conditions);
    const requestIds = [...(woken?.outcome.requestIds ?? []), ...outcome.requestIds];
    const changes = [...(woken?.outcome.changes ?? []), ...outcome.changes];
    return { outcome: { ...outcome, resource: action.resource, requestIds, changes }, ...rest };
  } catch (thrown) {
    const error = azureErrorFrom(thrown, 'read', id);
    return { outcome: { ...unsent, status: 'failed', why: error.message, retryable: error.retryable } };
  }
}

/** Another remedy may still be possible, so it counts as refused. */
function impossible(facts: Pick<Outcome, 'resource' | 'requestIds' | 'changes'>, why: string): Outcome {
  const sentence = `Could not change ${facts.resource}: ${why}. Nothing was written; a person has to.`;
  return { ...facts, status: 'failed', why: sentence, retryable: false, refusal: true };
}

type Unwritten = { readonly status: 'already' | 'superseded' } | { readonly problem: string };

const ALREADY: Unwritten = { status: 'already' };
const SUPERSEDED: Unwritten = { status: 'superseded' };

/** What is to be sent, given how the resource is now, or why nothing is. */
function writeFor(
  action: ResourceAction,
  { id, subscriptionId, group, type, names }: NetworkTarget,
  now: JsonObject | undefined,
  around: Surroundings & { readonly planned: JsonObject | undefined },
): Write | Unwritten {
  const etag = textOf(now?.etag);
  const facts = { subscriptionId, resource: id, ...(etag !== undefined && { etag }) };
  if (action.kind === 'delete-resource') {
    const remove = DELETES[type];
    if (!remove) return { problem: `the guardrail deletes no ${type}` };
    if (!now) return ALREADY;
    const why = unfit(action.resource, now, around);
    if (why) return why;
    const changes = [{ setting: nameOf(id), before: 'there', after: 'deleted' }];
    return { ...facts, changes, send: (network, options) => remove(network, group, names, options) };
  }
  if (action.kind === 'delete-shareable-links') {
    if (!now) return SUPERSEDED;
    const vms = action.machines.map((machine) => ({ vm: { id: machine } }));
    const changes = [{ setting: 'shareable links', before: action.machines.map(nameOf).join(', '), after: 'deleted' }];
    const send: Write['send'] = (network, options) =>
      network.deleteBastionShareableLink(group, names[0], { vms }, options);
    return { subscriptionId, resource: id, changes, send };
  }
  const put = PUTS[type];
  if (!put) return { problem: `the guardrail writes no ${type}` };
  const send: Write['send'] = (network, options) => put(network, group, names, options);
  if (action.kind === 'create-resource') {
    // Somebody was faster: what is there now was not there when the plan was made.
    if (now) return SUPERSEDED;
    const changes = [{ setting: nameOf(id), before: 'not there', after: 'as it was accepted' }];
    return { subscriptionId, resource: id, isNew: true, body: writableBody(type, action.body), changes, send };
  }
  if (!now) return SUPERSEDED;
  const why = unfit(action.resource, now, around);
  if (why) return why;
  const changes = settingChanges(now, action.edits);
  if (changes.length === 0) return ALREADY;
  return { ...facts, body: writableBody(type, edited(now, action.edits)), changes, send };
}

/** Why the plan does not fit what is there now; undefined if it does. What this run has written itself is as planned. */
function unfit(
  key: ResourceKey,
  now: JsonObject,
  { planned, ours }: Surroundings & { readonly planned: JsonObject | undefined },
): Unwritten | undefined {
  if (ours.some((each) => isWithin(key, each) || isWithin(each, key))) return undefined;
  if (!planned) return { problem: 'it is not among the resources that were read' };
  return isMoved(planned, now, ours) ? SUPERSEDED : undefined;
}
