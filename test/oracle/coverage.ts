// Which traps a generated estate holds, counted, so that a run can show that it has met them all.
import type { AdminAddress, AdminRuleResource } from './arm-manager';
import type { ArmResource, InterfaceResource, PeeringResource, SecurityRuleProperties, SubnetResource } from './arm';
import { isInterface, isSecurityGroup, isVirtualNetwork } from './arm';
import { isAdminRule } from './arm-manager';
import { isGateway, isRouteTable } from './arm-route';
import { instanceInterfaces, isScaleSet } from './arm-scale-set';
import { bastionSubnetName } from './estate/front-door';
import { listed } from './match';
import { groupsOf } from './membership';

type Test<T> = (subject: T) => boolean;

const ruleTraps: Readonly<Record<string, Test<SecurityRuleProperties>>> = {
  'rule: Allow': (rule) => isWord(rule.access, 'allow'),
  'rule: Deny': (rule) => isWord(rule.access, 'deny'),
  'rule: outbound': (rule) => isWord(rule.direction, 'outbound'),
  'rule: unusual casing': (rule) => !['Allow', 'Deny'].includes(rule.access),
  'protocol: any': (rule) => rule.protocol === '*',
  'protocol: udp': (rule) => isWord(rule.protocol, 'udp'),
  'protocol: neither tcp nor udp': (rule) => ['icmp', 'esp', 'ah'].includes(rule.protocol.toLowerCase()),
  'source: *': (rule) => from(rule).includes('*'),
  'source: Any': (rule) => from(rule).includes('any'),
  'source: /0': (rule) => from(rule).some((text) => text.endsWith('/0')),
  'source: half of an address space': (rule) => from(rule).some((text) => text.endsWith('/1')),
  'source: Internet': (rule) => from(rule).includes('internet'),
  'source: VirtualNetwork': (rule) => from(rule).includes('virtualnetwork'),
  'source: AzureLoadBalancer': (rule) => from(rule).includes('azureloadbalancer'),
  'source: unknown tag': (rule) => from(rule).some(isUnknownTag),
  'source: IPv6': (rule) => from(rule).some((text) => text.includes(':')),
  'source: single address': (rule) => from(rule).some((text) => /^[\da-f.:]+$/.test(text)),
  'source: first-last': (rule) => from(rule).some((text) => text.includes('-')),
  'source: several prefixes': (rule) => from(rule).length > 1,
  'source: plural of one': (rule) => rule.sourceAddressPrefixes?.length === 1,
  'source: application security group': (rule) => (rule.sourceApplicationSecurityGroups ?? []).length > 0,
  'source port: limited': (rule) => !listed(rule.sourcePortRange, rule.sourcePortRanges).some(isEveryPort),
  'source port: 0-65535': (rule) => listed(rule.sourcePortRange, rule.sourcePortRanges).includes('0-65535'),
  'destination: narrowed': (rule) => to(rule).length > 0 && !to(rule).includes('*'),
  'destination: VirtualNetwork': (rule) => to(rule).includes('virtualnetwork'),
  'destination: unknown tag': (rule) => to(rule).some(isUnknownTag),
  'destination: IPv6': (rule) => to(rule).some((text) => text.includes(':')),
  'destination: application security group': (rule) => (rule.destinationApplicationSecurityGroups ?? []).length > 0,
  'port: every': (rule) => listed(rule.destinationPortRange, rule.destinationPortRanges).some(isEveryPort),
  'port: range': (rule) =>
    listed(rule.destinationPortRange, rule.destinationPortRanges).some((text) => /\d-/.test(text)),
  'port: several': (rule) => (rule.destinationPortRanges ?? []).length > 1,
  'port: plural of one': (rule) => rule.destinationPortRanges?.length === 1,
};

const resourceTraps: Readonly<Record<string, Test<ArmResource>>> = {
  'group: without default rules': (each) => isSecurityGroup(each) && !each.properties.defaultSecurityRules,
  'group: without custom rules': (each) => isSecurityGroup(each) && (each.properties.securityRules ?? []).length === 0,
  'group: priorities adjacent': (each) => isSecurityGroup(each) && hasAdjacentPriorities(each.properties.securityRules),
  'interface: own group': (each) => isInterface(each) && each.properties.networkSecurityGroup !== undefined,
  'interface: no group': (each) => isInterface(each) && each.properties.networkSecurityGroup === undefined,
  'interface: two addresses': (each) => isInterface(each) && each.properties.ipConfigurations.length > 1,
  'interface: public IP': (each) =>
    isInterface(each) && each.properties.ipConfigurations.some((one) => one.properties.publicIPAddress),
  'interface: application security group': (each) =>
    isInterface(each) && each.properties.ipConfigurations.some((one) => one.properties.applicationSecurityGroups),
  'network: several spaces': (each) =>
    isVirtualNetwork(each) && each.properties.addressSpace.addressPrefixes.length > 1,
  'network: Bastion': (each) => subnetsOf(each).some((subnet) => subnet.name === bastionSubnetName),
  'subnet: no group': (each) => subnetsOf(each).some((subnet) => !subnet.properties.networkSecurityGroup),
  'subnet: two families': (each) =>
    subnetsOf(each).some((subnet) => (subnet.properties.addressPrefixes ?? []).length > 1),
  'peering: Connected': (each) => peeringsOf(each).some((one) => one.peeringState === 'Connected'),
  'peering: not Connected': (each) =>
    peeringsOf(each).some((one) => one.peeringState !== undefined && one.peeringState !== 'Connected'),
  'peering: without access': (each) => peeringsOf(each).some((one) => one.allowVirtualNetworkAccess === false),
  'peering: far network not there': (each) =>
    peeringsOf(each).some((one) => one.remoteVirtualNetwork.id.toLowerCase().includes('rg-partner')),
};

