/** How a public IP is taken off an interface: the address itself is kept. */
import type { Remedy } from '../finding';
import { type Interface, type IpConfiguration, keyOf, type Network, type PublicIp } from '../network/network';
import type { PathStep } from '../network/resource-edit';
import { hasOtherWayOut } from './egress';

/** The id of the scale set whose model makes the interface; undefined for an interface that is a resource of its own. */
export function scaleSetOf({ id }: Interface): string | undefined {
  return /^(.*\/virtualMachineScaleSets\/[^/]+)\/networkInterfaces\/[^/]+$/i.exec(id)?.[1];
}

/**
 * The one remedy, with what stands against doing it unasked: that something else comes in by the address, that the
 * machine has no other way out, or that the address would be lost. `otherTraffic` is what else comes in.
 */
export function detachRemedies(
  network: Network,
  { nic, ip, publicIp }: { readonly nic: Interface; readonly ip: IpConfiguration; readonly publicIp: PublicIp },
  otherTraffic: string | undefined,
): readonly Remedy[] {
  const scaleSet = scaleSetOf(nic);
  if (scaleSet === undefined && /\/virtualMachineScaleSets\//i.test(nic.id)) return [];
  const needsPerson = reasonForPerson(network, ip, otherTraffic, scaleSet);
  return [
    {
      kind: 'repair',
      title: `detach ${publicIp.name} from ${nic.name}; the address itself is kept`,
      actions: [
        {
          kind: 'edit-resource',
          resource: keyOf(scaleSet ?? nic.id),
          edits: [{ path: scaleSet === undefined ? pathIn(ip) : pathInModel(nic, ip) }],
        },
      ],
      ...(publicIp.isStatic !== true && {
        needsApproval: `${publicIp.name} is not known to be static: once detached it may come back as another address`,
      }),
      ...(needsPerson !== undefined && { needsPerson }),
    },
  ];
}

function reasonForPerson(
  network: Network,
  ip: IpConfiguration,
  otherTraffic: string | undefined,
  scaleSet: string | undefined,
): string | undefined {
  if (scaleSet !== undefined) {
    return 'it is in the model of a scale set: instances change only as they are upgraded, and their addresses are lost';
  }
  if (otherTraffic !== undefined) {
    return `the rules let ${otherTraffic} in by it as well: move or close that first`;
  }
  if (hasOtherWayOut(network, ip)) return undefined;
  return 'the machine has no other known way out: give its subnet a NAT gateway first, or approve the address';
}

function pathIn(ip: IpConfiguration): PathStep[] {
  return ['properties', 'ipConfigurations', { named: ip.name }, 'properties', 'publicIPAddress'];
}

function pathInModel(nic: Interface, ip: IpConfiguration): PathStep[] {
  const profile = ['properties', 'virtualMachineProfile', 'networkProfile', 'networkInterfaceConfigurations'];
  const configuration = [{ named: nic.name }, 'properties', 'ipConfigurations', { named: ip.name }, 'properties'];
  return [...profile, ...configuration, 'publicIPAddressConfiguration'];
}
