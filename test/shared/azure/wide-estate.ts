/** The hub and spoke with one of everything that leads into a network or between networks, for the reads. */
import { hubAndSpoke, type Resource, SUBSCRIPTION } from '../../estate';

export const RESOURCE_GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-edge`;
const NETWORK = `${RESOURCE_GROUP}/providers/Microsoft.Network`;
const COMPUTE = `${RESOURCE_GROUP}/providers/Microsoft.Compute`;
const VNET = `${NETWORK}/virtualNetworks/vnet-edge`;
const POLICY = 'firewallPolicies/afwp';
const MANAGER = 'networkManagers/avnm';
const CONFIGURATION = `${MANAGER}/securityAdminConfigurations/baseline`;

function at(path: string, properties: Resource, top: Resource = {}): Resource {
  const id = `${NETWORK}/${path}`;
  return { id, name: path.split('/').at(-1), location: 'westeurope', properties, ...top };
}

function inSubnet(name: string, properties: Resource = {}): Resource {
  return { name: `${name}-ip`, properties: { subnet: { id: `${VNET}/subnets/${name}` }, ...properties } };
}

const subnets = ['AzureFirewallSubnet', 'GatewaySubnet', 'snet-appgw', 'snet-set'].map((name, index) => ({
  name,
  properties: { addressPrefix: `10.9.${index}.0/24` },
}));
const ssh = { ruleType: 'NatRule', name: 'ssh', ipProtocols: ['TCP'], destinationPorts: ['2222'] };
const translated = {
  ...ssh,
  destinationAddresses: ['198.51.100.2'],
  translatedAddress: '10.1.0.4',
  translatedPort: '22',
};

/** Doors, and what their rules name. */
const doors: readonly Resource[] = [
  at('azureFirewalls/afw', {
    ipConfigurations: [inSubnet('AzureFirewallSubnet')],
    firewallPolicy: { id: `${NETWORK}/${POLICY}` },
  }),
  at(POLICY, {}),
  at(`${POLICY}/ruleCollectionGroups/nat`, {
    ruleCollections: [{ name: 'in', rules: [{ ...translated, sourceIpGroups: [`${NETWORK}/ipGroups/partners`] }] }],
  }),
  at('ipGroups/partners', { ipAddresses: ['203.0.113.0/24'] }),
  at('applicationGateways/agw', { gatewayIPConfigurations: [inSubnet('snet-appgw')] }),
  at('privateLinkServices/pls', { ipConfigurations: [inSubnet('snet-set')] }),
  at('routeTables/rt', { routes: [] }),
];

/** What joins networks. */
const roads: readonly Resource[] = [
  at('virtualNetworkGateways/vgw', { ipConfigurations: [inSubnet('GatewaySubnet')] }),
  at('connections/to-site', {
    connectionType: 'IPsec',
    virtualNetworkGateway1: { id: `${NETWORK}/virtualNetworkGateways/vgw` },
    localNetworkGateway2: { id: `${NETWORK}/localNetworkGateways/site` },
  }),
  at('localNetworkGateways/site', { localNetworkAddressSpace: { addressPrefixes: ['192.168.7.0/24'] } }),
  at('virtualHubs/vhub', { addressPrefix: '10.20.0.0/23' }),
  at('virtualHubs/vhub/hubVirtualNetworkConnections/edge', { remoteVirtualNetwork: { id: VNET } }),
];

const members = [{ networkGroupId: `${NETWORK}/${MANAGER}/networkGroups/all` }];
const governed: readonly Resource[] = [
  at(MANAGER, { networkManagerScopes: { subscriptions: [`/subscriptions/${SUBSCRIPTION}`] } }),
  at(`${MANAGER}/networkGroups/all`, {}),
  at(`${MANAGER}/networkGroups/all/staticMembers/edge`, { resourceId: VNET }),
  at(`${MANAGER}/connectivityConfigurations/mesh`, { connectivityTopology: 'Mesh', appliesToGroups: members }),
  at(CONFIGURATION, {}),
  at(`${CONFIGURATION}/ruleCollections/all`, { appliesToGroups: members }),
  at(
    `${CONFIGURATION}/ruleCollections/all/rules/no-telnet`,
    {
      access: 'Deny',
      direction: 'Inbound',
      priority: 10,
      protocol: 'Tcp',
      sources: [{ addressPrefixType: 'IPPrefix', addressPrefix: '*' }],
      destinations: [{ addressPrefixType: 'IPPrefix', addressPrefix: '*' }],
      sourcePortRanges: ['0-65535'],
      destinationPortRanges: ['23'],
    },
    { kind: 'Custom' },
  ),
];

const SET = `${COMPUTE}/virtualMachineScaleSets/vmss-edge`;
const machines: readonly Resource[] = [
  { id: SET, name: 'vmss-edge', location: 'westeurope', properties: { orchestrationMode: 'Uniform' } },
  {
    id: `${SET}/virtualMachines/0/networkInterfaces/nic`,
    name: 'nic',
    properties: {
      virtualMachine: { id: `${SET}/virtualMachines/0` },
      ipConfigurations: [inSubnet('snet-set', { privateIPAddress: '10.9.3.4' })],
    },
  },
];

/** Everything; each resource is new to the hub and spoke and none touches its machines' groups. */
export function wideEstate(): Resource[] {
  const network = at('virtualNetworks/vnet-edge', { addressSpace: { addressPrefixes: ['10.9.0.0/16'] }, subnets });
  return [...hubAndSpoke(), network, ...doors, ...roads, ...governed, ...machines];
}
