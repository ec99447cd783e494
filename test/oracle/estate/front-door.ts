// What faces the Internet in a generated estate: public IP addresses, and the Bastion host with its own.
import type { ArmResource } from '../arm';
import { networkId } from './address-plan';

export const bastionSubnetName = 'AzureBastionSubnet';

export const bastionHostId: string = networkId('bastionHosts', 'bas-hub');

/** A static public IP in use by the given IP configuration; `last` is the last number of its address. */
export function publicIp(name: string, sku: string, usedBy: string, last: number): ArmResource {
  return {
    id: networkId('publicIPAddresses', name),
    name,
    type: 'Microsoft.Network/publicIPAddresses',
    location: 'westeurope',
    etag: 'W/"1"',
    sku: { name: sku, tier: 'Regional' },
    properties: {
      provisioningState: 'Succeeded',
      ipAddress: `198.51.100.${last}`,
      publicIPAddressVersion: 'IPv4',
      publicIPAllocationMethod: 'Static',
      ipConfiguration: { id: usedBy },
    },
  };
}

/** The host in the AzureBastionSubnet of the named network, and its public IP. */
export function bastionHost(network: string): ArmResource[] {
  const configuration = `${bastionHostId}/bastionHostIpConfigurations/ipconfig1`;
  const address = publicIp('pip-bas-hub', 'Standard', configuration, 250);
  const subnet = `${networkId('virtualNetworks', network)}/subnets/${bastionSubnetName}`;
  const host: ArmResource = {
    id: bastionHostId,
    name: 'bas-hub',
    type: 'Microsoft.Network/bastionHosts',
    location: 'westeurope',
    etag: 'W/"1"',
    sku: { name: 'Standard' },
    properties: {
      provisioningState: 'Succeeded',
      dnsName: 'bst-00000000-0000-4000-8000-000000000001.bastion.azure.com',
      scaleUnits: 2,
      enableTunneling: true,
      ipConfigurations: [
        {
          id: configuration,
          name: 'ipconfig1',
          properties: { provisioningState: 'Succeeded', subnet: { id: subnet }, publicIPAddress: { id: address.id } },
        },
      ],
    },
  };
  return [host, address];
}
