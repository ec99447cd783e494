// References that Azure computes: who points at a security group, a public IP, a subnet, a pool or an interface.
import type { EstateView } from '../estate';
import type { JsonObject } from '../json';
import { listAt, textAt } from '../json';

export interface Reference {
  readonly id: string;
}

interface Standing extends Reference {
  readonly address?: string;
}

/** How one resource uses another, named from the user's side. */
export type Relation =
  | 'addressOfPrefix'
  | 'configurationInApplicationGroup'
  | 'configurationInPool'
  | 'configurationInSubnet'
  | 'configurationWithNatRule'
  | 'configurationWithPublicIp'
  | 'endpointInSubnet'
  | 'firewallWithPolicy'
  | 'interfaceWithGroup'
  | 'machineWithInterface'
  | 'natGatewayWithPublicIp'
  | 'subnetWithGroup'
  | 'subnetWithNatGateway'
  | 'subnetWithRouteTable';

interface Index {
  readonly revision: number;
  readonly users: Map<string, Standing[]>;
}

/** One index per state of an estate: an estate of thousands is listed far more often than it is written. */
const indexes = new WeakMap<EstateView, Index>();

/** Where IP configurations stand: the property, and the word in their ids. */
const CONFIGURATIONS = [
  ['Microsoft.Network/networkInterfaces', 'ipConfigurations', 'ipConfigurations'],
  [
    'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/networkInterfaces',
    'ipConfigurations',
    'ipConfigurations',
  ],
  ['Microsoft.Network/bastionHosts', 'ipConfigurations', 'bastionHostIpConfigurations'],
  ['Microsoft.Network/loadBalancers', 'frontendIPConfigurations', 'frontendIPConfigurations'],
  ['Microsoft.Network/applicationGateways', 'frontendIPConfigurations', 'frontendIPConfigurations'],
  ['Microsoft.Network/applicationGateways', 'gatewayIPConfigurations', 'gatewayIPConfigurations'],
  ['Microsoft.Network/azureFirewalls', 'ipConfigurations', 'azureFirewallIpConfigurations'],
  ['Microsoft.Network/virtualNetworkGateways', 'ipConfigurations', 'ipConfigurations'],
] as const;

function add(index: Index, relation: Relation, target: string | undefined, user: Standing): void {
  if (target === undefined) return;
  const key = `${relation} ${target.toLowerCase()}`;
  const entries = index.users.get(key);
  if (entries) entries.push(user);
  else index.users.set(key, [user]);
}

function addConfiguration(index: Index, id: string, configuration: JsonObject): void {
  const address = textAt(configuration, 'properties', 'privateIPAddress');
  const standing = address ? { id, address } : { id };
  add(index, 'configurationInSubnet', textAt(configuration, 'properties', 'subnet', 'id'), standing);
  add(index, 'configurationWithPublicIp', textAt(configuration, 'properties', 'publicIPAddress', 'id'), { id });
  for (const group of listAt(configuration, 'properties', 'applicationSecurityGroups'))
    add(index, 'configurationInApplicationGroup', textAt(group, 'id'), { id });
  for (const pool of listAt(configuration, 'properties', 'loadBalancerBackendAddressPools'))
    add(index, 'configurationInPool', textAt(pool, 'id'), { id });
  for (const rule of listAt(configuration, 'properties', 'loadBalancerInboundNatRules'))
    add(index, 'configurationWithNatRule', textAt(rule, 'id'), { id });
}

function addSubnets(index: Index, estate: EstateView): void {
  for (const network of estate.all('Microsoft.Network/virtualNetworks')) {
    for (const subnet of listAt(network.body, 'properties', 'subnets')) {
      const user = { id: `${network.id}/subnets/${textAt(subnet, 'name') ?? ''}` };
      add(index, 'subnetWithGroup', textAt(subnet, 'properties', 'networkSecurityGroup', 'id'), user);
      add(index, 'subnetWithRouteTable', textAt(subnet, 'properties', 'routeTable', 'id'), user);
      add(index, 'subnetWithNatGateway', textAt(subnet, 'properties', 'natGateway', 'id'), user);
    }
  }
}

function addConfigurations(index: Index, estate: EstateView): void {
  for (const [type, property, word] of CONFIGURATIONS) {
    for (const { id, body } of estate.all(type)) {
      for (const configuration of listAt(body, 'properties', property))
        addConfiguration(index, `${id}/${word}/${textAt(configuration, 'name') ?? ''}`, configuration);
    }
  }
}

/** References that a whole resource makes by one property. */
const SIMPLE = [
  ['Microsoft.Network/networkInterfaces', 'interfaceWithGroup', ['networkSecurityGroup', 'id']],
  [
    'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/networkInterfaces',
    'interfaceWithGroup',
    ['networkSecurityGroup', 'id'],
  ],
  ['Microsoft.Network/publicIPAddresses', 'addressOfPrefix', ['publicIPPrefix', 'id']],
  ['Microsoft.Network/privateEndpoints', 'endpointInSubnet', ['subnet', 'id']],
  ['Microsoft.Network/azureFirewalls', 'firewallWithPolicy', ['firewallPolicy', 'id']],
] as const;

function buildIndex(estate: EstateView): Index {
  const index: Index = { revision: estate.revision(), users: new Map() };
  addSubnets(index, estate);
  addConfigurations(index, estate);
  for (const [type, relation, path] of SIMPLE) {
    for (const { id, body } of estate.all(type)) add(index, relation, textAt(body, 'properties', ...path), { id });
  }
  for (const { id, body } of estate.all('Microsoft.Network/natGateways')) {
    for (const address of listAt(body, 'properties', 'publicIpAddresses'))
      add(index, 'natGatewayWithPublicIp', textAt(address, 'id'), { id });
  }
  for (const { id, body } of estate.all('Microsoft.Compute/virtualMachines')) {
    for (const reference of listAt(body, 'properties', 'networkProfile', 'networkInterfaces'))
      add(index, 'machineWithInterface', textAt(reference, 'id'), { id });
  }
  return index;
}

function indexOf(estate: EstateView): Index {
  const known = indexes.get(estate);
  if (known && known.revision === estate.revision()) return known;
  const built = buildIndex(estate);
  indexes.set(estate, built);
  return built;
}

/** References written in an estate file to resources that the file does not hold; nothing here can recompute them. */
export function foreignReferences(value: unknown, estate: EstateView): Reference[] {
  return listAt({ value }, 'value')
    .map((entry) => textAt(entry, 'id'))
    .filter((id): id is string => id !== undefined && estate.find(id) === undefined)
    .map((id) => ({ id }));
}

/** Who uses the resource or child `id` in this way, under the ids by which Azure refers back to them. */
export function usersOf(relation: Relation, id: string, estate: EstateView): readonly Standing[] {
  return indexOf(estate).users.get(`${relation} ${id.toLowerCase()}`) ?? [];
}

/** The same as plain references, with those first that only the estate file knows. */
export function referencesBack(written: unknown, relation: Relation, id: string, estate: EstateView): Reference[] {
  return [...foreignReferences(written, estate), ...usersOf(relation, id, estate).map((user) => ({ id: user.id }))];
}
