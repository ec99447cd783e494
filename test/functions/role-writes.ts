/** Every write that the guardrail may make, on an estate that has one of everything, with the permissions it takes. */
import { deployedEventSubscriptions, eventGridResources } from '../../playground/event-subscriptions';
import type { NetworkAction } from '../../shared/network/action';
import { isObject, type JsonObject, listOf, propertiesOf } from '../../shared/network/json';
import type { PathStep } from '../../shared/network/resource-edit';
import { BASTION_HOST, change, type Resource, rule, SUBSCRIPTION, withRule } from '../estate';
import { idOf } from '../shared/azure/writing';
import { wideEstate } from '../shared/azure/wide-estate';

export interface RoleWrite {
  readonly what: string;
  readonly actions: readonly NetworkAction[];
  /** Without any one of these it is refused. */
  readonly needs: readonly string[];
}

const NSG = idOf('rg-app', 'networkSecurityGroups/nsg-app');
const NIC = idOf('rg-app', 'networkInterfaces/nic-vm-app-1');
const SUBNET = idOf('rg-app', 'virtualNetworks/vnet-app/subnets/snet-app');
const LB = idOf('rg-app', 'loadBalancers/lb-role');
const PREFIX = idOf('rg-app', 'publicIPPrefixes/prefix');
const TABLE = idOf('rg-edge', 'routeTables/rt');
const ASG = idOf('rg-app', 'applicationSecurityGroups/asg');
const PIP = idOf('rg-app', 'publicIPAddresses/pip-spare');
const VM = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app/providers/Microsoft.Compute/virtualMachines/vm-app-1`;

function added(id: string, properties: Resource, top: Resource = {}): Resource {
  return { id, name: id.split('/').at(-1), location: 'westeurope', properties, ...top };
}

/** The wide estate, with all that a subnet, an interface or an address may refer to. */
export function roleEstate(): Resource[] {
  const joined = [
    ...wideEstate(),
    added(ASG, {}),
    added(PREFIX, { prefixLength: 30 }),
    added(LB, {
      frontendIPConfigurations: [{ name: 'front', properties: { publicIPAddress: { id: PIP } } }],
      backendAddressPools: [{ name: 'pool' }],
      inboundNatRules: [
        {
          name: 'ssh',
          properties: { frontendIPConfiguration: { id: `${LB}/frontendIPConfigurations/front` }, backendPort: 22 },
        },
      ],
    }),
  ];
  const withJoins = change(joined, 'nic-vm-app-1', (properties, nic) => ({
    ...nic,
    properties: {
      ...properties,
      networkSecurityGroup: { id: NSG },
      ipConfigurations: listOf(properties.ipConfigurations)
        .filter(isObject)
        .map((ip) => ({
          ...ip,
          properties: {
            ...propertiesOf(ip),
            publicIPAddress: { id: idOf('rg-app', 'publicIPAddresses/pip-role') },
            applicationSecurityGroups: [{ id: ASG }],
            loadBalancerBackendAddressPools: [{ id: `${LB}/backendAddressPools/pool` }],
            loadBalancerInboundNatRules: [{ id: `${LB}/inboundNatRules/ssh` }],
          },
        })),
    },
  }));
  const address = { publicIPAllocationMethod: 'Static', ipAddress: '198.51.100.77', publicIPPrefix: { id: PREFIX } };
  const estate = [
    ...withJoins,
    added(idOf('rg-app', 'publicIPAddresses/pip-role'), address, { sku: { name: 'Standard' } }),
  ];
  const routed = change(estate, 'vnet-app', (properties, vnet) => ({
    ...vnet,
    properties: {
      ...properties,
      subnets: listOf(properties.subnets)
        .filter(isObject)
        .map((subnet) => ({ ...subnet, properties: { ...propertiesOf(subnet), routeTable: { id: TABLE } } })),
    },
  }));
  const shared = change(routed, 'bas-hub', (properties, host) => ({
    ...host,
    properties: { ...properties, enableShareableLink: true },
  }));
  const ssh = rule('allow-ssh', 150, {
    destinationPortRange: '22',
    destinationApplicationSecurityGroups: [{ id: ASG }],
  });
  const watched = eventGridResources(SUBSCRIPTION, deployedEventSubscriptions());
  return [...withRule(shared, 'nsg-app', ssh), ...watched];
}

function edit(id: string, path: readonly PathStep[], value: unknown): NetworkAction {
  return { kind: 'edit-resource', resource: id.toLowerCase(), edits: [{ path, value }] };
}

function network(...names: readonly string[]): string[] {
  return names.map((name) => `Microsoft.Network/${name}`);
}

const PEERING = idOf('rg-app', 'virtualNetworks/vnet-app/virtualNetworkPeerings');

function peering(): JsonObject {
  const vnet = roleEstate().find(({ name }) => name === 'vnet-app');
  const [first] = listOf(propertiesOf(vnet).virtualNetworkPeerings).filter(isObject);
  if (!first) throw new Error(`${PEERING} is empty`);
  return first;
}

const PEERED = peering();
const TAGS = ['tags'];

export const WRITES: readonly RoleWrite[] = [
  {
    what: 'change rules',
    actions: [
      { kind: 'narrow-rule-sources', securityGroup: NSG.toLowerCase(), rule: 'allow-ssh', sources: ['10.0.1.0/26'] },
    ],
    needs: network('networkSecurityGroups/write', 'applicationSecurityGroups/joinNetworkSecurityRule/action'),
  },
  {
    what: 'delete a peering and make it again',
    actions: [
      { kind: 'delete-resource', resource: String(PEERED.id).toLowerCase() },
      { kind: 'create-resource', resource: String(PEERED.id).toLowerCase(), body: PEERED },
    ],
    needs: network(
      'virtualNetworks/virtualNetworkPeerings/delete',
      'virtualNetworks/virtualNetworkPeerings/write',
      'virtualNetworks/peer/action',
    ),
  },
  {
    what: 'put a subnet right',
    actions: [edit(SUBNET, ['properties', 'serviceEndpoints'], [{ service: 'Microsoft.Sql' }])],
    needs: network(
      'virtualNetworks/subnets/write',
      'networkSecurityGroups/join/action',
      'routeTables/join/action',
      'natGateways/join/action',
    ),
  },
  {
    what: 'put an interface right',
    actions: [edit(NIC, ['properties', 'enableIPForwarding'], true)],
    needs: network(
      'networkInterfaces/write',
      'virtualNetworks/subnets/join/action',
      'networkSecurityGroups/join/action',
      'publicIPAddresses/join/action',
      'applicationSecurityGroups/joinIpConfiguration/action',
      'loadBalancers/backendAddressPools/join/action',
      'loadBalancers/inboundNatRules/join/action',
    ),
  },
  {
    what: 'put a public IP right',
    actions: [edit(idOf('rg-app', 'publicIPAddresses/pip-role'), TAGS, { a: 'b' })],
    needs: network('publicIPAddresses/write', 'publicIPPrefixes/join/action'),
  },
  {
    what: 'put a virtual network right',
    actions: [edit(idOf('rg-app', 'virtualNetworks/vnet-app'), TAGS, { a: 'b' })],
    needs: network('virtualNetworks/write'),
  },
  {
    what: 'take a NAT rule away',
    actions: [
      edit(
        NIC,
        ['properties', 'ipConfigurations', { named: 'ipconfig1' }, 'properties', 'loadBalancerInboundNatRules'],
        [],
      ),
      {
        kind: 'edit-resource',
        resource: LB.toLowerCase(),
        edits: [{ path: ['properties', 'inboundNatRules', { named: 'ssh' }] }],
      },
    ],
    needs: network('loadBalancers/write'),
  },
  {
    what: 'put a firewall right',
    actions: [edit(idOf('rg-edge', 'azureFirewalls/afw'), TAGS, { a: 'b' })],
    needs: network('azureFirewalls/write', 'firewallPolicies/join/action'),
  },
  {
    what: 'take a DNAT rule out of a firewall policy',
    actions: [
      {
        kind: 'edit-resource',
        resource: idOf('rg-edge', 'firewallPolicies/afwp/ruleCollectionGroups/nat').toLowerCase(),
        edits: [{ path: ['properties', 'ruleCollections', { named: 'in' }, 'rules', { named: 'ssh' }] }],
      },
    ],
    needs: network('firewallPolicies/ruleCollectionGroups/write'),
  },
  {
    what: 'put an application gateway right',
    actions: [edit(idOf('rg-edge', 'applicationGateways/agw'), TAGS, { a: 'b' })],
    needs: network('applicationGateways/write'),
  },
  {
    what: 'put routes right',
    actions: [edit(TABLE, ['properties', 'disableBgpRoutePropagation'], true)],
    needs: network('routeTables/write'),
  },
  {
    what: 'put Bastion right',
    actions: [edit(BASTION_HOST, ['properties', 'enableFileCopy'], true)],
    needs: network('bastionHosts/write', 'publicIPAddresses/join/action', 'virtualNetworks/subnets/join/action'),
  },
  {
    what: 'delete shareable links',
    actions: [{ kind: 'delete-shareable-links', resource: BASTION_HOST.toLowerCase(), machines: [VM] }],
    needs: network('bastionHosts/deleteShareableLinks/action'),
  },
];
