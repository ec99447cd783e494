// VPN gateways with what they connect, and an application gateway.
import { drain, live } from './life';
import { must } from './plain';
import type { Stage } from './stage';
import { GROUP, LOCATION, NETWORK_API, SUBSCRIPTION, idOf } from './stage';

export async function driveVpnGateways(stage: Stage): Promise<void> {
  const { virtualNetworkGateways, localNetworkGateways, virtualNetworkGatewayConnections } = stage.client;
  const gateway = {
    location: LOCATION,
    gatewayType: 'Vpn',
    vpnType: 'RouteBased',
    enableBgp: false,
    sku: { name: 'VpnGw1', tier: 'VpnGw1' },
    ipConfigurations: [
      {
        name: 'default',
        privateIPAllocationMethod: 'Dynamic',
        subnet: { id: idOf('virtualNetworks', 'vnet-near/subnets/GatewaySubnet') },
        publicIPAddress: { id: idOf('publicIPAddresses', 'pip-gateway') },
      },
    ],
  } as const;
  const body = { ...gateway, ipConfigurations: [...gateway.ipConfigurations] };
  await live(stage, virtualNetworkGateways, [GROUP, 'gw-con'], body);
  await virtualNetworkGateways.updateTags(GROUP, 'gw-con', { tags: { owner: 'conformance' } });

  const office = {
    location: LOCATION,
    gatewayIpAddress: '203.0.113.9',
    localNetworkAddressSpace: { addressPrefixes: ['192.168.0.0/16'] },
  };
  await live(stage, localNetworkGateways, [GROUP, 'office'], office);
  await localNetworkGateways.updateTags(GROUP, 'office', { tags: { owner: 'conformance' } });

  await live(stage, virtualNetworkGatewayConnections, [GROUP, 'to-office'], {
    location: LOCATION,
    connectionType: 'IPsec',
    connectionProtocol: 'IKEv2',
    routingWeight: 0,
    virtualNetworkGateway1: { id: idOf('virtualNetworkGateways', 'gw-con') },
    localNetworkGateway2: { id: idOf('localNetworkGateways', 'office') },
  });
  await virtualNetworkGatewayConnections.updateTags(GROUP, 'to-office', { tags: { owner: 'conformance' } });
  await drain(
    virtualNetworkGateways.list(GROUP),
    localNetworkGateways.list(GROUP),
    virtualNetworkGatewayConnections.list(GROUP),
  );
  // The client cannot ask for these: see playground/deviations.json.
  for (const type of ['virtualNetworkGateways', 'localNetworkGateways', 'connections']) {
    const list = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Network/${type}`;
    await must(stage, { method: 'GET', path: `${list}?api-version=${NETWORK_API}` });
  }
}

function part(collection: string, name: string): { id: string } {
  return { id: idOf('applicationGateways', `appgw-con/${collection}/${name}`) };
}

export async function driveApplicationGateways(stage: Stage): Promise<void> {
  const { applicationGateways } = stage.client;
  await live(stage, applicationGateways, [GROUP, 'appgw-con'], {
    location: LOCATION,
    sku: { name: 'Standard_v2', tier: 'Standard_v2', capacity: 2 },
    gatewayIPConfigurations: [
      { name: 'gateway', subnet: { id: idOf('virtualNetworks', 'vnet-near/subnets/snet-second') } },
    ],
    frontendIPConfigurations: [{ name: 'front', publicIPAddress: { id: idOf('publicIPAddresses', 'pip-appgw') } }],
    frontendPorts: [{ name: 'port-80', port: 80 }],
    backendAddressPools: [{ name: 'pool', backendAddresses: [{ ipAddress: '10.60.0.10' }] }],
    backendHttpSettingsCollection: [
      { name: 'plain', port: 80, protocol: 'Http', cookieBasedAffinity: 'Disabled', requestTimeout: 30 },
    ],
    httpListeners: [
      {
        name: 'listener',
        protocol: 'Http',
        frontendIPConfiguration: part('frontendIPConfigurations', 'front'),
        frontendPort: part('frontendPorts', 'port-80'),
      },
    ],
    requestRoutingRules: [
      {
        name: 'rule',
        ruleType: 'Basic',
        priority: 10,
        httpListener: part('httpListeners', 'listener'),
        backendAddressPool: part('backendAddressPools', 'pool'),
        backendHttpSettings: part('backendHttpSettingsCollection', 'plain'),
      },
    ],
  });
  await applicationGateways.updateTags(GROUP, 'appgw-con', { tags: { owner: 'conformance' } });
  await drain(applicationGateways.list(GROUP), applicationGateways.listAll());
}
