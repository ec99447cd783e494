/** Bastion can still reach SSH or RDP of every virtual machine: a guardrail must not lock its owner out. */
import type { Discrepancy, Finding, Remedy, Severity } from '../finding';
import { fingerprintOf } from '../fingerprint';
import { type AddressSet, unionOf } from '../network/address';
import type { Endpoint } from '../network/endpoint';
import { type Analysis, analyse } from '../network/exposure';
import { type Gap, keyOf, type Network, type ResourceKey, type Subnet } from '../network/network';
import { bastionSources } from '../policy/allowed';
import type { AccessPolicy } from '../policy/policy';
import { allowance } from './bastion-allowance';
import { bastionPaths, type Obstacle, type Passing } from './bastion-path';
import type { Checked, NetworkControl, Skipped } from './control';
import { droppedAnswers } from './dropped-answers';
import { type Machine, machinesOf } from './machines';
import { networkName, topologyOf } from './topology';

const ID = 'bastion-reaches-vms';

export const bastionReachesVms: NetworkControl = {
  kind: 'network',
  id: ID,
  title: 'Azure Bastion can reach every virtual machine',
  why: 'Once Bastion is the only way in, a machine that it cannot reach has none: whoever closes the last rule, or the peering between hub and spoke, locks the administrators out in the middle of an incident. And whoever is locked out opens another way in a hurry.',
  references: [
    'https://learn.microsoft.com/azure/bastion/bastion-nsg',
    'https://learn.microsoft.com/azure/bastion/vnet-peering',
  ],
  check,
};

/** A machine that Bastion reaches at none of its addresses, with what is in the way to the first of them. */
interface Blocked {
  readonly endpoint: Endpoint;
  /** Empty where the networks are not joined at all. */
  readonly by: readonly Obstacle[];
}

function check(network: Network, policy: AccessPolicy, focus?: ReadonlySet<ResourceKey>): Checked {
  const sources = bastionSources(network, policy);
  const bastionSubnets = subnetsOf(network, policy);
  const ports = sessionPorts(policy);
  const gaps = sources.missing.map(({ id, why }) => missingHost(id, why));
  if (bastionSubnets.length === 0 || ports.length === 0) return { findings: [], gaps, skipped: [] };

  const analysis = analyse(network);
  const pathTo = bastionPaths(network, analysis, bastionSubnets, ports);
  const { roleOf } = topologyOf(network, policy);
  const machines = machinesOf(network, withWayOut(focus, bastionSubnets)).filter(
    ([{ virtualNetwork }]) => virtualNetwork !== undefined && roleOf(keyOf(virtualNetwork.id)) !== 'foreign',
  );
  const verdicts = machines.map((endpoints) => judge(endpoints, pathTo));
  const blocked = verdicts.flatMap((verdict) => (verdict === 'reached' || 'why' in verdict ? [] : [verdict]));
  gaps.push(...verdicts.flatMap((verdict) => (verdict !== 'reached' && 'why' in verdict ? [verdict] : [])));
  const judged = blocked.filter(({ endpoint }) => endpoint.platformManaged === undefined);
  const context: Context = {
    network,
    analysis,
    ports,
    bastion: sources.addresses,
    isPinned: !sources.discovered,
    restsOn: sources.missing.map(({ id }) => `Bastion host ${id}`),
  };
  const reached = machines.filter((_, at) => verdicts[at] === 'reached').flat();
  const severity: Severity = judged.length === machines.length ? 'high' : 'medium';
  return {
    findings: [
      ...byCause(judged).map((group) => ({ ...findingOf(group, context), severity })),
      ...droppedAnswers(ID, network, reached, bastionSubnets),
    ],
    gaps,
    skipped: blocked.flatMap(({ endpoint }) => skip(endpoint, ports)),
  };
}

/** 22 and 3389 as far as the policy enforces them, and the ports it gives to Bastion besides. */
function sessionPorts({ adminPorts, bastion }: AccessPolicy): number[] {
  const usual = adminPorts.flatMap(({ port, protocol, mode }) =>
    mode === 'enforce' && protocol === 'tcp' && (port === 22 || port === 3389) ? port : [],
  );
  return [...new Set([...usual, ...bastion.customPorts])];
}

function subnetsOf(network: Network, { bastionHosts }: AccessPolicy): Subnet[] {
  const hosts = bastionHosts.length > 0 ? bastionHosts : [...network.bastionHosts.keys()];
  const keys = new Set(hosts.flatMap((key) => network.bastionHosts.get(key)?.subnets ?? []));
  return [...keys].toSorted().flatMap((key) => network.subnets.get(key) ?? []);
}

function missingHost(resource: string, why: string): Gap {
  return {
    resource,
    what: 'bastion-not-observed',
    why: `${why}, so nobody knows which machines it reaches; restore it, let the guardrail read it, or take it out of bastionHosts`,
    touchesAdminPort: false,
  };
}

