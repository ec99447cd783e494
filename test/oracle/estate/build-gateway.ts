// A VPN gateway in the hub of a generated estate, the site behind it, and the addresses of VPN clients.
import type { SubnetResource } from '../arm';
import type { ConnectionResource, GatewayResource, LocalGatewayResource } from '../arm-route';
import { networkId, onPremises } from './address-plan';

const gateway = networkId('virtualNetworkGateways', 'vgw-hub');
const site = networkId('localNetworkGateways', 'lgw-office');

export function gatewaySubnet(network: string): SubnetResource {
  return {
    id: `${network}/subnets/GatewaySubnet`,
    name: 'GatewaySubnet',
    etag: 'W/"1"',
    properties: { provisioningState: 'Succeeded', addressPrefix: '10.0.255.0/27' },
  };
}

export function buildGateway(network: string): (GatewayResource | LocalGatewayResource | ConnectionResource)[] {
  return [
    {
      id: gateway,
      name: 'vgw-hub',
      type: 'Microsoft.Network/virtualNetworkGateways',
      location: 'westeurope',
      properties: {
        gatewayType: 'Vpn',
        enableBgp: false,
        ipConfigurations: [{ name: 'default', properties: { subnet: { id: gatewaySubnet(network).id } } }],
        vpnClientConfiguration: { vpnClientAddressPool: { addressPrefixes: [onPremises.clients] } },
      },
    },
    {
      id: site,
      name: 'lgw-office',
      type: 'Microsoft.Network/localNetworkGateways',
      location: 'westeurope',
      properties: { localNetworkAddressSpace: { addressPrefixes: [onPremises.office] } },
    },
    {
      id: networkId('connections', 'cn-office'),
      name: 'cn-office',
      type: 'Microsoft.Network/connections',
      location: 'westeurope',
      properties: {
        connectionType: 'IPsec',
        virtualNetworkGateway1: { id: gateway },
        localNetworkGateway2: { id: site },
      },
    },
  ];
}
