/** Changes of resources other than rules: read anew, changed by nothing but the edits, written under the etag just read. */
import type { ResourceAction } from '../network/action';
import { isObject, type JsonObject, listOf, objectOf, propertiesOf, textOf } from '../network/json';
import { keyOf, nameOf, parentIdOf } from '../network/network';
import { edited, type PathStep, valueAt } from '../network/resource-edit';
import type { Outcome, SettingChange } from '../remediation/outcome';
import { DELETES, PUTS } from './calls';
import type { ArmClients } from './client';
import { azureErrorFrom } from './error';
import { readResource } from './read-resource';
import { sendWrite, type Write, type WriteConditions, type Written } from './send-write';

const NETWORK_PATH =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.Network\/([^/]+)\/([^/]+)(?:\/([^/]+)\/([^/]+))?$/i;
/** What ARM keeps for itself; sent back, it would be ignored at best. */
const ARMS_OWN = ['provisioningState', 'resourceGuid', 'peeringState', 'peeringSyncLevel', 'remoteVirtualNetworkAddressSpace'];

/** Carries one action out. `resources` are those the plan was made from. Never throws about the world. */
export async function writeResource(
  clients: ArmClients,
  resources: readonly unknown[],
  action: ResourceAction,
  conditions: WriteConditions,
): Promise<Written> {
  const body = action.kind === 'create-resource' ? textOf(action.body.id) : undefined;
  const id = body ?? spelled(resources, action.resource);
  const unsent = { resource: action.resource, requestIds: [], changes: [] } as const;
  const path = NETWORK_PATH.exec(id);
  if (!path) return { outcome: failed(unsent, `${id} is nothing the guardrail writes`) };
  try {
    const now = await readResource(clients, id);
    const write = writeFor(action, id, path, isObject(now) ? now : undefined, plannedOn(resources, action.resource));
    if ('problem' in write) return { outcome: failed(unsent, write.problem) };
    if ('status' in write) return { outcome: { ...unsent, status: write.status } };
    const { outcome, ...rest } = await sendWrite(clients, write, conditions);
    return { outcome: { ...outcome, resource: action.resource }, ...rest };
  } catch (thrown) {
    const error = azureErrorFrom(thrown, 'read', id);
    return { outcome: { ...unsent, status: 'failed', why: error.message, retryable: error.retryable } };
  }
}

function failed(facts: Pick<Outcome, 'resource' | 'requestIds' | 'changes'>, why: string): Outcome {
  const sentence = `Could not change ${facts.resource}: ${why}. Nothing was written; a person has to.`;
  return { ...facts, status: 'failed', why: sentence, retryable: false };
}

type Unwritten = { readonly status: 'already' | 'superseded' } | { readonly problem: string };

const ALREADY: Unwritten = { status: 'already' };
const SUPERSEDED: Unwritten = { status: 'superseded' };

/** What is to be sent, given how the resource is now, or why nothing is. */
function writeFor(
  action: ResourceAction,
  id: string,
  [, subscriptionId = '', group = '', ...segments]: readonly string[],
  now: JsonObject | undefined,
  planned: JsonObject | undefined,
): Write | Unwritten {
  const [type = '', name = '', childType, childName] = segments;
  const kind = keyOf(childType === undefined ? type : `${type}/${childType}`);
  const names = [name, childName] as const;
  const etag = textOf(now?.etag);
  const facts = { subscriptionId, resource: id, ...(etag !== undefined && { etag }) };
  if (action.kind === 'delete-resource') {
    const remove = DELETES[kind];
    if (!remove) return { problem: `the guardrail deletes no ${kind}` };
    if (!now) return ALREADY;
    if (isMoved(planned, now)) return SUPERSEDED;
    const changes = [{ setting: nameOf(id), before: 'there', after: 'deleted' }];
    return { ...facts, changes, send: (network, options) => remove(network, group, names, options) };
  }
  if (action.kind === 'delete-shareable-links') {
    if (!now) return SUPERSEDED;
    const vms = action.machines.map((machine) => ({ vm: { id: machine } }));
    const before = action.machines.map(nameOf).join(', ');
    const changes = [{ setting: 'shareable links', before, after: 'deleted' }];
    return {
      subscriptionId,
      resource: id,
      changes,
      send: (network, options) => network.deleteBastionShareableLink(group, name, { vms }, options),
    };
  }
  const put = PUTS[kind];
  if (!put) return { problem: `the guardrail writes no ${kind}` };
  const send: Write['send'] = (network, options) => put(network, group, names, options);
  if (action.kind === 'create-resource') {
    // Somebody was faster: what is there now was not there when the plan was made.
    if (now) return SUPERSEDED;
    const changes = [{ setting: nameOf(id), before: 'not there', after: 'as it was accepted' }];
    return { subscriptionId, resource: id, body: writable(action.body), changes, send };
  }
  if (!now) return SUPERSEDED;
  if (isMoved(planned, now)) return SUPERSEDED;
  const body = edited(now, action.edits);
  const changes = changesBy(now, action.edits);
  if (changes.length === 0) return ALREADY;
  return { ...facts, body: writable(body), changes, send };
}

