/** A uniform scale set from ARM's JSON: its instances' interfaces, which are no resources of their own, and their public IPs. */
import type { ArmResource } from './arm-resource';
import { listOf, objectOf, propertiesOf, textOf } from './json';
import { type Gap, type Interface, keyOf, type PublicIp } from './network';
import { readIpConfiguration } from './read-interface';
import { readReference } from './read-prefixes';

export interface ScaleSetReading {
  readonly interfaces: readonly Interface[];
  readonly publicIps: readonly PublicIp[];
}

/**
 * Reads the interfaces that every instance gets. A flexible scale set has ordinary interfaces, so it says nothing here
 * (https://learn.microsoft.com/azure/virtual-machine-scale-sets/virtual-machine-scale-sets-orchestration-modes).
 */
export function readScaleSet({ id, json }: ArmResource, gaps: Gap[]): ScaleSetReading {
  const properties = propertiesOf(json);
  if (textOf(properties.orchestrationMode)?.toLowerCase() === 'flexible') return { interfaces: [], publicIps: [] };
  const profile = objectOf(objectOf(properties.virtualMachineProfile).networkProfile);
  const publicIps: PublicIp[] = [];
  const interfaces = listOf(profile.networkInterfaceConfigurations).map((entry): Interface => {
    const own = propertiesOf(entry);
    const name = textOf(objectOf(entry).name) ?? 'nic';
    const nicId = `${id}/networkInterfaces/${name}`;
    const securityGroup = readReference(nicId, own.networkSecurityGroup, 'security group', gaps);
    return {
      id: nicId,
      name,
      virtualMachine: id,
      ...(securityGroup && { securityGroup: keyOf(securityGroup) }),
      ipConfigurations: listOf(own.ipConfigurations).map((ip, index) => {
        const { publicIPAddressConfiguration, ...rest } = propertiesOf(ip);
        const ipName = textOf(objectOf(ip).name) ?? `ipconfig${index + 1}`;
        const ipId = `${nicId}/ipConfigurations/${ipName}`;
        const read = readIpConfiguration(nicId, { id: ipId, name: ipName, properties: rest }, index, gaps);
        if (publicIPAddressConfiguration === undefined || publicIPAddressConfiguration === null) return read;
        const publicIp = publicIpOf(ipId, publicIPAddressConfiguration);
        publicIps.push(publicIp);
        return { ...read, publicIp: keyOf(publicIp.id) };
      }),
    };
  });
  return { interfaces, publicIps };
}

function publicIpOf(ipConfiguration: string, json: unknown): PublicIp {
  const name = textOf(objectOf(json).name) ?? 'publicIPAddress';
  const sku = textOf(objectOf(objectOf(json).sku).name)?.toLowerCase();
  const version = textOf(propertiesOf(json).publicIPAddressVersion)?.toLowerCase();
  return {
    id: `${ipConfiguration}/publicIPAddresses/${name}`,
    name,
    sku: sku === 'standard' ? 'standard' : 'basic',
    ...(version === 'ipv6' || version === 'ipv4' ? { family: version } : {}),
    attachedTo: ipConfiguration,
  };
}
