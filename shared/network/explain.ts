/** One packet, layer by layer: what Network Watcher's IP flow verify answers, offline. */
import { type Address, formatAddress, hasAddress, parseAddress, setOfAddress } from './address';
import type { Decision } from './decision';
import { type Door, doorAlone, doorFinder } from './door';
import { type Endpoint, endpointsOf, type LayerGroup, usableAddress } from './endpoint';
import { analyse, type Analysis } from './exposure';
import { includes } from './interval';
import { type Access, keyOf, type Network } from './network';
import type { Reading } from './rule-book';
import { matchesDestination, matchesPort, type ResolvedRule, surely } from './security-group';

export interface Question {
  readonly from: string;
  /** An address, or the id or name of a machine, interface, IP configuration, subnet or unattached group. */
  readonly to: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  /** Ephemeral unless given. */
  readonly sourcePort?: number;
  /** Judge by this group alone: its id or name. */
  readonly securityGroup?: string;
}

export interface Step extends Decision {
  readonly access: Access;
}

export type Explanation =
  | {
      readonly ok: true;
      readonly verdict: Access;
      readonly decisions: readonly Step[];
      readonly doors: readonly Door[];
    }
  | { readonly ok: false; readonly problem: string };

const EPHEMERAL_PORT = 49152;

/**
 * Follows one packet through the layers in front of an endpoint and says which rule decided at each. Evaluated rule by
 * rule, not by painting, so that it is a second opinion on what `admissions` says.
 */
export function explain(network: Network, question: Question): Explanation {
  const source = parseAddress(question.from);
  if (!source) return { ok: false, problem: `--from: '${question.from}' is not an IP address` };
  const analysis = analyse(network);
  const target = targetOf(network, question);
  if (typeof target === 'string') return { ok: false, problem: target };
  const { endpoint, address } = target;
  if (address.family !== source.family) {
    return {
      ok: false,
      problem: `--from and --to: ${question.from} and ${formatAddress(address)} are of different families`,
    };
  }
  const packet: Packet = { question, source, address, endpoint };
  const adminLayers = endpoint.layers.filter(({ layer }) => layer === 'admin');
  const courses = analysis
    .readingsAt(endpoint)
    .flatMap((reading) => [undefined, ...adminLayers].map((narrow) => follow(packet, analysis, reading, narrow)));
  // Where it is open what VirtualNetwork or an unknown tag means, the reading that lets the packet through is the answer.
  const decisions = courses.find(isThrough) ?? courses[0] ?? [];
  const doors = doorFinder(network)(endpoint, question.protocol, question.port).filter((door) =>
    hasAddress(door.sources, source),
  );
  return {
    ok: true,
    verdict: isThrough(decisions) ? 'allow' : 'deny',
    decisions,
    doors: doors.map(doorAlone),
  };
}

interface Packet {
  readonly question: Question;
  readonly source: Address;
  readonly address: Address;
  readonly endpoint: Endpoint;
}

function isThrough(steps: readonly Step[]): boolean {
  return (steps.at(-1)?.access ?? 'allow') === 'allow';
}

/** `narrow`: the security admin layer in which an Allow does not match by its unknown tags; read wide elsewhere. */
function follow(packet: Packet, analysis: Analysis, reading: Reading, narrow: LayerGroup | undefined): Step[] {
  const steps: Step[] = [];
  const { endpoint } = packet;
  for (const layer of endpoint.layers) {
    const rule = analysis
      .rulesFor(endpoint, layer, 'inbound', reading)
      .find((candidate) => matches(layer === narrow ? surely(candidate) : candidate, packet))?.rule;
    // No security admin rule speaks of the packet: the groups decide.
    if (layer.layer === 'admin' && !rule) continue;
    const access: Access = layer.group ? (rule?.access ?? 'deny') : 'allow';
    steps.push({
      layer: layer.layer,
      securityGroup: layer.group?.id ?? null,
      rule: rule?.name ?? null,
      priority: rule?.priority ?? null,
      access,
    });
    if (access === 'deny' || rule?.bypassesGroups) break;
  }
  return steps;
}

