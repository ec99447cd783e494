/** A made estate of any size: hubs with peered spokes, groups of 25 rules, two interfaces behind each group. */
import { randomIntegers } from './random';

type Json = Readonly<Record<string, unknown>>;

const RULES = 25;
const GROUPS_PER_NETWORK = 5;
const SPOKES_PER_HUB = 50;

/**
 * ARM JSON of an estate with so many security groups; a fifth as many networks, peered spoke to hub. One group in
 * `exposedEvery` lets the Internet in; in the others everything is as it should be.
 */
export function estateOf(groups: number, exposedEvery: number): Json[] {
  const random = randomIntegers(groups);
  const networks = Math.ceil(groups / GROUPS_PER_NETWORK);
  const resources: Json[] = [];
  for (let network = 0; network < networks; network++) resources.push(networkJson(network, networks));
  for (let group = 0; group < groups; group++) {
    resources.push(groupJson(group, group % exposedEvery === 0, random));
    for (let nic = 0; nic < 2; nic++) resources.push(interfaceJson(group, nic));
  }
  return [...resources, bastionJson()];
}

const idOf = (type: string, name: string): string =>
  `/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/${type}/${name}`;
const prefixOf = (network: number): string => `10.${network >> 5}.${(network & 31) * 8}`;

function networkJson(network: number, networks: number): Json {
  const hub = network - (network % SPOKES_PER_HUB);
  const peers =
    network === hub
      ? Array.from({ length: Math.min(SPOKES_PER_HUB, networks - hub) - 1 }, (_, index) => hub + 1 + index)
      : [hub];
  const subnets = Array.from({ length: GROUPS_PER_NETWORK }, (_, index) => ({
    name: `s${index}`,
    id: `${idOf('virtualNetworks', `v${network}`)}/subnets/s${index}`,
    properties: {
      addressPrefix: `${prefixOf(network).replace(/\d+$/, (third) => String(Number(third) + index))}.0/24`,
      networkSecurityGroup: { id: idOf('networkSecurityGroups', `g${network * GROUPS_PER_NETWORK + index}`) },
    },
  }));
  const bastion = {
    name: 'AzureBastionSubnet',
    id: `${idOf('virtualNetworks', 'v0')}/subnets/AzureBastionSubnet`,
    properties: { addressPrefix: '10.0.7.0/26' },
  };
  return {
    id: idOf('virtualNetworks', `v${network}`),
    name: `v${network}`,
    type: 'Microsoft.Network/virtualNetworks',
    properties: {
      addressSpace: { addressPrefixes: [`${prefixOf(network)}.0/21`] },
      subnets: network === 0 ? [...subnets, bastion] : subnets,
      virtualNetworkPeerings: peers.map((peer) => ({
        name: `to-v${peer}`,
        properties: {
          peeringState: 'Connected',
          allowForwardedTraffic: true,
          remoteVirtualNetwork: { id: idOf('virtualNetworks', `v${peer}`) },
        },
      })),
    },
  };
}

function groupJson(group: number, isExposed: boolean, random: (below: number) => number): Json {
  const middle = Array.from({ length: RULES - 3 }, (_, index) =>
    ruleJson(`r${index}`, 200 + index, 'Allow', `10.${random(250)}.${random(250)}.0/24`, String(8000 + random(999))),
  );
  const securityRules = [
    ruleJson('bastion', 100, 'Allow', '10.0.7.0/26', '22,3389'),
    ruleJson('web', 110, 'Allow', isExposed ? 'Internet' : 'VirtualNetwork', isExposed ? '*' : '443'),
    ...middle,
    ruleJson('deny', 4000, 'Deny', '*', '*'),
  ];
  return {
    id: idOf('networkSecurityGroups', `g${group}`),
    name: `g${group}`,
    type: 'Microsoft.Network/networkSecurityGroups',
    properties: { securityRules },
  };
}

function ruleJson(name: string, priority: number, access: string, source: string, ports: string): Json {
  return {
    name,
    properties: {
      priority,
      access,
      direction: 'Inbound',
      protocol: 'Tcp',
      sourcePortRange: '*',
      sourceAddressPrefix: source,
      destinationAddressPrefix: '*',
      destinationPortRanges: ports.split(','),
    },
  };
}

function interfaceJson(group: number, nic: number): Json {
  const network = Math.floor(group / GROUPS_PER_NETWORK);
  const subnet = group % GROUPS_PER_NETWORK;
  const address = `${prefixOf(network).replace(/\d+$/, (third) => String(Number(third) + subnet))}.${4 + nic}`;
  const name = `n${group}-${nic}`;
  return {
    id: idOf('networkInterfaces', name),
    name,
    type: 'Microsoft.Network/networkInterfaces',
    properties: {
      ipConfigurations: [
        {
          name: 'ip',
          properties: {
            privateIPAddress: address,
            subnet: { id: `${idOf('virtualNetworks', `v${network}`)}/subnets/s${subnet}` },
          },
        },
      ],
    },
  };
}

function bastionJson(): Json {
  return {
    id: idOf('bastionHosts', 'b'),
    name: 'b',
    type: 'Microsoft.Network/bastionHosts',
    properties: {
      ipConfigurations: [
        { properties: { subnet: { id: `${idOf('virtualNetworks', 'v0')}/subnets/AzureBastionSubnet` } } },
      ],
    },
  };
}
