// Microsoft.Compute/virtualMachines, read only: they come with the estate.
import { notModelled } from '../arm-error';
import { objectAt } from '../json';
import type { ResourceKind } from './kind';

export const virtualMachine: ResourceKind = {
  type: 'Microsoft.Compute/virtualMachines',
  writable: false,
  children: [],
  prepare() {
    throw notModelled('writes to Microsoft.Compute/virtualMachines');
  },
  load: (body) => ({ provisioningState: 'Succeeded', ...objectAt(body, 'properties') }),
  view: (stored) => objectAt(stored.body, 'properties'),
};
