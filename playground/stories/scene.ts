/** The part of the hub-and-spoke estate that the stories play in: who is where, and what must stay as it is. */

export const subscription = '5ea1ab1e-0000-4000-8000-000000000001';

function inApp(type: string, name: string): string {
  return `/subscriptions/${subscription}/resourceGroups/rg-app/providers/Microsoft.Network/${type}/${name}`;
}

export const nsgApp = inApp('networkSecurityGroups', 'nsg-app');
export const interfaceOfVm = inApp('networkInterfaces', 'nic-vm-app-1');
export const sparePublicIp = inApp('publicIPAddresses', 'pip-spare');

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