/** Traps of a full estate only. */
const adminTraps: Readonly<Record<string, Test<AdminRuleResource['properties']>>> = {
  'admin rule: Allow': (rule) => rule.access === 'Allow',
  'admin rule: AlwaysAllow': (rule) => rule.access === 'AlwaysAllow',
  'admin rule: Deny': (rule) => rule.access === 'Deny',
  'admin rule: tag': (rule) => rule.sources.some(({ addressPrefixType }) => addressPrefixType === 'ServiceTag'),
  'admin rule: Allow of an unknown tag': (rule) => rule.access === 'Allow' && rule.sources.some(isUnknown),
  'admin rule: Allow of an unknown tag and more': (rule) =>
    rule.access === 'Allow' && rule.sources.some(isUnknown) && !rule.sources.every(isUnknown),
  'admin rule: network group': (rule) =>
    [...rule.sources, ...rule.destinations].some(({ addressPrefixType }) => addressPrefixType === 'NetworkGroup'),
};

const extraTraps: Readonly<Record<string, Test<ArmResource>>> = {
  'scale set': isScaleSet,
  'scale set: own group': (each) => instancesOf(each).some((one) => one.properties.networkSecurityGroup !== undefined),
  'scale set: application security group': (each) =>
    instancesOf(each).some((one) => one.properties.ipConfigurations.some((ip) => groupsOf(ip).length > 0)),
  'scale set: two families': (each) => instancesOf(each).some((one) => one.properties.ipConfigurations.length > 1),
  'user route': isRouteTable,
  'user route: default': (each) =>
    isRouteTable(each) && (each.properties.routes ?? []).some((one) => one.properties.addressPrefix.endsWith('/0')),
  gateway: isGateway,
  'peering: through the far gateway': (each) => peeringsOf(each).some((one) => one.useRemoteGateways === true),
};

/** What only a full estate holds, counted in the same way. */
export function extraCoverage(resources: readonly ArmResource[]): Record<string, number> {
  const rules = resources.filter(isAdminRule);
  const counts: Record<string, number> = {};
  for (const [name, test] of Object.entries(adminTraps))
    counts[name] = rules.filter((rule) => test(rule.properties)).length;
  for (const [name, test] of Object.entries(extraTraps)) counts[name] = resources.filter(test).length;
  return counts;
}

function instancesOf(resource: ArmResource): InterfaceResource[] {
  return isScaleSet(resource) ? instanceInterfaces(resource) : [];
}

/** How many rules, or resources, of the estate are each kind of trap. Every kind is listed, also at zero. */
export function coverage(resources: readonly ArmResource[]): Record<string, number> {
  const rules = resources.filter(isSecurityGroup).flatMap((group) => group.properties.securityRules ?? []);
  const counts: Record<string, number> = {};
  for (const [name, test] of Object.entries(ruleTraps))
    counts[name] = rules.filter((rule) => test(rule.properties)).length;
  for (const [name, test] of Object.entries(resourceTraps)) counts[name] = resources.filter(test).length;
  return counts;
}

function isWord(text: string, word: string): boolean {
  return text.toLowerCase() === word;
}

function from(rule: SecurityRuleProperties): string[] {
  return listed(rule.sourceAddressPrefix, rule.sourceAddressPrefixes).map((text) => text.toLowerCase());
}

function to(rule: SecurityRuleProperties): string[] {
  return listed(rule.destinationAddressPrefix, rule.destinationAddressPrefixes).map((text) => text.toLowerCase());
}

function isUnknown({ addressPrefix }: AdminAddress): boolean {
  return isUnknownTag(addressPrefix.toLowerCase());
}

function isUnknownTag(text: string): boolean {
  return /^(azurecloud|storage|gatewaymanager)/.test(text);
}

function isEveryPort(text: string): boolean {
  return text === '*' || text === '0-65535';
}

function hasAdjacentPriorities(rules: readonly { properties: SecurityRuleProperties }[] = []): boolean {
  const priorities = new Set(rules.map((rule) => rule.properties.priority));
  return [...priorities].some((priority) => priorities.has(priority + 1));
}

function subnetsOf(resource: ArmResource): readonly SubnetResource[] {
  return isVirtualNetwork(resource) ? (resource.properties.subnets ?? []) : [];
}

function peeringsOf(resource: ArmResource): PeeringResource['properties'][] {
  return isVirtualNetwork(resource)
    ? (resource.properties.virtualNetworkPeerings ?? []).map((one) => one.properties)
    : [];
}
