/** The part of the hub-and-spoke estate that the stories play in: who is where, and what must stay as it is. */

export const subscription = '5ea1ab1e-0000-4000-8000-000000000001';

/** The id of a network resource of the estate. */
export function idIn(resourceGroup: string, type: string, name: string): string {
  return `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.Network/${type}/${name}`;
}

function inApp(type: string, name: string): string {
  return idIn('rg-app', type, name);
}

export const nsgApp = inApp('networkSecurityGroups', 'nsg-app');
export const interfaceOfVm = inApp('networkInterfaces', 'nic-vm-app-1');
export const sparePublicIp = inApp('publicIPAddresses', 'pip-spare');
export const machine = inApp('virtualMachines', 'vm-app-1').replace('Microsoft.Network', 'Microsoft.Compute');
export const spoke = inApp('virtualNetworks', 'vnet-app');
export const subnetOfVm = `${spoke}/subnets/snet-app`;
export const otherSpoke = idIn('rg-data', 'virtualNetworks', 'vnet-data');
export const hubNetwork = idIn('rg-hub', 'virtualNetworks', 'vnet-hub');
export const nsgBastion = idIn('rg-hub', 'networkSecurityGroups', 'nsg-bastion');
export const bastionHost = idIn('rg-hub', 'bastionHosts', 'bas-hub');

/** Addresses by what they are to a virtual machine behind nsg-app. */
export const addresses = {
  vm: '10.1.0.4',
  neighbour: '10.1.0.5',
  hub: '10.0.5.5',
  bastion: ['10.0.1.4', '10.0.1.62'],
  internet: ['5.6.7.8', '126.255.255.254', '128.0.0.1', '203.0.113.7'],
  decoy: '198.51.100.7',
} as const;

/** What the tag VirtualNetwork stands for at nsg-app: its own network and the hub it is peered with. */
export const virtualNetwork = ['10.0.0.0/16', '10.1.0.0/16'];

/** The fields of a rule that admits every source port and destination; `rule` says the rest. */
export function inboundRule(rule: Readonly<Record<string, unknown>>): object {
  return {
    direction: 'Inbound',
    protocol: 'Tcp',
    sourcePortRange: '*',
    destinationAddressPrefix: '*',
    ...rule,
  };
}
