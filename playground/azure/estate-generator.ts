// Large estates for measurements: a hub with Bastion, many peered spokes, and machines that only Bastion may reach.
import { formatIPv4 } from './address';
import type { JsonObject } from './json';

export interface EstateSize {
  /** Spokes, each a virtual network peered with the hub; at most 16,000. */
  readonly spokes: number;
  /** Network interfaces in all, spread evenly; at most 1,000 in one spoke. */
  readonly interfaces: number;
  /** Further rules in each spoke's security group; at most 900. */
  readonly extraRules?: number;
  /** Also a machine for each interface. */
  readonly machines?: boolean;
  readonly subscription?: string;
}

const LOCATION = 'westeurope';
const SPOKES_FROM = (10n << 24n) | (1n << 16n);
const SPOKE_SIZE = 1024n;

type Id = (group: string, type: string, name: string) => string;

function resource(id: string, properties: JsonObject, rest: JsonObject = {}): JsonObject {
  const [, , , , , , namespace, type, name] = id.split('/');
  return { id, name, type: `${namespace}/${type}`, location: LOCATION, ...rest, properties };
}

function rule(
  name: string,
  access: 'Allow' | 'Deny',
  direction: 'Inbound' | 'Outbound',
  priority: number,
  [source, destination, ports]: readonly [source: string, destination: string, ports: readonly string[]],
): JsonObject {
  const [only] = ports;
  const destinationPorts = ports.length === 1 ? { destinationPortRange: only } : { destinationPortRanges: [...ports] };
  return {
    name,
    properties: {
      protocol: '*',
      access,
      direction,
      priority,
      sourcePortRange: '*',
      sourceAddressPrefix: source,
      destinationAddressPrefix: destination,
      ...destinationPorts,
    },
  };
}

/** The rules that Bastion's own subnet needs. Source: learn.microsoft.com/azure/bastion/bastion-nsg. */
function bastionRules(): JsonObject[] {
  const data = ['8080', '5701'];
  return [
    rule('AllowHttpsInBound', 'Allow', 'Inbound', 120, ['Internet', '*', ['443']]),
    rule('AllowGatewayManagerInBound', 'Allow', 'Inbound', 130, ['GatewayManager', '*', ['443']]),
    rule('AllowLoadBalancerInBound', 'Allow', 'Inbound', 140, ['AzureLoadBalancer', '*', ['443']]),
    rule('AllowBastionHostInBound', 'Allow', 'Inbound', 150, ['VirtualNetwork', 'VirtualNetwork', data]),
    rule('AllowSshRdpOutBound', 'Allow', 'Outbound', 100, ['*', 'VirtualNetwork', ['22', '3389']]),
    rule('AllowAzureCloudOutBound', 'Allow', 'Outbound', 110, ['*', 'AzureCloud', ['443']]),
    rule('AllowBastionHostOutBound', 'Allow', 'Outbound', 120, ['VirtualNetwork', 'VirtualNetwork', data]),
    rule('AllowSessionInformationOutBound', 'Allow', 'Outbound', 130, ['*', 'Internet', ['80']]),
  ];
}

function spokeRules(extra: number): JsonObject[] {
  const others = Array.from({ length: extra }, (_, index) => {
    const source = `${formatIPv4((172n << 24n) | (16n << 16n) | BigInt(index * 256))}/24`;
    return rule(`AllowApplication${index}`, 'Allow', 'Inbound', 300 + index, [source, '*', [String(8000 + index)]]);
  });
  return [
    rule('AllowBastionInBound', 'Allow', 'Inbound', 100, ['10.0.1.0/26', '*', ['22', '3389']]),
    rule('AllowWebInBound', 'Allow', 'Inbound', 200, ['Internet', '*', ['443']]),
    ...others,
    rule('DenyVnetInBound', 'Deny', 'Inbound', 4000, ['VirtualNetwork', '*', ['*']]),
  ];
}

function peering(name: string, remote: string, prefix: string): JsonObject {
  return {
    name,
    properties: {
      peeringState: 'Connected',
      peeringSyncLevel: 'FullyInSync',
      remoteVirtualNetwork: { id: remote },
      allowVirtualNetworkAccess: true,
      allowForwardedTraffic: false,
      allowGatewayTransit: false,
      useRemoteGateways: false,
      peerCompleteVnets: true,
      remoteAddressSpace: { addressPrefixes: [prefix] },
      remoteVirtualNetworkAddressSpace: { addressPrefixes: [prefix] },
    },
  };
}

