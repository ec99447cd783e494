/** Where everything in a generated estate lives: ids by the number of the network that a resource belongs to. */

/** The first and up to two more; scopes of their own, joined by peerings. */
export function subscriptionId(at: number): string {
  return `5ea1ab1e-0000-4000-8000-00000000000${at + 1}`;
}

/** Which network (its number over the whole estate), and in which subscription it is. */
export interface Home {
  readonly network: number;
  readonly subscription: number;
}

function groupId({ network, subscription }: Home): string {
  return `/subscriptions/${subscriptionId(subscription)}/resourceGroups/rg-${network}`;
}

/** The id of a resource of Microsoft.Network in the network's own resource group. */
export function networkResource(home: Home, type: string, name: string): string {
  return `${groupId(home)}/providers/Microsoft.Network/${type}/${name}`;
}

export function machineId(home: Home, name: string): string {
  return `${groupId(home)}/providers/Microsoft.Compute/virtualMachines/${name}`;
}

export function virtualNetworkId(home: Home): string {
  return networkResource(home, 'virtualNetworks', `vnet-${home.network}`);
}

export function bastionHostId(home: Home): string {
  return networkResource(home, 'bastionHosts', `bas-${home.network}`);
}

/** Each network owns 10.N.0.0/16; its subnets are /24, AzureBastionSubnet the last /26 but three. */
export function networkPrefix(network: number): string {
  return `10.${network}.0.0/16`;
}

export function subnetPrefix(network: number, subnet: number): string {
  return `10.${network}.${subnet}.0/24`;
}

export function bastionPrefix(network: number): string {
  return `10.${network}.255.0/26`;
}

/** Azure keeps the first four addresses of a subnet for itself. */
export function machineAddress(network: number, subnet: number, machine: number): string {
  return `10.${network}.${subnet}.${4 + machine}`;
}
