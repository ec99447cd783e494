// The POST action that brings instances of a manually upgraded scale set to its model.
import type { ArmAction } from '../action';
import { ArmError, resourceNotFound } from '../arm-error';
import { textsAt } from '../json';
import { parseResourceId } from '../resource-id';
import { instancesOf, upgrade } from '../scale-set-instances';

export const upgradeInstances: ArmAction = {
  type: 'Microsoft.Compute/virtualMachineScaleSets',
  name: 'manualupgrade',
  operation: 'manualUpgrade',
  isLongRunning: true,
  prepare({ world, id, body }) {
    const { estate, newEtag } = world;
    const numbers = textsAt(body, 'instanceIds');
    const known = instancesOf(estate, id).map((instance) => instance.id.split('/').at(-1) ?? '');
    const unknown = numbers.find((number) => number !== '*' && !known.includes(number));
    if (numbers.length === 0 || unknown !== undefined) {
      const message = `The instance ids of scale set ${id} to upgrade are missing or unknown: ${unknown ?? ''}.`;
      throw new ArmError(400, 'InvalidParameter', message, undefined, {}, { target: 'instanceIds' });
    }
    return () => {
      const set = estate.exactly(id);
      if (!set) throw resourceNotFound(id.split('/providers/')[1] ?? id, parseResourceId(id)?.resourceGroup ?? '');
      upgrade({ estate, set, newEtag }, numbers);
      return undefined;
    };
  },
};
