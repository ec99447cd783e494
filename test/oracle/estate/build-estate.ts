// From a blueprint to the ARM JSON of an estate in which every reference holds.
import type { ArmResource } from '../arm';
import type { EstateBlueprint } from './estate-blueprint';
import { applicationGroupIds, networkName } from './address-plan';
import { buildMachine } from './build-machine';
import { buildNetwork } from './build-network';
import { bastionHost } from './front-door';

/** Security groups, networks, machines with all that is theirs, application security groups, and the Bastion host in the hub. */
export function buildEstate(blueprint: EstateBlueprint): ArmResource[] {
  return [
    ...blueprint.groups,
    ...blueprint.networks.map((_, at) => buildNetwork(blueprint, at)),
    ...blueprint.interfaces.flatMap((_, at) => buildMachine(blueprint, at)),
    ...blueprint.networks.flatMap((_, at) => buildApplicationGroups(at)),
    ...(blueprint.hasBastion ? bastionHost(networkName(0)) : []),
  ];
}

function buildApplicationGroups(network: number): ArmResource[] {
  return applicationGroupIds(network).map((id) => ({
    id,
    name: id.slice(id.lastIndexOf('/') + 1),
    type: 'Microsoft.Network/applicationSecurityGroups',
    location: 'westeurope',
    properties: { provisioningState: 'Succeeded' },
  }));
}