/** Whether somebody has changed it since the plan was made; a child without an etag in its parent is compared by content. */
function isMoved(planned: JsonObject | undefined, now: JsonObject): boolean {
  const [before, after] = [textOf(planned?.etag), textOf(now.etag)];
  return before !== undefined && after !== undefined && before !== after;
}

/** The body without what is ARM's own, so far as it stands at the top. */
function writable(json: JsonObject): JsonObject {
  const { etag: _, ...rest } = json;
  if (!isObject(rest.properties)) return rest;
  const kept = Object.entries(rest.properties).filter(([name]) => !ARMS_OWN.includes(name));
  const properties: JsonObject = Object.fromEntries(kept);
  const rules = Array.isArray(properties.securityRules) ? { securityRules: properties.securityRules.map(bareRule) } : {};
  return { ...rest, properties: { ...properties, ...rules } };
}

function bareRule(rule: unknown): unknown {
  if (!isObject(rule)) return rule;
  const { etag: _, ...rest } = rule;
  return rest;
}

function changesBy(
  now: JsonObject,
  edits: readonly { readonly path: readonly PathStep[]; readonly value?: unknown }[],
): readonly SettingChange[] {
  return edits.flatMap(({ path, value }) => {
    const [before, after] = [valueAt(now, path), value].map(inWords);
    if (before === undefined || after === undefined || before === after) return [];
    return [{ setting: settingName(path), before, after }];
  });
}

function settingName(path: readonly PathStep[]): string {
  const [last, ...above] = path
    .filter((step) => step !== 'properties')
    .map((step) => (typeof step === 'string' ? step : nameOf(step.named)))
    .toReversed();
  return above.length === 0 ? (last ?? '') : `${last} of ${above[0]}`;
}

const LONGEST_SHOWN = 200;

function inWords(value: unknown): string {
  if (value === undefined || value === null) return '(none)';
  const id = textOf(objectOf(value).id);
  if (id !== undefined) return nameOf(id);
  return (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, LONGEST_SHOWN);
}

/** The resource's JSON in the plan's snapshot: by itself, or inside its parent. */
function plannedOn(resources: readonly unknown[], key: string): JsonObject | undefined {
  const own = resources.find((each) => keyOf(textOf(objectOf(each).id) ?? '') === key);
  if (isObject(own)) return own;
  const parent = keyOf(parentIdOf(key));
  const holder = resources.find((each) => keyOf(textOf(objectOf(each).id) ?? '') === parent);
  const children = Object.values(propertiesOf(holder)).flatMap((value) => listOf(value));
  const child = children.find((each) => keyOf(textOf(objectOf(each).id) ?? '') === key);
  return isObject(child) ? child : undefined;
}

/** The id as ARM spells it, where it was read; a resource that is gone has the spelling of its key. */
function spelled(resources: readonly unknown[], key: string): string {
  return textOf(plannedOn(resources, key)?.id) ?? key;
}
