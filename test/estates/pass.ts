/** One pass of the guardrail on the model: what each subscription's look finds, plans and makes of the estate. */
import { rewriteSecurityGroup } from '../../shared/azure/security-group-body';
import { CONTROL_IDS, evaluate } from '../../shared/controls';
import type { Finding } from '../../shared/finding';
import { isNetworkAction } from '../../shared/action';
import { isRuleAction, type NetworkAction, type ResourceAction } from '../../shared/network/action';
import { keyOf, type Network } from '../../shared/network/network';
import { readNetwork } from '../../shared/network/read';
import { worldAfter, worldOf } from '../../shared/network/world';
import { type AccessPolicy, readPolicy } from '../../shared/policy/policy';
import { actionsOf, type HeldFinding, type Plan, type PlannedRepair } from '../../shared/remediation/plan';
import { planRepairs } from '../../shared/remediation/planner';
import { isElsewhere } from '../../shared/scope';
import { subscriptionsOf } from './case';
import type { Resource } from './build/resource';
import { idOf } from './edits/edit';
import { textAt } from '../../playground/json';

export interface Pass {
  readonly after: readonly Resource[];
  readonly repairs: readonly PlannedRepair[];
  readonly held: readonly HeldFinding[];
}

export function policyOf(data: unknown): AccessPolicy {
  const result = readPolicy(data, CONTROL_IDS);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.policy;
}

/** Every subscription in turn, as their looks come one after the other. */
export function passOver(
  before: readonly Resource[],
  now: readonly Resource[],
  policy: AccessPolicy,
  approved: ReadonlySet<string> = new Set(),
): Pass {
  const repairs: PlannedRepair[] = [];
  const held: HeldFinding[] = [];
  let after = now;
  for (const subscription of subscriptionsOf(before)) {
    const plan = planIn(subscription, before, after, policy, approved);
    after = applied(after, actionsOf(plan).filter(isNetworkAction));
    repairs.push(...plan.repairs);
    held.push(...plan.held);
  }
  return { after, repairs, held };
}

/** What a look at one subscription plans, with `before` as the accepted state. */
export function planIn(
  subscription: string,
  before: readonly Resource[],
  now: readonly Resource[],
  policy: AccessPolicy,
  approved: ReadonlySet<string>,
): Plan {
  const [accepted, resources] = [seenFrom(subscription, before, policy), seenFrom(subscription, now, policy)];
  const { network, gaps } = readNetwork(resources);
  const { gaps: more } = evaluate(network, policy);
  const guarded = subscriptionsOf(before);
  const scope = { kind: 'network', subscriptionId: subscription } as const;
  const findings = ownFindings(network, policy, subscription, guarded);
  return planRepairs({
    network,
    resources,
    scope,
    guarded,
    gaps: [...gaps, ...more],
    policy,
    ceiling: 'remediate',
    findings,
    baseline: findings.length === 0 ? [] : evaluate(readNetwork(accepted).network, policy).findings,
    accepted,
    orders: { approved },
    recentWrites: [],
    now: new Date(0),
    refused: new Map(),
    causes: [{ kind: 'sweep' }],
  });
}

/** Everything that is found, each by the look at its own subscription. */
export function findingsIn(resources: readonly Resource[], policy: AccessPolicy): readonly Finding[] {
  const guarded = subscriptionsOf(resources);
  return guarded.flatMap((subscription) =>
    ownFindings(readNetwork(seenFrom(subscription, resources, policy)).network, policy, subscription, guarded),
  );
}

function ownFindings(
  network: Network,
  policy: AccessPolicy,
  subscriptionId: string,
  guarded: readonly string[],
): readonly Finding[] {
  const scope = { kind: 'network', subscriptionId } as const;
  return evaluate(network, policy).findings.filter(({ resource }) => !isElsewhere(resource, scope, guarded));
}

/** What a look lists: its subscription, and the pinned hosts of others with their networks and groups. */
export function seenFrom(subscription: string, resources: readonly Resource[], policy: AccessPolicy): Resource[] {
  const elsewhere = new Set<string>();
  const all = new Map(resources.map((resource) => [keyOf(idOf(resource)), resource]));
  for (const host of policy.bastionHosts) {
    const network = host.replace('/bastionhosts/bas-', '/virtualnetworks/vnet-');
    const group = host.replace('/bastionhosts/bas-', '/networksecuritygroups/nsg-bastion-');
    for (const id of [host, network, group]) if (all.has(id)) elsewhere.add(id);
  }
  return resources.filter((resource) => {
    const isListed = LISTED.has(textAt(resource, 'type').toLowerCase());
    const key = keyOf(idOf(resource));
    return isListed && (key.startsWith(`/subscriptions/${subscription}/`) || elsewhere.has(key));
  });
}

const LISTED: ReadonlySet<string> = new Set(
  [
    'networkSecurityGroups',
    'virtualNetworks',
    'networkInterfaces',
    'publicIPAddresses',
    'bastionHosts',
    'loadBalancers',
    'routeTables',
  ].map((type) => `microsoft.network/${type.toLowerCase()}`),
);

/** The JSON once the actions have been carried out; groups are rewritten as the writer rewrites them. */
export function applied(resources: readonly Resource[], actions: readonly NetworkAction[]): readonly Resource[] {
  const rules = actions.filter(isRuleAction);
  const others = actions.filter((action): action is ResourceAction => !isRuleAction(action));
  const world = worldAfter(worldOf(readNetwork(resources).network, resources), others);
  return (world.resources as readonly Resource[]).map((resource) => {
    const own = rules.filter(({ securityGroup }) => securityGroup === keyOf(idOf(resource)));
    if (own.length === 0) return resource;
    const rewriting = rewriteSecurityGroup(resource, own);
    if (rewriting.kind === 'impossible') throw new Error(`nothing to write: ${rewriting.why}`);
    if (rewriting.kind === 'already') return resource;
    const properties = { ...(resource.properties as Resource), ...(rewriting.body.properties as Resource) };
    return { ...resource, ...rewriting.body, properties };
  });
}
