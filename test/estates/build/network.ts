/** A virtual network of a generated estate with its subnets, groups, roads out and machines, but without peerings. */
import {
  bastionHostId,
  bastionPrefix,
  type Home,
  networkPrefix,
  networkResource,
  subnetPrefix,
  virtualNetworkId,
} from '../arm-id';
import type { HubBlueprint, SpokeBlueprint, SubnetBlueprint } from '../blueprint';
import { buildBalancer, poolId } from './load-balancer';
import { buildMachine, interfaceName } from './machine';
import { publicIp, type Resource } from './resource';
import { bastionRules, machineRules, securityGroup } from './security-group';

/** The network with its peerings to come, and everything that stands beside it. */
export interface BuiltNetwork {
  readonly network: Resource;
  readonly others: readonly Resource[];
}

const DELEGATIONS = {
  sql: 'Microsoft.Sql/managedInstances',
  'container-instances': 'Microsoft.ContainerInstance/containerGroups',
};

export function buildSpoke(home: Home, blueprint: SpokeBlueprint, bastion: readonly string[]): BuiltNetwork {
  const { balancer, hasNatRule } = blueprint;
  const first = blueprint.subnets[0];
  const isBalanced = balancer !== 'none' && first !== undefined && first.delegation === 'none';
  const subnets = buildSubnets(home, blueprint.subnets, bastion, isBalanced);
  if (!isBalanced) return assembled(home, subnets);
  const nic = networkResource(home, 'networkInterfaces', interfaceName(0, 0));
  const natTarget = hasNatRule && first.machines > 0 ? `${nic}/ipConfigurations/ipconfig1` : undefined;
  const balancing = buildBalancer(home, {
    isPublic: balancer === 'public',
    subnetId: `${virtualNetworkId(home)}/subnets/snet-0`,
    natTarget,
  });
  return assembled(home, { ...subnets, others: [...subnets.others, ...balancing] });
}

export function buildHub(home: Home, blueprint: HubBlueprint, bastion: readonly string[]): BuiltNetwork {
  const { subnets, others } = buildSubnets(home, blueprint.subnets, bastion, false);
  const group = securityGroup(home, `nsg-bastion-${home.network}`, bastionRules());
  const bastionSubnet = {
    name: 'AzureBastionSubnet',
    properties: { addressPrefix: bastionPrefix(home.network), networkSecurityGroup: { id: group.id } },
  };
  const gateway = { name: 'GatewaySubnet', properties: { addressPrefix: `10.${home.network}.254.0/26` } };
  return assembled(home, {
    subnets: [bastionSubnet, ...(blueprint.hasGatewaySubnet ? [gateway] : []), ...subnets],
    others: [group, ...buildBastion(home), ...others],
  });
}

function buildBastion(home: Home): Resource[] {
  const id = bastionHostId(home);
  const address = networkResource(home, 'publicIPAddresses', `pip-bas-${home.network}`);
  const subnet = { id: `${virtualNetworkId(home)}/subnets/AzureBastionSubnet` };
  const host = {
    id,
    name: `bas-${home.network}`,
    type: 'Microsoft.Network/bastionHosts',
    location: 'westeurope',
    sku: { name: 'Standard' },
    properties: {
      enableTunneling: true,
      ipConfigurations: [{ name: 'ipconfig', properties: { subnet, publicIPAddress: { id: address } } }],
    },
  };
  return [host, publicIp(address)];
}

interface BuiltSubnets {
  readonly subnets: readonly Resource[];
  readonly others: readonly Resource[];
}

