// Where everything in a generated estate lives. It is the same for every estate, so that rules can aim at networks that may or may not be there.

/** At most this many networks, VM subnets in each, and interfaces in all. */
export const most = { networks: 3, subnets: 4, interfaces: 5 } as const;

export const subscription = '/subscriptions/00000000-0000-4000-8000-000000000001';

/** The id of a resource of Microsoft.Network in the one resource group of the estate. */
export function networkId(kind: string, name: string): string {
  return `${subscription}/resourceGroups/rg-network/providers/Microsoft.Network/${kind}/${name}`;
}

export function virtualMachineId(name: string): string {
  return `${subscription}/resourceGroups/rg-network/providers/Microsoft.Compute/virtualMachines/${name}`;
}

export function networkName(network: number): string {
  return network === 0 ? 'vnet-hub' : `vnet-spoke-${network}`;
}

/** Each network owns 10.N.0.0/16 from the start; the rest only if the estate says so. */
export const space = {
  ipv4: (network: number) => `10.${network}.0.0/16`,
  second: (network: number) => `172.${16 + network}.0.0/20`,
  /** Public addresses used privately: they are the virtual network and not the Internet. */
  publicInside: (network: number) => `192.0.${network}.0/24`,
  ipv6: (network: number) => `fd00:0:${network}::/48`,
};

export const bastionPrefix = '10.0.0.0/26';

export function subnetPrefix(network: number, subnet: number, length: number): string {
  return `10.${network}.${subnet + 1}.0/${length}`;
}

export function subnetPrefixV6(network: number, subnet: number): string {
  return `fd00:0:${network}:${subnet + 1}::/64`;
}

/** Azure keeps the first four addresses of a subnet, so hosts begin at .4; the second IP configuration of a machine comes after all first ones. */
export function hostAddress(network: number, subnet: number, machine: number, second = false): string {
  return `10.${network}.${subnet + 1}.${4 + machine + (second ? most.interfaces : 0)}`;
}

export function hostAddressV6(network: number, subnet: number, machine: number): string {
  return `fd00:0:${network}:${subnet + 1}::${(4 + machine).toString(16)}`;
}

/** Two application security groups for each network; a group never spans networks. */
export function applicationGroupIds(network: number): readonly [string, string] {
  const name = networkName(network).replace('vnet', 'asg');
  return [
    networkId('applicationSecurityGroups', `${name}-web`),
    networkId('applicationSecurityGroups', `${name}-data`),
  ];
}

/** A network that peerings may point at and that no estate holds. */
export const foreign = {
  id: '/subscriptions/00000000-0000-4000-8000-000000000002/resourceGroups/rg-partner/providers/Microsoft.Network/virtualNetworks/vnet-partner',
  prefix: '10.200.0.0/16',
};

export const platformAddresses: readonly string[] = ['168.63.129.16', '169.254.169.254'];

/** Addresses that stand for strangers: documentation ranges, real public ones, ends of the address space, private space that nobody uses. */
export const strangers: readonly string[] = [
  '203.0.113.7',
  '203.0.113.8',
  '198.51.100.7',
  '192.0.2.200',
  '8.8.8.8',
  '20.33.0.1',
  '127.255.255.255',
  '128.0.0.0',
  '0.0.0.1',
  '255.255.255.254',
  '100.64.0.1',
  '192.168.7.7',
  '10.200.3.4',
  '10.50.3.4',
  '10.90.3.4',
  '172.31.4.9',
  '2001:db8::7',
  '2001:db8:ffff::1',
  '2603:1030::5',
  '7fff:ffff::1',
  '8000::1',
  'fe80::4',
  'fd00:0:f::1',
];

/** What lies behind the gateway of the hub: a site, and the pool that VPN clients get their addresses from. */
export const onPremises = { office: '10.50.0.0/16', clients: '172.31.4.0/24' };

/** Prefixes of user routes; the last ones are default routes. */
export const routedPrefixes = ['10.90.0.0/16', '203.0.113.0/24', '2001:db8:9::/48', '0.0.0.0/0', '::/0'];