function matches(rule: ResolvedRule, { question, source, address, endpoint }: Packet): boolean {
  const destination = { addresses: setOfAddress(address), groups: endpoint.groups };
  return (
    matchesPort(rule.rule, question.protocol, question.port) &&
    includes(rule.rule.sourcePorts, question.sourcePort ?? EPHEMERAL_PORT) &&
    matchesDestination(rule, destination) === 'whole' &&
    hasAddress(rule.sources, source)
  );
}

interface Target {
  readonly endpoint: Endpoint;
  readonly address: Address;
}

function targetOf(network: Network, question: Question): Target | string {
  const endpoints = endpointsOf(network);
  const address = parseAddress(question.to);
  const found = address ? endpointAt(endpoints, address) : endpointNamed(endpoints, question.to);
  if (typeof found === 'string') return found;
  if (question.securityGroup !== undefined) return behindGroup(network, question.securityGroup, found, address);
  if (!found) {
    const way = 'give the address, id or name of something in the input, or --security-group for a group on its own';
    return `--to: nothing in the input is '${question.to}', or one of its security groups is not in the input; ${way}`;
  }
  const chosen = address ?? found.address ?? usableAddress(found.addresses);
  return chosen ? { endpoint: found, address: chosen } : `--to: '${question.to}' has no address; give one`;
}

function behindGroup(
  network: Network,
  name: string,
  found: Endpoint | undefined,
  address: Address | undefined,
): Target | string {
  const groups = [...network.securityGroups.values()].filter((group) => isCalled(name, group.id, group.name));
  const [group] = groups;
  if (!group || groups.length > 1) {
    return `--security-group: ${groups.length > 1 ? 'several groups are' : 'no group is'} called '${name}'; give its id`;
  }
  const base = found ?? endpointsOf(network).find((endpoint) => endpoint.id === group.id);
  const endpoint: Endpoint = {
    kind: 'security-group',
    id: group.id,
    name: group.name,
    keys: [keyOf(group.id)],
    groups: base?.groups ?? [],
    pools: [],
    addresses: base?.addresses ?? setOfAddress(address ?? { family: 'ipv4', value: 0 }),
    ...(base?.virtualNetwork && { virtualNetwork: base.virtualNetwork }),
    layers: [{ layer: 'subnet', group }],
  };
  const chosen = address ?? found?.address ?? usableAddress(endpoint.addresses);
  return chosen ? { endpoint, address: chosen } : '--to: give an address';
}

/** An interface that has the address; failing that the subnet it would stand in; failing that an only unattached group. */
function endpointAt(endpoints: readonly Endpoint[], address: Address): Endpoint | string | undefined {
  const text = formatAddress(address);
  const exact = endpoints.filter((endpoint) => endpoint.address && formatAddress(endpoint.address) === text);
  const subnets = endpoints.filter((endpoint) => endpoint.kind === 'subnet' && hasAddress(endpoint.addresses, address));
  const [first, ...others] = exact.length > 0 ? exact : subnets;
  if (others.length > 0) {
    const names = [first, ...others].map((endpoint) => endpoint?.id).join(', ');
    return `--to: ${text} is the address of several: ${names}; give the id of one`;
  }
  if (first) return first;
  const unattached = endpoints.filter((endpoint) => endpoint.kind === 'security-group');
  return unattached.length === 1 ? unattached[0] : undefined;
}

function endpointNamed(endpoints: readonly Endpoint[], name: string): Endpoint | undefined {
  const key = keyOf(name);
  const named = endpoints.filter((endpoint) => {
    const own = [
      keyOf(endpoint.id),
      keyOf(endpoint.name),
      ...endpoint.keys.slice(0, endpoint.kind === 'interface' ? 2 : 1),
    ];
    return own.some((candidate) => candidate === key || candidate.endsWith(`/${key}`));
  });
  return named.find((endpoint) => endpoint.kind === 'interface') ?? named[0];
}

function isCalled(name: string, id: string, shortName: string): boolean {
  return keyOf(id) === keyOf(name) || keyOf(shortName) === keyOf(name);
}
