// Microsoft.Compute/virtualMachines: which interfaces a machine has, and what a GET keeps to itself.
import { ArmError, notModelled, refuse } from '../arm-error';
import type { JsonObject } from '../json';
import { at, listAt, objectAt, sameText, textAt, without } from '../json';
import { sameId } from '../resource-id';
import { usersOf } from './back-references';
import type { ResourceKind, WriteContext } from './kind';
import { withoutSecrets } from './machine-secrets';
import { mergePatch } from './merge-patch';
import { requireResource } from './references';

const READ_ONLY = ['vmId', 'provisioningState', 'instanceView', 'timeCreated'];
/** Decided when the machine is made. */
const FIXED = [
  ['osProfile', 'computerName'],
  ['osProfile', 'adminUsername'],
] as const;

function invalid(target: string, message: string): ArmError {
  return new ArmError(400, 'InvalidParameter', message, undefined, {}, { target });
}

function interfacesOf(body: JsonObject | undefined): JsonObject[] {
  return listAt(body, 'properties', 'networkProfile', 'networkInterfaces');
}

function checkPrimary(interfaces: readonly JsonObject[], id: string): void {
  if (interfaces.length === 1) return;
  const primary = interfaces.filter((entry) => at(entry, 'properties', 'primary') === true);
  if (primary.length === 1) return;
  throw invalid(
    'networkProfile',
    `Virtual machine ${id} must have exactly one network interface set as the primary, not ${primary.length}.`,
  );
}

/** Checks the interfaces that are new; an estate file may name some that it does not hold. */
function checkInterfaces(body: JsonObject, { estate, id, before }: WriteContext): void {
  const profile = objectAt(body, 'properties', 'networkProfile');
  if (listAt(profile, 'networkInterfaceConfigurations').length > 0)
    throw notModelled('networkInterfaceConfigurations of single virtual machines');
  const interfaces = interfacesOf(body);
  if (interfaces.length === 0)
    throw invalid('networkProfile', `Virtual machine ${id} must have at least one network interface.`);
  checkPrimary(interfaces, id);
  for (const entry of interfaces) {
    const target = textAt(entry, 'id') ?? '';
    if (interfacesOf(before?.body).some((stood) => sameId(textAt(stood, 'id'), target))) continue;
    requireResource(estate, id, target, 'Microsoft.Network/networkInterfaces');
    const holder = usersOf('machineWithInterface', target, estate).find((user) => !sameText(user.id, id));
    if (!holder) continue;
    throw refuse('NicInUse', `Network Interface ${target} is used by existing resource ${holder.id}.`);
  }
}

function checkFixed(body: JsonObject, { before }: WriteContext): void {
  for (const path of FIXED) {
    const stood = textAt(before?.body, 'properties', ...path);
    const given = textAt(body, 'properties', ...path);
    if (!stood || !given || stood === given) continue;
    const target = path.join('.');
    throw new ArmError(
      409,
      'PropertyChangeNotAllowed',
      `Changing property '${target}' is not allowed.`,
      undefined,
      {},
      { target },
    );
  }
}

function keep(body: JsonObject, carried: JsonObject, write: WriteContext): JsonObject {
  return {
    ...without(objectAt(body, 'properties'), READ_ONLY),
    vmId: carried.vmId ?? write.guid(),
    ...(carried.timeCreated ? { timeCreated: carried.timeCreated } : {}),
    provisioningState: 'Succeeded',
  };
}

/** Every machine counts as deallocated where Azure would ask for that, as when an interface is exchanged. */
export const virtualMachine: ResourceKind = {
  type: 'Microsoft.Compute/virtualMachines',
  writable: true,
  children: [],
  merge: mergePatch,
  prepare(body, write) {
    checkInterfaces(body, write);
    checkFixed(body, write);
    return keep(body, objectAt(write.before?.body, 'properties'), write);
  },
  load: (body, write) => keep(body, objectAt(body, 'properties'), write),
  view: (stored) => withoutSecrets(objectAt(stored.body, 'properties')),
  goesWith: (stored) =>
    interfacesOf(stored.body)
      .filter((entry) => sameText(textAt(entry, 'properties', 'deleteOption'), 'Delete'))
      .flatMap((entry) => textAt(entry, 'id') ?? []),
};
