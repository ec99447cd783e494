// The naive oracle: what Azure does with one inbound packet, read from raw ARM JSON, one rule at a time and with nothing remembered.
import type {
  ArmResource,
  InterfaceResource,
  IpConfigurationResource,
  PeeringResource,
  SecurityGroupResource,
  SecurityRuleResource,
  SubnetResource,
  VirtualNetworkResource,
} from './arm';
import type { Packet, Surroundings } from './match';
import { parseAddress } from './address';
import { isInterface, isSecurityGroup, isVirtualNetwork, sameId } from './arm';
import { ruleMatches } from './match';

export type { Packet, Protocol } from './match';
export { isProtocol } from './match';

/** A packet and the place where it arrives: the id of an interface's IP configuration, or of a subnet (for a machine to come). */
export interface ArrivingPacket extends Packet {
  readonly endpoint: string;
}

export interface Decision {
  readonly layer: 'subnet' | 'interface';
  readonly securityGroup: string;
  readonly rule: string;
  readonly priority: number;
  readonly access: 'Allow' | 'Deny';
}

/** `decisions` holds one entry per security group on the way, subnet first, also those after a Deny. */
export interface Verdict {
  readonly allowed: boolean;
  readonly decisions: readonly Decision[];
}

interface Place {
  readonly network: VirtualNetworkResource;
  readonly subnet: SubnetResource;
  readonly networkInterface?: InterfaceResource;
  readonly ipConfiguration?: IpConfigurationResource;
}

/** RFC 1918 and RFC 4193: the private space that stands in for the virtual network of a group that is attached nowhere. */
const privateSpace = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'];

/**
 * Whether the packet reaches the endpoint: the subnet's group and the interface's group must both allow; a missing group allows.
 * Throws when the endpoint, its subnet or a referenced group is not among the resources, for then there is no right answer.
 */
export function judgePacket(resources: readonly ArmResource[], packet: ArrivingPacket): Verdict {
  const place = findPlace(resources, packet.endpoint);
  const surroundings: Surroundings = {
    virtualNetwork: virtualNetworkTag(resources, place.network),
    sourceGroups: groupsOfAddress(resources, packet.source),
    destinationGroups: groupsOf(place.ipConfiguration),
  };
  const decisions: Decision[] = [];
  const subnetGroup = findGroup(resources, place.subnet.properties.networkSecurityGroup?.id);
  if (subnetGroup) decisions.push(decide('subnet', subnetGroup, packet, surroundings));
  const interfaceGroup = findGroup(resources, place.networkInterface?.properties.networkSecurityGroup?.id);
  if (interfaceGroup) decisions.push(decide('interface', interfaceGroup, packet, surroundings));
  return { allowed: decisions.every((decision) => decision.access === 'Allow'), decisions };
}

/**
 * A group that is attached nowhere, as if on a subnet of its own in a network that holds all private space.
 * `resources` only serves to look up the members of application security groups named as a source.
 */
export function judgeUnattached(
  group: SecurityGroupResource,
  packet: Packet,
  resources: readonly ArmResource[] = [],
): Verdict {
  const surroundings: Surroundings = {
    virtualNetwork: privateSpace,
    sourceGroups: groupsOfAddress(resources, packet.source),
    destinationGroups: [],
  };
  const decision = decide('subnet', group, packet, surroundings);
  return { allowed: decision.access === 'Allow', decisions: [decision] };
}

function decide(
  layer: Decision['layer'],
  group: SecurityGroupResource,
  packet: Packet,
  surroundings: Surroundings,
): Decision {
  const rules = [...(group.properties.securityRules ?? []), ...defaultRules(group)];
  const inOrder = rules.toSorted((left, right) => left.properties.priority - right.properties.priority);
  for (const { name, properties } of inOrder) {
    if (!ruleMatches(properties, packet, surroundings)) continue;
    const access = properties.access.toLowerCase() === 'allow' ? 'Allow' : 'Deny';
    return { layer, securityGroup: group.id, rule: name, priority: properties.priority, access };
  }
  throw new Error(`no rule of ${group.id} decides the packet, not even a default one`);
}

