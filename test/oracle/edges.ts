// The edges of everything an estate says: the first and last address of each prefix and each port limit, with one to either side.
import type { Address, Family } from './address';
import type {
  ArmResource,
  IpConfigurationResource,
  SecurityGroupResource,
  SecurityRuleProperties,
  SubnetResource,
} from './arm';
import { formatAddress, parseRange } from './address';
import { isVirtualNetwork } from './arm';
import { isAdminRule } from './arm-manager';
import { listed } from './match';
import { interfacesOf } from './place';

/** The edges of all prefixes in rules, networks, subnets and peerings, and the machines' own addresses; each once. */
export function edgeAddresses(resources: readonly ArmResource[], groups: readonly SecurityGroupResource[]): Address[] {
  const prefixes = [
    ...groups.flatMap(rulesOf).flatMap(rulePrefixes),
    ...adminPrefixes(resources),
    ...networkPrefixes(resources),
    ...machineAddresses(resources),
  ];
  const edges = prefixes.flatMap(edgesOfPrefix).map((address) => [formatAddress(address), address] as const);
  return [...new Map(edges).values()];
}

export function edgePorts(groups: readonly SecurityGroupResource[]): { source: number[]; destination: number[] } {
  const rules = groups.flatMap(rulesOf);
  return {
    source: unique(rules.flatMap((rule) => listed(rule.sourcePortRange, rule.sourcePortRanges)).flatMap(edgesOfPorts)),
    destination: unique(
      rules.flatMap((rule) => listed(rule.destinationPortRange, rule.destinationPortRanges)).flatMap(edgesOfPorts),
    ),
  };
}

export function subnetsOf(resources: readonly ArmResource[]): SubnetResource[] {
  return resources.filter(isVirtualNetwork).flatMap((network) => network.properties.subnets ?? []);
}

export function ipConfigurationsOf(resources: readonly ArmResource[]): IpConfigurationResource[] {
  return interfacesOf(resources).flatMap((each) => each.properties.ipConfigurations);
}

function rulesOf(group: SecurityGroupResource): SecurityRuleProperties[] {
  return (group.properties.securityRules ?? []).map((rule) => rule.properties);
}

function rulePrefixes(rule: SecurityRuleProperties): string[] {
  return [
    ...listed(rule.sourceAddressPrefix, rule.sourceAddressPrefixes),
    ...listed(rule.destinationAddressPrefix, rule.destinationAddressPrefixes),
  ];
}

function adminPrefixes(resources: readonly ArmResource[]): string[] {
  return resources
    .filter(isAdminRule)
    .flatMap(({ properties }) => [...properties.sources, ...properties.destinations])
    .map(({ addressPrefix }) => addressPrefix);
}

function networkPrefixes(resources: readonly ArmResource[]): string[] {
  const subnets = subnetsOf(resources).flatMap(({ properties }) =>
    listed(properties.addressPrefix, properties.addressPrefixes),
  );
  const spaces = resources.filter(isVirtualNetwork).flatMap(({ properties }) => {
    const far = (properties.virtualNetworkPeerings ?? []).map((one) => one.properties.remoteVirtualNetworkAddressSpace);
    return [properties.addressSpace, ...far].flatMap((space) => space?.addressPrefixes ?? []);
  });
  return [...subnets, ...spaces];
}

function machineAddresses(resources: readonly ArmResource[]): string[] {
  return ipConfigurationsOf(resources).flatMap(({ properties }) => properties.privateIPAddress ?? []);
}

function edgesOfPrefix(text: string): Address[] {
  const range = parseRange(text.toLowerCase());
  if (!range) return [];
  const { family, first, last } = range;
  const values = [first - 1n, first, last, last + 1n];
  return values.filter((value) => isValue(family, value)).map((value) => ({ family, value }));
}

function isValue(family: Family, value: bigint): boolean {
  return value >= 0n && value < 1n << (family === 4 ? 32n : 128n);
}

function edgesOfPorts(text: string): number[] {
  const limits = text === '*' ? [0, 65535] : text.split('-').map(Number);
  return limits.flatMap((port) => [port - 1, port, port + 1]).filter((port) => port >= 0 && port <= 65535);
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
