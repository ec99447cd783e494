// Microsoft.Compute/virtualMachineScaleSets: the model from which the interfaces of all instances are made.
import { ArmError } from '../arm-error';
import type { JsonObject } from '../json';
import { at, listAt, objectAt, textAt, without } from '../json';
import { checkMemberships } from './ip-configuration';
import type { ResourceKind, WriteContext } from './kind';
import { withoutSecrets } from './machine-secrets';
import { mergePatch } from './merge-patch';
import { requireResource, requireSubnet } from './references';

const READ_ONLY = ['uniqueId', 'provisioningState', 'timeCreated'];

/** The interfaces that the model gives to every instance. */
export function interfaceModels(body: JsonObject | undefined): JsonObject[] {
  const path = ['properties', 'virtualMachineProfile', 'networkProfile', 'networkInterfaceConfigurations'];
  return listAt(body, ...path);
}

function invalid(target: string, message: string): ArmError {
  return new ArmError(400, 'InvalidParameter', message, undefined, {}, { target });
}

function checkModel(model: JsonObject, { estate, id }: WriteContext): void {
  const name = textAt(model, 'name');
  if (!name) throw invalid('networkProfile', `An interface configuration of scale set ${id} has no name.`);
  const from = `${id}/virtualMachineProfile/networkProfile/networkInterfaceConfigurations/${name}`;
  const group = textAt(model, 'properties', 'networkSecurityGroup', 'id');
  if (group) requireResource(estate, from, group, 'Microsoft.Network/networkSecurityGroups');
  const configurations = listAt(model, 'properties', 'ipConfigurations');
  if (configurations.length === 0) throw invalid('networkProfile', `${from} must have an IP configuration.`);
  for (const configuration of configurations) {
    const own = `${from}/ipConfigurations/${textAt(configuration, 'name') ?? ''}`;
    requireSubnet(estate, own, textAt(configuration, 'properties', 'subnet', 'id') ?? '');
    checkMemberships(configuration, own, estate);
  }
}

/** Checks the model where it changes; what an estate file says of things that it does not hold may stay. */
function checkModels(body: JsonObject, write: WriteContext): void {
  const models = interfaceModels(body);
  const before = interfaceModels(write.before?.body).map((model) => JSON.stringify(model));
  for (const model of models) if (!before.includes(JSON.stringify(model))) checkModel(model, write);
  const primary = models.filter((model) => at(model, 'properties', 'primary') === true);
  if (models.length <= 1 || primary.length === 1) return;
  throw invalid('networkProfile', `Scale set ${write.id} must have exactly one primary interface configuration.`);
}

function keep(body: JsonObject, carried: JsonObject, write: WriteContext): JsonObject {
  return {
    orchestrationMode: 'Uniform',
    ...without(objectAt(body, 'properties'), READ_ONLY),
    uniqueId: carried.uniqueId ?? write.guid(),
    provisioningState: 'Succeeded',
  };
}

export const scaleSet: ResourceKind = {
  type: 'Microsoft.Compute/virtualMachineScaleSets',
  writable: true,
  children: [],
  merge: mergePatch,
  prepare(body, write) {
    checkModels(body, write);
    return keep(body, objectAt(write.before?.body, 'properties'), write);
  },
  load: (body, write) => keep(body, objectAt(body, 'properties'), write),
  view: (stored) => withoutSecrets(objectAt(stored.body, 'properties')),
};
