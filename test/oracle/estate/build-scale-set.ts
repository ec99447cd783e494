// A uniform scale set of a generated estate: its instances' interfaces are no resources, and their addresses are not known.
import type { ScaleSetResource } from '../arm-scale-set';
import type { EstateBlueprint, ScaleSetBlueprint } from './estate-blueprint';
import { applicationGroupIds, networkId, networkName, subscription } from './address-plan';
import { groupReference, isDualStack, reference } from './estate-blueprint';

export function buildScaleSet(blueprint: EstateBlueprint, given: ScaleSetBlueprint, at: number): ScaleSetResource[] {
  const places = blueprint.networks.flatMap(({ subnets }, network) =>
    subnets.map((_, subnet) => ({ network, subnet })),
  );
  const place = places[given.subnet % places.length];
  if (!place) return [];
  const subnet = `${networkId('virtualNetworks', networkName(place.network))}/subnets/snet-${place.subnet}`;
  const membership = given.applicationGroups.map((group) => applicationGroupIds(place.network)[group] ?? '');
  const common = {
    subnet: reference(blueprint, subnet),
    ...(membership.length > 0 && { applicationSecurityGroups: membership.map((group) => reference(blueprint, group)) }),
  };
  const door = given.publicAddress === 'none' ? undefined : { name: 'pip', sku: { name: given.publicAddress } };
  const first = {
    name: 'ipconfig1',
    properties: {
      ...common,
      // Left out, it is IPv4.
      ...(given.hasIpv6 && { privateIPAddressVersion: 'IPv4' }),
      ...(door && { publicIPAddressConfiguration: door }),
    },
  };
  const second = { name: 'ipconfig2', properties: { ...common, privateIPAddressVersion: 'IPv6' } };
  const hasSecond = given.hasIpv6 && isDualStack(blueprint, place.network, place.subnet);
  return [
    {
      id: `${subscription}/resourceGroups/rg-network/providers/Microsoft.Compute/virtualMachineScaleSets/vmss-${at}`,
      name: `vmss-${at}`,
      type: 'Microsoft.Compute/virtualMachineScaleSets',
      location: 'westeurope',
      properties: {
        orchestrationMode: 'Uniform',
        virtualMachineProfile: {
          networkProfile: {
            networkInterfaceConfigurations: [
              {
                name: 'nic',
                properties: {
                  primary: true,
                  ...groupReference(blueprint, given.group),
                  ipConfigurations: hasSecond ? [first, second] : [first],
                },
              },
            ],
          },
        },
      },
    },
  ];
}
