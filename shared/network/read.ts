/** Raw ARM resources → the network as plain data, and what could not be read. */
import { type ArmResource, asChildren, identify, indexed, type Resources } from './arm-resource';
import type { Forwarding, Probe } from './forwarding';
import { listOf, objectOf, propertiesOf, referenceOf } from './json';
import {
  type Gap,
  type Interface,
  keyOf,
  type Network,
  parentIdOf,
  type PublicIp,
  type ResourceKey,
  type Subnet,
  type VirtualNetwork,
} from './network';
import { ownershipOf } from './ownership';
import { readApplicationGateway } from './read-application-gateway';
import { readBastionHost } from './read-bastion-host';
import { readGateways, readRouteTable, readVirtualWans } from './read-connection';
import { readEventSubscriptions } from './read-event-subscription';
import { readFirewall } from './read-firewall';
import { readInterface, readPublicIp } from './read-interface';
import { readLoadBalancer } from './read-load-balancer';
import { readAdminRules, readConnectedGroups, readNetworkGroups } from './read-network-manager';
import { readPrivateLinkService } from './read-private-link-service';
import { knownTexts } from './read-rule';
import { readScaleSet } from './read-scale-set';
import { readSecurityGroup } from './read-security-group';
import { readVirtualNetwork } from './read-virtual-network';

export interface ReadNetwork {
  readonly network: Network;
  readonly gaps: readonly Gap[];
}

const GROUP = 'microsoft.network/networksecuritygroups';
const VIRTUAL_NETWORK = 'microsoft.network/virtualnetworks';
const INTERFACES = [
  'microsoft.network/networkinterfaces',
  'microsoft.compute/virtualmachinescalesets/networkinterfaces',
  'microsoft.compute/virtualmachinescalesets/virtualmachines/networkinterfaces',
];

/**
 * Reads the network out of a flat list of ARM resources: parents with their children inside, children as entries of
 * their own, or both. Types that say nothing about reachability are passed over.
 */
export function readNetwork(entries: readonly unknown[]): ReadNetwork {
  const gaps: Gap[] = [];
  const resources = indexed(identify(entries, gaps));
  const { of, childrenOf } = resources;
  reportOrphans(of(`${GROUP}/securityrules`), of(GROUP), gaps);
  const parts = [...of(`${VIRTUAL_NETWORK}/subnets`), ...of(`${VIRTUAL_NETWORK}/virtualnetworkpeerings`)];
  reportOrphans(parts, of(VIRTUAL_NETWORK), gaps);

  const virtualNetworks = collect<VirtualNetwork>(of(VIRTUAL_NETWORK), ({ id, json }) => {
    const subnets = asChildren(childrenOf(`${VIRTUAL_NETWORK}/subnets`, id));
    const peerings = asChildren(childrenOf(`${VIRTUAL_NETWORK}/virtualnetworkpeerings`, id));
    return readVirtualNetwork(id, json, { subnets, peerings }, gaps);
  });
  const scaleSets = of('microsoft.compute/virtualmachinescalesets').map((resource) => readScaleSet(resource, gaps));
  const single = collect<Interface>(INTERFACES.flatMap(of), ({ id, json }) => readInterface(id, json, gaps));
  const interfaces = withMachines(single, of('microsoft.compute/virtualmachines'));
  for (const nic of scaleSets.flatMap((set) => set.interfaces)) interfaces.set(keyOf(nic.id), nic);
  const publicIps = collect<PublicIp>(of('microsoft.network/publicipaddresses'), ({ id, json }) =>
    readPublicIp(id, json),
  );
  for (const publicIp of scaleSets.flatMap((set) => set.publicIps)) publicIps.set(keyOf(publicIp.id), publicIp);

  const known = knownTexts();
  const securityGroups = collect(of(GROUP), ({ id, json }) =>
    readSecurityGroup(id, json, asChildren(childrenOf(`${GROUP}/securityrules`, id)), gaps, known),
  );
  const own = ownershipOf(resources, interfaces);
  const subnets = new Map(
    [...virtualNetworks.values()]
      .flatMap((each) => each.subnets)
      .map((subnet) => [keyOf(subnet.id), own.subnet(subnet)]),
  );
  const networkGroups = readNetworkGroups(resources);
  const eventSubscriptions = readEventSubscriptions(resources);
  const network: Network = {
    securityGroups: mapValues(securityGroups, own.resource),
    virtualNetworks,
    subnets,
    interfaces: mapValues(interfaces, own.resource),
    publicIps,
    bastionHosts: collect(of('microsoft.network/bastionhosts'), ({ id, json }) => readBastionHost(id, json, gaps)),
    adminRules: readAdminRules(resources, networkGroups, virtualNetworks, gaps),
    routeTables: collect(of('microsoft.network/routetables'), (table) => readRouteTable(table, resources)),
    gateways: readGateways(resources, virtualNetworks, gaps),
    connectedGroups: [...readConnectedGroups(resources, networkGroups, gaps), ...readVirtualWans(resources, gaps)],
    ...readForwardings(resources, subnets, gaps),
    ...(eventSubscriptions && { eventSubscriptions }),
  };
  return { network, gaps: [...gaps, ...danglingReferences(network)] };
}

