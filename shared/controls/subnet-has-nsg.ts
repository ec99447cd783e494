/** Every subnet that holds virtual machines, or could, has its security group. */
import type { Finding, Severity } from '../finding';
import { fingerprintOf } from '../fingerprint';
import { doorFinder } from '../network/door';
import { type Endpoint, endpointsOf } from '../network/endpoint';
import { type Interface, keyOf, type Network, type ResourceKey, type Subnet } from '../network/network';
import type { AccessPolicy } from '../policy/policy';
import type { Checked, NetworkControl, Skipped } from './control';
import { networkName } from './topology';

const ID = 'subnet-has-nsg';

export const subnetHasNsg: NetworkControl = {
  kind: 'network',
  id: ID,
  title: 'Every subnet for virtual machines has a security group',
  why: 'Without a security group on its subnet a machine is open to everything in the virtual network and in every peered one, and a public IP of the Basic kind opens it to the Internet. A group that was detached or deleted takes all its rules with it at once.',
  references: [
    'https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview',
    'https://learn.microsoft.com/azure/virtual-network/network-security-group-how-it-works',
  ],
  check,
};

/** A subnet without a group, with the interfaces of machines that stand in it. */
interface Bare {
  readonly subnet: Subnet;
  readonly interfaces: readonly Interface[];
}

function check(network: Network, policy: AccessPolicy): Checked {
  const bare = bareSubnets(network);
  const judged = bare.filter(({ subnet }) => subnet.platformManaged === undefined);
  const opened = openedFromInternet(network, policy, judged);
  return {
    findings: judged.map((each) => findingOf(network, each, opened)),
    gaps: [],
    skipped: bare.flatMap(({ subnet, interfaces }) =>
      subnet.platformManaged !== undefined && interfaces.length > 0
        ? [skip(network, subnet, subnet.platformManaged)]
        : [],
    ),
  };
}

function bareSubnets(network: Network): Bare[] {
  const subnets = [...network.subnets].filter(
    ([, subnet]) => subnet.securityGroup === undefined && mayHoldMachines(subnet),
  );
  const interfaces = new Map<ResourceKey, Interface[]>(subnets.map(([key]) => [key, []]));
  for (const nic of subnets.length > 0 ? network.interfaces.values() : []) {
    if (nic.virtualMachine === undefined) continue;
    for (const key of new Set(nic.ipConfigurations.map(({ subnet }) => subnet))) {
      if (key !== undefined) interfaces.get(key)?.push(nic);
    }
  }
  return subnets
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, subnet]) => ({ subnet, interfaces: interfaces.get(key) ?? [] }));
}

/** Application Gateways and Bastion hosts share their subnets with nothing else, whatever the subnets are called. */
const ALONE = /\/(?:applicationgateways|bastionhosts|virtualnetworkgateways|azurefirewalls)\//i;

function mayHoldMachines({ occupants = [] }: Subnet): boolean {
  return occupants.length === 0 || !occupants.every((id) => ALONE.test(id));
}

function skip(network: Network, subnet: Subnet, owner: string): Skipped {
  const name = `${networkName(network, subnet.virtualNetwork)}/${subnet.name}`;
  return { control: ID, resource: subnet.id, name, why: `platform-managed: ${owner}`, ports: [] };
}

/** Keys of the subnets in which a machine that no group protects can be reached from the Internet on an admin port. */
function openedFromInternet(network: Network, policy: AccessPolicy, bare: readonly Bare[]): ReadonlySet<ResourceKey> {
  const held = new Set(bare.flatMap(({ subnet, interfaces }) => (interfaces.length > 0 ? keyOf(subnet.id) : [])));
  if (held.size === 0) return held;
  const doorsTo = doorFinder(network);
  const isOpen = (endpoint: Endpoint): boolean =>
    policy.adminPorts.some(({ protocol, port }) =>
      doorsTo(endpoint, protocol, port).some(({ fromInternet }) => fromInternet),
    );
  return new Set(
    endpointsOf(network).flatMap((endpoint) => {
      const key = endpoint.subnet && keyOf(endpoint.subnet.id);
      if (endpoint.kind !== 'interface' || key === undefined || !held.has(key)) return [];
      return endpoint.layers.every(({ group }) => group === undefined) && isOpen(endpoint) ? key : [];
    }),
  );
}

function findingOf(network: Network, { subnet, interfaces }: Bare, opened: ReadonlySet<ResourceKey>): Finding {
  const key = keyOf(subnet.id);
  const machines = new Set(interfaces.map(({ virtualMachine }) => keyOf(virtualMachine ?? ''))).size;
  const holds =
    machines === 0 ? '' : `, and ${machines === 1 ? 'a machine stands' : `${machines} machines stand`} in it`;
  return {
    control: ID,
    resource: subnet.id,
    severity: opened.has(key) ? 'critical' : severityOf(interfaces),
    title: `${networkName(network, subnet.virtualNetwork)}/${subnet.name} has no security group${holds}`,
    fingerprint: fingerprintOf(ID, key),
    evidence: {
      exposures: [],
      discrepancies: [{ setting: 'networkSecurityGroup', wanted: 'a security group', found: 'none' }],
    },
    remedies: [],
    restsOn: [],
  };
}

/** An empty subnet waits for its first machine; where every interface has a group of its own, that one still holds. */
function severityOf(interfaces: readonly Interface[]): Severity {
  if (interfaces.length === 0) return 'low';
  return interfaces.every(({ securityGroup }) => securityGroup !== undefined) ? 'medium' : 'high';
}