/** What stands before Bastion's own subnet stands before every machine. */
function withWayOut(
  focus: ReadonlySet<ResourceKey> | undefined,
  bastionSubnets: readonly Subnet[],
): ReadonlySet<ResourceKey> | undefined {
  const isOnWayOut = bastionSubnets.some(({ securityGroup }) => securityGroup && focus?.has(securityGroup));
  return isOnWayOut ? undefined : focus;
}

function judge(endpoints: Machine, pathTo: ReturnType<typeof bastionPaths>): Blocked | Gap | 'reached' {
  const ways = endpoints.map((endpoint) => ({ endpoint, passing: pathTo(endpoint) }));
  const isAny = (kind: Passing['kind']): boolean => ways.some(({ passing }) => passing.kind === kind);
  if (isAny('reached')) return 'reached';
  if (isAny('unknown')) return unknownWay(endpoints[0]);
  for (const { endpoint, passing } of ways) {
    if (passing.kind === 'stopped') return { endpoint, by: passing.by };
  }
  return { endpoint: endpoints[0], by: [] };
}

function unknownWay({ id, name }: Endpoint): Gap {
  const why = `the rules do not say whether Bastion reaches ${name} without its address; let the guardrail read the live interface`;
  return { resource: id, what: 'unknown-bastion-path', why, touchesAdminPort: false };
}

function skip({ platformManaged, id, name }: Endpoint, ports: readonly number[]): Skipped[] {
  if (platformManaged === undefined) return [];
  const why = `platform-managed: ${platformManaged}`;
  return [{ control: ID, resource: id, name, why, ports: ports.map((port) => `${port}/tcp`) }];
}

type SameCause = readonly [Blocked, ...Blocked[]];

/** By the first obstacle; where there is none, by the network that is not joined. */
function byCause(blocked: readonly Blocked[]): SameCause[] {
  const groups = new Map<string, [Blocked, ...Blocked[]]>();
  for (const each of blocked) {
    const cause = causeOf(each).join(' ');
    const known = groups.get(cause);
    if (known) known.push(each);
    else groups.set(cause, [each]);
  }
  return [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

function causeOf({ endpoint, by: [obstacle] }: Blocked): string[] {
  if (!obstacle) return ['not-joined', keyOf(endpoint.virtualNetwork?.id ?? endpoint.id)];
  const { direction, group, rule } = obstacle;
  return [direction, keyOf(group.id), keyOf(rule.name)];
}

interface Context {
  readonly network: Network;
  readonly analysis: Analysis;
  readonly ports: readonly number[];
  readonly bastion: AddressSet;
  readonly isPinned: boolean;
  /** Hosts that may reach what none of the others does. */
  readonly restsOn: readonly string[];
}

function findingOf(blocked: SameCause, context: Context): Omit<Finding, 'severity'> {
  const [{ endpoint, by }, ...others] = blocked;
  const [obstacle] = by;
  const resource = obstacle?.group.id ?? endpoint.virtualNetwork?.id ?? endpoint.id;
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  const reason = obstacle
    ? `${obstacle.group.name}/${obstacle.rule.name} (priority ${obstacle.rule.priority}, ${obstacle.direction}) denies it`
    : `${networkName(context.network, keyOf(resource))} is not joined to Bastion’s network`;
  const fingerprint = fingerprintOf(ID, ...causeOf(blocked[0]));
  const remedy = context.isPinned ? letInAgain(blocked, fingerprint, context) : undefined;
  return {
    control: ID,
    resource,
    title: `Bastion cannot reach ${endpoint.name}${more}: ${reason}`,
    fingerprint,
    evidence: { exposures: [], discrepancies: discrepanciesOf(blocked, reason, context.ports) },
    remedies: remedy ? [remedy] : [],
    restsOn: context.restsOn,
  };
}

const MOST_NAMED = 20;

function discrepanciesOf(blocked: SameCause, reason: string, ports: readonly number[]): Discrepancy[] {
  return blocked.slice(0, MOST_NAMED).map(({ endpoint }) => ({
    setting: `${ports.join(' or ')}/tcp of ${endpoint.name}`,
    wanted: 'reached from the AzureBastionSubnet',
    found: reason,
  }));
}

/** Only where the machine's own group is all that stands in the way, and lacks the rule. */
function letInAgain(
  blocked: SameCause,
  fingerprint: string,
  { analysis, bastion, ports }: Context,
): Remedy | undefined {
  const [obstacle] = blocked[0].by;
  const isAlone = blocked.every(({ by }) => by.length === 1);
  if (!obstacle || !isAlone || obstacle.direction === 'outbound' || obstacle.layer === 'admin') return undefined;
  if (obstacle.group.platformManaged !== undefined) return undefined;
  const machines = unionOf(blocked.map(({ endpoint }) => endpoint.addresses));
  const [{ endpoint }] = blocked;
  return allowance({ group: obstacle.group, endpoint, machines, bastion, ports, fingerprint, analysis });
}
