// Public IPs, prefixes, NAT gateways and interfaces.
import { drain, live } from './life';
import type { Stage } from './stage';
import { GROUP, LOCATION, idOf } from './stage';

export async function drivePublicAddresses(stage: Stage): Promise<void> {
  const { publicIPAddresses, publicIPPrefixes, natGateways } = stage.client;
  await live(stage, publicIPPrefixes, [GROUP, 'prefix-con'], {
    location: LOCATION,
    sku: { name: 'Standard', tier: 'Regional' },
    prefixLength: 30,
    publicIPAddressVersion: 'IPv4',
  });
  await publicIPPrefixes.updateTags(GROUP, 'prefix-con', { tags: { owner: 'conformance' } });
  await drain(publicIPPrefixes.list(GROUP), publicIPPrefixes.listAll());

  const address = {
    location: LOCATION,
    sku: { name: 'Standard', tier: 'Regional' },
    publicIPAllocationMethod: 'Static',
    publicIPAddressVersion: 'IPv4',
    idleTimeoutInMinutes: 10,
    zones: ['1', '2', '3'],
  } as const;
  for (const name of ['pip-nic', 'pip-nat', 'pip-lb', 'pip-gateway', 'pip-bastion', 'pip-firewall', 'pip-appgw'])
    await live(stage, publicIPAddresses, [GROUP, name], { ...address, zones: [...address.zones] });
  await live(stage, publicIPAddresses, [GROUP, 'pip-of-prefix'], {
    ...address,
    zones: [...address.zones],
    publicIPPrefix: { id: idOf('publicIPPrefixes', 'prefix-con') },
    dnsSettings: { domainNameLabel: 'conformance' },
  });
  await publicIPAddresses.updateTags(GROUP, 'pip-nic', { tags: { owner: 'conformance' } });
  await drain(publicIPAddresses.list(GROUP), publicIPAddresses.listAll());

  await live(stage, natGateways, [GROUP, 'nat-con'], {
    location: LOCATION,
    sku: { name: 'Standard' },
    idleTimeoutInMinutes: 5,
    publicIpAddresses: [{ id: idOf('publicIPAddresses', 'pip-nat') }],
  });
  await natGateways.updateTags(GROUP, 'nat-con', { tags: { owner: 'conformance' } });
  await drain(natGateways.list(GROUP), natGateways.listAll());
  await publicIPAddresses.get(GROUP, 'pip-nat');
}

export async function driveInterfaces(stage: Stage): Promise<void> {
  const { networkInterfaces, networkInterfaceIPConfigurations, publicIPAddresses } = stage.client;
  await live(stage, networkInterfaces, [GROUP, 'nic-con'], {
    location: LOCATION,
    enableIPForwarding: false,
    enableAcceleratedNetworking: true,
    networkSecurityGroup: { id: idOf('networkSecurityGroups', 'nsg-con') },
    ipConfigurations: [
      {
        name: 'ipconfig1',
        subnet: { id: idOf('virtualNetworks', 'vnet-near/subnets/snet-first') },
        privateIPAllocationMethod: 'Dynamic',
        publicIPAddress: { id: idOf('publicIPAddresses', 'pip-nic') },
        applicationSecurityGroups: [{ id: idOf('applicationSecurityGroups', 'asg-con') }],
        loadBalancerBackendAddressPools: [{ id: idOf('loadBalancers', 'lb-con/backendAddressPools/pool') }],
        loadBalancerInboundNatRules: [{ id: idOf('loadBalancers', 'lb-con/inboundNatRules/ssh') }],
      },
    ],
  });
  await networkInterfaces.updateTags(GROUP, 'nic-con', { tags: { owner: 'conformance' } });
  await drain(
    networkInterfaces.list(GROUP),
    networkInterfaces.listAll(),
    networkInterfaceIPConfigurations.list(GROUP, 'nic-con'),
  );
  await networkInterfaceIPConfigurations.get(GROUP, 'nic-con', 'ipconfig1');
  // Everything that refers back to the interface now.
  await publicIPAddresses.get(GROUP, 'pip-nic');
  await stage.client.networkSecurityGroups.get(GROUP, 'nsg-con');
  await stage.client.loadBalancers.get(GROUP, 'lb-con');
  await stage.client.subnets.get(GROUP, 'vnet-near', 'snet-first');
}
