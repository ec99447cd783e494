/** Changes of one security group's rules: one PUT of the group from the JSON that was read. */
import { isObject, objectOf, textOf } from '../network/json';
import type { RuleAction } from '../network/action';
import { keyOf, type ResourceKey } from '../network/network';
import { parseArmId } from './arm-id';
import type { ArmClients } from './client';
import { rewriteSecurityGroup } from './security-group-body';
import { type GroupWrite, writeFlushing } from './flush-connections';
import { sendWrite, type WriteConditions, type Written } from './send-write';

/** Carries out `actions` on the group among `resources` (raw JSON, as just read). Never throws about the world. */
export async function writeGroup(
  clients: ArmClients,
  resources: readonly unknown[],
  resource: ResourceKey,
  actions: readonly RuleAction[],
  conditions: WriteConditions,
): Promise<Written> {
  const unsent = { resource, requestIds: [], changes: [] };
  const failed = (why: string): Written => {
    const sentence = `Could not change ${resource}: ${why}. Nothing was written; look again.`;
    return { outcome: { ...unsent, status: 'failed', why: sentence, retryable: false } };
  };
  const raw = resources.find((candidate) => keyOf(textOf(objectOf(candidate).id) ?? '') === resource);
  const id = parseArmId(isObject(raw) ? (textOf(raw.id) ?? '') : '');
  if (!isObject(raw) || id?.type !== 'networksecuritygroups')
    return failed('it is not among the security groups that were read');
  const etag = textOf(raw.etag);
  // Without an etag the write could undo a colleague's edit unseen.
  if (!etag) return failed('it was read without an etag');
  const rewriting = rewriteSecurityGroup(raw, actions);
  if (rewriting.kind === 'impossible') return failed(rewriting.why);
  if (rewriting.kind === 'already') return { outcome: { ...unsent, status: 'already' } };
  const { body, changes } = rewriting;
  const { subscriptionId, resourceGroup, name, topLevel } = id;
  const write: GroupWrite = {
    subscriptionId,
    resource: topLevel,
    etag,
    body,
    changes,
    send: (network, options) => network.networkSecurityGroups.createOrUpdate(resourceGroup, name, {}, options),
  };
  return conditions.flushConnections
    ? writeFlushing(clients, write, conditions)
    : sendWrite(clients, write, conditions);
}