function collect<R extends { readonly id: string }>(
  resources: readonly ArmResource[],
  read: (resource: ArmResource) => R | undefined,
): Map<ResourceKey, R> {
  const map = new Map<ResourceKey, R>();
  for (const resource of resources) {
    const value = read(resource);
    if (value) map.set(keyOf(resource.id), value);
  }
  return map;
}

function mapValues<V>(map: ReadonlyMap<ResourceKey, V>, change: (value: V) => V): Map<ResourceKey, V> {
  return new Map([...map].map(([key, value]) => [key, change(value)]));
}

function readForwardings(
  resources: Resources,
  subnets: ReadonlyMap<ResourceKey, Subnet>,
  gaps: Gap[],
): { forwardings: Forwarding[]; probes: Probe[]; outboundPools: ResourceKey[] } {
  const { of } = resources;
  const balancers = of('microsoft.network/loadbalancers').map((resource) => readLoadBalancer(resource, resources));
  const balanced = balancers.flatMap((each) => each.forwardings);
  return {
    forwardings: [
      ...balanced.map((each) => each.forwarding),
      ...of('microsoft.network/azurefirewalls').flatMap((each) => readFirewall(each, resources, subnets, gaps)),
      ...of('microsoft.network/applicationgateways').flatMap((each) =>
        readApplicationGateway(each, resources, subnets),
      ),
      ...of('microsoft.network/privatelinkservices').flatMap((each) => readPrivateLinkService(each, balanced, subnets)),
    ],
    probes: balancers.flatMap((each) => each.probes),
    outboundPools: balancers.flatMap((each) => each.outboundPools),
  };
}

function reportOrphans(children: readonly ArmResource[], parents: readonly ArmResource[], gaps: Gap[]): void {
  const known = new Set(parents.map((parent) => keyOf(parent.id)));
  for (const child of children) {
    if (known.has(keyOf(parentIdOf(child.id)))) continue;
    const why = 'the resource it belongs to is not in the input; export the parent as well';
    gaps.push({ resource: child.id, what: 'missing-parent', why, touchesAdminPort: true });
  }
}

/** Templates say on the machine which interfaces it has; live interfaces say it themselves. */
function withMachines(
  interfaces: ReadonlyMap<ResourceKey, Interface>,
  machines: readonly ArmResource[],
): Map<ResourceKey, Interface> {
  const result = new Map(interfaces);
  for (const { id, json } of machines) {
    for (const entry of listOf(objectOf(propertiesOf(json).networkProfile).networkInterfaces)) {
      const reference = referenceOf(entry);
      const nic = reference === undefined ? undefined : result.get(keyOf(reference));
      if (nic && !nic.virtualMachine) result.set(keyOf(nic.id), { ...nic, virtualMachine: id });
    }
  }
  return result;
}

function danglingReferences(network: Network): Gap[] {
  const gaps: Gap[] = [];
  const check = (
    resource: string,
    key: ResourceKey | undefined,
    known: ReadonlyMap<ResourceKey, unknown>,
    role: string,
  ): void => {
    if (key === undefined || known.has(key)) return;
    const why = `its ${role} ${key} was not read; export it as well, or let the guardrail read it`;
    gaps.push({ resource, what: 'dangling-reference', why, touchesAdminPort: true });
  };
  for (const subnet of network.subnets.values()) {
    check(subnet.id, subnet.securityGroup, network.securityGroups, 'security group');
  }
  for (const nic of network.interfaces.values()) {
    check(nic.id, nic.securityGroup, network.securityGroups, 'security group');
    for (const ip of nic.ipConfigurations) check(ip.id, ip.subnet, network.subnets, 'subnet');
  }
  for (const host of network.bastionHosts.values()) {
    for (const subnet of host.subnets) check(host.id, subnet, network.subnets, 'subnet');
  }
  return gaps;
}
