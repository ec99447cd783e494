/** Tenant.apply: rules first, one PUT per security group, then every other change in the order of the plan. */
import { isRuleAction, type NetworkAction, type ResourceAction, type RuleAction } from '../network/action';
import { keyOf, type ResourceKey } from '../network/network';
import type { ArmClients } from './client';
import type { WriteConditions, Written } from './send-write';
import { writeGroup } from './write-group';
import { writeResource } from './write-resource';

/** ARM refills 10 writes a second per subscription, and one group takes a second or more. */
const PARALLEL_WRITES = 4;

/**
 * Carries out `actions` on what is in `resources` (raw JSON, as just read). Never throws about the world: each target has
 * one outcome, groups in the order in which they appear, then the other resources in theirs.
 */
export async function apply(
  clients: ArmClients,
  resources: readonly unknown[],
  actions: readonly NetworkAction[],
  conditions: WriteConditions,
): Promise<readonly Written[]> {
  const groups = [...byGroup(actions.filter(isRuleAction))];
  const written: Written[] = [];
  let next = 0;
  async function work(): Promise<void> {
    for (let index = next++; index < groups.length; index = next++) {
      const [group, ofGroup] = groups[index] ?? [];
      if (group && ofGroup) written[index] = await writeGroup(clients, resources, group, ofGroup, conditions);
    }
  }
  await Promise.all(Array.from({ length: Math.min(PARALLEL_WRITES, groups.length) }, work));
  const others = actions.filter((action): action is ResourceAction => !isRuleAction(action));
  const ours = written.flatMap(({ outcome }) => (outcome.status === 'applied' ? outcome.resource : []));
  return [...written, ...(await inOrder(clients, resources, together(others), conditions, ours))];
}

/** One after the other, because one may need what another made; after one that failed nothing is built on it. */
async function inOrder(
  clients: ArmClients,
  resources: readonly unknown[],
  actions: readonly ResourceAction[],
  conditions: WriteConditions,
  before: readonly ResourceKey[],
): Promise<readonly Written[]> {
  const written: Written[] = [];
  const ours = [...before];
  for (const action of actions) {
    const last = written.at(-1)?.outcome;
    if (last && last.status !== 'applied' && last.status !== 'already') {
      const why = `the write before it did not succeed (${last.resource})`;
      written.push({ outcome: { resource: action.resource, requestIds: [], changes: [], status: 'stopped', why } });
      continue;
    }
    const next = await writeResource(clients, { resources, ours }, action, conditions);
    if (next.outcome.status === 'applied') ours.push(action.resource);
    written.push(next);
  }
  return written;
}

/** What is done to one resource in actions that follow each other is one write. */
function together(actions: readonly ResourceAction[]): readonly ResourceAction[] {
  return actions.reduce<readonly ResourceAction[]>((done, action) => {
    const last = done.at(-1);
    const one = last && asOne(last, action);
    return one ? [...done.slice(0, -1), one] : [...done, action];
  }, []);
}

function asOne(a: ResourceAction, b: ResourceAction): ResourceAction | undefined {
  if (a.resource !== b.resource) return undefined;
  if (a.kind === 'edit-resource' && b.kind === 'edit-resource') return { ...a, edits: [...a.edits, ...b.edits] };
  if (a.kind === 'delete-shareable-links' && b.kind === 'delete-shareable-links') {
    return { ...a, machines: [...a.machines, ...b.machines] };
  }
  return undefined;
}

function byGroup(actions: readonly RuleAction[]): Map<ResourceKey, RuleAction[]> {
  const groups = new Map<ResourceKey, RuleAction[]>();
  for (const action of actions) {
    const group = keyOf(action.securityGroup);
    groups.set(group, [...(groups.get(group) ?? []), action]);
  }
  return groups;
}