/** The inbound rules every group ends with; used when the export leaves `defaultSecurityRules` out. */
function defaultRules(group: SecurityGroupResource): readonly SecurityRuleResource[] {
  const given = group.properties.defaultSecurityRules ?? [];
  if (given.length > 0) return given;
  return [
    defaultRule('AllowVnetInBound', 65000, 'Allow', 'VirtualNetwork', 'VirtualNetwork'),
    defaultRule('AllowAzureLoadBalancerInBound', 65001, 'Allow', 'AzureLoadBalancer', '*'),
    defaultRule('DenyAllInBound', 65500, 'Deny', '*', '*'),
  ];
}

function defaultRule(name: string, priority: number, access: string, from: string, to: string): SecurityRuleResource {
  return {
    name,
    properties: {
      access,
      priority,
      direction: 'Inbound',
      protocol: '*',
      sourceAddressPrefix: from,
      sourcePortRange: '*',
      destinationAddressPrefix: to,
      destinationPortRange: '*',
    },
  };
}

/** The network's own space and that of every network it is peered with, less peerings that are down or keep access to themselves. */
function virtualNetworkTag(resources: readonly ArmResource[], network: VirtualNetworkResource): string[] {
  const peerings = network.properties.virtualNetworkPeerings ?? [];
  return [
    ...network.properties.addressSpace.addressPrefixes,
    ...peerings.filter(isOpen).flatMap((peering) => remoteSpace(resources, peering)),
  ];
}

function isOpen(peering: PeeringResource): boolean {
  const state = peering.properties.peeringState?.toLowerCase() ?? 'connected';
  return state === 'connected' && peering.properties.allowVirtualNetworkAccess !== false;
}

function remoteSpace(resources: readonly ArmResource[], { properties }: PeeringResource): readonly string[] {
  const remote = resources.find((resource) => sameId(resource.id, properties.remoteVirtualNetwork.id));
  if (remote && isVirtualNetwork(remote)) return remote.properties.addressSpace.addressPrefixes;
  const recorded = properties.remoteVirtualNetworkAddressSpace ?? properties.remoteAddressSpace;
  return recorded?.addressPrefixes ?? [];
}

function groupsOf(ipConfiguration: IpConfigurationResource | undefined): string[] {
  return (ipConfiguration?.properties.applicationSecurityGroups ?? []).map((reference) => reference.id);
}

function groupsOfAddress(resources: readonly ArmResource[], address: string): string[] {
  return resources
    .filter(isInterface)
    .flatMap((networkInterface) => networkInterface.properties.ipConfigurations)
    .filter((ipConfiguration) => isSameAddress(ipConfiguration.properties.privateIPAddress, address))
    .flatMap(groupsOf);
}

function isSameAddress(left: string | undefined, right: string): boolean {
  const a = parseAddress(left ?? '');
  const b = parseAddress(right);
  return a !== undefined && b !== undefined && a.family === b.family && a.value === b.value;
}

function findGroup(resources: readonly ArmResource[], id: string | undefined): SecurityGroupResource | undefined {
  if (id === undefined) return undefined;
  const found = resources.find((resource) => sameId(resource.id, id));
  if (!found || !isSecurityGroup(found)) throw new Error(`no such network security group: ${id}`);
  return found;
}

function findPlace(resources: readonly ArmResource[], endpoint: string): Place {
  for (const networkInterface of resources.filter(isInterface)) {
    const ipConfiguration = networkInterface.properties.ipConfigurations.find(({ id }) => sameId(id, endpoint));
    if (!ipConfiguration) continue;
    return {
      ...findSubnet(resources, ipConfiguration.properties.subnet?.id ?? ''),
      networkInterface,
      ipConfiguration,
    };
  }
  return findSubnet(resources, endpoint);
}

function findSubnet(resources: readonly ArmResource[], id: string): Place {
  for (const network of resources.filter(isVirtualNetwork)) {
    const subnet = network.properties.subnets?.find((candidate) => sameId(candidate.id, id));
    if (subnet) return { network, subnet };
  }
  throw new Error(`no such subnet or IP configuration: ${id}`);
}