function assembled(home: Home, { subnets, others }: BuiltSubnets): BuiltNetwork {
  const id = virtualNetworkId(home);
  const addressSpace = { addressPrefixes: [networkPrefix(home.network)] };
  const network = {
    id,
    name: `vnet-${home.network}`,
    type: 'Microsoft.Network/virtualNetworks',
    location: 'westeurope',
    tags: { owner: `team-${home.network}` },
    properties: { addressSpace, subnets },
  };
  // A route table that stands ready and an address that nobody uses: what people reach for when they change something.
  const spare = publicIp(networkResource(home, 'publicIPAddresses', `pip-spare-${home.network}`));
  const table = routeTable(home, 'rt-spare', '10.200.0.0/16');
  return { network, others: [...others, spare, table] };
}

function buildSubnets(
  home: Home,
  blueprints: readonly SubnetBlueprint[],
  bastion: readonly string[],
  isBalanced: boolean,
): BuiltSubnets {
  const subnets: Resource[] = [];
  const others: Resource[] = [];
  let group: Resource | undefined;
  for (const [at, blueprint] of blueprints.entries()) {
    const { closing, sharesGroup, egress, delegation } = blueprint;
    if (!group || !sharesGroup) {
      group = securityGroup(home, `nsg-${home.network}-${at}`, machineRules(closing, bastion));
      others.push(group);
    }
    const [property, way] = wayOut(home, at, egress);
    subnets.push({
      name: `snet-${at}`,
      properties: {
        addressPrefix: subnetPrefix(home.network, at),
        networkSecurityGroup: { id: group.id },
        ...(property !== undefined && delegation === 'none' && { [property]: { id: way[0]?.id } }),
        ...(delegation !== 'none' && {
          delegations: [{ name: delegation, properties: { serviceName: DELEGATIONS[delegation] } }],
        }),
      },
    });
    if (delegation !== 'none') continue;
    others.push(...way, ...buildMachines(home, at, blueprint, bastion, isBalanced && at === 0));
  }
  return { subnets, others };
}

function buildMachines(
  home: Home,
  subnet: number,
  { machines, closing, hasInterfaceGroups, hasApprovedAddress }: SubnetBlueprint,
  bastion: readonly string[],
  isBalanced: boolean,
): Resource[] {
  return Array.from({ length: machines }, (_, at) => at).flatMap((at) => {
    const name = `nsg-${interfaceName(subnet, at)}`;
    const group = hasInterfaceGroups ? securityGroup(home, name, machineRules(closing, bastion)) : undefined;
    const machine = buildMachine({
      home,
      subnet,
      subnetId: `${virtualNetworkId(home)}/subnets/snet-${subnet}`,
      at,
      group: group && networkResource(home, 'networkSecurityGroups', name),
      hasAddress: hasApprovedAddress && at === 0,
      pools: isBalanced ? [{ id: poolId(home) }] : [],
    });
    return [...(group ? [group] : []), ...machine];
  });
}

function wayOut(
  home: Home,
  at: number,
  egress: SubnetBlueprint['egress'],
): readonly ['natGateway' | 'routeTable' | undefined, readonly Resource[]] {
  if (egress === 'none') return [undefined, []];
  if (egress === 'appliance') return ['routeTable', [routeTable(home, `rt-${at}`, '0.0.0.0/0')]];
  const address = publicIp(networkResource(home, 'publicIPAddresses', `pip-nat-${home.network}-${at}`));
  const gateway = {
    id: networkResource(home, 'natGateways', `nat-${at}`),
    name: `nat-${at}`,
    type: 'Microsoft.Network/natGateways',
    location: 'westeurope',
    sku: { name: 'Standard' },
    properties: { publicIpAddresses: [{ id: address.id }] },
  };
  return ['natGateway', [gateway, address]];
}

function routeTable(home: Home, name: string, addressPrefix: string): Resource {
  const properties = { addressPrefix, nextHopType: 'VirtualAppliance', nextHopIpAddress: '10.200.0.4' };
  return {
    id: networkResource(home, 'routeTables', `${name}-${home.network}`),
    name: `${name}-${home.network}`,
    type: 'Microsoft.Network/routeTables',
    location: 'westeurope',
    properties: { routes: [{ name: 'out', properties }] },
  };
}
