// A virtual machine of a generated estate with its interface and, if it has one, its public IP address.
import type { ArmResource, InterfaceResource, IpConfigurationResource } from '../arm';
import type { EstateBlueprint, InterfaceBlueprint } from './estate-blueprint';
import {
  applicationGroupIds,
  hostAddress,
  hostAddressV6,
  networkId,
  networkName,
  virtualMachineId,
} from './address-plan';
import { groupReference, isDualStack, reference } from './estate-blueprint';
import { publicIp } from './front-door';

interface Place {
  readonly network: number;
  readonly subnet: number;
}

export function buildMachine(blueprint: EstateBlueprint, at: number): ArmResource[] {
  const given = blueprint.interfaces[at];
  const places = blueprint.networks.flatMap(({ subnets }, network) =>
    subnets.map((_, subnet) => ({ network, subnet })),
  );
  const place = places[(given?.subnet ?? 0) % places.length];
  if (!given || !place) return [];
  const id = networkId('networkInterfaces', `nic-${at}`);
  const machine = virtualMachineId(`vm-${at}`);
  const ipConfigurations = buildIpConfigurations(blueprint, id, given, place, at);
  const networkInterface: InterfaceResource = {
    id,
    name: `nic-${at}`,
    type: 'Microsoft.Network/networkInterfaces',
    location: 'westeurope',
    etag: 'W/"1"',
    properties: {
      provisioningState: 'Succeeded',
      ipConfigurations,
      ...groupReference(blueprint, given.group),
      virtualMachine: reference(blueprint, machine),
    },
  };
  const { publicAddress: sku } = given;
  const door = sku === 'none' ? [] : [publicIp(`pip-vm-${at}`, sku, `${id}/ipConfigurations/ipconfig1`, 10 + at)];
  return [networkInterface, buildVirtualMachine(machine, `vm-${at}`, id), ...door];
}

/** Azure demands the same application security groups on every IP configuration of an interface. */
function buildIpConfigurations(
  blueprint: EstateBlueprint,
  id: string,
  given: InterfaceBlueprint,
  place: Place,
  at: number,
): IpConfigurationResource[] {
  const subnet = `${networkId('virtualNetworks', networkName(place.network))}/subnets/snet-${place.subnet}`;
  const membership = given.applicationGroups.map((group) => applicationGroupIds(place.network)[group] ?? '');
  const common = {
    provisioningState: 'Succeeded',
    privateIPAllocationMethod: 'Dynamic',
    subnet: reference(blueprint, subnet),
    ...(membership.length > 0 && { applicationSecurityGroups: membership.map((group) => reference(blueprint, group)) }),
  };
  const door = networkId('publicIPAddresses', `pip-vm-${at}`);
  const primary = {
    ...common,
    primary: true,
    privateIPAddressVersion: 'IPv4',
    privateIPAddress: hostAddress(place.network, place.subnet, at),
    ...(given.publicAddress !== 'none' && { publicIPAddress: reference(blueprint, door) }),
  };
  const first = { id: `${id}/ipConfigurations/ipconfig1`, name: 'ipconfig1', properties: primary };
  const second = secondAddress(blueprint, given, place, at);
  if (!second) return [first];
  const properties = { ...common, primary: false, ...second };
  return [first, { id: `${id}/ipConfigurations/ipconfig2`, name: 'ipconfig2', properties }];
}

function secondAddress(
  blueprint: EstateBlueprint,
  { second }: InterfaceBlueprint,
  { network, subnet }: Place,
  at: number,
): { privateIPAddressVersion: string; privateIPAddress: string } | undefined {
  if (second === 'ipv4') {
    return { privateIPAddressVersion: 'IPv4', privateIPAddress: hostAddress(network, subnet, at, true) };
  }
  if (second === 'none' || !isDualStack(blueprint, network, subnet)) return undefined;
  return { privateIPAddressVersion: 'IPv6', privateIPAddress: hostAddressV6(network, subnet, at) };
}

function buildVirtualMachine(id: string, name: string, networkInterface: string): ArmResource {
  return {
    id,
    name,
    type: 'Microsoft.Compute/virtualMachines',
    location: 'westeurope',
    properties: {
      provisioningState: 'Succeeded',
      networkProfile: { networkInterfaces: [{ id: networkInterface, properties: { primary: true } }] },
    },
  };
}
