/**
 * A group's write that has its open connections judged again. Azure keeps a connection that a rule let in once, also after
 * the rule is gone (https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview); with
 * `flushConnection` on the group it looks anew. The property is put back afterwards, as whoever set it wanted it.
 */
import { isObject, type JsonObject, propertiesOf, textOf } from '../network/json';
import type { SettingChange } from '../remediation/outcome';
import type { ArmClients } from './client';
import { readResource } from './read-resource';
import { sendWrite, type Write, type WriteConditions, type Written } from './send-write';
import { writableBody } from './writable-body';

export type GroupWrite = Write & { readonly body: JsonObject };

const SETTING = 'flushConnection';

/** Sends the write with the property on, then puts it back. Where Azure does not take the property, without it. */
export async function writeFlushing(
  clients: ArmClients,
  write: GroupWrite,
  conditions: WriteConditions,
): Promise<Written> {
  const before = propertiesOf(write.body)[SETTING];
  if (before === true) return sendWrite(clients, write, conditions);
  const written = await sendWrite(clients, { ...write, body: withFlush(write.body, true) }, conditions);
  const { outcome } = written;
  // A lock or a missing right stands against the one as against the other; then this is one try too many, and no harm.
  if (outcome.status === 'failed' && !outcome.retryable) {
    const plain = await sendWrite(clients, write, conditions);
    const requestIds = [...outcome.requestIds, ...plain.outcome.requestIds];
    return { ...plain, outcome: { ...plain.outcome, requestIds } };
  }
  const flushed: SettingChange = { setting: SETTING, before: inWords(before), after: 'true' };
  if (outcome.status !== 'applied') return { outcome: { ...outcome, changes: [...outcome.changes, flushed] } };
  const back = await putBack(clients, write, before, conditions);
  const requestIds = [...outcome.requestIds, ...back.outcome.requestIds];
  const after = back.outcome.status === 'applied' ? `true, then ${inWords(before)} again` : 'true';
  const changes = [...outcome.changes, { ...flushed, after }];
  return {
    outcome: { ...outcome, requestIds, changes },
    // What the first write read back shows the property as it no longer is.
    ...(back.readBack && { readBack: back.readBack }),
  };
}

const MOST_TRIES = 3;

/** Under the etag that the group has now, and again when a colleague was faster: whatever they have changed stays. */
async function putBack(
  clients: ArmClients,
  write: GroupWrite,
  before: unknown,
  conditions: WriteConditions,
): Promise<Written> {
  const { send, subscriptionId, resource } = write;
  for (let tries = 1; ; tries++) {
    const now = await readResource(clients, resource).catch(() => undefined);
    const etag = isObject(now) ? textOf(now.etag) : undefined;
    if (!isObject(now) || etag === undefined) {
      const why = 'it could not be read';
      return { outcome: { resource, requestIds: [], changes: [], status: 'stopped', why } };
    }
    const body = withFlush(writableBody('networksecuritygroups', now), before);
    const written = await sendWrite(clients, { send, subscriptionId, resource, etag, body, changes: [] }, conditions);
    if (written.outcome.status !== 'superseded' || tries >= MOST_TRIES) return written;
  }
}

function withFlush(body: JsonObject, value: unknown): JsonObject {
  const { [SETTING]: _, ...properties } = propertiesOf(body);
  return { ...body, properties: { ...properties, ...(value !== undefined && { [SETTING]: value }) } };
}

function inWords(value: unknown): string {
  return value === true ? 'true' : 'false';
}
