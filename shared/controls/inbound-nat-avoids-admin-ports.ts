/** No load balancer, NAT rule, DNAT rule, layer 4 listener or Private Link service forwards to an admin port. */
import { type Exposure, type Finding, type Severity, severityRank } from '../finding';
import { fingerprintOf } from '../fingerprint';
import { isEmpty, isWithin } from '../network/address';
import type { Door } from '../network/door';
import { type Endpoint, endpointsOf } from '../network/endpoint';
import { type Forwarding, frontendPortFor } from '../network/forwarding';
import { forwardingFinder } from '../network/forwarding-to';
import { keyOf, type Network, type ResourceKey } from '../network/network';
import type { AccessPolicy } from '../policy/policy';
import type { Checked, NetworkControl, Skipped } from './control';
import { type Entrances, entrancesOf } from './entrance';
import { forwardingRemedies } from './forwarding-remedies';

const ID = 'inbound-nat-avoids-admin-ports';

export const inboundNatAvoidsAdminPorts: NetworkControl = {
  kind: 'network',
  id: ID,
  title: 'Nothing forwards to an admin port',
  why: 'A forwarding rule puts a machine’s SSH or RDP port behind another address and often another port number, 50001 for 22, where nobody looks for it: whoever may send to the front end is at the login prompt without Bastion.',
  references: [
    'https://learn.microsoft.com/azure/load-balancer/inbound-nat-rules',
    'https://learn.microsoft.com/azure/firewall/tutorial-firewall-dnat',
    'https://learn.microsoft.com/azure/application-gateway/tcp-tls-proxy-overview',
  ],
  check,
};

type AdminPort = AccessPolicy['adminPorts'][number];

/** What forwards, which admin ports it leads to, and whose. The same rule may serve several firewalls. */
interface Road {
  readonly forwardings: readonly [Forwarding, ...Forwarding[]];
  readonly ports: readonly AdminPort[];
  readonly endpoints: readonly Endpoint[];
}

function check(network: Network, policy: AccessPolicy, focus?: ReadonlySet<ResourceKey>): Checked {
  const roads = roadsIn(network, policy);
  if (roads.length === 0) return { findings: [], gaps: [], skipped: [] };
  const entrances = entrancesOf(network, policy);
  const findings: Finding[] = [];
  const skipped: Skipped[] = [];
  for (const road of withEndpoints(network, roads, groupsIn(network, focus))) {
    const owner = ownerOf(road);
    const [{ id, name }] = road.forwardings;
    const ports = road.ports.map(portText);
    if (owner !== undefined)
      skipped.push({ control: ID, resource: id, name, why: `platform-managed: ${owner}`, ports });
    else if (!isWhollyAllowed(road, entrances)) findings.push(findingOf(network, policy, road, entrances));
  }
  return { findings: findings.toSorted(byGravity), gaps: [], skipped };
}

function byGravity(a: Finding, b: Finding): number {
  return severityRank(a.severity) - severityRank(b.severity) || a.fingerprint.localeCompare(b.fingerprint);
}

/** A focus narrows only where it speaks of nothing but security groups: a forwarding may depend on anything else. */
function groupsIn(network: Network, focus: ReadonlySet<ResourceKey> | undefined): ReadonlySet<ResourceKey> | undefined {
  return focus && [...focus].every((key) => network.securityGroups.has(key)) ? focus : undefined;
}

function roadsIn(network: Network, policy: AccessPolicy): Omit<Road, 'endpoints'>[] {
  const byCause = new Map<string, Omit<Road, 'endpoints'>>();
  for (const forwarding of network.forwardings) {
    const ports = policy.adminPorts.filter(
      ({ port, protocol }) => frontendPortFor(forwarding, protocol, port) !== undefined,
    );
    if (ports.length === 0) continue;
    const cause = causeOf(forwarding);
    const known = byCause.get(cause);
    if (!known) byCause.set(cause, { forwardings: [forwarding], ports });
    else {
      const [first, ...others] = known.forwardings;
      const all = policy.adminPorts.filter((port) => known.ports.includes(port) || ports.includes(port));
      byCause.set(cause, { forwardings: [first, ...others, forwarding], ports: all });
    }
  }
  return [...byCause.values()];
}

/** The rule itself; of a DNAT rule its place in the policy or the firewall, for DNAT rules have no ids. */
function causeOf({ kind, id, name, madeBy }: Forwarding): string {
  if (kind !== 'firewall-dnat') return keyOf(id);
  const [, ...rule] = name.toLowerCase().split('/');
  return `${keyOf(madeBy?.resource ?? id)} ${rule.join('/')}`;
}