interface Spoke {
  readonly group: string;
  readonly key: string;
  readonly prefix: string;
  readonly first: bigint;
  readonly network: string;
  readonly securityGroup: string;
}

function spokeAt(index: number, id: Id): Spoke {
  const key = String(index + 1).padStart(4, '0');
  const group = `rg-spoke-${key}`;
  const first = SPOKES_FROM + BigInt(index) * SPOKE_SIZE;
  return {
    group,
    key,
    first,
    prefix: `${formatIPv4(first)}/22`,
    network: id(group, 'virtualNetworks', `vnet-spoke-${key}`),
    securityGroup: id(group, 'networkSecurityGroups', `nsg-spoke-${key}`),
  };
}

function hub(spokes: readonly Spoke[], id: Id): JsonObject[] {
  const network = id('rg-hub', 'virtualNetworks', 'vnet-hub');
  const securityGroup = id('rg-hub', 'networkSecurityGroups', 'nsg-bastion');
  const address = id('rg-hub', 'publicIPAddresses', 'pip-bastion');
  const subnet = {
    name: 'AzureBastionSubnet',
    properties: { addressPrefix: '10.0.1.0/26', networkSecurityGroup: { id: securityGroup } },
  };
  const configuration = {
    name: 'IpConf',
    properties: { subnet: { id: `${network}/subnets/AzureBastionSubnet` }, publicIPAddress: { id: address } },
  };
  const sku = { sku: { name: 'Standard' } };
  const regional = { sku: { name: 'Standard', tier: 'Regional' } };
  return [
    resource(securityGroup, { securityRules: bastionRules() }),
    resource(address, { publicIPAllocationMethod: 'Static', ipAddress: '198.51.100.4' }, regional),
    resource(network, {
      addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
      subnets: [subnet],
      virtualNetworkPeerings: spokes.map((spoke) => peering(`to-${spoke.key}`, spoke.network, spoke.prefix)),
    }),
    resource(
      id('rg-hub', 'bastionHosts', 'bas-hub'),
      { enableTunneling: true, ipConfigurations: [configuration] },
      sku,
    ),
  ];
}

function machines(spoke: Spoke, count: number, size: EstateSize, id: Id): JsonObject[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `vm-${spoke.key}-${index + 1}`;
    const nic = id(spoke.group, 'networkInterfaces', `nic-${name}`);
    const configuration = {
      name: 'ipconfig1',
      properties: {
        privateIPAddress: formatIPv4(spoke.first + 4n + BigInt(index)),
        privateIPAllocationMethod: 'Dynamic',
        privateIPAddressVersion: 'IPv4',
        primary: true,
        subnet: { id: `${spoke.network}/subnets/snet-machines` },
      },
    };
    const machine = id(spoke.group, 'virtualMachines', name).replace('Microsoft.Network', 'Microsoft.Compute');
    return [
      resource(nic, { ipConfigurations: [configuration] }),
      ...(size.machines ? [resource(machine, { networkProfile: { networkInterfaces: [{ id: nic }] } })] : []),
    ];
  }).flat();
}

/** An estate of the given size as ARM JSON, the same for the same size: nothing in it breaks the access pattern. */
export function generateEstate(size: EstateSize): JsonObject[] {
  const { subscription = '5ea1ab1e-0000-4000-8000-000000000001', extraRules = 0 } = size;
  const id: Id = (group, type, name) =>
    `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Network/${type}/${name}`;
  const spokes = Array.from({ length: size.spokes }, (_, index) => spokeAt(index, id));
  const hubNetwork = id('rg-hub', 'virtualNetworks', 'vnet-hub');
  const standing = spokes.flatMap((spoke, index) => {
    // The first spokes take what an even share leaves over.
    const share = Math.floor(size.interfaces / size.spokes) + (index < size.interfaces % size.spokes ? 1 : 0);
    const subnet = {
      name: 'snet-machines',
      properties: { addressPrefix: spoke.prefix, networkSecurityGroup: { id: spoke.securityGroup } },
    };
    return [
      resource(spoke.securityGroup, { securityRules: spokeRules(extraRules) }),
      resource(spoke.network, {
        addressSpace: { addressPrefixes: [spoke.prefix] },
        subnets: [subnet],
        virtualNetworkPeerings: [peering('to-hub', hubNetwork, '10.0.0.0/16')],
      }),
      ...machines(spoke, share, size, id),
    ];
  });
  return [...hub(spokes, id), ...standing];
}
