// From a blueprint to the ARM JSON of an estate in which every reference holds.
import type { ArmResource } from '../arm';
import type { EstateBlueprint } from './estate-blueprint';
import { applicationGroupIds, networkId, networkName } from './address-plan';
import { buildGateway } from './build-gateway';
import { buildManager } from './build-manager';
import { buildScaleSet } from './build-scale-set';
import { buildMachine } from './build-machine';
import { buildNetwork, buildRouteTables } from './build-network';
import { bastionHost } from './front-door';

/** Security groups, networks, machines with all that is theirs, application security groups, and the Bastion host in the hub. */
export function buildEstate(blueprint: EstateBlueprint): ArmResource[] {
  return [
    ...blueprint.groups,
    ...blueprint.networks.map((_, at) => buildNetwork(blueprint, at)),
    ...blueprint.interfaces.flatMap((_, at) => buildMachine(blueprint, at)),
    ...blueprint.networks.flatMap((_, at) => buildApplicationGroups(at)),
    ...(blueprint.hasBastion ? bastionHost(networkName(0)) : []),
    ...blueprint.networks.flatMap((_, at) => buildRouteTables(blueprint, at)),
    ...(blueprint.scaleSets ?? []).flatMap((given, at) => buildScaleSet(blueprint, given, at)),
    ...(blueprint.hasGateway ? buildGateway(networkId('virtualNetworks', networkName(0))) : []),
    ...(blueprint.manager ? buildManager(blueprint.manager, blueprint.networks.length) : []),
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
