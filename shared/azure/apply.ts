/** Tenant.apply: one PUT per security group, each with one outcome. */
import { isObject, objectOf, textOf } from '../network/json';
import type { NetworkAction } from '../network/action';
import { keyOf, type ResourceKey } from '../network/network';
import { parseArmId } from './arm-id';
import type { ArmClients } from './client';
import { type GroupWritten, putGroup, type WriteConditions } from './put-group';
import { rewriteSecurityGroup } from './security-group-body';

/** ARM refills 10 writes a second per subscription, and one group takes a second or more. */
const PARALLEL_WRITES = 4;

/**
 * Carries out `actions` on the groups in `resources` (raw JSON, as just read). Never throws about the world: each group
 * has one outcome, in the order in which the groups appear in the actions.
 */
export async function apply(
  clients: ArmClients,
  resources: readonly unknown[],
  actions: readonly NetworkAction[],
  conditions: WriteConditions,
): Promise<readonly GroupWritten[]> {
  const groups = [...byGroup(actions)];
  const written: GroupWritten[] = [];
  let next = 0;
  async function work(): Promise<void> {
    for (let index = next++; index < groups.length; index = next++) {
      const [group, ofGroup] = groups[index] ?? [];
      if (group && ofGroup) written[index] = await writeGroup(clients, resources, group, ofGroup, conditions);
    }
  }
  await Promise.all(Array.from({ length: Math.min(PARALLEL_WRITES, groups.length) }, work));
  return written;
}

function byGroup(actions: readonly NetworkAction[]): Map<ResourceKey, NetworkAction[]> {
  const groups = new Map<ResourceKey, NetworkAction[]>();
  for (const action of actions) {
    const group = keyOf(action.securityGroup);
    groups.set(group, [...(groups.get(group) ?? []), action]);
  }
  return groups;
}

async function writeGroup(
  clients: ArmClients,
  resources: readonly unknown[],
  resource: ResourceKey,
  actions: readonly NetworkAction[],
  conditions: WriteConditions,
): Promise<GroupWritten> {
  const unsent = { resource, requestIds: [], changes: [] };
  const failed = (why: string): GroupWritten => {
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
  return putGroup(clients, { id, etag, body: rewriting.body, changes: rewriting.changes }, conditions);
}
