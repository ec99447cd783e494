/** A virtual machine of a generated estate with its interface, its group and its public IP, as far as it has them. */
import { type Home, machineAddress, machineId, networkResource } from '../arm-id';
import { publicIp, type Reference, type Resource } from './resource';

export interface MachinePlace {
  readonly home: Home;
  readonly subnet: number;
  readonly subnetId: string;
  readonly at: number;
  readonly group?: string | undefined;
  readonly hasAddress: boolean;
  readonly pools: readonly Reference[];
}

export function interfaceName(subnet: number, at: number): string {
  return `nic-${subnet}-${at}`;
}

/** The public IP that the policy names for this machine. */
export function machineAddressId({ home, subnet, at }: Pick<MachinePlace, 'home' | 'subnet' | 'at'>): string {
  return networkResource(home, 'publicIPAddresses', `pip-vm-${subnet}-${at}`);
}

export function buildMachine(place: MachinePlace): Resource[] {
  const { home, subnet, subnetId, at, group, hasAddress, pools } = place;
  const nicId = networkResource(home, 'networkInterfaces', interfaceName(subnet, at));
  const vmName = `vm-${home.network}-${subnet}-${at}`;
  const vmId = machineId(home, vmName);
  const address = machineAddressId(place);
  const ipConfiguration = {
    name: 'ipconfig1',
    properties: {
      privateIPAddress: machineAddress(home.network, subnet, at),
      privateIPAllocationMethod: 'Static',
      privateIPAddressVersion: 'IPv4',
      primary: true,
      subnet: { id: subnetId },
      ...(hasAddress && { publicIPAddress: { id: address } }),
      ...(pools.length > 0 && { loadBalancerBackendAddressPools: pools }),
    },
  };
  const nic = {
    id: nicId,
    name: interfaceName(subnet, at),
    type: 'Microsoft.Network/networkInterfaces',
    location: 'westeurope',
    properties: {
      ipConfigurations: [ipConfiguration],
      ...(group !== undefined && { networkSecurityGroup: { id: group } }),
      virtualMachine: { id: vmId },
    },
  };
  const machine = {
    id: vmId,
    name: vmName,
    type: 'Microsoft.Compute/virtualMachines',
    location: 'westeurope',
    properties: {
      hardwareProfile: { vmSize: 'Standard_D2s_v5' },
      storageProfile: { osDisk: { osType: 'Linux', name: `disk-${vmName}`, createOption: 'FromImage' } },
      networkProfile: { networkInterfaces: [{ id: nicId, properties: { primary: true } }] },
    },
  };
  return [nic, machine, ...(hasAddress ? [publicIp(address)] : [])];
}
