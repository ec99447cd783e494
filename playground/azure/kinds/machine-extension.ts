// Microsoft.Compute/virtualMachines/extensions: what runs inside a machine, sign-in with Entra ID among it.
import { ArmError } from '../arm-error';
import { objectAt, sameText, textAt, without } from '../json';
import type { JsonObject } from '../json';
import type { ResourceKind, WriteContext } from './kind';
import { withoutSecrets } from './machine-secrets';
import { mergePatch } from './merge-patch';

const READ_ONLY = ['provisioningState', 'instanceView'];

function check(body: JsonObject, { before, id }: WriteContext): void {
  for (const key of ['publisher', 'type', 'typeHandlerVersion'] as const) {
    const given = textAt(body, 'properties', key);
    const stood = textAt(before?.body, 'properties', key);
    if (!given) {
      throw new ArmError(
        400,
        'InvalidParameter',
        `Required parameter '${key}' is missing (null).`,
        undefined,
        {},
        {
          target: key,
        },
      );
    }
    if (key === 'typeHandlerVersion' || !stood || sameText(given, stood)) continue;
    throw new ArmError(
      409,
      'PropertyChangeNotAllowed',
      `Changing property '${key}' of extension ${id} is not allowed.`,
      undefined,
      {},
      { target: key },
    );
  }
}

function keep(body: JsonObject): JsonObject {
  return {
    autoUpgradeMinorVersion: false,
    ...without(objectAt(body, 'properties'), READ_ONLY),
    provisioningState: 'Succeeded',
  };
}

export const machineExtension: ResourceKind = {
  type: 'Microsoft.Compute/virtualMachines/extensions',
  writable: true,
  children: [],
  merge: mergePatch,
  prepare(body, write) {
    check(body, write);
    return keep(body);
  },
  load: keep,
  view: (stored) => withoutSecrets(objectAt(stored.body, 'properties')),
};
