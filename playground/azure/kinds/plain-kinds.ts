// Types that the playground keeps as written: doors into a network, roads between networks, and what stands there.
import type { JsonObject } from '../json';
import { listAt, objectAt, sameText, textAt } from '../json';
import { referencesBack } from './back-references';
import type { Relation } from './back-references';
import { inUse } from './in-use';
import { checkPublicIp } from './ip-configuration';
import type { ResourceKind, WriteContext } from './kind';
import type { PlainShape } from './plain-kind';
import { plainKind } from './plain-kind';

/** A list of references back, absent when there are none, as Azure shows it. */
function back(property: string, relation: Relation): NonNullable<PlainShape['computed']> {
  return (stored, estate) => {
    const users = referencesBack(objectAt(stored.body, 'properties')[property], relation, stored.id, estate);
    return { [property]: users.length > 0 ? users : undefined };
  };
}

/** Public IPs that a NAT gateway newly takes must stand, and belong to nobody else. */
function checkNatAddresses(properties: JsonObject, { estate, id, before }: WriteContext): void {
  const standing = listAt(before?.body, 'properties', 'publicIpAddresses').map((entry) => textAt(entry, 'id'));
  for (const entry of listAt(properties, 'publicIpAddresses')) {
    const target = textAt(entry, 'id');
    if (standing.some((each) => sameText(each, target))) continue;
    checkPublicIp({ properties: { publicIPAddress: { id: target } } }, [id], id, estate);
  }
}

const SHAPES: readonly PlainShape[] = [
  // Shows what is told of a subscription's events; nothing here delivers by it.
  { type: 'Microsoft.EventGrid/systemTopics', writable: false },
  { type: 'Microsoft.KeyVault/vaults', writable: false },
  {
    type: 'Microsoft.Network/applicationGateways',
    parts: [
      'gatewayIPConfigurations',
      'frontendIPConfigurations',
      'frontendPorts',
      'backendAddressPools',
      'backendHttpSettingsCollection',
      'backendSettingsCollection',
      'httpListeners',
      'listeners',
      'requestRoutingRules',
      'routingRules',
      'probes',
    ].map((name) => ({ name })),
    defaults: { operationalState: 'Running' },
    readOnly: ['operationalState'],
  },
  {
    type: 'Microsoft.Network/azureFirewalls',
    parts: [
      { name: 'ipConfigurations', as: 'azureFirewallIpConfigurations' },
      { name: 'natRuleCollections' },
      { name: 'networkRuleCollections' },
      { name: 'applicationRuleCollections' },
    ],
    defaults: { threatIntelMode: 'Alert' },
    readOnly: ['ipGroups'],
  },
  { type: 'Microsoft.Network/connections' },
  {
    type: 'Microsoft.Network/firewallPolicies',
    defaults: { threatIntelMode: 'Alert' },
    readOnly: ['firewalls', 'childPolicies', 'ruleCollectionGroups'],
    checkDelete: inUse('FirewallPolicy', ['firewallWithPolicy']),
    computed: (stored, estate) => ({
      ...back('firewalls', 'firewallWithPolicy')(stored, estate),
      ruleCollectionGroups: estate
        .all('Microsoft.Network/firewallPolicies/ruleCollectionGroups')
        .filter(({ id }) => id.toLowerCase().startsWith(`${stored.id.toLowerCase()}/`))
        .map(({ id }) => ({ id })),
    }),
  },
  { type: 'Microsoft.Network/ipGroups', readOnly: ['firewalls', 'firewallPolicies'] },
  { type: 'Microsoft.Network/localNetworkGateways' },
  {
    type: 'Microsoft.Network/natGateways',
    readOnly: ['subnets'],
    topLevel: (body) => ({ sku: { name: 'Standard', ...objectAt(body, 'sku') } }),
    computed: back('subnets', 'subnetWithNatGateway'),
    check: checkNatAddresses,
    checkDelete: inUse('NatGateway', ['subnetWithNatGateway']),
  },
  { type: 'Microsoft.Network/networkManagers' },
  {
    type: 'Microsoft.Network/privateEndpoints',
    parts: [{ name: 'privateLinkServiceConnections' }, { name: 'manualPrivateLinkServiceConnections' }],
    readOnly: ['networkInterfaces'],
  },
  {
    type: 'Microsoft.Network/privateLinkServices',
    parts: [{ name: 'ipConfigurations' }, { name: 'privateEndpointConnections' }],
    readOnly: ['alias', 'networkInterfaces'],
  },
  {
    type: 'Microsoft.Network/publicIPPrefixes',
    topLevel: (body) => ({ sku: { name: 'Standard', tier: 'Regional', ...objectAt(body, 'sku') } }),
    defaults: { publicIPAddressVersion: 'IPv4', prefixLength: 28, ipTags: [] },
    readOnly: ['ipPrefix', 'publicIPAddresses', 'loadBalancerFrontendIpConfiguration'],
    computed: back('publicIPAddresses', 'addressOfPrefix'),
    checkDelete: inUse('PublicIpPrefix', ['addressOfPrefix']),
  },
  { type: 'Microsoft.Network/virtualHubs', readOnly: ['routingState', 'azureFirewall', 'vpnGateway'] },
  {
    type: 'Microsoft.Network/virtualNetworkGateways',
    parts: [{ name: 'ipConfigurations' }],
    readOnly: ['inboundDnsForwardingEndpoint'],
  },
  { type: 'Microsoft.Network/virtualWans', readOnly: ['virtualHubs', 'vpnSites'] },
];

/** Children with an etag of their own: they are kept beside their parent, not inside its body. */
const APART: readonly PlainShape[] = [
  { type: 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines', writable: false },
  {
    type: 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/networkInterfaces',
    writable: false,
    parts: [{ name: 'ipConfigurations' }],
  },
  {
    type: 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/networkInterfaces/ipConfigurations/publicIPAddresses',
    writable: false,
  },
  { type: 'Microsoft.EventGrid/systemTopics/eventSubscriptions' },
  { type: 'Microsoft.Network/firewallPolicies/ruleCollectionGroups' },
  { type: 'Microsoft.Network/networkManagers/connectivityConfigurations' },
  { type: 'Microsoft.Network/networkManagers/networkGroups' },
  { type: 'Microsoft.Network/networkManagers/networkGroups/staticMembers' },
  { type: 'Microsoft.Network/networkManagers/securityAdminConfigurations' },
  { type: 'Microsoft.Network/networkManagers/securityAdminConfigurations/ruleCollections' },
  { type: 'Microsoft.Network/networkManagers/securityAdminConfigurations/ruleCollections/rules' },
  { type: 'Microsoft.Network/virtualHubs/hubRouteTables' },
  { type: 'Microsoft.Network/virtualHubs/hubVirtualNetworkConnections' },
];

export const plainKinds: readonly ResourceKind[] = [...SHAPES, ...APART].map(plainKind);