/** With `groups`, only roads to endpoints behind these. */
function withEndpoints(
  network: Network,
  roads: readonly Omit<Road, 'endpoints'>[],
  groups: ReadonlySet<ResourceKey> | undefined,
): Road[] {
  const forwardings = roads.flatMap((road) => road.forwardings);
  const leading = forwardingFinder({ ...network, forwardings });
  const endpoints = new Map<Forwarding, Endpoint[]>();
  for (const endpoint of endpointsOf(network, groups)) {
    for (const forwarding of leading(endpoint)) {
      endpoints.set(forwarding, [...(endpoints.get(forwarding) ?? []), endpoint]);
    }
  }
  const found = roads.map((road) => {
    const ends = new Set(road.forwardings.flatMap((forwarding) => endpoints.get(forwarding) ?? []));
    return { ...road, endpoints: machinesFirst([...ends]) };
  });
  return groups ? found.filter((road) => road.endpoints.length > 0) : found;
}

/** A subnet is worth a word only where no machine is known. */
function machinesFirst(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  const machines = endpoints.filter(({ kind }) => kind === 'interface');
  return machines.length > 0 ? machines : endpoints;
}

function ownerOf({ endpoints }: Road): string | undefined {
  const [first] = endpoints;
  return endpoints.every(({ platformManaged }) => platformManaged !== undefined) ? first?.platformManaged : undefined;
}

/** Senders that the policy lets in to these ports anyway, by their own addresses, may come by a front end too. */
function isWhollyAllowed({ forwardings, endpoints, ports }: Road, { allowed }: Entrances): boolean {
  if (endpoints.length === 0) return false;
  return forwardings.every(
    ({ origin }) =>
      origin !== undefined &&
      !isEmpty(origin) &&
      endpoints.every((endpoint) => ports.every(({ port }) => isWithin(origin, allowed(endpoint, port)))),
  );
}

function findingOf(network: Network, policy: AccessPolicy, road: Road, entrances: Entrances): Finding {
  const [forwarding] = road.forwardings;
  const isMeant = (door: Door): boolean =>
    road.forwardings.some(({ kind, id, name }) => door.kind === kind && door.id === id && door.name === name);
  const exposures = road.endpoints.flatMap((endpoint) => entrances.exposures(endpoint, isMeant));
  const isPublic = road.forwardings.some((each) => each.isPublic);
  const isOpen = isPublic && road.endpoints.some((endpoint) => entrances.isOpenToInternet(endpoint, isMeant));
  const ports = road.ports.map(portText).join(', ');
  const machines = machinesOf(road.endpoints);
  const isReportOnly = road.ports.every(({ mode }) => mode === 'report');
  // Without a pinned host nobody knows whether Bastion leads there: the front end may be the only way its owner has.
  const mayRepair = policy.bastionHosts.length > 0 && !isReportOnly;
  return {
    control: ID,
    resource: forwarding.madeBy?.resource ?? forwarding.id,
    severity: severityOf(isPublic, isOpen, exposures),
    title: `${forwarding.name} forwards ${sentTo(forwarding)} to ${ports} of ${machines}`,
    fingerprint: fingerprintOf(ID, forwarding.kind, causeOf(forwarding), isPublic ? 'public' : 'private'),
    evidence: {
      exposures,
      discrepancies: [
        {
          setting: forwarding.name,
          wanted: 'leads to no admin port',
          found: `${sentTo(forwarding)} → ${ports} of ${machines}`,
        },
      ],
      namedDoors: [...new Set(road.forwardings.map(({ id }) => id))],
    },
    remedies: mayRepair ? forwardingRemedies(network, forwarding) : [],
    restsOn: [],
  };
}

function severityOf(isPublic: boolean, isOpen: boolean, exposures: readonly Exposure[]): Severity {
  if (isOpen) return 'critical';
  if (isPublic) return 'high';
  return exposures.length > 0 ? 'medium' : 'low';
}

function portText({ port, protocol }: AdminPort): string {
  return `${port}/${protocol}`;
}

function sentTo({ frontend, frontendPorts }: Forwarding): string {
  const [range] = frontendPorts;
  if (!range || frontendPorts.length > 1) return frontend;
  const [low, high] = range;
  return `${frontend}:${low === high ? low : `${low}-${high}`}`;
}

function machinesOf(endpoints: readonly Endpoint[]): string {
  const names = [...new Set(endpoints.map(({ name }) => name))];
  const [first] = names;
  if (first === undefined) return 'no machine that is known yet';
  return names.length === 1 ? first : `${first} and ${names.length - 1} more`;
}
