/** Tenant.apply: one PUT per security group, under the etag that was read, followed to its end. */
import { isObject, type JsonObject, listOf, objectOf, propertiesOf, textOf } from '../network/json';
import type { NetworkAction } from '../network/action';
import { keyOf, type ResourceKey } from '../network/network';
import type { Outcome, RuleChange } from '../remediation/outcome';
import { type ArmId, parseArmId } from './arm-id';
import type { NetworkClients } from './client';
import { AzureError, azureErrorFrom, isPassing } from './error';
import { type Exchange, inExchange, newExchange } from './exchange';
import { ruleNamed } from './rule-body';
import { rewriteSecurityGroup } from './security-group-body';

/** ARM refills 10 writes a second per subscription, and one group takes a second or more. */
const PARALLEL_WRITES = 4;
/** Below the function's own limit of five minutes (host.json), so that the outcome is recorded. */
const WRITE_TIME_LIMIT_MS = 180_000;
/** How often an operation is asked about when ARM names no interval of its own. */
const POLL_INTERVAL_MS = 250;

/**
 * Carries out `actions` on the groups in `resources` (raw JSON, as just read). Never throws about the world: each group
 * has one outcome, in the order in which the groups appear in the actions.
 */
export async function apply(
  clients: NetworkClients,
  resources: readonly unknown[],
  actions: readonly NetworkAction[],
): Promise<readonly Outcome[]> {
  const groups = [...byGroup(actions)];
  const outcomes: Outcome[] = [];
  let next = 0;
  async function work(): Promise<void> {
    for (let index = next++; index < groups.length; index = next++) {
      const [group, ofGroup] = groups[index] ?? [];
      if (group && ofGroup) outcomes[index] = await writeGroup(clients, resources, group, ofGroup);
    }
  }
  await Promise.all(Array.from({ length: Math.min(PARALLEL_WRITES, groups.length) }, work));
  return outcomes;
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
  clients: NetworkClients,
  resources: readonly unknown[],
  resource: ResourceKey,
  actions: readonly NetworkAction[],
): Promise<Outcome> {
  const failed = (why: string): Outcome => ({
    resource,
    status: 'failed',
    why: `Could not change ${resource}: ${why}. Nothing was written; look again.`,
    retryable: false,
    requestIds: [],
    changes: [],
  });
  const raw = resources.find((candidate) => keyOf(textOf(objectOf(candidate).id) ?? '') === resource);
  const id = parseArmId(isObject(raw) ? (textOf(raw.id) ?? '') : '');
  if (!isObject(raw) || id?.type !== 'networksecuritygroups')
    return failed('it is not among the security groups that were read');
  const etag = textOf(raw.etag);
  // Without an etag the write could undo a colleague's edit unseen.
  if (!etag) return failed('it was read without an etag');
  const rewriting = rewriteSecurityGroup(raw, actions);
  if (rewriting.kind === 'impossible') return failed(rewriting.why);
  if (rewriting.kind === 'already') return { resource, status: 'already', requestIds: [], changes: [] };
  return put(clients, id, etag, rewriting.body, rewriting.changes);
}

async function put(
  clients: NetworkClients,
  id: ArmId,
  etag: string,
  body: JsonObject,
  changes: readonly RuleChange[],
): Promise<Outcome> {
  const resource = keyOf(id.topLevel);
  const exchange = newExchange(body);
  try {
    const client = await clients(id.subscriptionId);
    await inExchange(exchange, () =>
      client.networkSecurityGroups.createOrUpdate(
        id.resourceGroup,
        id.name,
        {},
        {
          requestOptions: { headers: { 'If-Match': etag } },
          updateIntervalInMs: POLL_INTERVAL_MS,
          abortSignal: AbortSignal.timeout(WRITE_TIME_LIMIT_MS),
        },
      ),
    );
    return { resource, status: 'applied', requestIds: exchange.requestIds, changes: asWritten(exchange, changes) };
  } catch (thrown) {
    const error = failureOf(exchange, thrown, id);
    const facts = { resource, requestIds: exchange.requestIds, changes };
    // 404: deleted since it was read. Either way what was planned no longer fits, so nothing is insisted upon.
    if (error.status === 412 || error.status === 404) return { ...facts, status: 'superseded' };
    return { ...facts, status: 'failed', why: error.message, retryable: error.retryable };
  }
}

/** An accepted write that failed later says why in its operation's status, not in what the client throws. */
function failureOf(exchange: Exchange, thrown: unknown, id: ArmId): AzureError {
  const { failure } = exchange;
  if (!failure) return azureErrorFrom(thrown, 'change', id.topLevel);
  const facts = { operation: 'change', resource: id.topLevel, code: failure.code, retryable: isPassing(failure.code) };
  return new AzureError({ ...facts, requestId: exchange.requestIds.at(-1) }, failure.message, thrown);
}

/** The rules after the write as ARM holds them, which may differ from what was sent in spelling and state. */
function asWritten(exchange: Exchange, changes: readonly RuleChange[]): readonly RuleChange[] {
  const rules = listOf(propertiesOf(exchange.resources.at(-1)).securityRules);
  if (rules.length === 0) return changes;
  return changes.map((change) => ({
    ...change,
    after: change.after === null ? null : (ruleNamed(rules, change.rule) ?? change.after),
  }));
}
